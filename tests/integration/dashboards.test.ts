import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { renderDashboards } from "../../config/render/dashboards";
import { plan } from "../declaration";
import type { Dashboard } from "../config/render/dashboards";
import { dashboardsIn, panelsOf, sent } from "../config/render/dashboards";
import { Checkout, freePort } from "./checkout";
import { emptyPanels } from "./emptyPanels";
import { eventually, PrometheusApi } from "./prometheusApi";
import { stopAtFailure } from "./steps";

/** The queries of the seed's dashboards, asked of a real Prometheus. That Grafana loads the files is seen in grafana.test.ts. */
describe("The dashboards, for real", function () {
    this.timeout(180_000);
    stopAtFailure(this);

    const checkout = new Checkout();
    let prometheus: PrometheusApi;
    let webBe: string;
    let dashboards: readonly Dashboard[];

    before(async () => {
        const [port, webBePort, exporterPort] = await Promise.all([freePort(), freePort(), freePort()]);
        prometheus = new PrometheusApi(port);
        webBe = `http://127.0.0.1:${webBePort}`;
        const declaration = {
            scrapeInterval: "1s",
            evaluationInterval: "1s",
            prometheus: { port },
            nodeExporter: { port: exporterPort },
            webBe: { enabled: true, port: webBePort },
            grafana: { enabled: false },
        };
        checkout.declare(declaration);
        const { config, published } = plan(declaration, {}, checkout.stack);
        dashboards = dashboardsIn(renderDashboards(config, published.jobs));
        await checkout.succeed("up");
    });

    after(() => checkout.remove());

    it("show the share of errors of a service that has answered nothing as none, and its requests as 0", async () => {
        const application = dashboards.find(({ uid }) => uid === "metrics-stack-application-fastapi");
        assert.ok(application);
        const now = async (title: string) => {
            const panel = panelsOf(application).find((each) => each.title === title);
            const found = await prometheus.query(sent(application, panel?.targets[0]?.expr ?? ""));
            return found.map(({ value }) => value);
        };
        assert.deepEqual([await now("Requests"), await now("Errors")], [[0], []]);
    });

    it("have data in every panel once the service is used", async () => {
        for (let i = 0; i < 25; i++) {
            await Promise.all(["/", "/items/1", "/items/9"].map((path) => fetch(`${webBe}${path}`)));
            await sleep(200);
        }
        // A scrape that fails on a busy machine leaves nothing to show until the next one.
        await eventually(30_000, async () => {
            const empty: string[] = [];
            for (const dashboard of dashboards) {
                empty.push(...(await emptyPanels(prometheus, dashboard)));
            }
            assert.deepEqual(empty, []);
        });
    });

    it("lead from each job to its own dashboard", async () => {
        const overview = dashboards.find(({ uid }) => uid === "metrics-stack-overview");
        const jobs = overview && panelsOf(overview).find(({ title }) => title === "Jobs");
        assert.ok(jobs);
        const rows = await prometheus.query(sent(overview, jobs.targets[0]?.expr ?? ""));
        const links = rows.map(({ metric }) => [metric.job, metric.dashboard]);
        assert.deepEqual(Object.fromEntries(links), {
            node_exporter: "metrics-stack-host",
            prometheus: "metrics-stack-prometheus",
            web_be: "metrics-stack-application-fastapi",
        });
    });
});
