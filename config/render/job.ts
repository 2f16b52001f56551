import type { ScrapeJob } from "../schema/scrapeJob";
import { scrapeJobSchema } from "../schema/scrapeJob";

/** A job as it is rendered: one of the stack file, or one that a part publishes. Prometheus sees no difference. */
export interface Job extends ScrapeJob {
    /** Its target is the stack's own Prometheus. */
    readonly prometheus?: PrometheusLimits;
    /** Its target is the stack's own Alertmanager. */
    readonly alertmanager?: true;
}

/** The stack's own Prometheus scrapes itself under this name, which no declared job can take. */
export const prometheusJobName = "prometheus";

/** What the stack's own Prometheus may use. */
export interface PrometheusLimits {
    /** In bytes. */
    readonly memoryLimit: number;
    /** In milliseconds. */
    readonly retentionTime: number;
    /** In bytes. @default no limit */
    readonly retentionSize?: number | undefined;
}

/** What a job's targets expose beyond `up`. */
export type Exposed = Pick<Job, "host" | "application" | "prometheus" | "alertmanager">;

/** A job that a part publishes: what is not a default of it. */
export function publishedJob(
    jobName: string,
    target: string,
    exposed: Exposed = {},
    labels: Record<string, string> = {},
): Job {
    return { ...scrapeJobSchema.parse({ jobName, staticConfigs: [{ targets: [target], labels }] }), ...exposed };
}
