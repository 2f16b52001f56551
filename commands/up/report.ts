import { setTimeout as sleep } from "node:timers/promises";
import type { AwaitedTarget, Scraped, ScrapedTarget } from "../../components/prometheus/scraped";
import { changedJobs, firstScrape, scrapedTargets } from "../../components/prometheus/scraped";
import { ask } from "../../components/prometheus/live";
import { missingMetrics } from "../../components/prometheus/missingMetrics";
import { parts } from "../../components/parts";
import { targetTable } from "../../components/prometheus/screen";
import { dockerName } from "../../components/dockerName";
import type { Part } from "../../components/part";
import { leftOut, nameOf } from "../../config/schema/part";
import { formatDuration } from "../../config/schema/units";
import type { StackName } from "../command";
import type { Environment } from "../environment";
import { dockerSync } from "../../toolchain/docker";
import { ToolError } from "../../toolchain/process";
import { stackOutputs } from "../../toolchain/state";
import { say } from "../../toolchain/progress";
import { containers } from "../status/containers";
import { containerTable } from "../status/screen";
import { more, most, rows, table } from "../../toolchain/table";

/** How long a target may take until its first good scrape, in milliseconds; one whose first scrape is not due yet may take longer. */
const patience = 90_000;
/** The longest that is waited for a scrape that is not due yet: a job may be scraped once a day. */
const longest = 15 * 60_000;
/** How long a discovery may take until its first target is known: how many there will be nobody knows. */
const discovery = 10_000;

/** How the targets were when the waiting ended. */
export interface Waited {
    readonly targets: readonly ScrapedTarget[];
    /** The jobs that have none. @default there is no such job */
    readonly empty?: readonly string[];
    /** What is missing that should be there, in words. @default nothing is */
    readonly missing?: string;
}

/**
 * Waits until every target of the stack was scraped as it is declared now: as long as the slowest of those needs that were not
 * scraped at all.
 * @throws ToolError where Prometheus does not answer
 */
export async function waitForTargets(stack: string): Promise<Waited> {
    const ask = asker(dockerName(stack, "prometheus"));
    const began = Date.now();
    for (let told = ""; ;) {
        const asked = Date.now();
        const { targets, empty } = ask();
        const waiting = targets.filter(({ health }) => health !== "up");
        const isFound = empty.length === 0 || asked - began > discovery;
        if (targets.length > 0 && waiting.length === 0 && isFound) {
            return { targets, empty };
        }
        const enough = timeNeeded(waiting);
        const waitingFor =
            targets.length === 0
                ? "Prometheus to answer"
                : waiting.length > 0
                  ? `the first scrape of ${jobsOf(waiting)}`
                  : `a target of ${empty.join(", ")}`;
        if (waitingFor !== told) {
            say(`Waiting for ${waitingFor}${enough > patience ? `, up to ${formatDuration(enough)}` : ""} ...`);
            told = waitingFor;
        }
        if (asked - began > enough) {
            return { ...ended(targets, asked - began), empty };
        }
        // Never more than half of the time: 100,000 targets are seconds of Prometheus' work.
        await sleep(Math.max(500, Date.now() - asked));
    }
}

/** How long those need that are not up, in milliseconds. */
export function timeNeeded(waiting: readonly AwaitedTarget[]): number {
    const first = waiting.filter(({ health }) => health === "unknown").map(firstScrape);
    return Math.min(
        longest,
        first.reduce((most, each) => Math.max(most, each), patience),
    );
}

/** @throws ToolError where Prometheus did not answer */
export function ended(targets: readonly AwaitedTarget[], waited: number): Waited {
    const after = `The stack is deployed, but after ${formatDuration(Math.round(waited / 1000) * 1000)}`;
    if (targets.length === 0) {
        throw new ToolError(`${after} Prometheus does not answer.`);
    }
    const isDue = (target: AwaitedTarget) => Math.max(patience, firstScrape(target)) < waited;
    const missing = targets.filter((each) => each.health === "down" || (each.health === "unknown" && isDue(each)));
    if (missing.length === 0) {
        return { targets };
    }
    const shown = missing.slice(0, most);
    const lines = [
        `${after} these targets are not up: ${jobsOf(missing)}.`,
        ...rows(shown.map(({ scrapePool, scrapeUrl, lastError }) => [scrapePool, scrapeUrl, lastError])),
        ...more(missing.length - shown.length),
    ];
    return { targets, missing: lines.join("\n") };
}

