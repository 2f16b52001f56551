import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import * as path from "node:path";
import { images } from "../images";
import { Checkout, docker, freePort } from "./checkout";
import { eventually, PrometheusApi } from "./prometheusApi";
import { DockerStandIn } from "./standIn";
import { toItself } from "./toItself";

/**
 * A deployment that meets a fault ends in a clear error or in success. Either way Prometheus has a whole configuration, the
 * old one or the new one, also after a restart, and the next `up` without the fault comes to the end.
 */
describe("A deployment that meets a fault", function () {
    this.timeout(300_000);

    const checkout = new Checkout();
    const standIn = new DockerStandIn(checkout);
    const container = checkout.container("prometheus");
    const volume = checkout.container("prometheus-config");
    const holder = checkout.container("holder");
    const neverReady = `metrics-stack/never-ready-${checkout.stack}:1`;
    let prometheus: PrometheusApi;
    /** The seconds of the scrape interval: one more for each declaration, to tell them apart. */
    let interval = 0;

    before(async () => {
        prometheus = new PrometheusApi(await freePort());
        makeSmallVolume();
        declareNext();
        await checkout.succeed("up");
    });

    after(() => {
        docker("rm", "--force", "--volumes", holder);
        checkout.remove();
        standIn.remove();
    });

    /** A few megabytes in memory, for as long as a container holds it: a volume that is soon full. */
    function makeSmallVolume(): void {
        const label = ["--label", `metrics-stack.stack=${checkout.stack}`];
        const size = ["--opt", "type=tmpfs", "--opt", "device=tmpfs", "--opt", "o=size=4m"];
        docker("volume", "create", ...label, ...size, volume);
        const mount = ["--volume", `${volume}:/v:nocopy`, "--user", "0:0", "--entrypoint", "sleep"];
        docker("run", "--detach", "--name", holder, ...label, ...mount, images.prometheus, "3600");
    }

    /** Another configuration, with another target list. @returns its scrape interval */
    function declareNext(settings: object = {}): string {
        interval += 1;
        checkout.declare({
            scrapeInterval: `${interval}s`,
            prometheus: { port: prometheus.port, startTimeout: "20s", ...settings },
            nodeExporter: { enabled: false },
            grafana: { enabled: false },
            scrapeJobs: [
                {
                    jobName: "self",
                    staticConfigs: [{ targets: [`127.0.0.${interval}:9090`, "localhost:9090"] }],
                    ...toItself,
                },
            ],
        });
        return `${interval}s`;
    }

    /** @returns what a deployment that fails says */
    async function fails(
        work: () => Promise<{ status: number; text: string }> = () => checkout.npm("up"),
    ): Promise<string> {
        const { status, text } = await work();
        assert.notEqual(status, 0, text);
        assert.doesNotMatch(text, /^\s+at .*:\d+:\d+\)?$/m, "a stack trace");
        return text;
    }

    /** Prometheus runs with a configuration, and finds it again after a restart. */
    async function runsWith(scrapeInterval: string): Promise<void> {
        const same = () =>
            eventually(20_000, async () => assert.equal(await prometheus.scrapeInterval(), scrapeInterval));
        await same();
        docker("restart", "--time", "30", container);
        await prometheus.becomesReady();
        await same();
        assert.match(
            docker("exec", container, "cat", "/etc/prometheus/current/prometheus.yml"),
            new RegExp(`: ${scrapeInterval}$`, "m"),
        );
    }

    /** The declaration goes live, and nothing is left to do. */
    async function comesToTheEnd(): Promise<void> {
        await checkout.succeed("up");
        assert.equal(await prometheus.scrapeInterval(), `${interval}s`);
        assert.deepEqual(await prometheus.health(), ["prometheus up", "self up", "self up"]);
        await checkout.succeed("preview", "--expect-no-changes");
    }

    const fill = `"$REAL_DOCKER" exec ${holder} sh -c 'dd if=/dev/zero of=/v/filler bs=1k 2> /dev/null'`;

    it("Prometheus was stopped: it is started", async () => {
        declareNext();
        docker("stop", "--time", "30", container);
        await comesToTheEnd();
    });

    it("Prometheus is paused", async () => {
        const before = await prometheus.scrapeInterval();
        declareNext();
        docker("pause", container);
        try {
            assert.match(await fails(), /prometheus is paused, and it does not answer/);
        } finally {
            docker("unpause", container);
        }
        await runsWith(before ?? "");
        await comesToTheEnd();
    });

    it("Prometheus is not ready: the deployment waits for it", async () => {
        declareNext();
        docker("stop", "--time", "30", container);
        docker("update", "--cpus", "0.02", container);
        docker("start", container);
        // Once the deployment has found it starting.
        const give = `"$REAL_DOCKER" update --cpus 2 ${container}`;
        await standIn.at("/-/ready ", { after: give }, () => checkout.succeed("up"));
        assert.equal(await prometheus.scrapeInterval(), `${interval}s`);
    });

    it("Prometheus answers a reload with 500", async () => {
        const before = await prometheus.scrapeInterval();
        declareNext();
        const spoil = `"$REAL_DOCKER" exec ${holder} sh -c 'echo nonsense: 1 >> /v/current/prometheus.yml'`;
        const text = await fails(() => standIn.at("/-/reload", { before: spoil }, () => checkout.npm("up")));
        assert.match(text, /Prometheus did not load the configuration: .*field nonsense not found/s);
        assert.match(text, /The previous configuration is in place again and loaded\./);
        await runsWith(before ?? "");
        await comesToTheEnd();
    });

    it("Prometheus crashes over and over with its configuration: another one takes its place, also by a rollback", async () => {
        const crash = async () => {
            docker("exec", holder, "sh", "-c", "echo nonsense: 1 >> /v/current/prometheus.yml");
            docker("restart", "--time", "30", container);
            const restarts = () => Number(docker("inspect", "--format", "{{.RestartCount}}", container));
            await eventually(60_000, async () => assert.ok(restarts() > 1));
        };
        const before = await prometheus.scrapeInterval();
        declareNext();
        await checkout.succeed("up");
        await crash();
        await checkout.succeed("rollback");
        assert.equal(await prometheus.scrapeInterval(), before);
        await crash();
        declareNext();
        await comesToTheEnd();
    });

    it("Prometheus has too little memory to start", async () => {
        const before = await prometheus.scrapeInterval();
        declareNext({ memoryLimit: "12MB", retentionTime: "14d", startTimeout: "8s" });
        assert.match(await fails(), /prometheus/);
        assert.match(docker("exec", holder, "cat", "/v/current/prometheus.yml"), new RegExp(`: ${before}$`, "m"));
        declareNext({ retentionTime: "14d" });
        await comesToTheEnd();
    });

    it("a new image never becomes ready: this up fails, and also the next, until it is taken back", async () => {
        const before = await prometheus.scrapeInterval();
        const made = docker("create", images.prometheus);
        docker(
            "commit",
            "--change",
            'ENTRYPOINT ["/bin/sh", "-c", "trap exit TERM; sleep 600 & wait"]',
            made,
            neverReady,
        );
        docker("rm", "--volumes", made);
        try {
            declareNext({ image: neverReady, startTimeout: "8s" });
            await fails();
            await fails();
            assert.match(docker("exec", holder, "cat", "/v/current/prometheus.yml"), new RegExp(`: ${before}$`, "m"));
            declareNext();
            await comesToTheEnd();
        } finally {
            docker("image", "rm", "--force", neverReady);
        }
    });

    it("the image, and so its promtool, cannot be had", async () => {
        const before = await prometheus.scrapeInterval();
        const containers = checkout.containers();
        declareNext({ image: "localhost:1/prometheus:v3.13.5" });
        assert.match(await fails(() => checkout.npm("preview")), /localhost:1\/prometheus:v3\.13\.5/);
        assert.match(await fails(), /localhost:1\/prometheus:v3\.13\.5/);
        assert.equal(checkout.containers(), containers);
        await runsWith(before ?? "");
        declareNext();
        await comesToTheEnd();
    });

    for (const [step, call] of [
        ["written", " sh stage "],
        ["switched", " sh switch "],
        ["recorded as loaded", " sh loaded "],
    ] as const) {
        it(`the volume is full when the release is to be ${step}`, async () => {
            const before = await prometheus.scrapeInterval();
            const after = declareNext();
            const text = await fails(() => standIn.at(call, { before: fill }, () => checkout.npm("up")));
            assert.match(text, /No space left on device/);
            await runsWith(call === " sh loaded " ? after : (before ?? ""));
            docker("exec", holder, "rm", "/v/filler");
            await comesToTheEnd();
        });
    }

    it("another deployment is under way: the second is refused, the first comes to the end", async () => {
        declareNext();
        const done = path.join(checkout.folder, ".state", "done");
        const wait = `until [ -e ${done} ]; do sleep 0.1; done`;
        const first = standIn.at(" sh switch ", { before: wait }, () => checkout.npm("up"));
        const locks = () => checkout.files(".state/.pulumi/locks").filter((file) => file.endsWith(".json"));
        try {
            await eventually(30_000, async () => assert.equal(locks().length, 1));
            assert.match(await fails(), /locked/);
        } finally {
            writeFileSync(done, "");
        }
        assert.equal((await first).status, 0);
        await comesToTheEnd();
    });
});
