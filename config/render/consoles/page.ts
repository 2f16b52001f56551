import type { Dashboard } from "../dashboards/dashboard";

/** What a page is drawn from, in the browser. */
export interface Page {
    /** Of several stacks in several tabs, the one that is looked at. */
    readonly stack: string;
    readonly dashboard: Dashboard;
    /** All of them, this one included, in their order. */
    readonly pages: readonly { readonly uid: string; readonly title: string; readonly file: string }[];
    /** How far back a query looks for the latest sample, in milliseconds. @default Prometheus' own five minutes */
    readonly lookback?: number | undefined;
}
