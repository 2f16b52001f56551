import type { Page } from "../../../config/render/consoles/page";
import type { Series } from "./api";
import { ask } from "./api";
import { filled, metricsIn } from "./query";
import type { Range, View } from "./view";

/** One look at the page: what is shown of which time. All panels of it ask for the same. */
export interface Look {
    readonly page: Page;
    readonly view: View;
    readonly range: Range;
    readonly signal: AbortSignal;
}

interface Vector {
    readonly result: readonly Series[];
}

const lookback = ({ lookback }: Page): Record<string, string> =>
    lookback === undefined ? {} : { lookback_delta: `${lookback}ms` };

export const fill = ({ page: { dashboard }, view, range }: Look, expression: string) =>
    filled(expression, dashboard, view, range);

/** The values at the end of the range. */
export async function now(look: Look, query: string): Promise<readonly Series[]> {
    const parameters = { query, time: String(look.range.end), ...lookback(look.page) };
    return (await ask<Vector>("query", parameters, look.signal)).result;
}

export async function overTime(look: Look, query: string, moments: readonly number[], step: number) {
    const [start, end] = [String(moments[0] ?? look.range.start), String(moments.at(-1) ?? look.range.end)];
    const parameters = { query, start, end, step: String(step), ...lookback(look.page) };
    return (await ask<Vector>("query_range", parameters, look.signal)).result;
}

/** The values that a label has in some series. */
export const labelValues = ({ range, signal }: Look, label: string, series: string) =>
    ask<string[]>(
        `label/${encodeURIComponent(label)}/values`,
        { "match[]": series, start: String(range.start), end: String(range.end) },
        signal,
    );

/** Why a panel has nothing to show. */
export async function reason(look: Look, expressions: readonly string[], empty: string | undefined): Promise<string> {
    const [metric] = expressions.flatMap(metricsIn);
    if (metric !== undefined && !(await exists(look, metric))) {
        const said = `No metric ${metric} in this time.`;
        return empty === undefined ? said : `${empty}. ${said}`;
    }
    return empty ?? "No data for this choice in this time.";
}

const exists = async ({ range, signal }: Look, metric: string) =>
    (
        await ask<unknown[]>(
            "series",
            { "match[]": metric, start: String(range.start), end: String(range.end), limit: "1" },
            signal,
        )
    ).length > 0;
