import { check } from "./promql";

/** The PromQL of rules, and of dashboards, where variables stand for parts of it. */

interface Rule {
    readonly kind: "alert" | "record";
    readonly name: string;
    readonly expr: string;
}

/** What is wrong with a rule, a text each. */
export const checkRule = ({ kind, name, expr }: Rule) =>
    checkOnce(expr).map((words) => `the ${kind === "alert" ? "alert" : "recording rule"} ${name}: ${words}`);

/** What is wrong with the queries of a dashboard, a text each. */
export function checkDashboard(text: string): string[] {
    return queriesIn(JSON.parse(text)).flatMap(({ panel, query }) =>
        withoutVariables(query)
            .map(checkOnce)
            .reduce((best, problems) => (problems.length < best.length ? problems : best))
            .map((words) => `the panel ${JSON.stringify(panel)}: ${words}`),
    );
}

interface Query {
    readonly panel: string;
    readonly query: string;
}

/** Queries of Prometheus, also in panels that are in rows. A panel of another kind of data source has none. */
function queriesIn(node: unknown): Query[] {
    const { panels = [] } = node as { panels?: unknown };
    return (Array.isArray(panels) ? panels : []).flatMap((panel) => {
        const { title, targets, datasource } = panel as Record<string, unknown>;
        const queries = (Array.isArray(targets) ? targets : []).filter(
            (target): target is { expr: string; datasource?: unknown } =>
                typeof target?.expr === "string" &&
                target.expr.trim() !== "" &&
                isPrometheus(target.datasource ?? datasource),
        );
        return [...queries.map(({ expr }) => ({ panel: String(title ?? ""), query: expr })), ...queriesIn(panel)];
    });
}

/** Without a type it is the default data source, which is Prometheus. */
function isPrometheus(dataSource: unknown): boolean {
    const type =
        typeof dataSource === "object" && dataSource !== null ? (dataSource as { type?: unknown }).type : undefined;
    return type === undefined || type === "prometheus";
}

/** Source: https://grafana.com/docs/grafana/latest/dashboards/variables/variable-syntax/ */
const variable = /\$(?:\w+|\{[^}]*\})|\[\[\w+(?::\w+)?\]\]/g;

/**
 * A query with something in place of its variables. What those of a user stand for is not known, apart from where a range
 * is: a name, a number and a duration are tried.
 */
function withoutVariables(query: string): [string, ...string[]] {
    const inRanges = query.replace(/\[([^\]"']*)\](?!\])/g, (range) => range.replace(variable, "5m"));
    const known = inRanges.replace(/\$(?:\{__\w+\}|__\w+)/g, (name) => (/_(s|ms)\b|from|to\b/.test(name) ? "1" : "5m"));
    const [first = known, ...others] = ["a", "1", "5m"].map((word) => known.replace(variable, word));
    return [first, ...others];
}

/** Stacks have most expressions in common. */
const checked = new Map<string, readonly string[]>();

function checkOnce(expression: string): readonly string[] {
    const problems = checked.get(expression) ?? check(expression);
    checked.set(expression, problems);
    return problems;
}
