import type { Server } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { Checkout, freePort } from "../tests/integration/checkout";
import { PrometheusApi } from "../tests/integration/prometheusApi";
import { bridgeAddress } from "../tests/integration/shop";
import { step } from "../toolchain/progress";
import { run, seconds } from "./typed";

/**
 * What one stack needs for its series: memory, processor and the write-ahead log of its Prometheus, and how long a scrape and a target
 * more take meanwhile. The targets are made up by this process; each exposes as many series as a busy service.
 */

const sizes = [100_000, 300_000, 1_000_000];
const seriesOfTarget = 10_000;
/** In seconds. */
const interval = 15;
/** In seconds: Prometheus grows until it has collected its garbage some times. */
const warmUp = 60;
const measured = 60;

/** @param interruption aborted when the benchmark is to end early */
export async function benchSeries(interruption: AbortSignal): Promise<void> {
    const address = bridgeAddress();
    const services = await madeUp(address);
    try {
        for (const size of sizes) {
            await measure(size, `${address}:${(services.address() as AddressInfo).port}`, interruption);
        }
    } finally {
        services.close();
        services.closeAllConnections();
    }
}

/** Answers for every target: what they expose differs in their label instance, and every counter grows all the time. */
async function madeUp(address: string): Promise<Server> {
    const labels = Array.from({ length: seriesOfTarget / 10 }, (_, i) => {
        const [method, status] = [["GET", "POST", "PUT", "DELETE"][i % 4], [200, 201, 404, 500][(i >> 2) % 4]];
        return `{method="${method}",path="/api/v1/orders/${i >> 4}",status="${status}"}`;
    });
    const names = Array.from({ length: 10 }, (_, i) => `shop_requests_of_kind_${i}_total`);
    const server = createServer((_, response) => {
        response.setHeader("Content-Type", "text/plain; version=0.0.4");
        const now = Date.now() / 1000;
        for (const [n, name] of names.entries()) {
            const lines = labels.map((label, i) => `${name}${label} ${Math.floor((now * ((i % 97) + n)) / 10)}\n`);
            response.write(`# TYPE ${name} counter\n${lines.join("")}`);
        }
        response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, address, resolve));
    return server;
}

async function measure(size: number, address: string, interruption: AbortSignal): Promise<void> {
    const checkout = new Checkout();
    const prometheus = new PrometheusApi(await freePort());
    const declare = (targets: number) => checkout.declare(declaration(targets, address, prometheus.port));
    try {
        const targets = size / seriesOfTarget;
        declare(targets);
        await step(`Deploying ${size.toLocaleString("en")} series of ${targets} targets`, () =>
            run(checkout, "npm", ["run", "up"]),
        );
        await sleep((warmUp + measured) * 1000, undefined, { signal: interruption });
        const of = async (expression: string) => (await prometheus.query(expression))[0]?.value ?? Number.NaN;
        const own = '{job="prometheus"}';
        const range = `${own}[${measured}s]`;
        const series = await of(`prometheus_tsdb_head_series${own}`);
        const memory = await of(`max_over_time(process_resident_memory_bytes${range})`);
        const processor = await of(`rate(process_cpu_seconds_total${range})`);
        const slowest = await of(`max(max_over_time(scrape_duration_seconds{job="services"}[${measured}s]))`);
        const failed = await of(
            `sum(count_over_time((up{job="services"} == 0)[${measured}s:${interval}s])) or vector(0)`,
        );
        const log = await of(
            `sum(deriv(prometheus_tsdb_wal_storage_size_bytes${range})) / sum(rate(prometheus_tsdb_head_samples_appended_total${range}))`,
        );
        declare(targets + 1);
        const change = await seconds(() => run(checkout, "npm", ["run", "up"]));
        process.stdout.write(
            `${series.toLocaleString("en").padStart(9)} series: ${(memory / 2 ** 20).toFixed(0)} MiB (${(memory / series / 1024).toFixed(1)} KiB each), ` +
                `${processor.toFixed(2)} processors, ${log.toFixed(1)} bytes of log a sample, ` +
                `slowest scrape ${(slowest * 1000).toFixed(0)} ms, ${failed} failed, a target more in ${change.toFixed(1)} s\n`,
        );
    } finally {
        checkout.remove();
    }
}

function declaration(targets: number, address: string, port: number): Readonly<Record<string, unknown>> {
    return {
        scrapeInterval: `${interval}s`,
        prometheus: { port, memoryLimit: "8GB" },
        nodeExporter: { enabled: false },
        grafana: { enabled: false },
        scrapeJobs: [
            {
                jobName: "services",
                staticConfigs: [{ targets: Array.from({ length: targets }, (_, n) => `service-${n}:8000`) }],
                relabelConfigs: [
                    { sourceLabels: ["__address__"], targetLabel: "instance" },
                    { targetLabel: "__address__", replacement: address },
                ],
            },
        ],
    };
}
