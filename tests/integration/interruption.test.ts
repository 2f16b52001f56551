import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { unusableCertificate } from "../certificates";
import { Checkout, docker, freePort } from "./checkout";
import { PrometheusApi } from "./prometheusApi";
import { DockerStandIn } from "./standIn";
import { toItself } from "./toItself";

type When = "before" | "after";
const both: readonly When[] = ["before", "after"];
/** Before it is the moment after the call that is listed above it. */
const afterIt: readonly When[] = ["after"];

/** Where a delivery step is killed with SIGKILL: before or after each of its calls of docker. */
const calls: [step: string, call: string, when: readonly When[]][] = [
    ["secrets: the secret files are replaced", " sh secrets ", both],
    ["stage: the files are checked and written", " sh stage ", both],
    ["activate: Prometheus is asked whether it is ready", "/-/ready ", both],
    ["activate: the release is switched", " sh switch ", afterIt],
    ["activate: Prometheus reloads", "/-/reload ", afterIt],
    ["activate: Prometheus is asked what it runs with", "api/v1/status/config ", afterIt],
    ["activate: the release is recorded as loaded", " sh loaded ", afterIt],
];

/** What Pulumi's state has of resources. */
interface Latest {
    resources: { urn: string; type: string; id?: string; outputs?: object; dependencies?: string[] }[];
    pending_operations?: object[];
}

describe("A delivery that is broken off", function () {
    this.timeout(180_000);

    const checkout = new Checkout();
    const standIn = new DockerStandIn(checkout);
    let prometheus: PrometheusApi;
    /** The seconds of the scrape interval, and the number of the secret. */
    let interval = 1;

    before(async () => {
        prometheus = new PrometheusApi(await freePort());
        await declareNext();
        assert.equal((await checkout.npm("up")).status, 0);
    });

    after(() => {
        checkout.remove();
        standIn.remove();
    });

    const base = () => ({
        scrapeInterval: `${interval}s`,
        prometheus: { port: prometheus.port },
        nodeExporter: { enabled: false },
        grafana: { enabled: false },
    });

    /** Declares something new for every step: another job setting, another target and another secret. */
    async function declareNext(): Promise<void> {
        interval = interval === 1 ? 2 : 1;
        checkout.declare({
            ...base(),
            scrapeJobs: [
                {
                    jobName: "self",
                    staticConfigs: [{ targets: [interval === 1 ? "localhost:9090" : "127.0.0.1:9090"] }],
                    ...toItself,
                    basicAuth: { username: "u" },
                },
            ],
        });
        await checkout.setSecret("scrapeJobs[0].basicAuth.password", `secret ${interval}`);
    }

    async function upKilled(call: string, when: When): Promise<void> {
        const kill = when === "before" ? { before: "kill -9 $PPID; exit 1" } : { after: "kill -9 $PPID" };
        const { status, text } = await standIn.at(call, kill, () => checkout.npm("up"));
        assert.notEqual(status, 0, text);
    }

    const readSecret = () =>
        docker("exec", checkout.container("prometheus"), "cat", "/etc/prometheus/secrets/self.password");

    it("is put back where Prometheus cannot use what promtool let pass", async () => {
        const before = await prometheus.config();
        checkout.declare({
            ...base(),
            scrapeJobs: [
                {
                    jobName: "odd",
                    scheme: "https",
                    staticConfigs: [{ targets: ["localhost:9090"] }],
                    ...toItself,
                    tlsConfig: { ca: unusableCertificate },
                },
            ],
        });
        const { status, text } = await checkout.npm("up");
        assert.notEqual(status, 0);
        assert.match(text, /these targets are not known to it: odd localhost:9090/);
        assert.match(text, /The previous configuration is in place again and loaded\./);
        // Its job is gone from the declaration, and its secret is still there.
        assert.equal(readSecret(), `secret ${interval}`);
        assert.equal(await prometheus.config(), before);
        docker("restart", "--time", "30", checkout.container("prometheus"));
        await prometheus.becomesReady();
        assert.equal(await prometheus.config(), before);
    });

    it("and is rolled back goes back to the configuration that last worked, and no further", async () => {
        const before = `${interval}s`;
        await declareNext();
        await upKilled(" sh switch ", "after");
        await checkout.succeed("rollback");
        assert.equal(await prometheus.scrapeInterval(), before);
        await checkout.succeed("up");
        assert.equal(await prometheus.scrapeInterval(), `${interval}s`);
    });

    it("by a rollback says so, and the rollback goes through to the end", async () => {
        const before = `${interval}s`;
        await declareNext();
        const rollback = `env -u AT_CALL PATH="$PATH" ${process.execPath} commands/run.js rollback > ${checkout.folder}/said 2>&1`;
        const { status, text } = await standIn.at(" sh loaded ", { before: rollback }, () => checkout.npm("up"));
        assert.notEqual(status, 0, text);
        assert.match(text, /another deployment or rollback has put \S+ in the place of/);
        assert.match(
            readFileSync(path.join(checkout.folder, "said"), "utf8"),
            /Prometheus runs with the configuration of/,
        );
        assert.equal(await prometheus.scrapeInterval(), before);
        await checkout.succeed("up");
        assert.equal(await prometheus.scrapeInterval(), `${interval}s`);
    });

    it("while Pulumi itself is killed, with a container that it knows nothing of, is completed by the next up", async () => {
        const file = path.join(checkout.folder, ".state/.pulumi/stacks/metrics-stack", `${checkout.stack}.json`);
        const state = JSON.parse(readFileSync(file, "utf8")) as { checkpoint: { latest: Latest } };
        const { latest } = state.checkpoint;
        const {
            id: _,
            outputs: __,
            ...container
        } = latest.resources.find(({ type }) => type.startsWith("docker:index/container:")) ?? assert.fail();
        const lost = new Set([container.urn]);
        latest.resources = latest.resources.filter(({ urn, dependencies = [] }) => {
            const isLost = lost.has(urn) || dependencies.some((each) => lost.has(each));
            return !(isLost && lost.add(urn));
        });
        latest.pending_operations = [{ type: "creating", resource: container }];
        writeFileSync(file, JSON.stringify(state));

        const { status, text } = await checkout.npm("up");
        assert.equal(status, 0, text);
        assert.match(text, /A deployment was killed while it made \S+-prometheus: made anew\./);
        assert.equal(await prometheus.scrapeInterval(), `${interval}s`);
        await checkout.succeed("preview", "--expect-no-changes");
    });

    for (const [step, call, moments] of calls) {
        for (const when of moments) {
            it(`${when} this, leaves a whole configuration, and the next up comes to the end: ${step}`, async () => {
                const before = `${interval}s`;
                await declareNext();
                await upKilled(call, when);

                docker("restart", "--time", "30", checkout.container("prometheus"));
                await prometheus.becomesReady();
                assert.ok([before, `${interval}s`].includes((await prometheus.scrapeInterval()) ?? ""));

                const { status, text } = await checkout.npm("up");
                assert.equal(status, 0, text);
                assert.equal(await prometheus.scrapeInterval(), `${interval}s`);
                assert.equal(readSecret(), `secret ${interval}`);
                assert.equal((await checkout.npm("preview", "--expect-no-changes")).status, 0);
            });
        }
    }
});
