import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import * as path from "node:path";
import type { Status } from "../../commands/status/facts";
import type { Alertmanager } from "../../components/alertmanager/status";
import type { Prometheus } from "../../components/prometheus/facts";
import { Checkout, docker, freePort } from "./checkout";
import { eventually, PrometheusApi } from "./prometheusApi";
import { stopAtFailure } from "./steps";
import { toItself } from "./toItself";

/** One deployment; each test leaves it as it was. */
/** With the parts that the suite deploys. */
interface Said extends Status {
    readonly prometheus: Prometheus | null;
    readonly alertmanager: Alertmanager | null;
}

describe("npm run status, of a real stack", function () {
    this.timeout(180_000);
    stopAtFailure(this);

    const checkout = new Checkout();
    let prometheus: PrometheusApi;
    let alertmanagerPort: number;

    before(async () => {
        prometheus = new PrometheusApi(await freePort());
        alertmanagerPort = await freePort();
        declare();
        await checkout.succeed("up");
    });

    after(() => checkout.remove());

    const declare = (settings: object = {}) =>
        checkout.declare({
            scrapeInterval: "1s",
            evaluationInterval: "1s",
            alerts: { downFor: "1s" },
            prometheus: { port: prometheus.port, retentionSize: "1GB" },
            alertmanager: {
                ...{ enabled: true, port: alertmanagerPort },
                receivers: [
                    {
                        name: "team",
                        email: { to: "a@example.com", from: "b@example.com", smarthost: "host.docker.internal:25" },
                    },
                ],
            },
            nodeExporter: { enabled: false },
            grafana: { enabled: false },
            scrapeJobs: [{ jobName: "self", staticConfigs: [{ targets: ["localhost:9090"] }], ...toItself }],
            ...settings,
        });
    const inVolume = (script: string) => checkout.inVolume("prometheus-config", script);
    const reasons = ({ differences }: Status) =>
        differences
            ?.filter(({ reason }) => reason !== "")
            .map(({ op, resource, reason }) => `${op} ${resource}: ${reason}`);

    /** What it prints on stdout alone, as JSON. */
    async function asJson(...args: string[]): Promise<Said> {
        const command = ["node commands/run.js status --json", ...args, "2> /dev/null"].join(" ");
        const { status, text } = await checkout.run("sh", ["-c", command]);
        const said = JSON.parse(text) as Said;
        assert.equal(said.exitCode, status);
        return said;
    }

    it("is well, and says what Prometheus' own API and Docker say", async () => {
        const containers = checkout.containers();
        const said = await asJson();
        assert.deepEqual([said.problems, said.unknown, said.differences, said.exitCode], [[], [], [], 0]);

        assert.deepEqual(
            said.prometheus?.targets.map(({ scrapeUrl }) => scrapeUrl).sort(),
            (await prometheus.targets()).map(({ scrapeUrl }) => scrapeUrl).sort(),
        );
        const { version } = await prometheus.ask<{ version: string }>("status/buildinfo");
        const { storageRetention } = await prometheus.ask<{ storageRetention: string }>("status/runtimeinfo");
        const { retentionTime, size, filesystemFree, filesystemSize } = said.prometheus?.storage ?? {};
        assert.equal(said.prometheus?.version, version);
        assert.equal(`${retentionTime} or 1GiB`, storageRetention);
        assert.equal(said.prometheus.storage.retentionSize, 2 ** 30);
        assert.ok(size && filesystemFree && filesystemSize && size < filesystemFree && filesystemFree < filesystemSize);
        const [since = "", release] = inVolume("tail -n 1 history").split(" ");
        assert.deepEqual(said.prometheus.release, { name: release, since });
        assert.match(said.alertmanager?.version ?? "", /^\d+\.\d+\.\d+/);

        const seen = said.containers.map(({ name, image, status, health, startedAt, memoryLimit }) =>
            [name, image, status, health, startedAt, memoryLimit].join(" "),
        );
        const format =
            "{{.Name}} {{.Config.Image}} {{.State.Status}} {{.State.Health.Status}} {{.State.StartedAt}} {{.HostConfig.Memory}}";
        const names = ["alertmanager", "prometheus"].map((role) => checkout.container(role));
        assert.deepEqual(
            seen,
            docker("inspect", "--format", format, ...names)
                .replaceAll(/^\//gm, "")
                .split("\n"),
        );
        for (const { memoryUsage, memoryLimit } of said.containers) {
            assert.ok(memoryUsage && memoryLimit && memoryUsage > 2 ** 20 && memoryUsage < memoryLimit);
        }
        assert.equal(checkout.containers(), containers);
    });

    it("names what is declared and not deployed", async () => {
        declare({
            scrapeJobs: [
                { jobName: "self", staticConfigs: [{ targets: ["localhost:9090", "127.0.0.1:9090"] }], ...toItself },
            ],
        });
        const said = await asJson();
        assert.deepEqual([said.exitCode, said.problems], [3, []]);
        assert.deepEqual(reasons(said), ["update prometheus-config-stage: declared otherwise: targets/self.yml"]);
        declare();
    });

    it("says why it does not know, where the declaration is refused", async () => {
        declare({ scrapeInterval: "2x" });
        const { status, text } = await checkout.npm("status");
        assert.equal(status, 1);
        assert.match(text, /self +http:\/\/localhost:9090\/metrics +up/);
        assert.match(text, /What the next up would change: 1 mistake in the stack's configuration/);
        declare();
    });

    it("names a file that somebody changed, the target that is down, the alert that fires, and its silence", async () => {
        inVolume("cp targets/self.yml kept && echo '- targets: [\"localhost:1\"]' > targets/self.yml");
        await eventually(60_000, async () => {
            const { alerts } = await prometheus.ask<{ alerts: { state: string; labels: object }[] }>("alerts");
            assert.ok(
                alerts.some(({ state, labels }) => state === "firing" && "job" in labels && labels.job === "self"),
            );
        });
        assert.deepEqual(
            (await asJson("--no-drift")).prometheus?.alerts.map(
                ({ state, labels }) => `${labels.alertname} ${labels.job} ${state}`,
            ),
            ["TargetDown self firing"],
        );
        const { status, text } = await checkout.npm("status");
        assert.equal(status, 2, text);
        assert.match(
            text,
            /self +http:\/\/localhost:1\/metrics +down +dial tcp 127\.0\.0\.1:1: connect: connection refused\n/,
        );
        assert.match(text, /TargetDown +critical +\d+ seconds? +localhost:1 of self is down\n/);
        assert.match(text, /update +prometheus-config +somebody changed targets\/self\.yml\n/);
        assert.match(text, /1 of 3 targets are down: self\.\n +- 1 alert fires: TargetDown\./);

        const silence = await silenceOf("self");
        // Alertmanager says that it silences an alert once it has heard of it.
        await eventually(30_000, async () => {
            const { prometheus, alertmanager, problems } = await asJson("--no-drift");
            assert.deepEqual(prometheus?.alerts[0]?.silencedBy?.id, silence);
            assert.equal(alertmanager?.activeSilences, 1);
            assert.deepEqual(problems, ["1 of 3 targets are down: self."]);
        });
        inVolume("mv kept targets/self.yml");
    });

    async function silenceOf(job: string): Promise<string> {
        const matchers = [{ name: "job", value: job, isRegex: false, isEqual: true }];
        const [startsAt, endsAt] = [0, 3_600_000].map((later) => new Date(Date.now() + later).toISOString());
        const response = await fetch(`http://127.0.0.1:${alertmanagerPort}/api/v2/silences`, {
            method: "POST",
            headers: { "Content-Type": "application/json" },
            body: JSON.stringify({ matchers, startsAt, endsAt, createdBy: "test", comment: "maintenance" }),
        });
        return ((await response.json()) as { silenceID: string }).silenceID;
    }

    it("says that Prometheus does not answer, and why", async () => {
        docker("pause", checkout.container("prometheus"));
        const { status, text } = await checkout.npm("status", "--no-drift");
        docker("unpause", checkout.container("prometheus"));
        assert.equal(status, 2, text);
        assert.match(text, /-prometheus +Up .*\(paused\)/);
        assert.match(text, /-alertmanager +Up .*\(healthy\)/);
    });

    it("says that a container was stopped, and what it said last", async () => {
        docker("stop", checkout.container("prometheus"));
        const said = await asJson();
        docker("start", checkout.container("prometheus"));
        assert.equal(said.exitCode, 2);
        assert.match(said.problems.join("\n"), /-prometheus: Exited \(0\) [^]*See you next time!/);
        assert.equal(said.prometheus, null);
        // The official plugin replaces it, because its ports are gone; the one from packages starts it.
        assert.match(reasons(said)?.join("\n") ?? "", /^(update|replace) prometheus: it does not run$/);
    });

    it("says so in one sentence where no engine answers", async () => {
        checkout.environment.DOCKER_HOST = "tcp://127.0.0.1:1";
        try {
            const { status, text } = await checkout.npm("status");
            assert.equal(status, 1);
            assert.match(text, /No Docker engine answers at tcp:\/\/127\.0\.0\.1:1: connect ECONNREFUSED/);
            assert.doesNotMatch(text, /\n {4}at /);
            const said = await asJson();
            assert.deepEqual([said.exitCode, said.containers, said.unknown.length], [1, [], 1]);
        } finally {
            delete checkout.environment.DOCKER_HOST;
        }
    });

    it("says so of a stack that was never deployed", async () => {
        writeFileSync(path.join(checkout.folder, "Pulumi.other.yaml"), "config: {}\n");
        const { status, text } = await checkout.npm("status", "--stack", "other");
        assert.equal(status, 1);
        assert.match(text, /No container of the stack other is there: npm run up deploys it\./);
    });

    it("refuses what it does not know", async () => {
        const { status, text } = await checkout.npm("status", "--jsno", "--stack", checkout.stack);
        assert.deepEqual([status, text], [1, "--jsno is not an option of status; did you mean --json?\n"]);
    });
});
