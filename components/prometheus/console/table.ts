import type { Column, Table } from "../../../config/render/dashboards/panels";
import type { Series } from "./api";
import { ask } from "./api";
import type { Look } from "./asking";
import { fill, now } from "./asking";
import { element, elsewhere, link } from "./dom";
import { valueOf } from "./stat";
import { format } from "./units";
import { search } from "./view";

/** So many rows are shown. */
const shown = 200;

/** What a row has, by the label's name or the number of the query. */
type Row = Map<string, string>;

/** What is so now, a row for each combination of labels. */
export class TableBody {
    public readonly root = element("div", { class: "table", tabindex: "0", role: "region" });
    private rows: readonly Row[] = [];
    private look: Look | undefined;

    constructor(private readonly panel: Table) {
        this.root.setAttribute("aria-label", panel.title);
    }

    /** @returns whether there is something to show */
    public async ask(look: Look): Promise<boolean> {
        const { queries, labels, lastError } = this.panel;
        const answers = await Promise.all(queries.map(({ expr }) => now(look, fill(look, expr))));
        const rows = merged(answers, Object.keys(labels));
        if (lastError) {
            await addErrors(look, rows.slice(0, shown));
        }
        this.look = look;
        this.rows = rows;
        return rows.length > 0;
    }

    public draw(): void {
        const columns = this.columns();
        const heads = columns.map(([, { title }, isValue]) =>
            element("th", { scope: "col", ...(isValue && { class: "value" }) }, title),
        );
        const rows = this.rows.slice(0, shown).map((row) =>
            element(
                "tr",
                {},
                ...columns.map(([name, column, isValue]) => {
                    const text = row.get(name);
                    const cell = text === undefined ? "–" : this.cell(column, text, isValue, row);
                    return element("td", { ...(isValue && { class: "value" }), "data-label": column.title }, cell);
                }),
            ),
        );
        const table = element(
            "table",
            {},
            element("thead", {}, element("tr", {}, ...heads)),
            element("tbody", {}, ...rows),
        );
        const rest = this.rows.length - shown;
        this.root.replaceChildren(table, ...(rest > 0 ? [element("p", { class: "note" }, `and ${rest} more`)] : []));
    }

    private columns(): readonly (readonly [name: string, column: Column, isValue: boolean])[] {
        const { labels, queries, lastError } = this.panel;
        return [
            ...Object.entries(labels).map(([label, column]) => [label, column, false] as const),
            ...queries.flatMap(({ title, ...rest }, i) =>
                title === undefined ? [] : [[String(i), { ...rest, title }, true] as const],
            ),
            ...(lastError ? [[errorColumn, lastError, false] as const] : []),
        ];
    }

    private cell({ unit, words, link: leads }: Column, text: string, isValue: boolean, row: Row): Node | string {
        const said = words?.[text] ?? (isValue ? format(Number(text), unit) : text);
        if (leads === undefined) {
            return said;
        }
        if ("dashboardOf" in leads) {
            return link(said, this.dashboard(text, leads.dashboardOf, row), { title: leads.title });
        }
        const address = "isAddress" in leads ? text : `${leads.pagesIn}/${encodeURIComponent(text)}.md`;
        return link(said, address, { title: leads.title, ...elsewhere });
    }

    /** The page of a dashboard, for what a row is about, and with the same time. */
    private dashboard(uid: string, variable: string, row: Row): string {
        const file = this.look?.page.pages.find((each) => each.uid === uid)?.file;
        const view = this.look?.view;
        return file && view ? `${file}${search({ ...view, chosen: { [variable]: [row.get(variable) ?? ""] } })}` : "";
    }
}

/** The rows of several queries: what has the same labels, as far as both have them, is one row. */
export function merged(answers: readonly (readonly Series[])[], labels: readonly string[]): Row[] {
    const rows: Row[] = [];
    answers.forEach((series, i) => {
        const own = labels.filter((label) => series.some(({ metric }) => label in metric));
        const keyOf = (of: (label: string) => string | undefined) =>
            JSON.stringify(own.map((label) => of(label) ?? ""));
        const known = new Map(rows.map((row) => [keyOf((label) => row.get(label)), row]));
        for (const each of series) {
            const row = known.get(keyOf((label) => each.metric[label])) ?? added(rows);
            own.forEach((label) => each.metric[label] !== undefined && row.set(label, each.metric[label]));
            row.set(String(i), String(valueOf(each)));
        }
    });
    const text = (row: Row) => labels.map((label) => row.get(label) ?? "").join("\n");
    return rows.sort((a, b) => text(a).localeCompare(text(b), undefined, { numeric: true }));
}

function added(rows: Row[]): Row {
    const row: Row = new Map();
    rows.push(row);
    return row;
}

const errorColumn = "last error";

interface Target {
    readonly labels: Readonly<Record<string, string>>;
    readonly lastError: string;
}

/** Why the targets of the rows could not be scraped: asked for their jobs only. */
async function addErrors({ signal }: Look, rows: readonly Row[]): Promise<void> {
    const jobs = [...new Set(rows.map((row) => row.get("job") ?? ""))];
    const found = await Promise.all(
        jobs.map((scrapePool) =>
            ask<{ activeTargets: readonly Target[] }>("targets", { state: "active", scrapePool }, signal),
        ),
    );
    const keyOf = (job = "", instance = "") => JSON.stringify([job, instance]);
    const errors = new Map(
        found.flatMap(({ activeTargets }) =>
            activeTargets.map(({ labels, lastError }) => [keyOf(labels.job, labels.instance), lastError] as const),
        ),
    );
    for (const row of rows) {
        const error = errors.get(keyOf(row.get("job"), row.get("instance")));
        if (error) {
            row.set(errorColumn, error);
        }
    }
}
