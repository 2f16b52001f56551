const spans: readonly [unit: string, milliseconds: number][] = [
    ["day", 86_400_000],
    ["hour", 3_600_000],
    ["minute", 60_000],
    ["second", 1000],
];

/** A span of time as people say it, in milliseconds: 7_200_000 is "2 hours". */
export function span(milliseconds: number): string {
    const [unit, size] = spans.find(([, each]) => milliseconds >= 2 * each) ?? ["second", 1000];
    const amount = Math.max(0, Math.round(milliseconds / size));
    return `${amount} ${unit}${amount === 1 ? "" : "s"}`;
}

const units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];

/** A size as `docker stats` says it, rounded: 46_137_344 is "44 MiB". */
export function size(bytes: number): string {
    const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log2(Math.max(1, bytes)) / 10)));
    const amount = bytes / 1024 ** power;
    return `${amount < 9.95 && power > 0 ? amount.toFixed(1).replace(/\.0$/, "") : Math.round(amount)} ${units[power]}`;
}

/** 0.034 is "3 %". */
export const share = (part: number) => `${part < 0.01 ? "less than 1" : Math.round(part * 100)} %`;

/** A time to the minute, e.g. "2026-01-31 12:00 UTC". */
export const minute = (time: string) => `${time.slice(0, 10)} ${time.slice(11, 16)} UTC`;

/** "1 alert", "2 alerts". */
export const counted = (count: number, what: string) => `${count} ${what}${count === 1 ? "" : "s"}`;

/** Compares by a text: `list.sort(by(({ name }) => name))`. */
export const by =
    <Item>(key: (item: Item) => string) =>
    (a: Item, b: Item) =>
        key(a) < key(b) ? -1 : Number(key(a) > key(b));
