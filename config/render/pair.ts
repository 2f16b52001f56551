import type { Pair } from "../schema/pair";
import { snakeCase } from "./words";

/** The label that tells the samples of a pair apart. */
const label = "replica";

export const pairLabels = (pair: Pair): Readonly<Record<string, string>> =>
    pair === undefined ? {} : { [label]: pair.replica };

/**
 * Rules by which both of a pair send the same alerts, so that they count as one. Those about the stack's own parts are of one
 * of the two, and have its name as `member`.
 * @param ownJobs the jobs of the parts
 */
export function pairRelabeling(pair: Pair, ownJobs: readonly string[]): object[] {
    if (pair === undefined) {
        return [];
    }
    const jobs = ownJobs.map((name) => name.replace(/[^\w ]/g, String.raw`\$&`)).join("|");
    return [
        { sourceLabels: ["job", label], separator: ";", regex: `(?:${jobs});(.+)`, targetLabel: "member" },
        { action: "labeldrop", regex: label },
    ].map(snakeCase);
}
