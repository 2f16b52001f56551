import { appendFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import type { Browser } from "playwright-core";
import { startBrowser } from "../tests/integration/browser";
import { Checkout, docker, freePort } from "../tests/integration/checkout";
import { ConsolePage } from "../tests/integration/consolePage";
import { PrometheusApi } from "../tests/integration/prometheusApi";
import { step } from "../toolchain/progress";
import { median } from "./numbers";
import type { World } from "./samples";
import { hostSamples } from "./samples";
import { run, seconds } from "./typed";

/**
 * How long the page Host takes until what a desk's window shows of it is drawn, and how much of it Prometheus computes. The samples
 * are made up and laid into Prometheus' database. Beside it stands the same page without its script.
 */

/** In pixels. */
const window = { width: 1400, height: 900 };
const rounds = 5;
const worlds: readonly World[] = [
    { hosts: 1, hours: 24, interval: 15 },
    { hosts: 1_000, hours: 1, interval: 60 },
];

/** Times are in seconds. */
interface Drawing {
    readonly panels: number;
    /** Until every panel in sight shows its answer. */
    readonly drawn: number;
    /** Of Prometheus' processor. */
    readonly computed: number;
    /** Until the page is there without its script. */
    readonly bare: number;
}

/** @param interruption aborted when the benchmark is to end early */
export async function benchPages(interruption: AbortSignal): Promise<void> {
    const browser = await startBrowser();
    try {
        for (const world of worlds) {
            const drawings = await drawingsOf(world, browser, interruption);
            const of = (key: keyof Drawing) => median(drawings.map((each) => each[key]));
            const samples = `hosts: ${world.hosts.toLocaleString("en")}, hours: ${world.hours}`.padEnd(26);
            const time = `${of("drawn").toFixed(2)} s (${(of("drawn") / of("bare")).toFixed(1)})`;
            const computed = `${of("computed").toFixed(2)} s of Prometheus' processor`;
            process.stdout.write(`${samples}${of("panels")} panels drawn in ${time}, ${computed}\n`);
        }
    } finally {
        await browser.close();
    }
}

async function drawingsOf(world: World, browser: Browser, interruption: AbortSignal): Promise<Drawing[]> {
    const checkout = new Checkout();
    const prometheus = new PrometheusApi(await freePort());
    const end = Math.floor(Date.now() / 1000);
    try {
        await step(
            `Deploying a Prometheus with samples (hosts: ${world.hosts.toLocaleString("en")}, hours: ${world.hours})`,
            () => deploy(world, end, checkout, prometheus),
        );
        const file = `host.html?from=${(end - world.hours * 3600) * 1000}&to=${end * 1000}`;
        const drawings: Drawing[] = [];
        for (let round = 0; round < rounds; round++) {
            interruption.throwIfAborted();
            drawings.push(await draw(file, browser, prometheus));
        }
        return drawings;
    } finally {
        checkout.remove();
    }
}

async function draw(file: string, browser: Browser, prometheus: PrometheusApi): Promise<Drawing> {
    const dead = await ConsolePage.opened(browser, prometheus.url, { javaScriptEnabled: false });
    const bare = await seconds(async () => void (await dead.page.goto(`${prometheus.url}/consoles/${file}`)));
    await dead.close();

    const seen = await ConsolePage.opened(browser, prometheus.url, { viewport: window });
    const before = await processorTime(prometheus);
    const drawn = await seconds(() => seen.go(file));
    const computed = (await processorTime(prometheus)) - before;
    const panels = (await seen.panels()).filter(({ shows }) => shows > 0).length;
    await seen.close();
    return { panels, drawn, computed, bare };
}

async function deploy(world: World, end: number, checkout: Checkout, prometheus: PrometheusApi): Promise<void> {
    const jobName = "hosts";
    checkout.declare({
        scrapeInterval: `${world.interval}s`,
        prometheus: { port: prometheus.port, memoryLimit: "4GB" },
        nodeExporter: { enabled: false },
        grafana: { enabled: false },
        scrapeJobs: [{ jobName, staticConfigs: [{ targets: ["host.docker.internal:9"] }], host: {} }],
    });
    await run(checkout, "npm", ["run", "pulumi", "--", "up", "--yes", "--skip-preview"]);
    backfill(hostSamples(jobName, world, end), checkout.container("prometheus"));
    await prometheus.becomesReady();
}

/** Source: https://prometheus.io/docs/prometheus/latest/storage/#backfilling-from-openmetrics-format */
function backfill(samples: Iterable<string>, container: string): void {
    const file = path.join(tmpdir(), `${container}.om`);
    try {
        for (const text of samples) {
            appendFileSync(file, text);
        }
        docker("cp", file, `${container}:/prometheus/samples.om`);
    } finally {
        rmSync(file, { force: true });
    }
    const create = ["promtool", "tsdb", "create-blocks-from", "openmetrics"];
    docker("exec", "--env", "TMPDIR=/prometheus", container, ...create, "/prometheus/samples.om", "/prometheus");
    // It looks for new blocks when it starts, and afterwards only now and then.
    docker("restart", container);
}

async function processorTime({ url }: PrometheusApi): Promise<number> {
    const text = await (await fetch(`${url}/metrics`)).text();
    return Number(/^process_cpu_seconds_total (\S+)$/m.exec(text)?.[1]);
}
