import { parts } from "../../components/parts";
import { nameOf } from "../../config/schema/part";
import type { Fleet } from "../command";
import { isWell } from "./containers";
import type { Status } from "./facts";

/** What each part that answers has to say, in columns. */
const brief = parts.flatMap(({ probe, ...part }) => (probe?.brief ? [{ key: nameOf(part), ...probe.brief }] : []));

/** A stack in a line, where many are looked at. */
export const summary: Fleet = {
    needsPulumi: true,
    args: ["--json"],
    outcomes: [
        [0, "well"],
        [3, "differs"],
        [1, "not found out"],
        [2, "wrong"],
    ],
    said: (_, output) => (output === undefined ? "" : first(output as Status)),
    columns: {
        head: ["CONTAINERS", ...brief.flatMap(({ head }) => head)],
        cells: (output) => cells(output as Status),
    },
};

function cells(status: Status): string[] {
    const { containers } = status;
    return [
        `${containers.filter(isWell).length} of ${containers.length}`,
        ...brief.flatMap(({ key, head, cells }) => {
            const facts = status[key] ?? undefined;
            return facts === undefined ? head.map(() => "") : [...cells(facts)];
        }),
    ];
}

/** The first of what is wrong, of what is not known, or of what differs, and how many more there are. */
function first({ problems, unknown, differences }: Status): string {
    const changes = (differences ?? []).map(({ resource, reason }) => `${resource}: ${reason}`);
    const [sentence = "", ...others] = [...problems, ...unknown, ...changes];
    const [line = ""] = sentence.split("\n");
    return `${line}${others.length === 0 ? "" : ` (and ${others.length} more)`}`;
}
