import { createHash } from "node:crypto";
import type { PushedJob } from "../schema/pushedJob";
import type { OwnScrapeJob, ScrapeJob } from "../schema/scrapeJob";
import { hasJobLabels, scrapeJobLabel } from "../schema/jobLabel";
import { scrapeJobSchema } from "../schema/scrapeJob";
import { asTemplate } from "../schema/template";

/** A job as it is rendered: one of the stack file, or one that a part publishes. Prometheus sees no difference. */
export interface Job extends ScrapeJob {
    /** Its target is the stack's own Prometheus. */
    readonly prometheus?: PrometheusLimits;
    /** Its target is the stack's own Alertmanager. */
    readonly alertmanager?: true;
    /** Its target is the stack's own OpenTelemetry Collector. */
    readonly collector?: true;
    /** It has no targets, but pushes. */
    readonly pushed?: true;
}

/**
 * What the files of a job are called, without their ending: as the job, where that can be the name of a file and of nothing else.
 * Of other names it shows what it can, and tells them apart by a checksum.
 */
export function fileNameOf(jobName: string): string {
    const isPlain = /^\w[\w.-]{0,199}$/.test(jobName);
    const shown = jobName.slice(0, 60).replace(/[^\w.-]|^[.-]/g, "_");
    return isPlain ? jobName : `${shown}%${createHash("sha256").update(jobName).digest("hex").slice(0, 12)}`;
}

/** A job that is found: where its targets have labels `job` of their own, one more label has its name. */
export const found = (job: Job): Job =>
    hasJobLabels(job)
        ? {
              ...job,
              relabelConfigs: [
                  ...(job.relabelConfigs ?? []),
                  { targetLabel: scrapeJobLabel, replacement: asTemplate(job.jobName) },
              ],
          }
        : job;

/** The keys of what a job's targets expose beyond `up`. */
const exposedKeys = [
    ...(["host", "container", "application", "probe", "thanos"] as const),
    ...(["prometheus", "alertmanager", "collector"] as const),
];
export type Exposed = Pick<Job, (typeof exposedKeys)[number]>;

export const exposedOf = (job: Job): Exposed =>
    Object.fromEntries(exposedKeys.flatMap((key) => (job[key] === undefined ? [] : [[key, job[key]]])));

/** What the stack's own Prometheus may use. */
export interface PrometheusLimits {
    /** In bytes. */
    readonly memoryLimit: number;
    /** In milliseconds. */
    readonly retentionTime: number;
    /** In bytes. @default no limit */
    readonly retentionSize?: number | undefined;
}

/** A job that a part publishes: what is not a default of it. */
export function publishedJob(
    jobName: string,
    target: string,
    exposed: Exposed = {},
    { labels, ...times }: OwnScrapeJob = { labels: {} },
): Job {
    const job = scrapeJobSchema.parse({ jobName, staticConfigs: [{ targets: [target], labels }] });
    return { ...job, ...times, ...exposed };
}

/** The jobs that push, for their alerts and dashboards: each push is what a scrape is to others. */
export const pushedJobs = (declared: { readonly pushedJobs?: readonly PushedJob[] | undefined }): Job[] =>
    (declared.pushedJobs ?? []).map(({ jobName, pushInterval, application }) => ({
        ...publishedJob(jobName, "pushed:1", { application }),
        ...{ staticConfigs: [], scrapeInterval: pushInterval, pushed: true },
    }));
