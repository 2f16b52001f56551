import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { images } from "../images";
import { Checkout, docker, freePort } from "./checkout";
import { importOldPrometheus, noOldPrometheus } from "./oldPrometheus";
import { eventually, PrometheusApi } from "./prometheusApi";
import { steps, stopAtFailure } from "./steps";

/**
 * From a Prometheus 2 that runs as in somebody's compose file, over the same version as a stack, to the Prometheus that is
 * pinned: one volume, with its samples.
 */
describe("A Prometheus that was there before", function () {
    this.timeout(180_000);
    stopAtFailure(this);
    const step = steps();

    const checkout = new Checkout();
    const folder = mkdtempSync(path.join(tmpdir(), "metrics-stack-compose-"));
    const old = `metrics-stack/prometheus-2:${checkout.stack}`;
    const container = `${checkout.stack}-prometheus`;
    const volume = `${checkout.stack}_prometheus_data`;
    let prometheus: PrometheusApi;
    /** A moment, in seconds, at which it had samples before it moved, and one before it was upgraded. */
    let [beforeMove, beforeUpgrade] = [0, 0];

    before(async function () {
        const reason = noOldPrometheus();
        if (reason !== undefined) {
            console.log(`    skipped: ${reason}`);
            this.skip();
        }
        await importOldPrometheus(old);
        prometheus = new PrometheusApi(await freePort());
        writeFileSync(path.join(folder, "prometheus.yaml"), seedConfig, { mode: 0o644 });
        start(old);
        await prometheus.becomesReady();
        // Discovery has its first targets after 5 s.
        await eventually(20_000, async () => assert.equal(await samplesAt(Date.now() / 1000), 1));
        beforeMove = Date.now() / 1000;
    });

    after(() => {
        checkout.remove();
        rmSync(folder, { recursive: true });
        for (const [kind, name] of [
            ["container", container],
            ["volume", volume],
            ["image", old],
        ] as const) {
            spawnSync("docker", [kind, "rm", "--force", name]);
        }
    });

    /** What the compose file does. */
    const start = (image: string) =>
        docker(
            ...["run", "--detach", "--name", container, "--publish", `127.0.0.1:${prometheus.port}:9090`],
            ...["--volume", `${folder}/prometheus.yaml:/etc/prometheus/prometheus.yaml:ro`],
            ...["--volume", `${volume}:/prometheus`, image],
            ...["--config.file=/etc/prometheus/prometheus.yaml", "--storage.tsdb.path=/prometheus"],
            "--web.enable-lifecycle",
        );
    const declare = (settings: object) =>
        checkout.declare({
            scrapeInterval: "1s",
            prometheus: { port: prometheus.port, dataVolume: volume, ...settings },
            nodeExporter: { enabled: false },
            grafana: { enabled: false },
            retainData: false,
        });
    const refused = async () => {
        const { status, text } = await checkout.npm("preview");
        assert.notEqual(status, 0, text);
        return text;
    };
    const version = async () => (await prometheus.ask<{ version: string }>("status/buildinfo")).version;
    const samplesAt = async (seconds: number) => {
        const { result } = await prometheus.ask<{ result: unknown[] }>(
            `query?query=up{job="prometheus"}&time=${seconds}`,
        );
        return result.length;
    };

    step("is told in a preview to stop before its volume is taken over, and so is a misspelled volume", async () => {
        declare({ image: old });
        const text = await refused();
        assert.match(
            text,
            new RegExp(`dataVolume: "${volume}" is in use by the container ${container}, .*docker stop`),
        );
        declare({ image: old, dataVolume: `${volume}s` });
        assert.match(await refused(), new RegExp(`is no volume of the Docker host; did you mean ${volume}\\?`));
        assert.equal(docker("volume", "ls", "--quiet", "--filter", `name=${volume}s`), "");
    });

    step("that ran as root is told which command gives its files to Prometheus' user", async () => {
        docker("stop", container);
        docker("rm", container);
        const asRoot = ["run", "--rm", "--user", "0:0", "--volume", `${volume}:/data`, "--entrypoint", "chown", old];
        docker(...asRoot, "-R", "0:0", "/data");
        declare({ image: old });
        const [, command] =
            /has files that Prometheus may not write, such as \S+; .*: (docker run .*)$/m.exec(await refused()) ?? [];
        assert.equal((await checkout.run("sh", ["-c", command ?? "false"])).status, 0, command);
    });

    step("moves in with its samples", async () => {
        await checkout.succeed("up");
        assert.match(await version(), /^2\./);
        assert.equal(await samplesAt(beforeMove), 1);
        const labels = docker("volume", "inspect", "--format", "{{.Labels}}", volume);
        assert.equal(labels, "map[]");
        await checkout.succeed("preview", "--expect-no-changes");
        beforeUpgrade = Date.now() / 1000;
    });

    step(
        "is upgraded by the image alone: a preview says that its container is replaced, and nothing else is",
        async () => {
            declare({});
            const text = await checkout.succeed("preview", "--json");
            const { steps } = JSON.parse(text.slice(text.indexOf("{"))) as { steps: { op: string; urn: string }[] };
            const replaced = steps.filter(({ op }) => op === "replace").map(({ urn }) => urn.split("::").at(-1));
            assert.deepEqual(replaced, ["prometheus"]);
        },
    );

    step("has all its samples after the upgrade, and misses only the scrapes of its restart", async () => {
        await checkout.succeed("up");
        assert.match(await version(), /^3\./);
        assert.deepEqual(await Promise.all([beforeMove, beforeUpgrade].map(samplesAt)), [1, 1]);
        const { result } = await prometheus.ask<{ result: { values: [number, string][] }[] }>(
            'query?query=up{job="prometheus"}[10m]',
        );
        const times = result[0]?.values.map(([time]) => time).filter((time) => time > beforeUpgrade - 5) ?? [];
        const gap = Math.max(...times.slice(1).map((time, i) => time - (times[i] ?? time)));
        console.log(`      without a scrape for ${gap.toFixed(1)} s, at an interval of 1 s`);
        assert.ok(times.length > 5);
    });

    step("keeps its volume when the stack goes, also where the stack's own volumes do not stay", async () => {
        await checkout.succeed("down");
        assert.equal(docker("volume", "ls", "--quiet", "--filter", `label=metrics-stack.stack=${checkout.stack}`), "");
        start(images.prometheus);
        await prometheus.becomesReady();
        assert.deepEqual(await Promise.all([beforeMove, beforeUpgrade].map(samplesAt)), [1, 1]);
    });
});

