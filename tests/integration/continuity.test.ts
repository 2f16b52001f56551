import assert from "node:assert/strict";
import { Checkout, freePort } from "./checkout";
import { PrometheusApi } from "./prometheusApi";
import { steps, stopAtFailure } from "./steps";
import { toItself } from "./toItself";

/** How many changes are deployed, one after the other. */
const changes = 30;

/** Changes of jobs and targets cost the others nothing: no restart, and not one scrape. */
describe("Many changes, one after the other", function () {
    this.timeout(900_000);
    stopAtFailure(this);
    const step = steps();

    const checkout = new Checkout();
    let prometheus: PrometheusApi;
    let containers: string;
    let started: number;

    before(async () => {
        prometheus = new PrometheusApi(await freePort());
        declare(0);
        await checkout.succeed("up");
        containers = checkout.containers();
        started = Date.now();
    });

    after(() => checkout.remove());

    const job = (jobName: string, targets: string[], rest: object = {}) => ({
        jobName,
        staticConfigs: [{ targets }],
        ...toItself,
        ...rest,
    });

    /** By turns another list of targets, another setting of a job, and a job more or less. "steady" is always the same. */
    function declare(change: number): void {
        checkout.declare({
            scrapeInterval: "1s",
            prometheus: { port: prometheus.port },
            nodeExporter: { enabled: false },
            grafana: { enabled: false },
            scrapeJobs: [
                job("steady", ["localhost:9090"]),
                job("targets", [`127.0.0.${1 + Math.ceil(change / 3)}:9090`, "localhost:9090"]),
                job("settings", ["localhost:9090"], { sampleLimit: 10_000 + Math.ceil((change - 1) / 3) }),
                ...(Math.ceil((change - 2) / 3) % 2 === 1 ? [job("sometimes", ["localhost:9090"])] : []),
            ],
        });
    }

    step(`are deployed: ${changes} of them`, async () => {
        // What somebody changed by hand is no matter here: without asking for it, the changes follow more closely.
        checkout.environment.METRICS_STACK_SKIP_HOST_CHECKS = "true";
        for (let change = 1; change <= changes; change++) {
            declare(change);
            const text = await checkout.succeed("pulumi", "up", "--yes", "--skip-preview");
            assert.match(text, /~ [12] updated/, `change ${change}: ${text}`);
        }
        delete checkout.environment.METRICS_STACK_SKIP_HOST_CHECKS;
        const jobs = new Set((await prometheus.targets()).map(({ scrapePool }) => scrapePool));
        assert.deepEqual([...jobs].sort(), ["prometheus", "settings", "steady", "targets"]);
    });

    step("restart nothing", () => assert.equal(checkout.containers(), containers));

    step("cost an unchanged target no scrape", async () => {
        const seconds = Math.floor((Date.now() - started) / 1000);
        for (const jobName of ["steady", "prometheus"]) {
            const { result } = await prometheus.ask<{ result: { values: [number, string][] }[] }>(
                `query?query=${encodeURIComponent(`up{job="${jobName}"}[${seconds}s]`)}`,
            );
            assert.equal(result.length, 1);
            const values = result[0]?.values ?? [];
            assert.ok(values.length >= seconds - 2, `${values.length} scrapes in ${seconds} s`);
            assert.deepEqual(
                values.filter(([, up]) => up !== "1"),
                [],
            );
            const gaps = values.slice(1).map(([time], i) => time - (values[i]?.[0] ?? 0));
            assert.deepEqual(
                gaps.filter((gap) => gap > 1.5),
                [],
            );
        }
    });

    step("can be taken back without Pulumi: the previous configuration, or one of those before", async () => {
        const limits = async () => [...(await prometheus.config()).matchAll(/sample_limit: (\d+)/g)].map(([, n]) => n);
        checkout.declare({
            ...{ scrapeInterval: "1s", prometheus: { port: prometheus.port } },
            ...{ nodeExporter: { enabled: false }, grafana: { enabled: false } },
            scrapeJobs: [job("settings", ["localhost:9090"], { sampleLimit: 77_777 })],
        });
        await checkout.succeed("up");
        assert.deepEqual(await limits(), ["77777"]);

        const list = await checkout.succeed("rollback", "--list");
        assert.match(list, /^(\S+Z {2}[0-9a-f]{12}\n){4}\S+Z {2}[0-9a-f]{12} {2}\(current\)$/m);
        assert.match(await checkout.succeed("rollback"), /Prometheus runs with the configuration of \S+Z again/);
        assert.equal((await limits()).length, 1);
        assert.notDeepEqual(await limits(), ["77777"]);
        const oldest = /^\S+Z {2}([0-9a-f]{12})$/m.exec(list)?.[1] ?? "";
        await checkout.succeed("rollback", oldest);
        assert.equal(checkout.containers(), containers);
    });

    step(
        "shows in the next preview that a configuration was taken back, and the next up deploys the declaration",
        async () => {
            assert.match(await checkout.succeed("preview"), /3 to update/);
            await checkout.succeed("up");
            assert.match(await prometheus.config(), /sample_limit: 77777/);
            await checkout.succeed("preview", "--expect-no-changes");
        },
    );

    step("names the releases there are where one is not known", async () => {
        const { status, text } = await checkout.npm("rollback", "0123456789ab");
        assert.notEqual(status, 0);
        assert.match(text, /^There is no earlier release 0123456789ab of .*; write one of [0-9a-f]{12}/m);
    });
});
