import type { Problem } from "./problems";

/**
 * The label by which a job is found where its targets have labels `job` of their own: Prometheus calls the name of a job so in the
 * metrics of its scrapes. Source: https://github.com/prometheus/prometheus/blob/main/scrape/metrics.go
 */
export const scrapeJobLabel = "scrape_job";

/** What of a job can give its targets another label `job` than its name. */
export interface JobLabelled {
    readonly jobName?: string | undefined;
    readonly staticConfigs?:
        readonly ({ readonly labels?: Readonly<Record<string, string | undefined>> } | undefined)[] | undefined;
    readonly relabelConfigs?:
        | readonly ({ readonly action?: string | undefined; readonly targetLabel?: string | undefined } | undefined)[]
        | undefined;
}

/** Where a job gives its targets a label of a name: in its groups, and by rules that do not only compare with it. */
export const placesOfLabel = (
    { staticConfigs = [], relabelConfigs = [] }: JobLabelled,
    name: string,
): { readonly path: Problem["path"]; readonly value?: string }[] => [
    ...staticConfigs.flatMap((group, g) => {
        const value = group?.labels?.[name];
        return value === undefined ? [] : [{ path: ["staticConfigs", g, "labels", name], value }];
    }),
    ...relabelConfigs.flatMap((rule, r) =>
        rule?.targetLabel === name && !rule.action?.endsWith("equal")
            ? [{ path: ["relabelConfigs", r, "targetLabel"] }]
            : [],
    ),
];

/** Where a target can get another label `job` than the name of its job. */
export const jobLabelPlaces = (job: JobLabelled) =>
    placesOfLabel(job, "job").filter(({ value }) => value === undefined || value !== job.jobName);

export const hasJobLabels = (job: JobLabelled): boolean => jobLabelPlaces(job).length > 0;
