import type { Job } from "../../config/render/job";
import { formatSize } from "../../config/schema/units";

const mebibyte = 2 ** 20;

/**
 * What Prometheus 3.13 needs before a target has a sample of its own. Measured: 27 MiB without targets, 150 MiB with 10,000 and
 * 1.9 GiB with 100,000 that were not scraped, which is 20 KiB for each; and 2.7 KiB for each of 500,000 series, of which a target
 * that was scraped has five of Prometheus' own.
 */
const needed = (targets: number) => (64 + Math.ceil(targets / 32)) * mebibyte;

/** @returns what is to be said of a limit that cannot hold the declared targets */
export function memoryWarning(memoryLimit: number, jobs: readonly Job[]): string | undefined {
    const targets = jobs
        .flatMap(({ staticConfigs }) => staticConfigs)
        .reduce((sum, config) => sum + config.targets.length, 0);
    return needed(targets) <= memoryLimit
        ? undefined
        : `metrics-stack:prometheus.memoryLimit: ${formatSize(memoryLimit)} do not hold ${targets} targets: they need ` +
              `${formatSize(needed(targets))} before their first sample; write at least "${Math.ceil(needed(targets) / 2 ** 30)}GB"`;
}
