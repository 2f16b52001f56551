/** Prometheus' own count of each job's targets. */
export const targetsMetric = "prometheus_target_scrape_pool_targets";

const none = new RegExp(`^${targetsMetric}\\{scrape_job=("(?:[^"\\\\]|\\\\.)*")\\} 0$`, "gm");

/** The jobs without a target, which nothing else shows: those whose discovery has found none, or whose rules drop all. */
export const emptyJobs = (metrics: string): string[] =>
    [...metrics.matchAll(none)].map(([, job = '""']) => JSON.parse(job) as string).sort();
