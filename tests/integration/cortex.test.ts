import assert from "node:assert/strict";
import { askGrafana } from "./askGrafana";
import { Checkout, freePort } from "./checkout";
import { Cortex, provideCortex } from "./cortex";
import { grafanaImage, isDouble, provideGrafana, removeDouble } from "./grafanaImage";
import { eventually, PrometheusApi } from "./prometheusApi";
import { steps, stopAtFailure } from "./steps";

const password = "password-not-to-be-seen";

/** A stack sends its samples to Cortex, which keeps those of each tenant apart. Grafana Mimir has the same API. */
describe("Samples for a tenant of Cortex", function () {
    this.timeout(300_000);
    stopAtFailure(this);
    const step = steps();

    const checkout = new Checkout();
    const cortex = new Cortex(`${checkout.stack}-cortex`);
    let prometheus: PrometheusApi | undefined;
    let grafanaPort = 0;

    const declaration = (more = {}) => ({
        ...{ scrapeInterval: "1s", evaluationInterval: "1s", prometheus: { port: prometheus?.port } },
        externalLabels: { sender: "a" },
        ...{ nodeExporter: { enabled: false }, grafana: { enabled: false } },
        remoteWrite: [{ url: `${cortex.url}/api/v1/push`, metadataConfig: { sendInterval: "1s" }, ...more }],
    });
    const withGrafana = (jsonData = {}) => ({
        ...declaration(tenant),
        grafana: {
            ...{ port: grafanaPort, image: grafanaImage },
            dashboardSource: { url: `${cortex.url}/prometheus`, jsonData: { prometheusType: "Cortex", ...jsonData } },
        },
    });
    const tenant = { headers: { "X-Scope-OrgID": "shop" } };

    before(async function () {
        this.timeout(900_000); // Where no image can be pulled, it is made, once.
        await provideCortex();
        await provideGrafana();
        [prometheus, grafanaPort] = [new PrometheusApi(await freePort()), await freePort()];
        checkout.declare({ ...declaration(), remoteWrite: [] });
        await checkout.succeed("up");
        cortex.start(`metrics-stack-${checkout.stack}`);
    });

    after(() => {
        cortex.remove();
        checkout.remove();
        removeDouble();
    });

    step("are not taken without a tenant, and up says so", async () => {
        checkout.declare(declaration());
        const { status, text } = await checkout.npm("up");
        assert.notEqual(status, 0);
        assert.match(text, /no sample has arrived at http:\/\/.*-cortex:9009\/api\/v1\/push/);
        assert.match(text, /Prometheus says: .*401 Unauthorized: no org id/);
    });

    step("arrive with one, and are this tenant's alone", async () => {
        checkout.declare(declaration(tenant));
        await checkout.succeed("up");
        type Found = { result: { value: [number, string] }[] };
        const count = (of: string) =>
            (cortex.ask("query?query=count(up==1)", of) as Found).result.map(({ value }) => value[1]);
        await eventually(30_000, async () => {
            assert.deepEqual(count("shop"), ["1"]);
            const metadata = cortex.ask("metadata", "shop") as Record<string, readonly { type: string }[]>;
            assert.equal(metadata.prometheus_build_info?.[0]?.type, "gauge");
        });
        assert.deepEqual(count("somebody"), []);
        assert.deepEqual(await prometheus?.query("sum(prometheus_remote_storage_samples_failed_total)"), [
            { metric: {}, value: 0 },
        ]);
    });

    step(`are what the dashboards ask for, ${isDouble ? "in a double of Grafana" : "in Grafana"}`, async () => {
        checkout.declare(withGrafana());
        await checkout.setSecret("grafana.adminPassword", password);
        assert.match(await checkout.succeed("up"), /Grafana's data source Prometheus does not reach .*401/);
        checkout.declare(withGrafana({ httpHeaderName1: "X-Scope-OrgID" }));
        await checkout.setSecret("grafana.adminPassword", password);
        await checkout.setSecret("grafana.dashboardSource.secureJsonData.httpHeaderValue1", "shop");
        assert.doesNotMatch(await checkout.succeed("up"), /does not reach/);
        // Prometheus itself does not have the label.
        assert.equal(await askGrafana(`http://127.0.0.1:${grafanaPort}`, password, 'count(up{sender="a"})'), 1);
    });
});
