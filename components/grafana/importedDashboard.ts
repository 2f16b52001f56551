import { dataSourceUid } from "../../config/render/dashboards";

/**
 * What Grafana does with a dashboard when somebody imports it, and does not do with a file: it answers what the file asks for, and
 * has the data source chosen.
 * Source: https://grafana.com/docs/grafana/latest/visualizations/dashboards/build-dashboards/view-dashboard-json-model/
 */

type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json =>
    typeof value === "object" && value !== null && !Array.isArray(value);

const own = { type: "prometheus", uid: dataSourceUid };

/**
 * The dashboard of a file: as it was exported, or as Grafana's API answers, which has it beside what it knows of it.
 * Source: https://grafana.com/docs/grafana/latest/developers/http_api/dashboard/#get-dashboard-by-uid
 * @throws SyntaxError if the text is no JSON
 */
export function dashboardIn(text: string): unknown {
    // PowerShell writes a mark in front: https://learn.microsoft.com/powershell/module/microsoft.powershell.core/about/about_character_encoding
    const json: unknown = JSON.parse(text.replace(/^\ufeff/, ""));
    return isObject(json) && isObject(json.dashboard) && !("panels" in json) ? json.dashboard : json;
}

/** A data source, as a dashboard names it. */
export interface DataSourceRef {
    readonly type: string;
    readonly uid: string;
}

/**
 * A dashboard that asks this stack's data sources.
 * @param declared those beside its Prometheus
 * @returns a text that says what is wrong, and what to do about it
 */
export function imported(dashboard: Json, declared: readonly DataSourceRef[] = []): Json | string {
    const { __inputs: asked, __requires: _, ...rest } = dashboard;
    const answers = new Map<unknown, string>();
    for (const input of Array.isArray(asked) ? asked.filter(isObject) : []) {
        const answer = answerTo(input, declared);
        if (answer === undefined) {
            return (
                `was exported to be shared, and asks for ${String(input.name)}, which is no Prometheus; export it without that ` +
                "option, or declare one data source of its kind in dataSources"
            );
        }
        answers.set(input.name, answer);
    }
    const filled = answers.size === 0 ? rest : changed(rest, (value) => answered(value, answers));
    const variables = dataSourceVariables(filled as Json);
    return changed(filled, (value) =>
        isObject(value) && "datasource" in value
            ? { ...value, datasource: dataSource(value.datasource, variables, declared) }
            : value,
    ) as Json;
}

/** What Grafana's own form would fill in. */
function answerTo({ type, pluginId, value }: Json, declared: readonly DataSourceRef[]): string | undefined {
    if (type === "datasource") {
        const only = onlyOne(pluginId, declared);
        return pluginId === "prometheus" ? dataSourceUid : pluginId === expressions ? expressions : only?.uid;
    }
    return type === "constant" && typeof value === "string" ? value : undefined;
}

/** Of a kind of which there are several, nobody knows here which is meant. */
function onlyOne(type: unknown, declared: readonly DataSourceRef[]): DataSourceRef | undefined {
    const [first, ...others] = declared.filter((each) => each.type === type);
    return others.length === 0 ? first : undefined;
}

const answered = (value: unknown, answers: ReadonlyMap<unknown, string>) =>
    typeof value === "string" ? value.replace(/\$\{(\w+)\}/g, (written, name) => answers.get(name) ?? written) : value;

/** Everything in a value, from the inside out. */
function changed(value: unknown, change: (value: unknown) => unknown): unknown {
    const inside = Array.isArray(value)
        ? value.map((each) => changed(each, change))
        : isObject(value)
          ? Object.fromEntries(Object.entries(value).map(([key, each]) => [key, changed(each, change)]))
          : value;
    return change(inside);
}

/** Grafana's own data source of queries that compute with the results of others. */
const expressions = "__expr__";

/** Those that every Grafana has. */
const builtIn: readonly unknown[] = [
    "-- Mixed --",
    "-- Dashboard --",
    "-- Grafana --",
    "grafana",
    "default",
    expressions,
];

/** The variables that somebody chooses a data source with. */
function dataSourceVariables({ templating }: Json): ReadonlySet<unknown> {
    const list = isObject(templating) && Array.isArray(templating.list) ? templating.list.filter(isObject) : [];
    return new Set(list.filter(({ type }) => type === "datasource").map(({ name }) => name));
}

/** A Prometheus of another Grafana is this stack's here. One of another kind is the declared one, or was added by hand. */
function dataSource(given: unknown, variables: ReadonlySet<unknown>, declared: readonly DataSourceRef[]): unknown {
    const { type, uid } = isObject(given) ? given : { type: undefined, uid: given };
    const [, variable] = /^\$\{?(\w+)(?::\w+)?\}?$/.exec(String(uid)) ?? [];
    const isKnown =
        builtIn.includes(uid) || variables.has(variable) || uid === "" || declared.some((each) => each.uid === uid);
    if (given === null || given === undefined || isKnown) {
        return given;
    }
    return type === undefined || type === own.type ? own : (onlyOne(type, declared) ?? given);
}
