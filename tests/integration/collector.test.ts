import assert from "node:assert/strict";
import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import type { Server } from "node:http";
import { createServer } from "node:http";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { project } from "../../toolchain/checkout";
import { pythonPackages } from "../../toolchain/python";
import { Checkout, docker, freePort } from "./checkout";
import { eventually, PrometheusApi } from "./prometheusApi";
import { Pusher } from "./pusher";
import { steps, stopAtFailure } from "./steps";

const [password, wrongPassword] = ["password-not-to-be-seen", "wrong-not-to-be-seen"];

/** Applications push to a collector, which sends on to the stack's Prometheus and to somebody who asks for a login. */
describe("A collector", function () {
    this.timeout(300_000);
    stopAtFailure(this);
    const step = steps();

    const checkout = new Checkout();
    let prometheus: PrometheusApi;
    let [grpcPort, httpPort, archivePort] = [0, 0, 0];
    let application: ChildProcess | undefined;
    let pusher: Pusher;
    let archive: Server | undefined;
    let archived = 0;

    const declared = (collector = {}) => ({
        scrapeInterval: "1s",
        evaluationInterval: "1s",
        prometheus: { port: prometheus.port, receive: { otlp: true } },
        storage: { tsdb: { outOfOrderTimeWindow: "10m" } },
        nodeExporter: { enabled: false },
        grafana: { enabled: false },
        collector: { enabled: true, grpcPort, httpPort, ...collector },
    });
    const archiveAt = (endpoint: string) => ({
        queueSize: "2GB",
        exporters: [{ name: "archive", endpoint, basicAuth: { username: "shop" } }],
    });
    const started = () =>
        docker("inspect", "--format", "{{.Id}} {{.State.StartedAt}}", checkout.container("collector"));
    /** Every push that was taken is a sample. */
    const nothingIsLost = async () => {
        const pushed = await pusher.pause();
        assert.ok(pushed > 10, `${pushed} were pushed`);
        await eventually(60_000, async () => {
            const [series] = await prometheus.query('count_over_time(pushed_total{job="pusher"}[1h])');
            assert.equal(series?.value, pushed);
        });
        pusher.begin();
    };

    before(async () => {
        prometheus = new PrometheusApi(await freePort());
        [grpcPort, httpPort, archivePort] = [await freePort(), await freePort(), await freePort()];
        checkout.declare(declared());
        await checkout.succeed("up");
        pusher = new Pusher(`http://127.0.0.1:${httpPort}`);
        pusher.begin();
    });

    after(async () => {
        application?.kill();
        archive?.close();
        await (pusher as Pusher | undefined)?.pause();
        checkout.remove();
    });

    step("sends on what an application pushes by gRPC, named as what is pushed to Prometheus itself", async () => {
        const folder = path.join(project, "examples/otel");
        const [python, port] = [await pythonPackages([path.join(folder, "requirements.txt")]), await freePort()];
        const arguments_ = ["-m", "uvicorn", "service:app", "--host", "127.0.0.1", "--port", String(port)];
        application = spawn("python3", arguments_, {
            ...{ cwd: folder, stdio: "ignore" },
            env: {
                ...process.env,
                ...{ PYTHONPATH: python, PYTHONDONTWRITEBYTECODE: "1", OTEL_SERVICE_NAME: "shop" },
                OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: `http://127.0.0.1:${grpcPort}`,
                OTEL_EXPORTER_OTLP_METRICS_PROTOCOL: "grpc",
                OTEL_RESOURCE_ATTRIBUTES: "service.instance.id=shop-1",
                OTEL_METRIC_EXPORT_INTERVAL: "1000",
            },
        });
        await eventually(60_000, async () => {
            await fetch(`http://127.0.0.1:${port}/items/1`);
            const [series] = await prometheus.query('http_server_request_duration_seconds_count{job="shop"}');
            assert.equal(series?.metric.instance, "shop-1");
        });
        assert.deepEqual(await prometheus.health(), ["collector up", "prometheus up"]);
    });

    step("is as it was after a second up", async () => {
        const before = checkout.containers();
        assert.match(await checkout.succeed("up"), /unchanged/);
        assert.equal(checkout.containers(), before);
    });

    step("loses nothing while Prometheus is down, and it is killed meanwhile", async () => {
        docker("stop", checkout.container("prometheus"));
        await sleep(3000);
        docker("kill", "--signal", "KILL", checkout.container("collector"));
        await sleep(1000);
        docker("start", checkout.container("collector"));
        await sleep(3000);
        docker("start", checkout.container("prometheus"));
        await prometheus.becomesReady();
        await nothingIsLost();
    });

    step("says that nothing arrives at a wrong address, and goes on as before", async () => {
        const before = started();
        checkout.declare(declared(archiveAt("http://nobody.invalid/otlp")));
        await checkout.setSecret("collector.exporters[0].basicAuth.password", wrongPassword);
        const { status, text } = await checkout.npm("up");
        assert.notEqual(status, 0);
        assert.match(text, /nothing has arrived at http:\/\/nobody\.invalid\/otlp \(otlp_http\/archive\)/);
        assert.match(text, /The collector says: .*no such host/);
        assert.match(text, /The previous configuration is in place again and loaded/);
        assert.equal(started(), before);
        await nothingIsLost();
    });

    step("says that a login is wrong, and nothing of it; with the right one everything arrives at both", async () => {
        const gateway = docker(
            ...["network", "inspect", "--format", "{{(index .IPAM.Config 0).Gateway}}"],
            `metrics-stack-${checkout.stack}`,
        );
        const basic = `Basic ${Buffer.from(`shop:${password}`).toString("base64")}`;
        archive = createServer((request, response) => {
            request.resume();
            const isRight = request.headers.authorization === basic && request.url === "/otlp/v1/metrics";
            archived += isRight ? 1 : 0;
            response.writeHead(isRight ? 200 : 401).end();
        });
        await new Promise<void>((resolve) => archive?.listen(archivePort, gateway, resolve));
        const before = started();
        checkout.declare(declared(archiveAt(`http://host.docker.internal:${archivePort}/otlp`)));
        await checkout.setSecret("collector.exporters[0].basicAuth.password", wrongPassword);
        const { status, text } = await checkout.npm("up");
        assert.notEqual(status, 0);
        assert.match(text, /nothing has arrived at http:\/\/host\.docker\.internal:.*The collector says: .*401/s);
        assert.ok(!text.includes(wrongPassword));
        await checkout.setSecret("collector.exporters[0].basicAuth.password", password);
        await checkout.succeed("up");
        assert.ok(archived > 0);
        assert.equal(started(), before);
        await nothingIsLost();
    });
});
