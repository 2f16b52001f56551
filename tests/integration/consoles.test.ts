import assert from "node:assert/strict";
import type { Server } from "node:http";
import { createServer, request } from "node:http";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Browser, BrowserContextOptions } from "playwright-core";
import { project } from "../../toolchain/checkout";
import { images } from "../images";
import { noBrowser, startBrowser } from "./browser";
import { Checkout, docker, freePort } from "./checkout";
import type { Width } from "./consolePage";
import { ConsolePage } from "./consolePage";
import { eventually, PrometheusApi } from "./prometheusApi";
import { steps, stopAtFailure } from "./steps";

const pages = ["overview.html", "prometheus.html", "host.html", "containers.html", "application-fastapi.html"];

/** What a browser must take for text, wherever it comes from. Each would call what is not there, or leave the page. */
const hostile = {
    markup: '<img src="x" onerror="alert(1)">',
    script: "</script><script>alert(2)</script>",
    template: "{{ .Path }}{{ safeHtml `<b>` }}",
    quotes: `"'\\}] or vector(1) #`,
    long: `${"long".repeat(60)}`,
};

/** The pictures of the documentation by their names, and how each is taken; without a height it is of all of the page. */
const pictures: Readonly<
    Record<string, { file: string; width: Width; height?: number; colorScheme: "light" | "dark" }>
> = {
    ...Object.fromEntries(
        pages.flatMap((file) =>
            (["light", "dark"] as const).map((colorScheme) => [
                `console-${path.parse(file).name}-${colorScheme}.png`,
                { file, width: 1400, colorScheme },
            ]),
        ),
    ),
    "console-phone.png": { file: "application-fastapi.html", width: 400, height: 860, colorScheme: "dark" },
};

