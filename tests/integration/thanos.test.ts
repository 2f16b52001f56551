import assert from "node:assert/strict";
import { renderDashboards } from "../../config/render/dashboards";
import { dashboardsIn } from "../config/render/dashboards";
import { plan } from "../declaration";
import { blocksInBucket, makeBlocks } from "./blocks";
import { Checkout, docker, freePort } from "./checkout";
import { emptyPanels } from "./emptyPanels";
import { ObjectStore, provideObjectStore } from "./objectStore";
import { moreTime, outage, tell } from "./outage";
import { eventually, PrometheusApi } from "./prometheusApi";
import { steps, stopAtFailure } from "./steps";
import { toItself } from "./toItself";

const [secretKey, wrongKey] = ["secret-key-not-to-be-seen", "wrong-key-not-to-be-seen"];

const day = 86_400;

/** The seconds of an hour of yesterday, which are in one block. */
const everySecond = Array.from({ length: 3600 }, (_, i) => (Math.floor(Date.now() / day / 1000) - 1) * day + i);

/** A stack that ships its blocks to S3, forgets them, and still knows what was in them. */
describe("Samples in object storage", function () {
    this.timeout(300_000 + moreTime);
    stopAtFailure(this);
    const step = steps();

    const checkout = new Checkout();
    const bucket = new ObjectStore(`${checkout.stack}-s3`, secretKey);
    const tenDaysAgo = Math.floor(Date.now() / 1000) - 10 * day;
    let [prometheus, query]: PrometheusApi[] = [];

    const declaration = (thanos: object, retentionTime = "30d", secret = {}) => ({
        ...{ scrapeInterval: "1s", evaluationInterval: "1s" },
        network: { join: [bucket.network] },
        prometheus: { port: prometheus?.port, retentionTime },
        thanos: {
            objectStorage: {
                type: "S3",
                config: {
                    ...{ bucket: bucket.bucket, endpoint: bucket.endpoint, insecure: true },
                    accessKey: bucket.accessKey,
                    ...secret,
                },
            },
            query: { port: query?.port },
            ...thanos,
        },
        nodeExporter: { enabled: false },
        grafana: { enabled: false },
    });
    const declare = (...args: Parameters<typeof declaration>) => checkout.declare(declaration(...args));
    const all = {
        store: { syncInterval: "5s" },
        queryFrontend: {},
        compactor: { retention: { raw: "90d", "5m": "1y" } },
    };
    const setKey = (value: string) => checkout.setSecret("thanos.objectStorage.config.secretKey", value);
    const values = async (api: PrometheusApi | undefined, expression: string) =>
        (await api?.query(expression))?.map(({ metric, value }) => [metric.stack, value]);

    before(async function () {
        this.timeout(900_000); // Where no image can be pulled, it is made, once.
        await provideObjectStore();
        [prometheus, query] = [new PrometheusApi(await freePort()), new PrometheusApi(await freePort())];
        await bucket.start();
    });

    after(() => {
        checkout.remove(); // It is on the network of the bucket.
        bucket.remove();
    });

    step("with a wrong key: up says so, and nothing of the key", async () => {
        declare({});
        await setKey(wrongKey);
        const { status, text } = await checkout.npm("up");
        assert.notEqual(status, 0);
        assert.match(text, /thanos\.objectStorage cannot be used: .*(signature|key|denied)/i);
        assert.ok(!text.includes(wrongKey));
    });

    step("with the right key: Query answers from Prometheus, and its samples say whose they are", async () => {
        declare({});
        await setKey(secretKey);
        const text = await checkout.succeed("up");
        assert.ok(text.includes(`http://127.0.0.1:${query?.port}`), text);
        await eventually(30_000, async () =>
            assert.deepEqual(await values(query, 'up{job="thanos_sidecar"}'), [[checkout.stack, 1]]),
        );
        assert.deepEqual(await values(prometheus, 'up{job="thanos_sidecar"}'), [[undefined, 1]]);
    });

    step("are shipped block by block", async () => {
        // What Prometheus forgets counts from the end of its newest block.
        await makeBlocks(checkout, "old", [tenDaysAgo, tenDaysAgo + 15, tenDaysAgo + 10 * day - 4 * 3600]);
        await eventually(60_000, () => Promise.resolve(assert.equal(blocksInBucket(checkout), 2)));
    });

    step("are answered from there once Prometheus has forgotten them", async () => {
        const started = () =>
            docker("inspect", "--format", "{{.Id}} {{.State.StartedAt}}", checkout.container("thanos-query"));
        const before = started();
        declare(all, "5d");
        await setKey(secretKey);
        await checkout.succeed("up");
        assert.equal(started(), before); // It is told of the store, and goes on.
        const old = `old @ ${tenDaysAgo + 60}`;
        await eventually(30_000, async () => {
            assert.deepEqual(await values(prometheus, old), []);
            assert.deepEqual(await values(query, old), [[checkout.stack, 42]]);
        });
        const jobs = ["compactor", "query", "query_frontend", "sidecar", "store"].map((name) => `thanos_${name} up`);
        const health = await prometheus?.health();
        assert.deepEqual(
            health?.filter((each) => each.startsWith("thanos")),
            jobs,
        );
    });

    step("have a dashboard without an empty panel", async () => {
        const { config, published } = plan(declaration(all, "5d", { secretKey }), {}, checkout.stack);
        const dashboard = dashboardsIn(renderDashboards(config, published.jobs)).find(
            ({ uid }) => uid === "metrics-stack-thanos",
        );
        assert.ok(dashboard && prometheus);
        const api = prometheus;
        await eventually(60_000, async () => {
            await values(query, "old"); // An idle Query has nothing to show.
            assert.deepEqual(await emptyPanels(api, dashboard), []);
        });
    });

    step("wait while the bucket is gone, which keeps nobody from adding a job, and none is lost", async () => {
        const running = checkout.containers();
        const { begin, end } = await outage(bucket.network, 30_000, async () => {
            await makeBlocks(checkout, "meanwhile", everySecond);
            await eventually(60_000, async () => {
                const pending = await prometheus?.query('ALERTS{alertname="ThanosBucketFailing"}');
                assert.ok(pending?.some(({ metric }) => metric.job === "thanos_sidecar"));
            });
            const again = { jobName: "again", staticConfigs: [{ targets: ["localhost:9090"] }], ...toItself };
            checkout.declare({ ...declaration(all, "5d"), scrapeJobs: [again] });
            await setKey(secretKey);
            await checkout.succeed("up");
            assert.deepEqual(await values(query, 'up{job="again"}'), [[checkout.stack, 1]]);
            assert.equal((await checkout.npm("status", "--no-drift")).status, 0);
        });
        const fromStore = encodeURIComponent('{__address__=~".*thanos-store.*"}');
        const shipped = encodeURIComponent(`count_over_time(meanwhile[1d] @ ${(everySecond.at(-1) ?? 0) + 1})`);
        await eventually(120_000, async () => {
            assert.equal(blocksInBucket(checkout), 3);
            type Found = { result: { value: [number, string] }[] };
            const found = await query?.ask<Found>(`query?query=${shipped}&storeMatch[]=${fromStore}`);
            assert.equal(Number(found?.result[0]?.value[1]), everySecond.length);
        });
        const scraped = `count_over_time(up{job="prometheus"}[${end - begin}s] @ ${end})`;
        const [[, own] = [], [, asked] = []] = [await values(prometheus, scraped), await values(query, scraped)].flat();
        assert.equal(asked, own);
        assert.equal(checkout.containers(), running);
        tell(
            `${end - begin} s: ${everySecond.length} samples in a block made meanwhile, as many in the bucket; ${own} scrapes`,
        );
    });

    step("nothing is left to change, and what is private shows nowhere", async () => {
        await checkout.succeed("up", "--expect-no-changes");
        const role = ["sidecar", "store", "compactor", "query", "query-frontend"];
        const said = role.map((each) => docker("inspect", checkout.container(`thanos-${each}`))).join("");
        assert.ok(!said.includes(secretKey));
        const status = await checkout.npm("status", "--no-drift");
        assert.match(status.text, /Thanos Query +0\.42\.4, asks 2 endpoints/);
    });
});
