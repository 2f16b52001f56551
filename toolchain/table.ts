/** Lines with aligned columns. */
export function rows(cells: readonly (readonly string[])[]): string[] {
    const columns = Math.max(0, ...cells.map((row) => row.length));
    const widths = Array.from({ length: columns }, (_, i) => Math.max(...cells.map((row) => row[i]?.length ?? 0)));
    return cells.map((row) => `  ${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join("  ")}`.trimEnd());
}

/** The same as one text. */
export const table = (cells: readonly (readonly string[])[]) => rows(cells).join("\n");

/** How many lines a table has at most; what is left out is counted. */
export const most = 20;
export const more = (count: number) => (count > 0 ? [`  and ${count} more`] : []);

/** How a line looks in a terminal. Colours only repeat what the words say. */
export interface Paint {
    readonly bad: (text: string) => string;
    readonly good: (text: string) => string;
}
export const plain: Paint = { bad: (text) => text, good: (text) => text };
export const coloured: Paint = {
    bad: (text) => `\u001b[31m${text}\u001b[0m`,
    good: (text) => `\u001b[32m${text}\u001b[0m`,
};

/** Marks the lines of what is not well; the first line is the head. */
export const painted = ([head = "", ...lines]: readonly string[], well: readonly boolean[], { bad }: Paint) => [
    head,
    ...lines.map((line, i) => (well[i] === false ? bad(line) : line)),
];
