import type { ScrapeJob } from "../scrapeJob";
import type { StackConfig } from "../stackConfig";

/**
 * An alert rule, in Prometheus' terms.
 * Source: https://prometheus.io/docs/prometheus/latest/configuration/alerting_rules/
 */
export interface AlertRule {
    /** Its name, and that of its runbook, e.g. "TargetDown". */
    readonly alert: string;
    /** PromQL; each series that it returns is an alert. */
    readonly expr: string;
    /** How long the expression has to hold, in milliseconds. @default 0 */
    readonly for?: number;
    /** critical: somebody has to act now. warning: within a day. info: good to know. none: the Watchdog only. */
    readonly severity: "critical" | "warning" | "info" | "none";
    /** One line, with templates. */
    readonly summary: string;
    /** What is wrong, with the current value. */
    readonly description: string;
}

/** The settings that rules depend on. */
export type RuleSettings = Pick<
    StackConfig,
    "alerts" | "scrapeInterval" | "evaluationInterval" | "applicationProfiles"
>;

/** The selector of a job's series: `{job="web_be"}`, or with more matchers `{job="web_be", mode="idle"}`. */
export function selector(job: Pick<ScrapeJob, "jobName">, ...matchers: readonly string[]): string {
    return `{${[`job=${JSON.stringify(job.jobName)}`, ...matchers].join(", ")}}`;
}
