import type { Graph } from "../../../config/render/dashboards/panels";
import type { Series } from "./api";
import type { Look } from "./asking";
import { fill, overTime } from "./asking";
import { lineColor } from "./palette";
import { legendOf, momentsOf, most, mostInRange, stepOf } from "./query";
import type { Range } from "./view";

/** A line of a graph. */
export interface Line {
    readonly name: string;
    /** Of the style. */
    readonly color: string;
    /** One for each moment. */
    readonly values: readonly (number | null)[];
}

export interface Lines {
    readonly moments: readonly number[];
    readonly lines: readonly Line[];
    /** Whether there are more than are shown. */
    readonly cut: boolean;
}

/** So many lines of a query are shown: nobody could tell more apart, and a thousand hosts' would cost Prometheus seconds. */
export const shown = 30;

/** Below a limit it is the low values that matter. */
export const lowestMatter = ({ limit }: Pick<Graph, "limit">) =>
    (limit?.steps[0]?.color ?? "transparent") !== "transparent";

/** @param many whether there were more than are shown, at the last look */
export async function askLines(look: Look, graph: Graph, many: boolean): Promise<Lines> {
    const step = stepOf(look.page.dashboard, look.range);
    const moments = momentsOf(look.range, step);
    const found = await linesAt(moments, step, { look, graph, many });
    if (found.lines.length > 0) {
        return found;
    }
    // What began after the last of these moments has values all the same: of 30 days, that is two hours.
    const { lines, cut } = await linesAt([look.range.end], step, { look, graph, many });
    const before = moments.map(() => null);
    return {
        moments: [...moments, look.range.end],
        lines: lines.map(({ values, ...line }) => ({ ...line, values: [...before, ...values] })),
        cut,
    };
}

interface Asked {
    readonly look: Look;
    readonly graph: Graph;
    readonly many: boolean;
}

async function linesAt(moments: readonly number[], step: number, { look, graph, many }: Asked): Promise<Lines> {
    const lowest = lowestMatter(graph);
    const answers = await Promise.all(
        graph.queries.map(async ({ expr, legend, color }) => {
            const found = await someSeries({ query: fill(look, expr), lowest, many, range: look.range }, (query) =>
                overTime(look, query, moments, step),
            );
            return found.map(({ metric, values = [] }) => ({
                ...{ name: legendOf(metric, legend), color },
                values: aligned(values, moments, step),
            }));
        }),
    );
    const kept = answers.flatMap((lines) => farthest(lines, lowest));
    return {
        moments,
        lines: named(kept).map(({ color, ...line }, i) => ({ ...line, color: color ?? lineColor(i) })),
        cut: answers.some((lines) => lines.length > shown),
    };
}

interface Wanted {
    readonly query: string;
    readonly range: Range;
    readonly lowest: boolean;
    /** Whether there were more than are shown, at the last look. */
    readonly many: boolean;
}

/**
 * All series of a query, or one more than are shown. Which ones to show of many is a question of its own: the highest of each moment
 * are others. It is no question where there are few, of which some may be short: those are at none of its moments.
 */
export async function someSeries(
    { query, lowest, many, range }: Wanted,
    over: (query: string) => Promise<readonly Series[]>,
): Promise<readonly Series[]> {
    let whole: Promise<readonly Series[]> | undefined;
    const ofRange = () => (whole ??= over(mostInRange(query, shown + 1, lowest, range)));
    const areMany = async () => (await ofRange()).length > shown;
    if (many && (await areMany())) {
        return ofRange();
    }
    const found = await over(most(query, shown + 1, lowest));
    return found.length > shown && (await areMany()) ? ofRange() : found;
}

/** Prometheus leaves out the moments without a value. */
function aligned(
    values: readonly (readonly [number, string])[],
    [first = 0, ...rest]: readonly number[],
    step: number,
) {
    const all: (number | null)[] = Array.from({ length: rest.length + 1 }, () => null);
    for (const [moment, value] of values) {
        const number = Number(value.replace("Inf", "Infinity"));
        // A graph has no place for the others.
        all[Math.round((moment - first) / step)] = Number.isFinite(number) ? number : null;
    }
    return all;
}

type Unnamed = Omit<Line, "color"> & { readonly color: string | undefined };

/** Those that reach the highest values, or the lowest. */
function farthest(lines: readonly Unnamed[], lowest: boolean): readonly Unnamed[] {
    const reach = ({ values }: Unnamed) =>
        values.reduce<number>(
            (most, value) => (value === null ? most : Math.max(most, lowest ? -value : value)),
            -Infinity,
        );
    return lines.length <= shown ? lines : [...lines].sort((a, b) => reach(b) - reach(a)).slice(0, shown);
}

/** In the order of their names, in which colours stay the same from one look to the next; equal names are told apart. */
function named(lines: readonly Unnamed[]): readonly Unnamed[] {
    const seen = new Map<string, number>();
    return [...lines]
        .sort((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }))
        .map((line) => {
            const times = (seen.get(line.name) ?? 0) + 1;
            seen.set(line.name, times);
            return times > 1 ? { ...line, name: `${line.name} (${times})` } : line;
        });
}
