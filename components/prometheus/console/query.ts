import type { Dashboard, Variable } from "../../../config/render/dashboards/dashboard";
import type { Range, View } from "./view";

/** At most this many points a line: more than a graph has pixels for would cost Prometheus and show nothing. */
const points = 500;

/** Steps at which two requests for nearly the same time have their points at the same moments. */
const roundSteps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21_600, 43_200, 86_400];

/** The distance between two points, in seconds. */
export function stepOf({ scrapeInterval }: Pick<Dashboard, "scrapeInterval">, { start, end }: Range): number {
    const least = Math.max((end - start) / points, scrapeInterval / 1000);
    return roundSteps.find((step) => step >= least) ?? Math.ceil(least);
}

/** The moments of a graph's points. */
export function momentsOf({ start, end }: Range, step: number): number[] {
    const first = Math.ceil(start / step) * step;
    return Array.from({ length: Math.max(0, Math.floor((end - first) / step) + 1) }, (_, i) => first + i * step);
}

/**
 * A query with its variables filled in, as Grafana does.
 * Source: https://grafana.com/docs/grafana/latest/datasources/prometheus/template-variables/
 */
export function filled(
    expression: string,
    { scrapeInterval, variables }: Pick<Dashboard, "scrapeInterval" | "variables">,
    { chosen }: Pick<View, "chosen">,
    { start, end }: Range,
): string {
    const scrape = scrapeInterval / 1000;
    const step = stepOf({ scrapeInterval }, { start, end });
    const values = new Map([
        ["__rate_interval", `${Math.ceil(Math.max(step + scrape, 4 * scrape))}s`],
        ["__range", `${Math.max(1, Math.round(end - start))}s`],
        ...variables.map((variable) => [variable.name, alternatives(variable, chosen[variable.name])] as const),
    ]);
    return expression.replaceAll(/\$(\w+)/g, (all, name: string) => values.get(name) ?? all);
}

/** A matcher's regular expression for the chosen values, as it stands between quotes. */
function alternatives({ all }: Variable, values: readonly string[] = []): string {
    return values.length === 0
        ? all
        : values.map((value) => quoted(value.replaceAll(/[\\^$.|?*+()[\]{}]/g, "\\$&"))).join("|");
}

const quoted = (text: string) => JSON.stringify(text).slice(1, -1);

/** The names of the metrics in a query: each stands before its matchers. */
export const metricsIn = (expression: string) => [
    ...new Set(
        [...expression.replaceAll(/"(?:[^"\\]|\\.)*"/g, '""').matchAll(/([a-zA-Z_:][\w:]*)\{/g)].map(
            ([, name = ""]) => name,
        ),
    ),
];

/** A query for some of its series only: those with the highest values at each moment, or with the lowest. */
export const most = (expression: string, count: number, lowest: boolean) =>
    `${lowest ? "bottomk" : "topk"}(${count}, ${expression})`;

/**
 * A query for those of its series that have the highest values at one of some moments of a range, or the lowest: the same ones all
 * the time, so that no line has a hole where others are higher.
 * Source: https://prometheus.io/docs/prometheus/latest/querying/basics/#-modifier
 */
export function mostInRange(expression: string, count: number, lowest: boolean, { start, end }: Range): string {
    const length = Math.max(1, Math.round(end - start));
    const moments = `[${length}s:${Math.ceil(length / 20)}s] @ end()`;
    const extremes = `${lowest ? "min" : "max"}_over_time((${expression})${moments})`;
    return `(${expression}) and ${most(extremes, count, lowest)}`;
}

/** What a series is called. */
export function legendOf(metric: Readonly<Record<string, string>>, legend: string | undefined): string {
    if (legend !== undefined) {
        return legend.replaceAll(/\{\{\s*(\w+)\s*\}\}/g, (_, label: string) => metric[label] ?? "").trim() || "value";
    }
    const { __name__ = "", ...labels } = metric;
    const all = Object.entries(labels).map(([label, value]) => `${label}=${JSON.stringify(value)}`);
    return all.length > 0 ? `${__name__}{${all.join(", ")}}` : __name__;
}
