import type { LenientDeclaration } from "../../config/schema/part";
import type { Problem } from "../../config/schema/problems";
import type { ScrapeJob } from "../../config/schema/scrapeJob";
import { isItself, itself, prometheusJobName } from "../../config/schema/scrapeJob";
import type { PrometheusSettings } from "./settings";

/** The job that scrapes Prometheus itself, where a declared one takes its place. */

const replacing = (jobs: readonly ({ readonly jobName?: string | undefined } | undefined)[]) =>
    jobs.findIndex((job) => job?.jobName === prometheusJobName);

/** What is said of a job that is not there. */
export function replacedMistakes(
    { scrapeJobs = [] }: LenientDeclaration,
    { scrapeJob }: Partial<PrometheusSettings>,
): Problem[] {
    const index = replacing(scrapeJobs);
    const { labels = {}, ...times } = scrapeJob ?? {};
    const isDeclared = Object.keys({ ...labels, ...times }).length > 0;
    const message = "has no effect: {other} takes the place of the job that it is of; write it there";
    return index !== -1 && isDeclared
        ? [{ path: ["prometheus", "scrapeJob"], message, other: ["scrapeJobs", index] }]
        : [];
}

/** @returns what is to be said where a declared job takes the place of the own one, and does not do what that does */
export function unwatchedWarning(declared: readonly ScrapeJob[]): string | undefined {
    const index = replacing(declared);
    const job = declared[index];
    const isWatched = job?.staticConfigs.some(({ targets }) => targets.some((target) => isItself(job, target)));
    return job === undefined || isWatched
        ? undefined
        : `metrics-stack:scrapeJobs[${index}]: takes the place of the job that scrapes Prometheus itself, whose alerts and dashboard ` +
              `find nothing of it; add the target "${itself}", or write another jobName`;
}
