/** Values as Grafana writes them, by its ids of units. */

type Scale = readonly (readonly [from: number, suffix: string])[];

const powers = (base: number, suffixes: readonly string[]): Scale => suffixes.map((suffix, i) => [base ** i, suffix]);

const scales: Readonly<Record<string, Scale>> = {
    short: powers(1000, ["", " K", " Mil", " Bil", " Tri"]),
    reqps: powers(1000, [" req/s", "K req/s", "M req/s"]),
    bps: powers(1000, [" b/s", " kb/s", " Mb/s", " Gb/s", " Tb/s"]),
    bytes: powers(1024, [" B", " KiB", " MiB", " GiB", " TiB", " PiB"]),
    binBps: powers(1024, [" B/s", " KiB/s", " MiB/s", " GiB/s", " TiB/s"]),
    s: [
        [1e-9, " ns"],
        [1e-6, " µs"],
        [1e-3, " ms"],
        [1, " s"],
        [60, " mins"],
        [3600, " hours"],
        [86_400, " days"],
        [604_800, " weeks"],
        [31_536_000, " years"],
    ],
};

/** @param unit an unknown one is as good as none: its number is shown */
export function format(value: number, unit = "short"): string {
    if (!Number.isFinite(value)) {
        return Number.isNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf";
    }
    if (unit === "percentunit") {
        return `${digits(100 * value)}%`;
    }
    const scale = scales[unit] ?? scales.short ?? [];
    // What would be rounded up to the next unit's first value is that value.
    const isFrom = (unit: number) => Number((Math.abs(value) / unit).toPrecision(3)) >= 1;
    const [from, suffix] = scale.filter(([each]) => isFrom(each)).at(-1) ??
        (value === 0 ? [1, zero(scale)] : scale[0]) ?? [1, ""];
    return `${digits(value / from)}${suffix}`;
}

const zero = (scale: Scale) => scale.find(([from]) => from === 1)?.[1] ?? "";

const digits = (value: number) => {
    const text = Math.abs(value) >= 1000 ? value.toFixed(0) : value.toPrecision(3);
    return String(Number(text));
};

const decimal = Array.from({ length: 36 }, (_, i) => 10 ** (i - 15)).flatMap((power) =>
    [1, 2, 2.5, 5].map((n) => n * power),
);
const binary = Array.from({ length: 60 }, (_, i) => 2 ** i);
const time = [
    ...decimal.filter((each) => each < 10),
    ...[10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200],
    ...[1, 2, 5, 7, 14, 28, 70, 140, 365, 730, 1825, 3650].map((days) => 86_400 * days),
];

/** The distances between an axis' lines at which its values are round. */
export const roundSteps = (unit: string): number[] =>
    unit === "s" ? time : unit === "bytes" || unit === "binBps" ? binary : decimal;