const jobsOf = (targets: readonly ScrapedTarget[]) =>
    [...new Set(targets.map(({ scrapePool }) => scrapePool))].sort().join(", ");

/** Gives what Prometheus scrapes; nothing while it does not answer, as in the moments after a restart. */
function asker(container: string): () => Scraped {
    let changed: ReadonlySet<string> | undefined;
    return () =>
        whereItAnswers(
            () => {
                changed ??= changedJobs(container);
                return scrapedTargets(container, changed);
            },
            { targets: [], empty: [] },
        );
}

/** What Prometheus is asked for. @param otherwise where it does not answer */
function whereItAnswers<Answer>(question: () => Answer, otherwise: Answer): Answer {
    try {
        return question();
    } catch (error) {
        if (error instanceof ToolError) {
            return otherwise;
        }
        throw error;
    }
}

/** Says what runs where, how to get in, and what is missing. */
export async function report(
    stack: StackName,
    { targets, empty = [], missing }: Waited,
    env: Environment,
): Promise<void> {
    const outputs = stackOutputs(stack.fullName, env) as Record<string, string>;
    const addresses = parts.flatMap((part) => addressLines(part, outputs, stack, env));
    const blocks = [
        targetTable(targets).join("\n"),
        containerTable(await containers(stack.name), Date.now(), ["STATUS", "PORTS"]).join("\n"),
        table(addresses),
        ...(empty.length === 0 ? [] : [`Nothing is scraped for ${empty.join(", ")}: no target was found yet.`]),
        ...lackingMetrics(dockerName(stack.name, "prometheus")),
    ];
    say(`\n${[...blocks, ...(missing === undefined ? [] : [missing])].join("\n\n")}`);
}

/** What to say of applications that no alert and no graph will find anything of. */
function lackingMetrics(container: string): string[] {
    const lacking = whereItAnswers(() => missingMetrics((paths) => ask(container, paths)), []);
    const advice =
        "No alert of theirs can fire, and their graphs are empty: docs/runbooks/ApplicationMetricsMissing.md";
    return lacking.length === 0 ? [] : [[...lacking.slice(0, 20), ...more(lacking.length - 20), advice].join("\n")];
}

/** Where a part is found, and how to get in; or why it is left out. */
function addressLines(
    part: Part,
    outputs: Readonly<Record<string, string>>,
    { name, fullName }: StackName,
    env: Environment,
): string[][] {
    const { title, login, page } = part;
    const reason = env[leftOut(part)];
    if (reason !== undefined) {
        return [[title, `left out: ${reason}`]];
    }
    const url = outputs[`${nameOf(part)}Url`];
    if (url === undefined) {
        return [];
    }
    const address = page && outputs[page.output];
    const password = `npm run pulumi -- stack output ${login?.password} --show-secrets`;
    return [
        [title, `${url}${apiOnly(name, part)}`],
        ...(address ? [[page?.title ?? "", address]] : []),
        ...(login
            ? [["", `user ${login.user}, password: ${password}${fullName === "dev" ? "" : ` --stack ${fullName}`}`]]
            : []),
    ];
}

function apiOnly(stack: string, { role, image }: Part): string {
    if (!image.packagesLackUi) {
        return "";
    }
    const format = '{{index .Config.Labels "metrics-stack.made-from"}}';
    const madeFrom = dockerSync(["inspect", "--format", format, dockerName(stack, role)]).trim();
    return madeFrom === "packages" ? "  (its API only: made from packages)" : "";
}
