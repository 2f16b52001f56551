import assert from "node:assert/strict";
import { images } from "../images";
import { Checkout, freePort } from "./checkout";
import { Engine, needsSecondEngine } from "./engine";
import { eventually } from "./prometheusApi";
import { DockerStandIn } from "./standIn";
import { stopAtFailure } from "./steps";
import { toItself } from "./toItself";

/**
 * The Docker engine goes away, or is restarted, in the middle of a deployment. It ends in a clear error or in success; with
 * the engine, Prometheus comes back with a whole configuration, and the next `up` comes to the end.
 */
describe("A deployment whose Docker engine", function () {
    this.timeout(180_000);
    stopAtFailure(this);

    const checkout = new Checkout();
    const standIn = new DockerStandIn(checkout);
    const container = checkout.container("prometheus");
    let engine: Engine;
    let port: number;
    let interval = 0;

    before(async function () {
        needsSecondEngine(this);
        engine = new Engine();
        await engine.load(images.prometheus);
        checkout.environment.DOCKER_HOST = engine.host;
        port = await freePort();
        declareNext();
        await checkout.succeed("up");
    });

    after(async () => {
        try {
            checkout.remove();
        } finally {
            await (engine as Engine | undefined)?.remove();
            standIn.remove();
        }
    });

    /** Another configuration. @returns its scrape interval */
    function declareNext(settings: object = {}): string {
        interval += 1;
        checkout.declare({
            scrapeInterval: `${interval}s`,
            prometheus: { port, ...settings },
            nodeExporter: { enabled: false },
            grafana: { enabled: false },
            scrapeJobs: [{ jobName: "self", staticConfigs: [{ targets: [`127.0.0.${interval}:9090`] }], ...toItself }],
        });
        return `${interval}s`;
    }

    const scrapeInterval = () => {
        const answer = engine.docker(
            "exec",
            container,
            "wget",
            "-q",
            "-O-",
            "http://127.0.0.1:9090/api/v1/status/config",
        );
        const { yaml } = (JSON.parse(answer) as { data: { yaml: string } }).data;
        return /scrape_interval: (\S+)/.exec(yaml)?.[1] ?? "";
    };

    /** Prometheus answers again, with one of some configurations. */
    const comesBack = (...intervals: string[]) =>
        eventually(60_000, () => Promise.resolve(assert.ok(intervals.includes(scrapeInterval()))));

    async function comesToTheEnd(): Promise<void> {
        await checkout.succeed("up");
        assert.equal(scrapeInterval(), `${interval}s`);
        await checkout.succeed("preview", "--expect-no-changes");
    }

    const moments: [what: string, call: string][] = [
        ["the release is to be written", " sh stage "],
        ["the release is to be switched", " sh switch "],
        ["Prometheus is to reload", "/-/reload "],
        ["Prometheus is asked what it runs with", "api/v1/status/config "],
    ];
    for (const [what, call] of moments) {
        it(`is killed when ${what}`, async () => {
            const [before, after] = [`${interval}s`, declareNext()];
            const { status, text } = await standIn.at(call, { before: engine.kill }, () => checkout.npm("up"));
            assert.notEqual(status, 0);
            assert.match(text, /Cannot connect to the Docker daemon|No Docker engine answers/);
            assert.doesNotMatch(text, /^\s+at .*:\d+:\d+\)?$/m, "a stack trace");
            engine.restart();
            await comesBack(before, after);
            await comesToTheEnd();
        });
    }

    it("is restarted when the release is to be switched", async () => {
        const [before, after] = [`${interval}s`, declareNext()];
        const restart = `kill ${engine.pid}; while kill -0 ${engine.pid} 2> /dev/null; do sleep 0.1; done; ${engine.start}`;
        const { text } = await standIn.at(" sh switch ", { before: restart }, () => checkout.npm("up"));
        assert.doesNotMatch(text, /^\s+at .*:\d+:\d+\)?$/m, "a stack trace");
        await comesBack(before, after);
        await comesToTheEnd();
    });

    it("is killed when the container is about to be replaced", async () => {
        declareNext({ retentionTime: "14d" });
        const { status, text } = await standIn.at(" sh stage ", { after: engine.kill }, () => checkout.npm("up"));
        assert.notEqual(status, 0);
        assert.doesNotMatch(text, /^\s+at .*:\d+:\d+\)?$/m, "a stack trace");
        engine.restart();
        await comesToTheEnd();
    });

    it("is not there: one clear error, and nothing changes", async () => {
        const before = `${interval}s`;
        declareNext();
        await checkout.run("sh", ["-c", engine.kill]);
        for (const script of ["preview", "up"]) {
            const { status, text } = await checkout.npm(script);
            assert.notEqual(status, 0);
            assert.match(text, /^No Docker engine answers at unix:\/\/\S+: .* Start it, or unset DOCKER_HOST/m);
        }
        engine.restart();
        await comesBack(before);
        await comesToTheEnd();
    });
});
