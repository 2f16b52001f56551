import type { Parameters } from "fast-check";

/** How many declarations, and which: always the same ones. A failure prints the seed and the smallest declaration that fails. */
export const runs = { seed: 20_261_124, numRuns: 2000 } as const satisfies Parameters<unknown>;

/** The first of them, for the unit tests: tests/integration/declarations.test.ts goes through all. */
export const few = { ...runs, numRuns: 300 } as const;
