import type { StackConfig } from "../../schema/stack";

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
    "alerts" | "scrapeInterval" | "evaluationInterval" | "sampleLimit" | "applicationProfiles" | "scrapeJobs"
> &
    Partial<Pick<StackConfig, "pushedJobs" | "pair">>;

/** An alert with two limits is two rules of one name: a warning, and the same as critical where it is worse. */
export const bothSeverities = ["warning", "critical"] as const;

/** Durations of rules, in milliseconds. */
export const minutes = (count: number) => count * 60_000;
export const hours = (count: number) => minutes(count * 60);
