import { parts } from "../../components/parts";
import { nameOf } from "../../config/schema/part";
import type { Paint } from "../../toolchain/table";
import { more, most, painted, plain, rows } from "../../toolchain/table";
import { by, counted, size } from "../../toolchain/words";
import { containerStatus, isWell } from "./containers";
import type { Container, Difference, Status } from "./facts";
import { delivery } from "./differences";

/** What runs, and how it is: everything but the differences and the verdict, which take longer. */
export function overview(status: Status, paint: Paint): string {
    const { stack, dockerHost, time, containers } = status;
    const now = Date.parse(time);
    const blocks = [
        [`Stack ${stack} on ${dockerHost} at ${time.slice(0, 19).replace("T", " ")} UTC`],
        containerTable(containers, now, ["STATUS", "MEMORY", "IMAGE"], paint),
        ...known(status).flatMap(({ probe, facts }) => probe.tables?.(facts, now, paint) ?? []),
        rows(known(status).flatMap(({ probe, facts }) => probe.lines(facts, now))),
    ];
    return blocks
        .filter((lines) => lines.length > 0)
        .map((lines) => lines.join("\n"))
        .join("\n\n");
}

/** The parts that answered, and what they said. */
const known = (status: Status) =>
    parts.flatMap(({ probe, ...part }) => {
        const facts = status[nameOf(part)] ?? undefined;
        return probe === undefined || facts === undefined ? [] : [{ probe, facts }];
    });

/** What the next up would change, and in the end what all this comes to. */
export function verdict({ differences, problems, unknown, notes }: Status, paint: Paint): string {
    const parts = [
        differenceTable(differences ?? []),
        notes,
        unknown.length === 0 ? [] : ["Not found out:", ...list(unknown)],
        problems.length === 0 ? [] : [paint.bad("Wrong:"), ...list(problems)],
        problems.length + unknown.length > 0 ? [] : [paint.good(allIsWell(differences))],
    ];
    return parts
        .filter((lines) => lines.length > 0)
        .map((lines) => lines.join("\n"))
        .join("\n\n");
}

function allIsWell(differences: Status["differences"]): string {
    if (differences === null) {
        return "All is well.";
    }
    return differences.length === 0 ? "All is well, and as it is declared." : "All is well with what runs.";
}

const columns = {
    STATUS: (container: Container, now: number) => containerStatus(container, now),
    MEMORY: ({ memoryUsage, memoryLimit }: Container) =>
        [
            memoryUsage === null ? "" : size(memoryUsage),
            memoryUsage === null || memoryLimit === null ? "" : size(memoryLimit),
        ]
            .filter(Boolean)
            .join(" of "),
    IMAGE: ({ image }: Container) => image,
    PORTS: ({ ports }: Container) => ports.join(", "),
};

/** The containers, with the columns that are asked for. */
export function containerTable(
    containers: readonly Container[],
    now: number,
    wanted: readonly (keyof typeof columns)[],
    paint: Paint = plain,
): string[] {
    if (containers.length === 0) {
        return [];
    }
    const cells = containers.map((each) => [each.name, ...wanted.map((column) => columns[column](each, now))]);
    return painted(rows([["CONTAINER", ...wanted], ...cells]), containers.map(isWell), paint);
}

function differenceTable(differences: readonly Difference[]): string[] {
    const reasons = differences.filter(({ reason }) => reason !== "");
    // There is always one; should there be none, what would change is still named.
    const named = reasons.length > 0 ? reasons : differences;
    const shown = [...named].sort(by(({ resource }) => delivery(resource))).slice(0, most);
    const cells = shown.map(({ op, resource, reason }) => [op, delivery(resource), reason]);
    return named.length === 0
        ? []
        : [
              `${counted(named.length, "difference")} from the declaration; npm run up would:`,
              ...rows(cells),
              ...more(named.length - shown.length),
          ];
}

const list = (sentences: readonly string[]) => [
    ...sentences.slice(0, most).map((each) => `  - ${each}`),
    ...more(sentences.length - most),
];
