import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { commands } from "../documentation";
import { Authority } from "./authority";
import { noBrowser, startBrowser } from "./browser";
import { Checkout, docker, freePort } from "./checkout";
import { ConsolePage } from "./consolePage";
import { DoorRequests } from "./doorRequests";
import { grafanaImage, provideGrafana, removeDouble } from "./grafanaImage";
import { eventually, PrometheusApi } from "./prometheusApi";
import { steps, stopAtFailure } from "./steps";

/** Browsers take such a name for this machine. Source: https://www.rfc-editor.org/rfc/rfc6761#section-6.3 */
const name = "metrics.localhost";

const [alice, otherAlice] = ["alice:correct horse battery", "alice:another staple"];
const sender = "web-1:another staple";
const hash = "$2b$10$diMVD66Q2U1izr9x0xO9DejLwh3QppRxV2K9A0yDhfGPjwEsrGYZy";
const otherHash = "$2b$10$86/iGv3KaN7kHobJcQp7FOH5wrRMGZQfasYvXOfZQ6I58BLJskANa";

const silence = JSON.stringify({
    matchers: [{ name: "alertname", value: "A", isRegex: false, isEqual: true }],
    ...{ startsAt: new Date().toISOString(), endsAt: new Date(Date.now() + 3_600_000).toISOString() },
    ...{ createdBy: "alice", comment: "a test" },
});
const json = { "content-type": "application/json" };
const form = { "content-type": "application/x-www-form-urlencoded" };