describe("A Grafana that was there before", function () {
    this.timeout(120_000);

    const checkout = new Checkout();
    const volume = `${checkout.stack}_grafana_data`;

    after(() => {
        checkout.remove();
        docker("volume", "rm", "--force", volume);
    });

    it("moves in with the key of its database, by the manual's command", async () => {
        const [grafanaPort, port] = await Promise.all([freePort(), freePort()]);
        checkout.declare({
            prometheus: { port },
            nodeExporter: { enabled: false },
            // Nothing of it is started, and Grafana's image cannot be had everywhere.
            grafana: { port: grafanaPort, image: images.prometheus, dataVolume: volume },
        });
        const inVolume = (script: string) =>
            docker(
                ...["run", "--rm", "--user", "0:0", "--volume", `${volume}:/data`],
                ...["--entrypoint", "sh", images.prometheus, "-c", script],
            );
        inVolume("touch /data/grafana.db && chown -R 472:0 /data");
        const { status, text } = await checkout.npm("preview");
        assert.notEqual(status, 0);
        assert.match(text, /grafana\.dataVolume: .* no file secret-key/);

        const manual = readFileSync(path.join(checkout.folder, "docs", "migrating.md"), "utf8");
        const command = /^ +(docker run --rm --interactive [^]*?) < secret-key$/m.exec(manual)?.[1] ?? "false";
        const written = command.replace("grafana_data:", `${volume}:`).replace(images.grafana, images.prometheus);
        assert.equal((await checkout.run("sh", ["-c", written], "the key")).status, 0, written);
        assert.equal(inVolume("cd /data && cat secret-key && stat -c ' %u:%g %a' secret-key"), "the key 472:0 600");
        await checkout.succeed("preview");
    });
});

/** The seed's file, with a short interval. */
const seedConfig = `
global:
  scrape_interval: 1s
scrape_configs:
  - job_name: 'prometheus'
    static_configs:
      - targets: ['localhost:9090']
`;
