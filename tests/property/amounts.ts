import fc from "fast-check";

/** Durations and sizes: how they are written in a declaration, and a reader of their own for what was written or rendered. */

const milliseconds = { y: 31_536_000_000, w: 604_800_000, d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000, ms: 1 };
type Unit = keyof typeof milliseconds;

/** Reads a duration as Prometheus' documentation describes it, with whole numbers of any size. */
export function readDuration(text: string): bigint {
    const parts = [...text.matchAll(/(\d+)(ms|[ywdhms])/g)];
    if (parts.map(([part]) => part).join("") !== text) {
        throw new Error(`${text} is not a duration`);
    }
    return parts.reduce((sum, [, amount = "", unit]) => sum + BigInt(amount) * BigInt(milliseconds[unit as Unit]), 0n);
}

/** Writes a duration with some of the units, the largest first; what they leave is written in milliseconds. */
function writeDuration(total: number, units: readonly Unit[]): string {
    let rest = total;
    let text = "";
    for (const unit of units) {
        const amount = Math.floor(rest / milliseconds[unit]);
        text += amount > 0 ? `${amount}${unit}` : "";
        rest %= milliseconds[unit];
    }
    return rest > 0 ? `${text}${rest}ms` : text;
}

/** 292 years, the longest that Prometheus can hold. */
const longest = 9_223_372_036_853;

/** A duration in one of its notations, as milliseconds and as text. */
export const duration = (min: number, max: number) =>
    fc
        .tuple(
            fc.oneof(fc.integer({ min, max }), fc.integer({ min, max: Math.max(min, Math.min(max, 120_000)) })),
            fc.boolean(),
            fc.subarray(["y", "w", "d", "h", "m", "s"] as const satisfies Unit[]),
        )
        .map(([any, round, units]) => {
            const whole = Math.floor(any / 1000) * 1000;
            const total = round && whole >= min ? whole : any;
            return { total, text: writeDuration(total, units) };
        });

export const durationText = (min = 1, max = longest) => duration(min, max).map(({ text }) => text);

const sizeUnits = ["B", "KB", "MB", "GB", "TB", "PB", "EB"];

/** Reads a size; "10MiB" is Prometheus' own spelling of "10MB". */
export function readSize(text: string): bigint {
    const parts = [...text.matchAll(/(\d+)([KMGTPE]?)i?B/g)];
    if (parts.map(([part]) => part).join("") !== text) {
        throw new Error(`${text} is not a size`);
    }
    return parts.reduce(
        (sum, [, amount = "", prefix]) => sum + BigInt(amount) * 1024n ** BigInt(sizeUnits.indexOf(`${prefix}B`)),
        0n,
    );
}

/** A size of at least so many bytes. */
export const sizeText = (least = 1) =>
    fc
        .tuple(fc.integer({ min: 1, max: 4096 }), fc.constantFrom(...sizeUnits))
        .map(([amount, unit]) => `${amount}${unit}`)
        .filter((text) => readSize(text) >= BigInt(least) && readSize(text) < 2n ** 63n);
