import type { ScrapeJob } from "../../schema/scrapeJob";
import type { StackConfig } from "../../schema/stack";
import { formatDuration } from "../../schema/units";

/**
 * An alert rule, in Prometheus' terms.
 * Source: https://prometheus.io/docs/prometheus/latest/configuration/alerting_rules/
 */
export interface AlertRule {
    /** Its name, and that of its runbook, e.g. "TargetDown". */
    readonly alert: string;
    /** PromQL; each series that it returns is an alert. */
    readonly expr: string;
    /** What the expression holds its series against, for the graphs of them. @default nothing that could be drawn */
    readonly limit?: RuleLimit;
    /** How long the expression has to hold, in milliseconds. @default 0 */
    readonly for?: number;
    /** critical: somebody has to act now. warning: within a day. info: good to know. none: the Watchdog only. */
    readonly severity: "critical" | "warning" | "info" | "none";
    /** One line, with templates. */
    readonly summary: string;
    /** What is wrong, with the current value. */
    readonly description: string;
}

/** A value that a series should not pass. */
export interface RuleLimit {
    readonly passes: "above" | "below";
    /** In the unit of the series. */
    readonly value: number;
}

/** The expression and the limit of a rule that fires above a value. @param more what has to hold besides, e.g. " and ..." */
export const above = (expr: string, value: number, more = "") => ({
    expr: `${expr} > ${value}${more}`,
    limit: { passes: "above", value } as const,
});

/** The same below a value. */
export const below = (expr: string, value: number, more = "") => ({
    expr: `${expr} < ${value}${more}`,
    limit: { passes: "below", value } as const,
});

/** The settings that rules depend on. */
export type RuleSettings = Pick<
    StackConfig,
    "alerts" | "scrapeInterval" | "evaluationInterval" | "applicationProfiles"
>;

/** An alert with two limits is two rules of one name: a warning, and the same as critical where it is worse. */
export const bothSeverities = ["warning", "critical"] as const;

/** Durations of rules, in milliseconds. */
export const minutes = (count: number) => count * 60_000;
export const hours = (count: number) => minutes(count * 60);

/** The selector of a job's series: `{job="web_be"}`, or with more matchers `{job="web_be", mode="idle"}`. */
export function selector(job: Pick<ScrapeJob, "jobName">, ...matchers: readonly string[]): string {
    return `{${[`job=${JSON.stringify(job.jobName)}`, ...matchers].join(", ")}}`;
}

/**
 * The range that a job's rates are taken over, e.g. "5m": four scrapes, so that one that fails or comes late leaves enough
 * samples, and never so short that a moment decides.
 * Source: https://prometheus.io/docs/prometheus/latest/querying/functions/#rate (two samples are the least)
 */
export function rateWindow(
    { scrapeInterval }: Pick<RuleSettings, "scrapeInterval">,
    job: Pick<ScrapeJob, "scrapeInterval">,
): string {
    return formatDuration(Math.max(4 * (job.scrapeInterval ?? scrapeInterval), minutes(5)));
}

/**
 * The labels that tell a job's targets apart, for `by (...)`: an alert keeps those that were declared, to be routed by.
 * Source of `__`: https://prometheus.io/docs/concepts/data_model/ (such labels are gone before a sample is stored)
 */
export function targetLabels({ staticConfigs }: Pick<ScrapeJob, "staticConfigs">): string {
    const declared = staticConfigs
        .flatMap(({ labels }) => Object.keys(labels))
        .filter((name) => !name.startsWith("__"));
    return [...new Set(["job", "instance", ...declared.sort()])].join(", ");
}
