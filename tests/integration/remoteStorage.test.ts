import assert from "node:assert/strict";
import { createServer, request } from "node:http";
import type { Server } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { provideVictoriaMetrics, victoriaMetrics } from "./exporterImages";
import { askGrafana } from "./askGrafana";
import { Checkout, docker, freePort } from "./checkout";
import { grafanaImage, provideGrafana, removeDouble } from "./grafanaImage";
import { moreTime, outage, tell } from "./outage";
import { eventually, PrometheusApi } from "./prometheusApi";
import { steps, stopAtFailure } from "./steps";

const [password, wrongPassword] = ["password-not-to-be-seen", "wrong-not-to-be-seen"];

/** One stack sends its samples to another one, at first by its name, then through a proxy that asks for a login. */
describe("Samples that are sent on", function () {
    this.timeout(300_000 + moreTime);
    stopAtFailure(this);
    const step = steps();

    const sender = new Checkout();
    const receiver = new Checkout(sender);
    let [sending, receiving]: PrometheusApi[] = [];
    const victoria = `${receiver.stack}-victoria-metrics`;
    let proxy: Server;
    let behindProxy = "";

    const base = (prometheus: PrometheusApi | undefined, more = {}) => ({
        scrapeInterval: "1s",
        evaluationInterval: "1s",
        prometheus: { port: prometheus?.port, ...more },
        nodeExporter: { enabled: false },
        grafana: { enabled: false },
    });
    const own = () => ({
        ...base(sending),
        externalLabels: { sender: "a" },
        network: { join: [`metrics-stack-${receiver.stack}`] },
    });
    const direct = () => `http://${receiver.container("prometheus")}:9090/api/v1/write`;
    const config = async () => (await sending?.config()) ?? "";

    before(async function () {
        this.timeout(600_000); // Where no image can be pulled, it is made, once.
        await Promise.all([provideVictoriaMetrics(), provideGrafana()]);
        [sending, receiving] = [new PrometheusApi(await freePort()), new PrometheusApi(await freePort())];
        receiver.declare({
            ...base(receiving, { receive: { remoteWrite: true } }),
            storage: { tsdb: { outOfOrderTimeWindow: "10m" } },
        });
        await receiver.succeed("up");
    });

    after(() => {
        proxy?.close();
        docker("rm", "--force", "--volumes", victoria);
        sender.remove(); // It is on the network of the other one.
        receiver.remove();
        removeDouble();
    });

    step("arrive at another Prometheus when the deployment is over", async () => {
        sender.declare({ ...own(), remoteWrite: [{ url: direct() }] });
        await sender.succeed("up");
        const [arrived] = (await receiving?.query('up{job="prometheus", sender="a"}')) ?? [];
        assert.equal(arrived?.value, 1);
    });

    step(
        "arrive at VictoriaMetrics too, those of alerts included where they are wanted, and are what the dashboards ask for",
        async () => {
            const network = `metrics-stack-${receiver.stack}`;
            const more = ["--storageDataPath=/tmp/data", "--search.latencyOffset=0s", "--retentionPeriod=1"];
            docker("run", "--detach", "--name", victoria, "--network", network, victoriaMetrics, ...more);
            const alert = { jobName: "more", staticConfigs: [{ targets: ["nobody:1"] }] };
            const remoteWrite = [{ url: direct() }, { url: `http://${victoria}:8428/api/v1/write`, sendAlerts: true }];
            const grafana = {
                ...{ port: await freePort(), image: grafanaImage },
                dashboardSource: { url: `http://${victoria}:8428` },
            };
            sender.declare({ ...own(), alerts: { downFor: "1s" }, scrapeJobs: [alert], remoteWrite, grafana });
            await sender.setSecret("grafana.adminPassword", password);
            const { status, text } = await sender.npm("up");
            assert.equal(status, 10, text); // Deployed, and that target is down.
            const found = (query: string) =>
                docker(
                    "exec",
                    sender.container("prometheus"),
                    "wget",
                    "-q",
                    "-O-",
                    `http://${victoria}:8428/api/v1/${query}`,
                );
            await eventually(30_000, async () => {
                assert.match(found("query?query=up"), /"sender":"a"/);
                assert.match(found("query?query=ALERTS"), /"alertname":"TargetDown"/);
                assert.deepEqual(await receiving?.query('ALERTS{sender="a", job="more"}'), []);
            });
            // Prometheus itself does not have the label.
            const shown = 'count(ALERTS{sender="a", alertname="TargetDown"})';
            assert.equal(await askGrafana(`http://127.0.0.1:${grafana.port}`, password, shown), 1);
        },
    );

    step("to where nobody is: up says so, and nothing is changed", async () => {
        sender.declare({ ...own(), remoteWrite: [{ url: "http://nobody.invalid/api/v1/write", name: "nobody" }] });
        const { status, text } = await sender.npm("up");
        assert.notEqual(status, 0);
        assert.match(text, /no sample has arrived at http:\/\/nobody\.invalid\/api\/v1\/write/);
        assert.match(text, /Prometheus says: .*no such host/);
        assert.match(text, /The previous configuration is in place again and loaded/);
        assert.ok(!(await config()).includes("nobody"));
    });

    /** Hands on what has the right login. */
    async function listen(): Promise<void> {
        const format = "{{(index .IPAM.Config 0).Gateway}}";
        const gateway = docker("network", "inspect", "--format", format, `metrics-stack-${sender.stack}`);
        const basic = `Basic ${Buffer.from(`shop:${password}`).toString("base64")}`;
        proxy = createServer((asked, answer) => {
            if (asked.headers.authorization !== basic) {
                asked.resume();
                answer.writeHead(401).end("who are you?");
                return;
            }
            const { authorization, ...headers } = asked.headers;
            const { method } = asked;
            const onward = request(`${receiving?.url}${asked.url}`, { method, headers }, (response) => {
                answer.writeHead(response.statusCode ?? 502);
                response.pipe(answer);
            });
            onward.on("error", () => answer.writeHead(503).end());
            asked.pipe(onward);
        });
        await new Promise<void>((resolve) => proxy.listen(0, gateway, resolve));
        behindProxy = `http://host.docker.internal:${(proxy.address() as { port: number }).port}/api/v1/write`;
    }

    const withLogin = () => ({
        ...own(),
        remoteWrite: [{ url: behindProxy, name: "archive", basicAuth: { username: "shop" } }],
    });

    async function login(secret: string) {
        sender.declare(withLogin());
        await sender.setSecret("remoteWrite[0].basicAuth.password", secret);
        return sender.npm("up");
    }

    step("with a wrong login: up has Prometheus' words, and nothing of the password", async () => {
        await listen();
        const { status, text } = await login(wrongPassword);
        assert.notEqual(status, 0);
        assert.match(text, /Prometheus says: server returned HTTP status 401 Unauthorized: who are you\?/);
        assert.ok(!text.includes(wrongPassword));
        assert.ok((await config()).includes(direct()));
    });

    step("with the right one they arrive, and with one that changed to a wrong one up says so", async () => {
        const right = await login(password);
        assert.equal(right.status, 0, right.text);
        const wrong = await login(wrongPassword);
        assert.notEqual(wrong.status, 0);
        assert.match(wrong.text, /no sample has arrived at .*[^]*401 Unauthorized/);
        const again = await login(password);
        assert.equal(again.status, 0, again.text);
    });

    step("and are all taken while both evaluate the same alert", async () => {
        const active = async (api: PrometheusApi | undefined) =>
            api?.query('ALERTS_FOR_STATE{alertname="PrometheusRemoteWriteFailing"}');
        const refused = async () =>
            (await sending?.query("sum(prometheus_remote_storage_samples_failed_total)"))?.[0]?.value;
        const [own, theirs] = [await active(sending), await active(receiving)];
        assert.notEqual(own?.[0]?.value, undefined, "no alert is active at the sender");
        assert.notEqual(theirs?.[0]?.value, undefined, "no alert is active at the receiver");
        const before = await refused();
        await sleep(10_000);
        assert.equal(await refused(), before);
    });

    step("wait while the receiver is down, which keeps nobody from adding a job, and none is lost", async () => {
        const { begin } = await outage(receiver.container("prometheus"), 60_000, async () => {
            sender.declare({
                ...withLogin(),
                scrapeJobs: [{ jobName: "more", staticConfigs: [{ targets: ["nobody:1"] }] }],
            });
            await sender.setSecret("remoteWrite[0].basicAuth.password", password);
            const { status, text } = await sender.npm("up");
            assert.match(text, /nobody:1/);
            assert.equal(status, 10, text); // Deployed, and that target is down.
        });
        await receiving?.becomesReady();
        const at = Math.floor(Date.now() / 1000) - 5;
        const range = `[${at - begin + 5}s] @ ${at}`;
        const found = await sending?.ask<string[]>(`label/__name__/values?match[]={job="prometheus"}&start=${begin}`);
        const isSent = /^(go|prometheus)_(?!notifications_)/;
        const names = found?.filter((name) => isSent.test(name)) ?? [];
        /** How many samples of these metrics there are, or nothing where one of them has none. */
        const count = async (api: PrometheusApi | undefined, whose: string) =>
            (await api?.query(names.map((name) => `sum(count_over_time(${name}${whose}${range}))`).join(" + ")))?.[0]
                ?.value;
        let scraped = 0;
        await eventually(120_000, async () => {
            scraped = (await count(sending, '{job="prometheus"}')) ?? 0;
            assert.ok(scraped > 10_000, String(scraped));
            assert.equal(await count(receiving, '{job="prometheus", sender="a"}'), scraped);
        });
        tell(`${at - begin + 5} s: ${scraped} samples of ${names.length} metrics, in and out`);
    });
});
