import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import type { Server } from "node:http";
import { createServer } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { Authority } from "./authority";
import { noBrowser, startBrowser } from "./browser";
import { Checkout, docker, freePort } from "./checkout";
import { ConsolePage } from "./consolePage";
import { eventually, PrometheusApi } from "./prometheusApi";
import { steps, stopAtFailure } from "./steps";

interface Message {
    readonly alerts: readonly { readonly status: string; readonly labels: Readonly<Record<string, string>> }[];
}

/** A name server that has one address for every name: https://www.rfc-editor.org/rfc/rfc1035#section-4 */
function nameServer() {
    const server = createSocket("udp4");
    server.on("message", (question, { port, address }) => {
        const end = question.indexOf(0, 12) + 5;
        const header = Buffer.concat([question.subarray(0, 2), Buffer.from("81800001000100000000", "hex")]);
        const answer = Buffer.from("c00c000100010000003c0004c0000201", "hex"); // The same name: A, IN, 60 s, 192.0.2.1.
        server.send(Buffer.concat([header, question.subarray(12, end), answer]), port, address);
    });
    return server;
}

/** The test's own site, name server and receiver of alerts are at the Docker host; the stack's own Prometheus is probed too. */
describe("What is declared in probes", function () {
    this.timeout(180_000);
    stopAtFailure(this);
    const step = steps();

    const checkout = new Checkout();
    const authority = new Authority();
    const certificate = authority.certificate("shop", "DNS:host.docker.internal", 10);
    const messages: Message[] = [];
    const hooks = createServer((request, response) => {
        let body = "";
        request.on("data", (chunk: Buffer) => (body += chunk.toString()));
        request.on("end", () => {
            messages.push(JSON.parse(body) as Message);
            response.end();
        });
    });
    const site = createHttpsServer(certificate, (_, response) => response.end("open\n"));
    const names = nameServer();
    let prometheus: PrometheusApi;
    let [sitePort, namesPort, alertmanagerPort] = [0, 0, 0];
    const exporter = checkout.container("blackbox-exporter");
    const own = `${checkout.container("prometheus")}:9090`;
    const started = () => docker("inspect", "--format", "{{.Id}} {{.State.StartedAt}}", exporter);

    before(async () => {
        prometheus = new PrometheusApi(await freePort());
        [sitePort, alertmanagerPort] = await Promise.all([freePort(), freePort()]);
        await Promise.all([listen(hooks, 0), listen(site, sitePort)]);
        namesPort = await new Promise((resolve) => names.bind(0, () => resolve(names.address().port)));
    });
    after(() => {
        [hooks, site, names].forEach((each) => each.close());
        site.closeAllConnections();
        authority.remove();
        checkout.remove();
    });

    const listen = (server: Server, port: number) => new Promise<void>((resolve) => server.listen(port, resolve));
    const shop = () => `https://host.docker.internal:${sitePort}/`;
    const ready = (text: string) => ({ target: `http://${own}/-/ready`, status: [200], text });
    const modules = { shop: { prober: "http", http: { tls_config: { ca: authority.ca } } } };

    async function declare(probes: object[], blackboxExporter: object = { modules }): Promise<void> {
        checkout.declare({
            ...{ scrapeInterval: "1s", evaluationInterval: "1s", alerts: { downFor: "2s" } },
            prometheus: { port: prometheus.port },
            alertmanager: {
                ...{ enabled: true, port: alertmanagerPort, groupWait: "1s", groupInterval: "1s" },
                receivers: [{ name: "team", webhook: {} }],
            },
            nodeExporter: { enabled: false },
            grafana: { enabled: false },
            ...{ blackboxExporter, probes },
        });
        const { port } = hooks.address() as AddressInfo;
        await checkout.setSecret("alertmanager.receivers[0].webhook.url", `http://host.docker.internal:${port}/`);
    }

    const results = async (instance: string) => {
        const found = await prometheus.query(`probe_success{job="probe", instance="${instance}"}`);
        return found.map(({ value }) => value);
    };
    const heard = (alertname: string, instance: string, status: string) =>
        eventually(100_000, async () => {
            const said = messages.flatMap(({ alerts }) =>
                alerts.map(({ labels, ...alert }) => [labels.alertname, labels.instance, alert.status].join(" ")),
            );
            assert.ok(said.includes([alertname, instance, status].join(" ")), said.join("\n"));
        });

    step("is asked by the form of its target, and up shows it by what is probed", async () => {
        const targets = [own, `dns://host.docker.internal:${namesPort}/shop.example.com`];
        await declare([ready("Ready"), { target: shop(), module: "shop" }, ...targets.map((target) => ({ target }))]);
        const text = await checkout.succeed("up");
        for (const target of [ready("").target, shop(), ...targets]) {
            assert.ok(new RegExp(`probe +${target} +up`).test(text), `${target}\n${text}`);
            await eventually(20_000, async () => assert.deepEqual(await results(target), [1]));
        }
        await checkout.succeed("preview", "--expect-no-changes");
    });

    step("is drawn on a page of Prometheus", async function () {
        const reason = noBrowser();
        if (reason !== undefined) {
            console.log(`      skipped: ${reason}`);
            this.skip();
        }
        const browser = await startBrowser();
        try {
            const seen = await ConsolePage.opened(browser, prometheus.url);
            await eventually(30_000, async () => {
                await seen.go("probes.html?from=now-15m&to=now");
                assert.deepEqual(await seen.emptyPanels(), []);
            });
            for (const width of [400, 1400] as const) {
                await seen.resize(width);
                assert.deepEqual(await seen.layoutFaults(), []);
            }
            await seen.close();
        } finally {
            await browser.close();
        }
    });

    step("is told to people where it does not answer, and where it does again", async () => {
        site.closeAllConnections();
        await new Promise((resolve) => site.close(resolve));
        await heard("ProbeFailing", shop(), "firing");
        const { text } = await checkout.npm("status", "--no-drift");
        assert.match(text, new RegExp(`probe +${shop()} +down +the probe fails`));
        assert.match(text, new RegExp(`probe +${ready("").target} +up`));
        await listen(site, sitePort);
        await heard("ProbeFailing", shop(), "resolved");
    });

    step("is told to people where its certificate ends in ten days", () =>
        heard("ProbeCertificateEnding", shop(), "firing"),
    );

    step("is delivered without a restart when it changes, an echo request among it", async () => {
        const before = started();
        await declare([ready("Prometheus"), { target: "icmp://host.docker.internal" }]);
        const text = await checkout.succeed("up");
        assert.match(text, /probe +icmp:\/\/host\.docker\.internal +up/);
        assert.equal(started(), before);
        assert.deepEqual(await results(ready("").target), [1]);
    });

    step("has a module that the exporter's own tool refuses told in a preview", async () => {
        await declare([{ target: ready("").target, module: "own" }], {
            modules: { own: { prober: "http", http: { methd: "POST" } } },
        });
        const { status, text } = await checkout.npm("preview");
        assert.notEqual(status, 0);
        assert.match(text, /blackboxExporter\.modules: is refused by blackbox_exporter: [^]*field methd not found/);
    });

    step("is gone with its exporter when nothing is declared", async () => {
        await declare([]);
        await checkout.succeed("up");
        assert.doesNotMatch(docker("ps", "--all", "--format", "{{.Names}}"), new RegExp(`^${exporter}$`, "m"));
    });
});
