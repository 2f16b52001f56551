import assert from "node:assert/strict";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { images } from "../../config/images";
import { importImage } from "../../toolchain/images/import";
import { debianWithPython } from "../../toolchain/images/webBe";
import { Checkout, docker, freePort } from "./checkout";
import { eventually } from "./prometheusApi";

/** Grafana's own image where it can be had; else a strict double of what a deployment relies on, in grafana_double/. */
const isDouble = process.env.METRICS_STACK_WITHOUT_GRAFANA !== undefined;
const double = "metrics-stack/grafana-double:1";

describe(`Grafana, ${isDouble ? "as a double of it" : "for real"}`, function () {
    this.timeout(300_000);
    this.bail(true);

    const checkout = new Checkout();
    let grafana: string;
    let password: string;
    let declaration: Record<string, unknown>;

    before(async () => {
        if (isDouble) {
            await importDouble();
        }
        const [prometheusPort, port] = await Promise.all([freePort(), freePort()]);
        grafana = `http://127.0.0.1:${port}`;
        declaration = {
            prometheus: { port: prometheusPort },
            nodeExporter: { enabled: false },
            grafana: { port, image: isDouble ? double : images.grafana },
        };
        checkout.declare(declaration);
    });

    after(async () => {
        await checkout.remove();
        if (isDouble) {
            docker("image", "rm", double);
        }
    });

    const authorization = (user: string, secret: string) =>
        `Basic ${Buffer.from(`${user}:${secret}`).toString("base64")}`;
    const get = async (api: string, user = "admin", secret = password) => {
        const response = await fetch(`${grafana}/api/${api}`, {
            headers: { authorization: authorization(user, secret) },
        });
        return { status: response.status, body: (await response.json()) as Record<string, unknown> };
    };
    const succeed = (script: string, ...args: string[]) => checkout.succeed(script, ...args);
    const readPassword = async () =>
        (await succeed("pulumi", "stack", "output", "grafanaAdminPassword", "--show-secrets"))
            .trim()
            .split("\n")
            .at(-1) ?? "";

    it("comes up, and says where it is and how to get in", async () => {
        const text = await succeed("up");
        assert.match(text, new RegExp(`Grafana +${grafana}`));
        assert.match(text, /stack output grafanaAdminPassword --show-secrets/);
        password = await readPassword();
        assert.match(password, /^[\w-]{24}$/);
        assert.ok(!text.includes(password));
    });

    it("lets nobody in without the password", async () => {
        assert.equal((await get("search", "admin", "admin")).status, 401);
        assert.equal((await fetch(`${grafana}/api/search`)).status, 401);
        assert.equal((await get("search")).status, 200);
    });

    it("has the data source that was derived, and reaches Prometheus through it", async () => {
        const { body } = await get("datasources/uid/metrics-stack-prometheus");
        assert.equal(body.url, `http://${checkout.container("prometheus")}:9090`);
        assert.deepEqual([body.isDefault, body.access], [true, "proxy"]);
        assert.equal((body.jsonData as { timeInterval: string }).timeInterval, "15s");
        const query = { refId: "A", datasource: { uid: body.uid }, expr: "vector(42)", instant: true };
        const response = await fetch(`${grafana}/api/ds/query`, {
            method: "POST",
            headers: { authorization: authorization("admin", password), "content-type": "application/json" },
            body: JSON.stringify({ queries: [query], from: "now-5m", to: "now" }),
        });
        const { results } = (await response.json()) as {
            results: { A: { frames: { data: { values: number[][] } }[] } };
        };
        assert.equal(results.A.frames[0]?.data.values[1]?.[0], 42);
    });

    const dashboards = async () => {
        const { body } = await get("search");
        return (body as unknown as { title: string }[]).map(({ title }) => title).sort();
    };

    it("has a dashboard of all jobs, and one of Prometheus", async () => {
        assert.deepEqual(await dashboards(), ["Overview", "Prometheus"]);
    });

    it("shows its password to nobody who can look at the container", () => {
        const seen = docker("inspect", checkout.container("grafana")) + docker("logs", checkout.container("grafana"));
        assert.ok(!seen.includes(password));
    });

    it("does not change when it is deployed again", async () => {
        const containers = checkout.containers();
        await succeed("up", "--expect-no-changes");
        await succeed("pulumi", "refresh", "--yes", "--skip-preview", "--expect-no-changes");
        assert.equal(checkout.containers(), containers);
    });

    it("has one more for a job that says what it exposes, and no container restarts", async () => {
        const containers = checkout.containers();
        const again = { jobName: "again", staticConfigs: [{ targets: ["localhost:9090"] }], application: {} };
        checkout.declare({ ...declaration, scrapeJobs: [again] });
        await succeed("up");
        // Grafana looks for changed files every ten seconds.
        await eventually(30_000, async () =>
            assert.deepEqual(await dashboards(), ["Application (fastapi)", "Overview", "Prometheus"]),
        );
        assert.equal(checkout.containers(), containers);
    });

    it("takes over another scrape interval in the container that runs", async () => {
        checkout.declare({ ...declaration, scrapeInterval: "30s" });
        const id = docker("inspect", "--format", "{{.Id}}", checkout.container("grafana"));
        await succeed("up");
        const { body } = await get("datasources/uid/metrics-stack-prometheus");
        assert.equal((body.jsonData as { timeInterval: string }).timeInterval, "30s");
        assert.equal(docker("inspect", "--format", "{{.Id}}", checkout.container("grafana")), id);
    });

    it("takes a password that was declared in place of the generated one", async () => {
        const key = "grafana.adminPassword";
        const declared = "declared $ecret with spaces";
        await checkout.setSecret(key, declared);
        await succeed("up");
        assert.equal((await get("search")).status, 401);
        password = declared;
        assert.equal((await get("search")).status, 200);
        assert.equal(await readPassword(), declared);
    });

    it("keeps its database, and lets in with the new password, after it was destroyed and deployed again", async () => {
        checkout.declare(declaration);
        await succeed("down");
        await succeed("up");
        password = await readPassword();
        await sleep(500);
        assert.equal((await get("search")).status, 200);
    });
});

/** The double's image: a small Debian with Python, and Grafana's paths. */
async function importDouble(): Promise<void> {
    const script = path.join(__dirname, "grafana_double", "grafana");
    await importImage(double, {
        base: await debianWithPython(),
        settings: ["USER 472", "ENV GF_PATHS_HOME=/usr/share/grafana", 'ENTRYPOINT ["/usr/bin/grafana", "server"]'],
        entries: [
            { name: "usr/bin/grafana", content: { file: script } },
            { name: "usr/bin/wget", content: { text: wget }, mode: 0o755 },
            { name: "var/lib/grafana", content: "folder", owner: 472 },
        ],
    });
}

/** The one use that a health check makes of it. */
const wget = `#!/usr/bin/python3
import sys, urllib.request
urllib.request.urlopen(sys.argv[-1], timeout=3)
`;
