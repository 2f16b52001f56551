import type { ThanosComponent } from "../../../schema/profiles";
import { chosen } from "../dashboard";
import type { GraphArgs } from "../panels";

/** What the sections of the dashboard have in common. */

/** Which of the components the jobs may be, and what watches them. */
export interface Thanos {
    /** Whether any of the jobs may be one of these. */
    has(components: readonly ThanosComponent[]): boolean;
    /** The limit of an alert that these components have. */
    limit(components: readonly ThanosComponent[], alert: string, unit: string): GraphArgs["limit"];
    /** Says that an alert watches it, without a value. */
    watched(alert: string): GraphArgs["limit"];
}

export const of = (metric: string, ...matchers: readonly string[]) => `${metric}{${[chosen, ...matchers].join(", ")}}`;
export const rate = (metric: string, ...matchers: readonly string[]) =>
    `rate(${of(metric, ...matchers)}[$__rate_interval])`;
export const increase = (metric: string) => `increase(${of(metric)}[$__rate_interval])`;
export const by = (labels: string, expr: string) =>
    `sum by(${["job", "instance", labels].filter(Boolean).join(", ")}) (${expr})`;
export const sum = (expr: string) => by("", expr);
export const legend = "{{instance}}";
export const legendOf = (label: string) => `{{instance}}: {{${label}}}`;

/** What failed of what was asked: none, where nothing failed yet. */
export const share = (failed: string, all: string) => `(${sum(failed)} or 0 * ${sum(all)}) / (${sum(all)} > 0)`;

/** How long those of twenty take that take longest. */
export const slowest = (buckets: string, labels = "le") => `histogram_quantile(0.95, ${by(labels, buckets)})`;