/** The pages of a real stack in a real browser; the steps build on one another. */
describe("The pages under /consoles/, in a browser", function () {
    this.timeout(300_000);
    stopAtFailure(this);
    const step = steps();

    const checkout = new Checkout();
    let prometheus: PrometheusApi;
    let browser: Browser;
    let declaration: Record<string, unknown>;
    let traffic: NodeJS.Timeout | undefined;
    const servers: Server[] = [];
    /** A container that has to wait for the CPU. */
    const busy = `${checkout.stack}-busy`;
    const listen = (server: Server, host: string) =>
        new Promise<number>((resolve) => {
            servers.push(server.listen(0, host, () => resolve((server.address() as { port: number }).port)));
        });
    const open = (options?: BrowserContextOptions, base = prometheus.url) => ConsolePage.opened(browser, base, options);

    before(async function () {
        const reason = noBrowser();
        if (reason !== undefined) {
            console.log(`    skipped: ${reason}`);
            this.skip();
        }
        const [port, webBePort, exporterPort] = await Promise.all([freePort(), freePort(), freePort()]);
        prometheus = new PrometheusApi(port);
        declaration = {
            scrapeInterval: "1s",
            evaluationInterval: "1s",
            prometheus: { port },
            nodeExporter: { port: exporterPort },
            webBe: { enabled: true, port: webBePort },
            cadvisor: { enabled: true, scrapeJob: { scrapeInterval: "1s" } },
            grafana: { enabled: false },
        };
        checkout.declare(declaration);
        const webBe = `http://127.0.0.1:${webBePort}`;
        const visit = () =>
            ["/", "/items/1", "/items/9"].forEach((place) => fetch(webBe + place).catch(() => undefined));
        traffic = setInterval(visit, 200);
        browser = await startBrowser();
        await checkout.succeed("up");
        const loop = ["--entrypoint", "/bin/sh", images.prometheus, "-c", "while :; do :; done"];
        docker("run", "--detach", "--name", busy, "--cpus=0.05", ...loop);
    });

    after(async () => {
        clearInterval(traffic);
        await browser?.close();
        servers.forEach((server) => server.close());
        docker("rm", "--force", "--volumes", busy);
        checkout.remove();
    });

    step("are where the stack's output says", async () => {
        const text = await checkout.succeed("pulumi", "stack", "output", "consoleUrl");
        assert.equal(text.trim().split("\n").at(-1), `${prometheus.url}/consoles/${pages[0]}`);
    });

    for (const file of pages) {
        step(`show data in every panel of ${file}, light and dark, on a desk and on a phone`, async () => {
            const seen = await open();
            // cAdvisor looks at a container every 15 to 30 seconds.
            await eventually(90_000, async () => {
                await seen.go(`${file}?from=now-15m&to=now`);
                assert.deepEqual(await seen.emptyPanels(), []);
            });
            for (const colorScheme of ["light", "dark"] as const) {
                await seen.page.emulateMedia({ colorScheme });
                for (const width of [400, 1400] satisfies Width[]) {
                    await seen.resize(width);
                    assert.deepEqual(await seen.layoutFaults(), [], `${file}, ${colorScheme}, ${width} pixels`);
                }
                const background = await seen.page.evaluate(() => getComputedStyle(document.body).backgroundColor);
                const [red = 0] = /\d+/.exec(background)?.map(Number) ?? [];
                assert.equal(red > 128, colorScheme === "light");
            }
            await seen.close();
        });
    }

    if (process.env.UPDATE_PICTURES) {
        step("are pictured in the documentation, with minutes to see", async () => {
            await sleep(200_000);
            for (const [name, { file, colorScheme, width, ...size }] of Object.entries(pictures)) {
                const seen = await open({ colorScheme });
                await seen.go(`${file}?from=now-3m&to=now`);
                await seen.resize(width);
                await seen.rename(checkout.stack, "dev");
                await seen.takePicture(path.join(project, "docs", "images", name), size);
                await seen.close();
            }
        });
    }

    step("show values that are younger than the distance of a graph's points", async () => {
        const seen = await open();
        await eventually(30_000, async () => {
            await seen.go("application-fastapi.html?from=now-30d&to=now");
            assert.deepEqual(await seen.emptyPanels(), []);
        });
        await seen.close();
    });

    step("say why there is nothing, in words", async () => {
        const seen = await open();
        await seen.go("overview.html");
        const saying = async (title: string) => (await seen.panels()).find((each) => each.title === title)?.says;
        assert.equal(await saying("Targets that are down"), "None: all targets are up.");
        await seen.go("application-fastapi.html?var-instance=nowhere");
        assert.equal(await saying("Latency by path"), "No requests");
        await seen.close();
    });

    step("lead from one to the next, and the choice goes along", async () => {
        const seen = await open();
        const { page } = seen;
        await seen.go("index.html");
        await page.waitForURL(/\/overview\.html$/);
        await seen.settled();
        const links = await page.$$eval("nav a", (all) => all.map((each) => each.getAttribute("href")));
        assert.deepEqual(links, pages);

        await page.getByLabel("Time range").selectOption("3h");
        await page.locator("summary", { hasText: "Job" }).click();
        await page.getByLabel("web_be").check();
        assert.equal(new URL(page.url()).search, "?from=now-3h&to=now&var-job=web_be");
        await page.keyboard.press("Escape");
        await seen.settled();
        assert.equal(await seen.panel("Jobs", "table").locator("tbody tr").count(), 1);

        await seen.panel("Jobs", "table").getByRole("link").click();
        await page.waitForURL(/application-fastapi\.html\?from=now-3h&to=now&var-job=web_be$/);
        await eventually(30_000, async () => {
            await page.reload();
            await seen.settled();
            assert.deepEqual(await seen.emptyPanels(), []);
        });
        await page.getByRole("link", { name: "Host" }).click();
        await page.waitForURL(/host\.html\?from=now-3h&to=now/);
        await page.goBack();
        await page.goBack();
        await seen.settled();
        assert.equal(await page.getByLabel("Time range").inputValue(), "3h");
        await seen.close();
    });

    step("have their values read by pointer and by keys, lines hidden, and a time chosen by dragging", async () => {
        const seen = await open({ viewport: { width: 1400, height: 900 } });
        const { page } = seen;
        await seen.go("overview.html?from=now-15m&to=now");
        const graph = seen.panel("Slowest scrape", "graph");
        await graph.scrollIntoViewIfNeeded();
        await seen.settled();
        const { x, y, width, height } = (await graph.locator(".u-over").boundingBox()) ?? assert.fail("no graph");
        const tooltip = page.locator(".tooltip");
        await page.mouse.move(x + width - 3, y + height / 2);
        assert.match(await tooltip.innerText(), /prometheus\s+\d/);
        await page.mouse.move(1, 1);
        await graph.locator(".plot").focus();
        await page.keyboard.press("ArrowLeft");
        assert.match(await tooltip.innerText(), /web_be\s+\d/);
        await page.keyboard.press("Escape");
        assert.ok(!(await tooltip.isVisible()));

        const line = graph.getByRole("button", { name: "web_be" });
        await line.click();
        assert.equal(await line.getAttribute("aria-pressed"), "false");
        await graph.locator(".plot").focus();
        await page.keyboard.press("ArrowLeft");
        assert.doesNotMatch(await tooltip.innerText(), /web_be/);

        await page.mouse.move(x + width / 2, y + height / 2);
        await page.mouse.down();
        await page.mouse.move(x + width - 2, y + height / 2, { steps: 4 });
        await page.mouse.up();
        await page.waitForURL(/\?from=\d{13}&to=\d{13}$/);
        const [from = 0, to = 0] = ["from", "to"].map((name) => Number(new URL(page.url()).searchParams.get(name)));
        assert.ok(Math.abs((to - from) / 1000 - 450) < 30, `${(to - from) / 1000} s`);
        await seen.close();
    });

    step("ask nothing for what is out of sight, and nothing while they are hidden", async () => {
        const seen = await open({ viewport: { width: 1400, height: 500 } });
        const { page } = seen;
        await page.clock.install();
        await page.addInitScript(() => Object.defineProperty(document, "hidden", { get: () => "hide" in window }));
        await seen.go("host.html?refresh=10s");
        const graphs = () => seen.newQuestions().filter((each) => each.startsWith("query_range")).length;
        const all = await page.locator(".graph-panel").count();
        const first = graphs();
        assert.ok(first > 0 && first < all / 2, `${first} of ${all}`);
        await eventually(30_000, async () => {
            await page.clock.fastForward(11_000);
            assert.ok(graphs() > 0);
        });
        await page.evaluate("window.hide = true");
        await page.clock.fastForward(60_000);
        await seen.settled();
        seen.newQuestions();
        await page.clock.fastForward(60_000);
        await sleep(300);
        assert.deepEqual(seen.newQuestions(), []);
        await page.evaluate("delete window.hide; document.dispatchEvent(new Event('visibilitychange'))");
        await eventually(30_000, async () => assert.ok(graphs() > 0));
        await seen.close();
    });

    step("work behind a proxy, below a path", async () => {
        const proxy = createServer(({ url = "", method }, response) => {
            const below = url.replace(/^\/ops\/prometheus/, "");
            request(prometheus.url + below, { method }, (answer) => {
                response.writeHead(answer.statusCode ?? 502, answer.headers);
                answer.pipe(response);
            }).end();
        });
        const base = `http://127.0.0.1:${await listen(proxy, "127.0.0.1")}/ops/prometheus`;
        const seen = await open({}, base);
        await eventually(30_000, async () => {
            await seen.go("overview.html");
            assert.deepEqual(await seen.emptyPanels(), []);
        });
        await seen.close();
    });

    /** What a target exposes that somebody else wrote. */
    const exposed = () => {
        const labels = (path: string, status = "500") => {
            const quoted = [path, status, hostile.markup].map((text) => JSON.stringify(text));
            return `path=${quoted[0]},status=${quoted[1]},method=${quoted[2]}`;
        };
        const paths = Object.values(hostile);
        return [
            ...paths.map((path, i) => `http_requests_total{${labels(path)}} ${Math.round(i + Date.now() / 100) % 1e9}`),
            `http_requests_total{${labels("/nan", hostile.script)}} NaN`,
            `http_requests_total{${labels("/inf", hostile.template)}} +Inf`,
            ...paths.flatMap((path) =>
                ["0.1", "+Inf"].map(
                    (le) => `http_request_duration_seconds_bucket{${labels(path)},le="${le}"} ${Date.now() % 1e9}`,
                ),
            ),
            "",
        ].join("\n");
    };

    step("are delivered anew, and show hostile names and values as text", async () => {
        const network = checkout.container("x").slice(0, -2);
        const gateway = docker("network", "inspect", "--format", "{{(index .IPAM.Config 0).Gateway}}", network);
        const target = createServer((_, response) => {
            response.setHeader("Content-Type", "text/plain; version=0.0.4");
            response.end(exposed());
        });
        const runbookUrl = `https://example.com/"${hostile.script}`;
        const instances = Object.values(hostile).map((text) => ({ targetLabel: "instance", replacement: text }));
        checkout.declare({
            ...declaration,
            alerts: { runbookUrl, downFor: "3s" },
            scrapeJobs: [
                {
                    jobName: hostile.markup,
                    staticConfigs: [{ targets: [`host.docker.internal:${await listen(target, gateway)}`] }],
                    relabelConfigs: [instances[0]],
                    application: {},
                },
            ],
        });
        await checkout.succeed("up");
        const seen = await open();
        await eventually(30_000, async () => {
            await seen.go(`application-fastapi.html?from=now-15m&to=now&var-job=${encodeURIComponent(hostile.markup)}`);
            const text = await seen.page.locator("main").textContent();
            for (const each of Object.values(hostile)) {
                assert.ok(text?.includes(each), each);
            }
            assert.deepEqual(await seen.layoutFaults(), []);
        });
        await seen.resize(400);
        await seen.page.locator("summary", { hasText: "Instance" }).click();
        assert.deepEqual(await seen.layoutFaults(), []);
        await seen.page.keyboard.press("Escape");
        assert.equal(await seen.page.locator("main img, main b b, main script").count(), 0);
        const link = seen.page.locator(".about a").first();
        assert.ok((await link.getAttribute("href"))?.startsWith(runbookUrl));
        // Choosing the instance is a query with its name in it.
        await seen.resize(1400);
        await seen.page.locator("summary", { hasText: "Instance" }).click();
        await seen.page.locator("details[open]").getByLabel(hostile.markup).check();
        await seen.settled();
        const shown = (await seen.panels()).find(({ title }) => title === "Latency by path")?.shows ?? 0;
        assert.ok(shown >= Object.keys(hostile).length, `${shown} paths`);
        await seen.close();
    });

    step("show a target that goes down with its last error, within a refresh", async () => {
        const seen = await open();
        const down = seen.panel("Targets that are down", "table");
        await eventually(30_000, async () => {
            await seen.go("overview.html?refresh=10s");
            assert.equal(await down.locator("tbody tr").count(), 0);
        });
        docker("stop", "--time", "0", checkout.container("web-be"));
        await down.getByText("web_be").first().waitFor({ timeout: 20_000 });
        assert.match(
            await down.locator("tbody tr").innerText(),
            /web_be[^]*(no such host|connection refused|server misbehaving)/,
        );
        await seen.panel("Alerts", "table").getByText("TargetDown").waitFor({ timeout: 20_000 });
        await seen.close();
    });

    step("go back with the rest of the configuration", async () => {
        const page = async () => (await fetch(`${prometheus.url}/consoles/overview.html`)).text();
        assert.match(await page(), /https:\/\/example\.com/);
        await checkout.succeed("rollback");
        assert.doesNotMatch(await page(), /https:\/\/example\.com/);
    });

    /** The first line of a page, as it is served. */
    const served = async () => {
        const answer = await fetch(`${prometheus.url}/consoles/overview.html`);
        return `${answer.status} ${(await answer.text()).split("\n", 1).join("")}`;
    };
    const delivered = "200 <!doctype html>";

    step("are put right by up when somebody changed one by hand, as the preview says", async () => {
        assert.equal((await served()).toLowerCase(), delivered);
        checkout.inVolume("prometheus-config", "sed -i 1s/^/changed/ current/consoles/overview.html");
        assert.match(await served(), /^200 changed/);
        const { status, text } = await checkout.npm("preview", "--expect-no-changes");
        assert.notEqual(status, 0);
        assert.match(text, /prometheus-config-activate +update/);
        await checkout.succeed("up");
        assert.equal((await served()).toLowerCase(), delivered);
    });

    step("are not there where they are turned off", async () => {
        checkout.declare({ ...declaration, prometheus: { port: prometheus.port, consoles: false } });
        const text = await checkout.succeed("up");
        assert.doesNotMatch(text, /^ *Dashboards/m);
        assert.match(await served(), /^404/);
        await checkout.succeed("preview", "--expect-no-changes");
    });
});
