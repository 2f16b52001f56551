import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import * as path from "node:path";
import { commands } from "../documentation";
import { Authority } from "./authority";
import { Checkout, docker, freePort } from "./checkout";
import { DoorRequests } from "./doorRequests";
import { grafanaImage, provideGrafana, removeDouble } from "./grafanaImage";
import { eventually } from "./prometheusApi";
import { steps, stopAtFailure } from "./steps";

const [alice, otherAlice] = ["alice:correct horse battery", "alice:another staple"];
const hash = "$2b$10$diMVD66Q2U1izr9x0xO9DejLwh3QppRxV2K9A0yDhfGPjwEsrGYZy";
const otherHash = "$2b$10$86/iGv3KaN7kHobJcQp7FOH5wrRMGZQfasYvXOfZQ6I58BLJskANa";
const name = "prometheus.test";

/**
 * A whole stack whose Prometheus lets in nobody without a login, and speaks the newest TLS alone, and whose Alertmanager lets in nobody
 * without a certificate; the steps build on one another.
 */
describe(`A certificate and users of Prometheus' and Alertmanager's own, with Grafana${grafanaImage.includes("double") ? "'s double" : ""}`, function () {
    this.timeout(300_000);
    stopAtFailure(this);
    const step = steps();

    const checkout = new Checkout();
    const authority = new Authority();
    const container = checkout.container("prometheus");
    let ports: readonly number[] = [];
    let requests: DoorRequests;
    let door: DoorRequests;
    /** Of the stack's own user. */
    let password = "";
    const started = () => docker("inspect", "--format", "{{.Id}} {{.State.StartedAt}}", container);

    before(async () => {
        await provideGrafana();
        ports = await Promise.all([1, 2, 3, 4].map(freePort));
        requests = new DoorRequests(name, ports[0] ?? 0, () => authority.ca);
        door = new DoorRequests("localhost", ports[3] ?? 0, () => authority.ca);
    });
    after(() => {
        authority.remove();
        checkout.remove();
        removeDouble();
    });

    async function declare(certificate: { cert: string }, more: object = {}) {
        const [port, alertmanager, grafana, doorPort] = ports;
        const cert = authority.certificate("door", "DNS:localhost");
        checkout.declare({
            ...{ scrapeInterval: "1s", evaluationInterval: "1s", ...more },
            prometheus: {
                port,
                web: {
                    tlsServerConfig: { cert: certificate.cert, minVersion: "TLS13" },
                    httpServerConfig: { headers: { "X-Frame-Options": "deny" } },
                },
            },
            alertmanager: {
                ...{ enabled: true, port: alertmanager, receivers: [{ name: "nobody", silent: true }] },
                web: {
                    tlsServerConfig: { cert: authority.server.cert, clientCa: authority.ca },
                    itself: { cert: authority.client.cert },
                },
            },
            nodeExporter: { enabled: false },
            grafana: { port: grafana, image: grafanaImage },
            door: { enabled: true, name: "localhost", port: doorPort, tls: { cert: cert.cert } },
        });
        await checkout.setSecret("alertmanager.web.tlsServerConfig.key", authority.server.key);
        await checkout.setSecret("alertmanager.web.itself.key", authority.client.key);
        await checkout.setSecret("door.users.alice", hash);
        await checkout.setSecret("door.tls.key", cert.key);
    }

    async function ask<Data>(path: string, login = alice): Promise<Data> {
        const { status, body } = await requests.ask(`/api/v1/${path}`, { login });
        assert.equal(status, 200, body);
        return (JSON.parse(body) as { data: Data }).data;
    }
    const isUp = (login?: string) =>
        eventually(30_000, async () => {
            const { activeTargets } = await ask<{ activeTargets: { scrapePool: string; health: string }[] }>(
                "targets?state=active",
                login,
            );
            const health = activeTargets.map(({ scrapePool, health }) => `${scrapePool} ${health}`).sort();
            assert.deepEqual(health, ["alertmanager up", "prometheus up"]);
        });
    const statusOf = async (login?: string) =>
        (await requests.ask("/api/v1/query?query=up", login === undefined ? {} : { login })).status;

    step("comes up, scrapes itself, sends alerts, and is asked by Grafana and the door", async () => {
        const certificate = authority.certificate("first", `DNS:${name}`);
        await declare(certificate);
        writeFileSync(path.join(checkout.folder, "prometheus.key"), certificate.key);
        const documented = commands().filter(
            ({ page, text }) => page === "docs/access.md" && text.includes("prometheus.web"),
        );
        assert.equal(documented.length, 3);
        for (const { text } of documented) {
            const { status, text: said } = await checkout.run("sh", ["-c", text], hash);
            assert.equal(status, 0, said);
        }
        const text = await checkout.succeed("up");
        const asking = checkout.inVolume("prometheus-config", "cat secrets/@web.asking.yml");
        [, password = ""] = /password: "?([^"\n]+)/.exec(asking) ?? [];
        assert.match(text, new RegExp(`Dashboards +https://localhost:${ports[3]}/prometheus/consoles/`));
        await isUp();
        // One that did not arrive is sent again after a minute.
        await eventually(90_000, async () => {
            const { body } = await door.ask("/alertmanager/api/v2/alerts", { login: alice });
            assert.match(body, /"Watchdog"/);
        });
        const { status, body } = await door.ask("/prometheus/api/v1/query?query=vector(42)", { login: alice });
        assert.equal(status, 200, body);
        assert.match(body, /"42"/);
        const shown = JSON.parse((await checkout.npm("status", "--json", "--no-drift")).text.replace(/^[^{]*/, "")) as {
            prometheus: { targets: { health: string }[]; storage: { size: number } };
            alertmanager: { version: string };
        };
        assert.deepEqual(
            shown.prometheus.targets.map(({ health }) => health),
            ["up", "up"],
        );
        assert.ok(shown.prometheus.storage.size > 0);
        assert.match(shown.alertmanager.version, /^\d/);
    });

    step("lets nobody in without a login, or without TLS", async () => {
        assert.deepEqual(
            [await statusOf(), await statusOf("alice:wrong"), await statusOf(otherAlice), await statusOf(alice)],
            [401, 401, 401, 200],
        );
        const alerting = new DoorRequests("metrics.test", ports[1] ?? 0, () => authority.ca);
        await assert.rejects(alerting.ask("/api/v2/status"), /certificate required/);
        const plain = await fetch(`http://127.0.0.1:${ports[0]}/api/v1/query?query=up`);
        assert.equal(plain.status, 400);
        const { headers } = await requests.ask("/-/ready");
        assert.equal(headers["x-frame-options"], "deny");
        assert.equal((await requests.ask("/-/reload", { method: "POST" })).status, 401);
    });

    step("keeps passwords, hashes and keys where only it can read them", () => {
        const inspected = docker(
            ...[
                "inspect",
                ...["prometheus", "grafana", "door", "alertmanager"].map((role) => checkout.container(role)),
            ],
        );
        assert.ok(password.length >= 20);
        const basic = Buffer.from(`metrics-stack:${password}`).toString("base64");
        for (const secret of [password, basic, hash, "PRIVATE KEY"]) {
            assert.ok(!inspected.includes(secret), secret);
        }
        const files = checkout.inVolume("prometheus-config", "stat -c '%a %n' secrets/@web*");
        assert.deepEqual(files.trim().split("\n"), ["400 secrets/@web.asking.yml", "400 secrets/@web.yml"]);
    });

    step("shows no change to a second look", async () => {
        await checkout.succeed("preview", "--refresh", "--expect-no-changes");
    });

    step("takes another password, another certificate and another job without a restart", async () => {
        const before = started();
        const shop = {
            ...{ jobName: "shop", staticConfigs: [{ targets: [`${container}:9090`] }], scheme: "https" },
            ...{ basicAuth: { username: "alice" }, tlsConfig: { ca: authority.ca, serverName: name } },
        };
        const renewed = authority.certificate("second", `DNS:${name}`);
        await declare(renewed, { scrapeJobs: [shop] });
        const [, plain = ""] = otherAlice.split(":");
        await checkout.setSecret("scrapeJobs[0].basicAuth.password", plain);
        await checkout.setSecret("prometheus.web.tlsServerConfig.key", renewed.key);
        await checkout.setSecret("prometheus.web.basicAuthUsers.alice", otherHash);
        await checkout.setSecret("prometheus.web.itself.password", password);
        await checkout.succeed("up");
        assert.deepEqual([await statusOf(alice), await statusOf(otherAlice)], [401, 200]);
        const { yaml } = await ask<{ yaml: string }>("status/config", otherAlice);
        assert.match(yaml, /job_name: shop/);
        await eventually(30_000, async () => {
            const { body } = await requests.ask('/api/v1/query?query=up{job="prometheus"}', { login: otherAlice });
            assert.match(body, /"1"\]/);
        });
        assert.equal((await door.ask("/prometheus/-/ready", { login: alice })).status, 200);
        assert.equal(started(), before);
    });

    step("becomes one without a login again", async () => {
        checkout.declare({
            prometheus: { port: ports[0] },
            alertmanager: { enabled: true, port: ports[1], receivers: [{ name: "nobody", silent: true }] },
            nodeExporter: { enabled: false },
            grafana: { enabled: false },
        });
        await checkout.succeed("up");
        assert.equal((await fetch(`http://127.0.0.1:${ports[0]}/-/ready`)).status, 200);
        assert.equal((await fetch(`http://127.0.0.1:${ports[1]}/-/ready`)).status, 200);
        assert.equal(checkout.inVolume("prometheus-config", "ls secrets").trim(), "");
    });
});
