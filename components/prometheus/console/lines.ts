import type { Graph } from "../../../config/render/dashboards/panels";
import type { Look } from "./asking";
import { fill, overTime } from "./asking";
import { lineColor } from "./palette";
import { legendOf, momentsOf, most, stepOf } from "./query";

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

export async function askLines(look: Look, graph: Graph): Promise<Lines> {
    const step = stepOf(look.page.dashboard, look.range);
    const moments = momentsOf(look.range, step);
    const lowest = lowestMatter(graph);
    const answers = await Promise.all(
        graph.queries.map(async ({ expr, legend, color }) => {
            const found = await overTime(look, most(fill(look, expr), shown + 1, lowest), moments, step);
            return found.map(({ metric, values = [] }) => ({
                ...{ name: legendOf(metric, legend), color },
                values: aligned(values, moments, step),
            }));
        }),
    );
    const kept = answers.flatMap((lines) => highest(lines, lowest));
    return {
        moments,
        lines: named(kept).map(({ color, ...line }, i) => ({ ...line, color: color ?? lineColor(i) })),
        cut: answers.some((lines) => lines.length > shown),
    };
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

function highest(lines: readonly Unnamed[], lowest: boolean): readonly Unnamed[] {
    if (lines.length <= shown) {
        return lines;
    }
    const weight = ({ values }: Unnamed) =>
        values.reduce<number>(
            (sum, value) => sum + (value === null ? 0 : lowest ? 1 / (1 + Math.abs(value)) : value),
            0,
        );
    return [...lines].sort((a, b) => weight(b) - weight(a)).slice(0, shown);
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