/** A whole stack with a door; the steps build on one another. */
describe("The door", function () {
    this.timeout(300_000);
    stopAtFailure(this);
    const step = steps();

    const checkout = new Checkout();
    const authority = new Authority();
    const door = checkout.container("door");
    let prometheus: PrometheusApi;
    let doorPort = 0;
    let ports: Record<string, number> = {};
    let ca = "";
    let requests: DoorRequests;
    const started = () => docker("inspect", "--format", "{{.Id}} {{.State.StartedAt}}", door);

    before(async () => {
        await provideGrafana();
        const [port = 0, alertmanager = 0, grafana = 0, ...more] = await Promise.all([1, 2, 3, 4].map(freePort));
        ports = { alertmanager, grafana };
        doorPort = more[0] ?? 0;
        prometheus = new PrometheusApi(port);
        requests = new DoorRequests(name, doorPort, () => ca);
    });
    after(async () => {
        authority.remove();
        checkout.remove();
        removeDouble();
    });

    async function declare(password: string, more: object = {}): Promise<void> {
        checkout.declare({
            ...{ scrapeInterval: "1s", evaluationInterval: "1s" },
            prometheus: { port: prometheus.port, receive: { remoteWrite: true, otlp: true } },
            alertmanager: { enabled: true, port: ports.alertmanager, receivers: [{ name: "nobody", silent: true }] },
            nodeExporter: { enabled: false },
            grafana: { port: ports.grafana, image: grafanaImage },
            door: { enabled: true, name, port: doorPort, ...more },
        });
        if (!("forwardAuth" in more)) {
            await checkout.setSecret("door.users.alice", password);
        }
        await checkout.setSecret("door.senders.web-1", otherHash);
    }

    /** Runs a command of the manual, with a pipe in place of a terminal. */
    async function documented(command: RegExp, input = "") {
        const { text } = commands().find((each) => each.page === "docs/access.md" && command.test(each.text))!;
        const here = text.replace("metrics-stack-dev", `metrics-stack-${checkout.stack}`).replace(" -it ", " -i ");
        const ended = await checkout.run("sh", ["-c", here], input);
        assert.equal(ended.status, 0, ended.text);
        return ended;
    }
    const statusOf = async (path: string, asked = {}) => (await requests.ask(path, asked)).status;
    /** How Prometheus and its reloads are: nothing that comes through the door changes it. */
    const run = async () => {
        const [loaded] = await prometheus.query("prometheus_config_last_reload_success_timestamp_seconds");
        return [docker("inspect", "--format", "{{.State.StartedAt}}", checkout.container("prometheus")), loaded?.value];
    };

    step("comes up, with those behind it found below its name", async () => {
        await declare(hash);
        const text = await checkout.succeed("up");
        assert.match(text, new RegExp(`Door +https://${name}:${doorPort}/`));
        assert.match(text, new RegExp(`Dashboards +https://${name}:${doorPort}/prometheus/consoles/`));
        ca = (await documented(/root\.crt/)).text;
        const flags = await prometheus.ask<Record<string, string>>("status/flags");
        assert.equal(flags["web.external-url"], `https://${name}:${doorPort}/prometheus/`);
        const envs = docker("inspect", "--format", "{{.Config.Env}}", checkout.container("grafana"));
        assert.ok(envs.includes(`GF_SERVER_ROOT_URL=https://${name}:${doorPort}/grafana/`));
        await checkout.succeed("preview", "--refresh", "--expect-no-changes");
    });

    step("lets nobody in without a login, whatever is asked for", async () => {
        for (const path of [
            "/prometheus/",
            "/prometheus/api/v1/query?query=up",
            "/alertmanager/",
            "/prometheus/metrics",
        ]) {
            for (const login of [undefined, "alice:wrong", "bob:correct horse battery", "alice:", ":"]) {
                const { status, headers, body } = await requests.ask(path, { login });
                assert.deepEqual([status, body], [401, ""], `${path} ${login}`);
                assert.equal(headers["www-authenticate"], 'Basic realm="metrics-stack"');
            }
        }
        for (const method of ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH"]) {
            assert.equal(await statusOf("/prometheus/-/quit", { method }), 401, method);
        }
        for (const authorization of ["Bearer a", "Basic", "Basic ???", `basic${" ".repeat(9)}`]) {
            assert.equal(await statusOf("/prometheus/", { headers: { authorization } }), 401, authorization);
        }
    });

    step("leads who logs in to Prometheus and Alertmanager", async () => {
        const { status, body, headers } = await requests.ask("/prometheus/api/v1/query?query=vector(42)", {
            login: alice,
        });
        assert.equal(status, 200);
        assert.match(body, /"value":\[[\d.]+,"42"\]/);
        assert.deepEqual(
            [headers.server, headers.via, headers["strict-transport-security"]],
            [undefined, undefined, undefined],
        );
        assert.deepEqual([headers["x-content-type-options"], headers["x-frame-options"]], ["nosniff", "SAMEORIGIN"]);
        const asked = { login: alice, method: "POST", headers: form, body: "query=vector(43)" };
        assert.match((await requests.ask("/prometheus/api/v1/query", asked)).body, /"43"/);
        const alerts = await requests.ask("/alertmanager/api/v2/status", { login: alice });
        assert.equal(alerts.status, 200);
        const made = await requests.ask("/alertmanager/api/v2/silences", {
            login: alice,
            method: "POST",
            headers: json,
            body: silence,
        });
        assert.equal(made.status, 200, made.body);
        const { silenceID } = JSON.parse(made.body) as { silenceID: string };
        const gone = await statusOf(`/alertmanager/api/v2/silence/${silenceID}`, { login: alice, method: "DELETE" });
        assert.equal(gone, 200);
        for (const path of ["/prometheus/-/ready", "/prometheus/-/healthy", "/alertmanager/-/ready"]) {
            assert.equal(await statusOf(path, { login: alice }), 200, path);
        }
    });

    step("has alerts and status lead through it, and the stack itself ask without it", async () => {
        const base = `https://${name}:${doorPort}/prometheus`;
        await eventually(60_000, async () => {
            const { body } = await requests.ask("/alertmanager/api/v2/alerts", { login: alice });
            const [watchdog] = JSON.parse(body) as { generatorURL: string }[];
            assert.ok(watchdog?.generatorURL.startsWith(`${base}/graph?`), body);
        });
        const { status, text } = await checkout.npm("status", "--no-drift");
        assert.equal(status, 0, text);
        assert.ok(text.includes(`${base}/consoles/`), text);
    });

    step("leads to Grafana, which has a login of its own", async () => {
        assert.equal(await statusOf("/grafana/api/health"), 200);
        assert.equal(await statusOf("/grafana/api/search"), 401);
        assert.equal(await statusOf("/grafana/api/search", { headers: { "x-webauth-user": "admin" } }), 401);
        const found = await requests.ask("/");
        assert.deepEqual([found.status, found.headers.location], [302, "/grafana/"]);
        const folder = await requests.ask("/prometheus");
        assert.deepEqual([folder.status, folder.headers.location], [302, "/prometheus/"]);
        assert.equal(await statusOf("/nothing"), 404);
    });

    step("has nobody reload, stop, write, delete or profile, with a login neither", async () => {
        const before = await run();
        const closed = [
            ...["POST /-/reload", "PUT /-/reload", "GET /-/reload", "POST /-/quit", "PUT /-/quit", "POST /-/QUIT"],
            ...[
                "POST /%2d/quit",
                "POST /-/%71uit",
                "POST /-%2Fquit",
                "POST /-/./quit",
                "POST /x/../-/quit",
                "POST //-/quit",
            ],
            ...[
                "POST /-/quit/",
                "POST /-/quit;",
                "POST /-/quit;a=b",
                "POST /;/-/quit",
                "POST /..;/-/quit",
                "POST /-\\quit",
            ],
            ...[
                "POST /%2e%2e/-/quit",
                "POST /%2e/-/quit",
                "POST /.%2e/-/quit",
                "POST /%252e%252e/-/quit",
                "POST /-/quit%00",
            ],
            ...["POST /-/quit?a=/api/v1/query", "POST /-/quit#/api/v1/query", "POST /api/v1/query/../../../-/quit"],
            ...["POST /api/v1/query/..%2f..%2f..%2f-/quit", "POST /api/v1/query%2f../../../-/quit", "POST /-/quit%20"],
            ...[
                "POST /api/v1/admin/tsdb/snapshot",
                "PUT /api/v1/admin/tsdb/clean_tombstones",
                "GET /api/v1/admin/tsdb/snapshot",
            ],
            ...[
                "POST /api/v1/admin/tsdb/delete_series?match[]=up",
                "POST /API/V1/Admin/tsdb/snapshot",
                "POST /api/v1/write",
            ],
            ...[
                "POST /api/v1/otlp/v1/metrics",
                "GET /debug/pprof/heap",
                "GET /Debug/pprof/",
                "GET /%64ebug/pprof/",
                "POST /debug/pprof/",
            ],
            ...[
                "TRACE /",
                "OPTIONS /api/v1/query",
                "PATCH /",
                "PURGE /",
                "DELETE /api/v1/series?match[]=up",
                "PUT /api/v1/query",
            ],
            ...["get /-/ready", "POST /"],
        ];
        for (const each of closed) {
            const [method = "", path = ""] = each.split(/ (.*)/);
            const said = await requests.raw([
                `${method} /prometheus${path} HTTP/1.1\r\nHost: ${name}\r\n${authorized}${last}`,
            ]);
            // She is nobody who may send samples.
            const refused = /api\/v1\/(write|otlp)/.test(path) ? /^HTTP\/1\.1 401 / : /^HTTP\/1\.1 (?:400|403|404) /;
            assert.match(said.said, refused, `${each}\n${said.said}`);
        }
        for (const each of [
            "POST /-/reload",
            "POST /api/v2/alerts",
            "GET /debug/pprof/",
            "DELETE /api/v2/silences",
            "PUT /api/v2/silences",
        ]) {
            const [method = "", path = ""] = each.split(" ");
            assert.equal(
                await statusOf(`/alertmanager${path}`, { method, login: alice, headers: json, body: "[]" }),
                403,
                each,
            );
        }
        assert.deepEqual(await run(), before);
    });

    const authorized = `Authorization: Basic ${Buffer.from(alice).toString("base64")}\r\n`;
    const last = "Content-Length: 0\r\nConnection: close\r\n\r\n";

    step("takes samples of who may send them, and lets him do nothing else", async () => {
        const sent = (timeUnixNano: string) => {
            const gauge = { dataPoints: [{ asDouble: 42, timeUnixNano }] };
            return JSON.stringify({
                resourceMetrics: [{ scopeMetrics: [{ metrics: [{ name: "sent_through_the_door", gauge }] }] }],
            });
        };
        const push = (login: string, path = "/prometheus/api/v1/otlp/v1/metrics", method = "POST") =>
            requests.ask(path, { login, method, headers: json, body: sent(`${Date.now()}000000`) });
        const answer = await push(sender);
        assert.equal(answer.status, 200, answer.body);
        assert.equal((await prometheus.query("sent_through_the_door"))[0]?.value, 42);
        const wrong = "web-1:correct horse battery";
        assert.deepEqual([(await push(wrong)).status, (await push(alice)).status], [401, 401]);
        // What is sent is nothing that remote write takes: Prometheus says so, and not the door.
        assert.match((await push(sender, "/prometheus/api/v1/write")).body, /corrupt input/);
        const others = [
            "query?query=up",
            "otlp/v1/metrics/../../query",
            "admin/tsdb/snapshot",
            "otlp/v1/metrics/",
            "write",
        ];
        for (const [i, path] of others.entries()) {
            const { status } = await push(
                sender,
                `/prometheus/api/v1/${path}`,
                i === others.length - 1 ? "PUT" : "POST",
            );
            assert.ok([400, 401].includes(status), `${path}: ${status}`);
        }
        assert.equal(await statusOf("/prometheus/api/v1/query?query=up", { login: sender }), 401);
        assert.equal(await statusOf("/alertmanager/api/v2/status", { login: sender }), 401);
    });

    step("does not let one path in for another", async () => {
        const odd = [
            ...[
                "/prometheus/../prometheus/metrics",
                "/grafana/../prometheus/metrics",
                "/grafana/..%2fprometheus/metrics",
            ],
            ...["/grafana/%2e%2e/prometheus/metrics", "//prometheus/metrics", "/grafana//../prometheus/metrics"],
            ...["/grafana/..;/prometheus/metrics", "/./prometheus/metrics", "/grafana/%252e%252e/prometheus/metrics"],
            ...[
                "/grafana\\..\\prometheus\\metrics",
                "/grafana/%5c../prometheus",
                `https://${name}/prometheus/metrics`,
                "prometheus/metrics",
            ],
            ...["/grafana/api/health%00", "/grafana/api/health%0d%0aX: y", "*"],
        ];
        for (const path of odd) {
            const { said } = await requests.raw([`GET ${path} HTTP/1.1\r\nHost: ${name}\r\n${authorized}${last}`]);
            assert.match(said, /^HTTP\/1\.1 (?:400|401|404) /, `${path}\n${said}`);
            assert.doesNotMatch(said, /prometheus_/);
        }
        for (const path of ["/PROMETHEUS/metrics", "/%70rometheus/metrics", "/Prometheus/api/v1/query?query=up"]) {
            assert.equal(await statusOf(path), 401, path);
        }
    });

    step("answers to its own name alone, in TLS and in HTTP", async () => {
        for (const host of [
            "evil.example.com",
            "127.0.0.1",
            checkout.container("prometheus"),
            "localhost",
            `${name}.evil.com`,
            "",
        ]) {
            const { said } = await requests.raw([
                `GET /prometheus/metrics HTTP/1.1\r\nHost: ${host}\r\n${authorized}${last}`,
            ]);
            assert.match(said, /^HTTP\/1\.1 (?:400|421) /, `${host}\n${said}`);
        }
        const twice = `GET /prometheus/metrics HTTP/1.1\r\nHost: ${name}\r\nHost: evil.example.com\r\n${last}`;
        assert.match((await requests.raw([twice])).said, /^HTTP\/1\.1 400 /);
        const other = new DoorRequests("evil.localhost", doorPort, () => ca);
        await assert.rejects(other.ask("/prometheus/"), /alert|EPROTO|ECONNRESET/i);
        const forwarded = {
            "x-forwarded-host": "evil.example.com",
            "x-forwarded-proto": "http",
            "x-original-url": "/-/quit",
        };
        const { headers } = await requests.ask("/prometheus/", { login: alice, headers: forwarded });
        assert.match(String(headers.location), /^\/prometheus\//);
        const { status } = await fetch(`http://127.0.0.1:${doorPort}/prometheus/`);
        assert.equal(status, 400);
    });

    step("has pages of somebody else silence nothing in the name of who is logged in", async () => {
        for (const site of ["cross-site", "same-site"]) {
            const headers = { ...json, "sec-fetch-site": site };
            const asked = { login: alice, method: "POST", headers, body: silence };
            assert.equal(await statusOf("/alertmanager/api/v2/silences", asked), 403, site);
        }
    });

    step("lets nobody past its rules by another protocol or a request within a request", async () => {
        const upgrade = `Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\n`;
        const asked = `GET /prometheus/-/ready HTTP/1.1\r\nHost: ${name}\r\n${authorized}${upgrade}\r\n`;
        const { said } = await requests.raw(
            [asked, "", `GET /prometheus/-/ready HTTP/1.1\r\nHost: ${name}\r\nConnection: close\r\n\r\n`],
            500,
        );
        assert.doesNotMatch(said, /101 Switching/);
        const within = `POST /-/quit HTTP/1.1\r\nHost: a\r\n\r\n`;
        const both = `POST /prometheus/api/v1/query HTTP/1.1\r\nHost: ${name}\r\n${authorized}Content-Length: ${within.length}\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n0\r\n\r\n${within}`;
        const before = await run();
        await requests.raw([both]);
        const folded = `POST /prometheus/api/v1/query HTTP/1.1\r\nHost: ${name}\r\n${authorized}Content-Length: 5\r\nContent-Length: 6\r\n\r\n12345`;
        assert.match((await requests.raw([folded])).said, /^HTTP\/1\.1 400 /);
        assert.deepEqual(await run(), before);
    });

    step("refuses what is too large", async () => {
        // One who is refused while he goes on sending may not hear why.
        const cutOff = ["EPIPE", "ECONNRESET"];
        const asked = (path: string, request: Parameters<typeof requests.ask>[1]) =>
            requests.ask(path, request).then(
                ({ status }): number | string | undefined => status,
                ({ code }: NodeJS.ErrnoException) => code,
            );
        const refused = async (statuses: readonly number[], ...request: Parameters<typeof asked>) => {
            const status = await asked(...request);
            assert.ok([...statuses, ...cutOff].includes(status ?? ""), String(status));
        };
        const headers = { "x-large": "a".repeat(40_000) };
        await refused([431], "/prometheus/", { login: alice, headers });
        await refused([414, 431], `/prometheus/?${"a".repeat(40_000)}`, { login: alice });
        const body = Buffer.alloc(11 * 2 ** 20, "a");
        await refused([413], "/prometheus/api/v1/query", { login: alice, method: "POST", headers: form, body });
        await refused([401, 413], "/prometheus/api/v1/query", { method: "POST", headers: form, body });
    });

    step("hangs up on who trickles, and goes on serving the others", async () => {
        const drops = Array.from({ length: 120 }, (_, i) => `X-${i}: a\r\n`);
        const head = [`GET /prometheus/ HTTP/1.1\r\n`, ...drops];
        const bodies = [
            `POST /grafana/api/ds/query HTTP/1.1\r\nHost: ${name}\r\nContent-Length: 9999\r\n\r\n`,
            ...drops,
        ];
        const slow = Array.from({ length: 40 }, (_, i) => requests.raw(i % 2 ? head : bodies, 500));
        const quiet = Array.from({ length: 40 }, () => requests.raw([]));
        for (let i = 0; i < 5; i++) {
            const began = Date.now();
            assert.equal(await statusOf("/prometheus/-/ready", { login: alice }), 200);
            assert.ok(Date.now() - began < 3000);
        }
        for (const { took } of await Promise.all([...slow, ...quiet])) {
            assert.ok(took < 45_000, `${took} ms`);
        }
        assert.equal(docker("inspect", "--format", "{{.RestartCount}} {{.State.OOMKilled}}", door), "0 false");
    });

    step("has its own administration for nobody but itself, and its hashes for nobody to see", async () => {
        const ask = (url: string) =>
            docker("exec", checkout.container("prometheus"), "sh", "-c", `timeout 5 wget -q -O- ${url} 2>&1 || true`);
        assert.match(ask(`http://${door}:2019/config/`), /refused|can't connect/);
        const seen = [
            docker("inspect", door),
            docker("exec", door, "wget", "-q", "-O-", "http://127.0.0.1:2019/config/"),
        ];
        const { text } = await checkout.npm("pulumi", "stack", "export");
        for (const each of [...seen, text, docker("logs", door)]) {
            assert.ok(!each.includes(hash.slice(7)) && !each.includes(otherHash.slice(7)));
        }
        assert.equal(docker("exec", door, "stat", "-c", "%a %u", "/etc/caddy/secrets/user-alice"), "400 65534");
    });

    step("shows the dashboards' pages in a browser that logs in", async function () {
        const reason = noBrowser();
        if (reason !== undefined) {
            console.log(`    skipped: ${reason}`);
            return;
        }
        const browser = await startBrowser();
        try {
            const base = `https://${name}:${doorPort}/prometheus`;
            const [username = "", password = ""] = alice.split(":");
            const stranger = await browser.newContext({ ignoreHTTPSErrors: true });
            const page = await stranger.newPage();
            await assert.rejects(page.goto(`${base}/consoles/overview.html`), /ERR_INVALID_AUTH_CREDENTIALS/);
            const options = { ignoreHTTPSErrors: true, httpCredentials: { username, password } };
            const pages = await ConsolePage.opened(browser, base, options);
            await pages.go("overview.html");
            const panels = await pages.panels();
            assert.ok(panels.some(({ shows }) => shows > 0));
            assert.deepEqual(pages.faults, []);
        } finally {
            // The page asks again every half minute, and what it asks would be counted below.
            await browser.close();
        }
    });

    step("takes the hashes that its own program makes", async () => {
        const { text } = await documented(/hash-password/, "another staple\n");
        assert.match(text, /^\$2a\$14\$[./A-Za-z0-9]{53}$/m);
    });

    step("takes another password and another certificate without a restart", async () => {
        const before = started();
        const { cert, key } = authority.certificate("door", `DNS:${name}`);
        await declare(otherHash, { tls: { cert } });
        await checkout.setSecret("door.tls.key", key);
        await checkout.succeed("up");
        ca = authority.ca;
        assert.equal(await statusOf("/prometheus/-/ready", { login: otherAlice }), 200);
        assert.equal(await statusOf("/prometheus/-/ready", { login: alice }), 401);
        const { headers } = await requests.ask("/prometheus/-/ready", { login: otherAlice });
        assert.equal(headers["strict-transport-security"], "max-age=31536000");
        assert.equal(started(), before);
        const renewed = authority.certificate("renewed", `DNS:${name}`);
        await declare(otherHash, { tls: { cert: renewed.cert } });
        await checkout.setSecret("door.tls.key", renewed.key);
        await checkout.succeed("up");
        assert.equal(await statusOf("/prometheus/-/ready", { login: otherAlice }), 200);
        assert.equal(started(), before);
        await checkout.succeed("preview", "--expect-no-changes");
    });

    step("has somebody else decide who gets in, where one is declared", async () => {
        const asked: string[] = [];
        const signOn = createServer(({ url, headers }, response) => {
            const { host, cookie, "x-forwarded-method": method, "x-forwarded-uri": path } = headers;
            asked.push([url, host, method, headers["x-forwarded-host"], path].join(" "));
            response.writeHead(cookie === "session=right" ? 200 : 302, { location: "https://sso.example.com/" }).end();
        });
        await new Promise<void>((resolve) => signOn.listen(0, resolve));
        try {
            const { port } = signOn.address() as AddressInfo;
            const before = started();
            await declare("", { forwardAuth: `http://host.docker.internal:${port}/verify?a=b` });
            await checkout.succeed("up");
            ca = (await documented(/root\.crt/)).text;
            const { status, headers } = await requests.ask("/prometheus/-/ready?b=c", { login: otherAlice });
            assert.deepEqual([status, headers.location], [302, "https://sso.example.com/"]);
            const place = `${name}:${doorPort}`;
            assert.deepEqual(asked, [`/verify?a=b host.docker.internal:${port} GET ${place} /prometheus/-/ready?b=c`]);
            const cookie = { cookie: "session=right" };
            assert.equal(await statusOf("/prometheus/-/ready", { headers: cookie }), 200);
            assert.equal(await statusOf("/prometheus/-/quit", { headers: cookie, method: "POST" }), 403);
            assert.equal(await statusOf("/prometheus/-/ready", { headers: { cookie: "session=wrong" } }), 302);
            const body = { headers: { ...form, ...cookie }, method: "POST", body: "query=vector(44)" };
            assert.match((await requests.ask("/prometheus/api/v1/query", body)).body, /"44"/);
            assert.equal(started(), before);
        } finally {
            signOn.close();
            signOn.closeAllConnections();
        }
        assert.equal(await statusOf("/prometheus/-/ready", { headers: { cookie: "session=right" } }), 502);
    });

    step("is seen in a preview where somebody has it run with something else, and put back", async () => {
        docker(
            "exec",
            door,
            "sh",
            "-c",
            `sed s/10s/11s/ /etc/caddy/current/caddy.json > /dev/shm/other.json && caddy reload --config /dev/shm/other.json`,
        );
        assert.match((await checkout.npm("preview")).text, /door-config-activate update/);
        await checkout.succeed("up");
        assert.match(
            docker("exec", door, "wget", "-q", "-O-", "http://127.0.0.1:2019/config/"),
            /"read_header_timeout": *"10s"/,
        );
    });

    step("is gone when it is not declared, and people find the others where they are published", async () => {
        checkout.declare({
            ...{ prometheus: { port: prometheus.port }, nodeExporter: { enabled: false }, grafana: { enabled: false } },
        });
        await checkout.succeed("up");
        assert.doesNotMatch(docker("ps", "--all", "--format", "{{.Names}}"), new RegExp(`^${door}$`, "m"));
        await eventually(20_000, async () => {
            const flags = await prometheus.ask<Record<string, string>>("status/flags");
            assert.equal(flags["web.external-url"], prometheus.url);
        });
    });
});
