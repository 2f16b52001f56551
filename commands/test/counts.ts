export interface Counts {
    readonly status: number;
    readonly passed: number;
    readonly failed: number;
    readonly skipped: number;
}

/** Reads what mocha ("  3 passing (2s)", a line each) or pytest ("1 failed, 2 passed in 1s") says at its end. */
export function counts(status: number, text: string): Counts {
    const plain = text.replaceAll(new RegExp("\u001b\\[[0-9;]*m", "g"), "");
    const summary = plain
        .split("\n")
        .filter((line) => /^[ =]*\d+ (passing|passed|failing|failed|pending|skipped|errors?)\b/.test(line));
    const last = (words: string) =>
        Number([...summary.join("\n").matchAll(new RegExp(`(\\d+) (?:${words})\\b`, "g"))].at(-1)?.[1] ?? 0);
    const failed = last("failing|failed") + last("errors?");
    // A runner that broke off before it could count has failed too.
    return {
        status,
        passed: last("passing|passed"),
        failed: status !== 0 && failed === 0 ? 1 : failed,
        skipped: last("pending|skipped"),
    };
}

/** The line that counts the tests of all runners. */
export function total(runs: readonly Counts[]): string {
    const sum = (key: "passed" | "failed" | "skipped") => runs.reduce((before, each) => before + each[key], 0);
    const skipped = sum("skipped") > 0 ? `, ${sum("skipped")} skipped` : "";
    return `${sum("passed")} passed, ${sum("failed")} failed${skipped}`;
}
