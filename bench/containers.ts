import { readFileSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Checkout, docker, freePort } from "../tests/integration/checkout";
import { PrometheusApi } from "../tests/integration/prometheusApi";
import { images } from "../tests/images";
import { step } from "../toolchain/progress";
import { run } from "./typed";

/**
 * What cAdvisor costs with fifty containers beside it, each of which does something now and then: with the stack's flags, and with
 * its own defaults. All figures are what Prometheus has of it.
 */

const count = 50;
/** In seconds: what is measured is not how it starts. */
const warmUp = 45;
const measured = 90;

/** @param interruption aborted when the benchmark is to end early */
export async function benchContainers(interruption: AbortSignal): Promise<void> {
    const checkout = new Checkout();
    const prometheus = new PrometheusApi(await freePort());
    const names = Array.from({ length: count }, (_, i) => `${checkout.stack}-bench-${i}`);
    try {
        checkout.declare({
            prometheus: { port: prometheus.port },
            nodeExporter: { enabled: false },
            grafana: { enabled: false },
            // As much as the defaults may need.
            cadvisor: { enabled: true, memoryLimit: "1GB" },
        });
        await deploy("the stack's flags", checkout);
        const idle = ["--network", "none", "--entrypoint", "/bin/sh", images.prometheus];
        for (const name of names) {
            docker("run", "--detach", "--name", name, ...idle, "-c", "while sleep 5; do :; done");
        }
        await measure("the stack's flags", prometheus, interruption);
        withDefaults(checkout);
        await deploy("its defaults", checkout);
        await measure("its defaults", prometheus, interruption);
    } finally {
        docker("rm", "--force", "--volumes", ...names);
        checkout.remove();
    }
}

/** Takes the flags out of a checkout's copy of the part. */
function withDefaults({ folder }: Checkout): void {
    const file = path.join(folder, "components", "cadvisor", "container.ts");
    writeFileSync(file, readFileSync(file, "utf8").replace(/flags = \[[^]*?\];/, "flags: string[] = [];"));
}

const deploy = (title: string, checkout: Checkout) =>
    step(`Deploying cAdvisor with ${title}`, () =>
        run(checkout, "npm", ["run", "pulumi", "--", "up", "--yes", "--skip-preview"]),
    );

async function measure(title: string, prometheus: PrometheusApi, interruption: AbortSignal): Promise<void> {
    await sleep((warmUp + measured) * 1000, undefined, { signal: interruption });
    const of = async (expression: string) => (await prometheus.query(expression))[0]?.value ?? Number.NaN;
    const own = '{job="cadvisor"}';
    const processor = await of(`60 * rate(process_cpu_seconds_total${own}[${measured}s])`);
    const took = await of(`avg_over_time(scrape_duration_seconds${own}[${measured}s])`);
    const samples = await of(`scrape_samples_scraped${own}`);
    const memory = await of(`process_resident_memory_bytes${own} / 1024 / 1024`);
    process.stdout.write(
        `${title.padEnd(20)}${processor.toFixed(2)} s of a processor a minute, ${samples} series, ` +
            `scraped in ${(took * 1000).toFixed(0)} ms, ${memory.toFixed(0)} MiB of memory\n`,
    );
}
