import { dockerName } from "../../components/stack";
import { isWell } from "./containers";
import type { Alert, Container, Facts, Status } from "./facts";
import { containerStatus, share } from "./words";

/** Less than this share of the file system free is wrong, as for the alert HostFilesystemSpaceLow. */
const littleSpace = 0.05;

/** One that was restarted within this time, in milliseconds, may be about to be again. */
const settled = 600_000;

/**
 * Says what is wrong, and sums all up in the exit code: what is wrong first, then what could not be found out, then what
 * differs from the declaration.
 */
export function judged(facts: Facts): Status {
    const problems = [...containerProblems(facts), ...prometheusProblems(facts), ...grafanaProblems(facts)];
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
    const prometheus = dockerName(stack, "prometheus");
    return [
        ...(containers.length === 0 || containers.some(({ name }) => name === prometheus)
            ? []
            : [`There is no container ${prometheus}.`]),
        ...containers
            .filter(hasProblem)
            .map((each) => `${each.name}: ${[containerStatus(each, now), ...each.lastWords].join("\n    ")}`),
    ];
}

function prometheusProblems({ prometheus }: Facts): string[] {
    if (!prometheus) {
        return [];
    }
    const { targets, alerts, reloadConfigSuccess, failingRules, notificationsDropped, storage } = prometheus;
    const down = targets.filter(({ health }) => health === "down").map(({ scrapePool }) => scrapePool);
    const firing = alerts.filter(isWrong).map(({ labels }) => labels.alertname ?? "");
    const { filesystemFree: free, filesystemSize: all } = storage;
    const problems: (readonly [isThere: boolean, sentence: string])[] = [
        [down.length > 0, `${down.length} of ${targets.length} targets are down: ${names(down)}.`],
        [firing.length > 0, `${firing.length} alert${firing.length === 1 ? " fires" : "s fire"}: ${names(firing)}.`],
        [!reloadConfigSuccess, "Prometheus could not load its configuration, and runs with the one before."],
        ...failingRules.map(
            ({ group, name, lastError }) =>
                [true, `The rule ${name} of ${group} cannot be evaluated: ${lastError}`] as const,
        ),
        [notificationsDropped > 0, `${notificationsDropped} notifications were dropped within the last 10 minutes.`],
        [
            free !== null && all !== null && free / all < littleSpace,
            `Only ${share((free ?? 0) / (all ?? 1))} of the file system with the samples is free.`,
        ],
    ];
    return problems.filter(([isThere]) => isThere).map(([, sentence]) => sentence);
}

/** An alert that people have to do something about, and did not silence. */
export const isWrong = ({ state, labels, silencedBy }: Alert) =>
    state === "firing" && labels.severity !== "info" && silencedBy === null;

/** Each name once, with how often it was there. */
function names(all: readonly string[]): string {
    const counts = [...new Set(all)].map((name) => ({ name, count: all.filter((each) => each === name).length }));
    const said = counts.slice(0, 5).map(({ name, count }) => (count > 1 ? `${name} (${count} times)` : name));
    return [...said, ...(counts.length > 5 ? [`${counts.length - 5} more`] : [])].join(", ");
}

function grafanaProblems({ grafana }: Facts): string[] {
    return grafana && grafana.database !== "ok" ? [`Grafana's database: ${grafana.database}`] : [];
}
