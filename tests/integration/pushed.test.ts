import assert from "node:assert/strict";
import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import * as path from "node:path";
import { renderDashboards } from "../../config/render/dashboards";
import { project } from "../../toolchain/checkout";
import { pythonPackages } from "../../toolchain/python";
import { dashboardsIn, panelsOf, sent } from "../config/render/dashboards";
import { parse } from "../declaration";
import { Checkout, freePort } from "./checkout";
import { eventually, PrometheusApi } from "./prometheusApi";
import { steps, stopAtFailure } from "./steps";

/** A Prometheus that takes what applications push. */
describe("A Prometheus that is pushed to", function () {
    this.timeout(300_000);
    stopAtFailure(this);
    const step = steps();

    const checkout = new Checkout();
    let receiving: PrometheusApi;
    let application: ChildProcess | undefined;
    const shop = { jobName: "shop", pushInterval: "1s", application: { profile: "opentelemetry" } };
    const declared = () => ({
        scrapeInterval: "1s",
        evaluationInterval: "1s",
        prometheus: { port: receiving.port, receive: { otlp: true } },
        nodeExporter: { enabled: false },
        grafana: { enabled: false },
        otlp: { promoteResourceAttributes: ["service.version"] },
        storage: { tsdb: { outOfOrderTimeWindow: "10m" } },
        pushedJobs: [shop],
    });

    before(async () => {
        receiving = new PrometheusApi(await freePort());
        checkout.declare(declared());
        await checkout.succeed("up");
    });

    after(() => {
        application?.kill();
        checkout.remove();
    });

    step("reads nothing from where it cannot: up says so, and nothing is changed", async () => {
        const container = `http://${checkout.container("prometheus")}:9090`;
        checkout.declare({ ...declared(), remoteRead: [{ url: `${container}/api/v1/read/nothing` }] });
        const { status, text } = await checkout.npm("up");
        assert.notEqual(status, 0);
        assert.match(text, /it cannot read from http:\/\/.*\/read\/nothing: .*404/);
        assert.ok(!(await receiving.config()).includes("remote_read"));
    });

    step("pushed by the OpenTelemetry example, fill its dashboard, and no alert says that it is missing", async () => {
        const folder = path.join(project, "examples/otel");
        const python = await pythonPackages([path.join(folder, "requirements.txt")]);
        const port = await freePort();
        application = spawn(
            "python3",
            ["-m", "uvicorn", "service:app", "--host", "127.0.0.1", "--port", String(port)],
            {
                cwd: folder,
                stdio: "ignore",
                env: {
                    ...process.env,
                    ...{ PYTHONPATH: python, PYTHONDONTWRITEBYTECODE: "1", OTEL_SERVICE_NAME: "shop" },
                    OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: `${receiving.url}/api/v1/otlp/v1/metrics`,
                    OTEL_RESOURCE_ATTRIBUTES: "service.instance.id=shop-1,service.version=7",
                    OTEL_METRIC_EXPORT_INTERVAL: "1000",
                },
            },
        );
        const [dashboard] = dashboardsIn(
            renderDashboards({ ...parse({ prometheus: { receive: { otlp: true } }, pushedJobs: [shop] }) }, []),
        ).filter(({ uid }) => uid.endsWith("opentelemetry"));
        assert.ok(dashboard);
        const asked = panelsOf(dashboard).flatMap(({ title, targets }) => targets.map(({ expr }) => ({ title, expr })));
        assert.ok(asked.length > 8);
        await eventually(60_000, async () => {
            await fetch(`http://127.0.0.1:${port}/items/1`);
            await fetch(`http://127.0.0.1:${port}/error`);
            for (const { title, expr } of asked) {
                const filled = sent(dashboard, expr, { job: "shop" });
                assert.notDeepEqual(await receiving.query(filled), [], `${title}: ${filled}`);
            }
        });
        const [series] = await receiving.query('http_server_request_duration_seconds_count{job="shop"}');
        assert.equal(series?.metric.instance, "shop-1");
        assert.equal(series?.metric.service_version, "7");
        assert.deepEqual(
            await receiving.query('ALERTS{alertname="TargetMissing", job="shop", alertstate="firing"}'),
            [],
        );
    });
});
