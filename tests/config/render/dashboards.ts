import type { Files } from "../../../config/render/files";

/** Dashboards as Grafana reads them, for tests. */

export interface Panel {
    readonly id: number;
    readonly type: string;
    readonly title: string;
    readonly description?: string;
    readonly datasource?: { readonly type: string; readonly uid: string };
    readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
    readonly links?: readonly { readonly title: string; readonly url: string }[];
    readonly fieldConfig: {
        readonly defaults: {
            readonly unit?: string;
            readonly noValue?: string;
            readonly thresholds?: {
                readonly steps: readonly { readonly value: number | null; readonly color: string }[];
            };
        };
        readonly overrides: readonly {
            readonly properties: readonly { readonly id: string; readonly value: unknown }[];
        }[];
    };
    readonly targets: readonly {
        readonly refId: string;
        readonly expr: string;
        readonly interval?: string;
        readonly datasource: unknown;
    }[];
}

export interface Dashboard {
    readonly id: null;
    readonly uid: string;
    readonly title: string;
    readonly description: string;
    readonly templating: {
        readonly list: readonly {
            readonly name: string;
            readonly datasource: unknown;
            readonly query: { readonly query: string };
            readonly allValue: string;
        }[];
    };
    /** Rows among them. */
    readonly panels: readonly Panel[];
}

/** The dashboards among rendered files, in order. */
export const dashboardsIn = (files: Files): Dashboard[] =>
    Object.entries(files).flatMap(([file, text]) => (file.startsWith("dashboards/") ? [JSON.parse(text)] : []));

export const panelsOf = (dashboard: Dashboard) => dashboard.panels.filter(({ type }) => type !== "row");

/** A query as Grafana sends it. @param values what each variable stands for; where it is not given, all that it can be */
export function sent({ templating }: Dashboard, query: string, values: Readonly<Record<string, string>> = {}): string {
    const withVariables = templating.list.reduce(
        (text, { name, allValue }) => text.replaceAll(`$${name}`, () => values[name] ?? allValue),
        query,
    );
    return withVariables.replaceAll(/\$__(rate_interval|interval|range)/g, "5m");
}

/** The PromQL in a variable's query: its selector. */
export const selectorIn = (query: string) => /^label_values\((.+), \w+\)$/.exec(query)?.[1] ?? query;

/** Whether all selectors of a query, as it was sent, take a job's series. */
export const takes = (expression: string, jobName: string) =>
    [...expression.matchAll(/\{([^}]*)\}/g)].every(([, matchers = ""]) =>
        [...matchers.matchAll(/\bjob(=~?)"([^"]*)"/g)].every(([, operator, value = ""]) =>
            // A PromQL string has its backslashes doubled.
            operator === "=" ? value === jobName : new RegExp(`^(?:${value.replaceAll("\\\\", "\\")})$`).test(jobName),
        ),
    );
