/** Lines with aligned columns. */
export function rows(cells: readonly (readonly string[])[]): string[] {
    const columns = Math.max(0, ...cells.map((row) => row.length));
    const widths = Array.from({ length: columns }, (_, i) => Math.max(...cells.map((row) => row[i]?.length ?? 0)));
    return cells.map((row) => `  ${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join("  ")}`.trimEnd());
}

/** The same as one text. */
export const table = (cells: readonly (readonly string[])[]) => rows(cells).join("\n");
