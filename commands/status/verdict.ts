import { dockerName } from "../../components/dockerName";
import type { Part } from "../../components/part";
import { parts } from "../../components/parts";
import { readLeniently } from "../../config/schema/lenient";
import { nameOf } from "../../config/schema/part";
import { containerStatus, isWell } from "./containers";
import type { Container, Facts, Status } from "./facts";

/** One that was restarted within this time, in milliseconds, may be about to be again. */
const settled = 600_000;

/**
 * Says what is wrong, and sums all up in the exit code: what is wrong first, then what could not be found out, then what
 * differs from the declaration.
 */
export function judged(facts: Facts): Status {
    const problems = [...containerProblems(facts), ...parts.flatMap((part) => problemsOf(part, facts))];
    const exitCode =
        problems.length > 0 ? 2 : facts.unknown.length > 0 ? 1 : (facts.differences ?? []).length > 0 ? 3 : 0;
    const { stack, dockerHost, time, ...rest } = facts;
    return { stack, dockerHost, time, exitCode, problems, ...rest };
}

function containerProblems({ stack, containers, time }: Facts): string[] {
    const now = Date.parse(time);
    const hasProblem = (each: Container) =>
        !isWell(each) ||
        each.lastWords.length > 0 ||
        (each.restartCount > 0 && now - Date.parse(each.startedAt) < settled);
    const isThere = (wanted: string) => containers.some(({ name }) => name === wanted);
    const missing = parts.filter(isAlwaysOn).map(({ role }) => dockerName(stack, role));
    return [
        ...(containers.length === 0 ? [] : missing)
            .filter((name) => !isThere(name))
            .map((name) => `There is no container ${name}.`),
        ...containers
            .filter(hasProblem)
            .map((each) => `${each.name}: ${[containerStatus(each, now), ...each.lastWords].join("\n    ")}`),
    ];
}

/** A part that nothing in a stack file turns off, and that needs nothing in it. */
const isAlwaysOn = ({ settings, isWanted }: Part) =>
    isWanted === undefined && !("enabled" in (readLeniently(settings, undefined).value as object));

function problemsOf({ probe, ...part }: Part, facts: Facts): readonly string[] {
    const said = facts[nameOf(part)] ?? undefined;
    return said === undefined ? [] : (probe?.problems?.(said) ?? []);
}
