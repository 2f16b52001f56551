import uPlot from "uplot";
import type { Graph } from "../../../config/render/dashboards/panels";
import { color } from "./dom";
import type { Line, Lines } from "./lines";
import { format, roundSteps } from "./units";

const height = 220;
const font = "12px system-ui, sans-serif";

export interface Plotted extends Lines {
    readonly panel: Graph;
    /** What the person chose by dragging, in seconds. */
    readonly choose: (start: number, end: number) => void;
    /** The place of the pointer, and which moment it is at; null where it is elsewhere. */
    readonly point: (plot: uPlot, index: number | null) => void;
}

/** Draws lines into a place. */
export function plot(place: HTMLElement, { panel, moments, lines, choose, point }: Plotted): uPlot {
    const values = panel.stacked ? stacked(lines) : lines.map((line) => line.values);
    const series = lines.map((line): uPlot.Series => ({
        label: line.name,
        stroke: color(line.color),
        fill: `${color(line.color)}${panel.stacked ? "66" : "12"}`,
        width: 1.5,
        // A value without a neighbour makes no line.
        points: { show: true, size: 5, fill: color(line.color), filter: (drawn, i) => alone(drawn.data[i] ?? []) },
    }));
    return new uPlot(
        {
            ...{ width: Math.max(place.clientWidth, 100), height, padding: [12, 20, 0, 0] },
            legend: { show: false },
            scales: { x: { time: true }, y: { range: (_, least, greatest) => valueRange(panel, least, greatest) } },
            series: [{}, ...series],
            bands: panel.stacked ? lines.slice(1).map((_, i) => ({ series: [i + 2, i + 1] })) : [],
            axes: [timeAxis(), valueAxis(panel.unit)],
            cursor: {
                drag: { x: true, y: false, setScale: false },
                focus: { prox: 1e6 },
                points: { size: 6 },
                // Only where somebody points to: each graph chooses a time by itself.
                sync: {
                    key: "page",
                    scales: ["x", null],
                    filters: { pub: (type) => /^mouse(move|leave)$/.test(type) },
                },
            },
            focus: { alpha: 1 },
            hooks: {
                draw: [(drawn) => drawLimits(drawn, panel)],
                setCursor: [(drawn) => point(drawn, drawn.cursor.idx ?? null)],
                setSelect: [
                    (drawn) => {
                        const { left, width } = drawn.select;
                        if (width > 5) {
                            choose(drawn.posToVal(left, "x"), drawn.posToVal(left + width, "x"));
                        }
                    },
                ],
            },
        },
        [moments, ...values] as uPlot.AlignedData,
        place,
    );
}

/** The places of the values that have none beside them. */
const alone = (values: ArrayLike<number | null | undefined>) =>
    Array.from(values, (value, i) => i).filter(
        (i) => isValue(values[i]) && !isValue(values[i - 1]) && !isValue(values[i + 1]),
    );
const isValue = (value: number | null | undefined) => value !== null && value !== undefined;

/** Each line on top of those before it; a hole where none has a value. */
function stacked(lines: readonly Line[]): (number | null)[][] {
    const sums: number[] = [];
    const isThere = (i: number) => lines.some(({ values }) => (values[i] ?? null) !== null);
    return lines.map(({ values }) =>
        values.map((value, i) => (isThere(i) ? (sums[i] = (sums[i] ?? 0) + (value ?? 0)) : null)),
    );
}

/** From zero, and as far as the panel says: the distance to a limit is to be seen. */
function valueRange({ max, shownUpTo, limit }: Graph, least: number | null, greatest: number | null): [number, number] {
    const bottom = Math.min(0, least ?? 0);
    const top = Math.max(greatest ?? 0, shownUpTo ?? limit?.shownUpTo ?? 0);
    return [bottom, max ?? (top > bottom ? top + 0.08 * (top - bottom) : bottom + 1)];
}

/** A step's line has its colour; below a transparent step it has that of the one before. */
function drawLimits({ ctx, bbox, valToPos, scales }: uPlot, { limit }: Graph) {
    const { left, width } = bbox;
    ctx.save();
    ctx.lineWidth = devicePixelRatio;
    ctx.setLineDash([6 * devicePixelRatio, 4 * devicePixelRatio]);
    for (const [i, { value, color: name }] of (limit?.steps ?? []).entries()) {
        if (value === null || value > (scales.y?.max ?? 0)) {
            continue;
        }
        const y = Math.round(valToPos(value, "y", true));
        ctx.strokeStyle = color(name === "transparent" ? (limit?.steps[i - 1]?.color ?? "text") : name);
        ctx.beginPath();
        ctx.moveTo(left, y);
        ctx.lineTo(left + width, y);
        ctx.stroke();
    }
    ctx.restore();
}

const lines = () => ({
    stroke: color("muted"),
    font,
    grid: { stroke: color("grid"), width: 1 },
    ticks: { show: false },
});

const timeAxis = (): uPlot.Axis => ({
    ...lines(),
    space: 64,
    size: 28,
    values: (_, moments, __, ___, distance) => moments.map((moment) => timeLabel(moment, distance)),
});

/** Moments a day and more apart are days. In between a day begins with its date. */
function timeLabel(moment: number, distance: number): string {
    const date = new Date(1000 * moment);
    const isMidnight = date.getHours() === 0 && date.getMinutes() === 0 && date.getSeconds() === 0;
    return distance >= 86_400 || (isMidnight && distance >= 60)
        ? date.toLocaleDateString(undefined, { month: "short", day: "numeric" })
        : clock(date, distance < 60);
}

export const clock = (date: Date, withSeconds = true) =>
    [date.getHours(), date.getMinutes(), ...(withSeconds ? [date.getSeconds()] : [])]
        .map((each) => String(each).padStart(2, "0"))
        .join(":");

const valueAxis = (unit: string): uPlot.Axis => ({
    ...lines(),
    space: 36,
    incrs: roundSteps(unit),
    values: (_, values) => values.map((value) => format(value, unit)),
    size: (_, labels) => 16 + 6.6 * Math.max(3, ...(labels ?? []).map((label) => label.length)),
});
