import type { Limit, Step } from "./limits";

/**
 * What the dashboards are made of, as plain data: grafana/ draws it as Grafana's JSON, and the pages under /consoles/ draw it in
 * the browser. The words are Grafana's where there are some: units, names of colours, variables such as `$__rate_interval`.
 */
export type Panel = Graph | Stat | Table;

export interface Query {
    readonly expr: string;
    /** Name of each series, with its labels as `{{label}}`. @default all labels */
    readonly legend?: string;
    /** Colour of the series with that legend. @default the next one of the palette */
    readonly color?: string;
}

export interface PanelArgs {
    readonly title: string;
    /** What is seen, for somebody who sees it for the first time. The limit's sentence follows by itself. */
    readonly description: string;
    /** Grafana's id of the unit, e.g. "percentunit" (0 to 1), "bytes", "reqps", "s". */
    readonly unit: string;
    readonly limit?: Limit | undefined;
    /** Said where there is nothing to show. @default "No data" */
    readonly empty?: string;
}

export interface GraphArgs extends PanelArgs {
    readonly queries: readonly Query[];
    /** The series are parts of a whole: one stands on the other. @default false */
    readonly stacked?: boolean;
    /** What the graph ends at. @default what the series take */
    readonly max?: number;
    /** What it shows at least. @default the limit's own, else what the series take */
    readonly shownUpTo?: number;
}

/** What a value is called, and its colour, e.g. `{ 1: { text: "loaded", color: "green" } }`. */
export type Words = Readonly<Record<number, { readonly text: string; readonly color: string }>>;

export interface StatArgs extends PanelArgs {
    readonly queries: readonly Query[];
    readonly words?: Words;
    /** Where the colour changes. @default at the limit */
    readonly steps?: readonly Step[] | undefined;
}

/**
 * Where a cell leads: to a page of the value's name, to the address that the value is, or to the dashboard whose uid it is, for the
 * job of its row.
 */
export type CellLink = { readonly title: string } & (
    { readonly pagesIn: string } | { readonly isAddress: true } | { readonly dashboardOf: "job" }
);

/** A column of a table, for a label or for a query's value. */
export interface Column {
    readonly title: string;
    /** Grafana's id of the unit. @default plain numbers and texts */
    readonly unit?: string;
    /** Texts to show in place of values. */
    readonly words?: Readonly<Record<string, string>>;
    readonly link?: CellLink;
}

export interface TableArgs extends Omit<PanelArgs, "unit"> {
    /** The columns of labels, in order. A label that is not named is not shown. */
    readonly labels: Readonly<Record<string, Column>>;
    /** What to ask for; with a title the value is a column too. */
    readonly queries: readonly (Query & Partial<Column>)[];
    /** The column of why a row's target could not be scraped. Only a page has it: no query knows. @default none */
    readonly lastError?: Column;
    /** In Grafana's units of 30 pixels. @default 8 */
    readonly height?: number;
}

export type Graph = GraphArgs & { readonly kind: "graph" };
export type Stat = StatArgs & { readonly kind: "stat" };
export type Table = TableArgs & { readonly kind: "table" };

/** Series over time. */
export const graph = (args: GraphArgs): Graph => ({ kind: "graph", ...args });

/** What is so now, as one large value for each series; its colour says on which side of the limit it is. */
export const stat = (args: StatArgs): Stat => ({ kind: "stat", ...args });

/** What is so now, a row for each combination of labels. */
export const table = (args: TableArgs): Table => ({ kind: "table", ...args });
