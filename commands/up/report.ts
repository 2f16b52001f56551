import { setTimeout as sleep } from "node:timers/promises";
import type { ScrapedTarget } from "../../components/prometheus/scraped";
import { changedJobs, scrapedTargets } from "../../components/prometheus/scraped";
import { parts } from "../../components/parts";
import { targetTable } from "../../components/prometheus/screen";
import { dockerName } from "../../components/dockerName";
import type { Part } from "../../components/part";
import { leftOut } from "../../config/schema/part";
import type { StackName } from "../command";
import type { Environment } from "../environment";
import { dockerSync } from "../../toolchain/docker";
import { ToolError } from "../../toolchain/process";
import { stackOutputs } from "../../toolchain/state";
import { say } from "../../toolchain/progress";
import { containers } from "../status/containers";
import { containerTable } from "../status/screen";
import { table } from "../../toolchain/table";

/** How long a target may take until its first good scrape, in milliseconds. */
const patience = 90_000;

/**
 * Waits until every target of the stack was scraped as it is declared now, and returns them all.
 * @throws ToolError that names those that were not
 */
export async function waitForTargets(stack: string): Promise<ScrapedTarget[]> {
    const deadline = Date.now() + patience;
    const ask = asker(dockerName(stack, "prometheus"));
    for (let told = ""; ;) {
        const asked = Date.now();
        const targets = ask();
        const waiting = targets.filter(({ health }) => health !== "up");
        if (targets.length > 0 && waiting.length === 0) {
            return targets;
        }
        const jobs = [...new Set(waiting.map(({ scrapePool }) => scrapePool))].sort().join(", ");
        const waitingFor = jobs === "" ? "Prometheus to answer" : `the first scrape of ${jobs}`;
        if (waitingFor !== told) {
            say(`Waiting for ${waitingFor} ...`);
            told = waitingFor;
        }
        if (Date.now() > deadline) {
            const failed = waiting.map(({ scrapePool, scrapeUrl, lastError }) => [scrapePool, scrapeUrl, lastError]);
            throw new ToolError(
                `The stack is deployed, but after ${patience / 1000} s this is still missing: ${waitingFor}.\n${table(failed)}`,
            );
        }
        // Never more than half of the time: 100,000 targets are seconds of Prometheus' work.
        await sleep(Math.max(500, Date.now() - asked));
    }
}

/** Gives what Prometheus scrapes; nothing while it does not answer, as in the moments after a restart. */
function asker(container: string): () => ScrapedTarget[] {
    let changed: ReadonlySet<string> | undefined;
    return () => {
        try {
            changed ??= changedJobs(container);
            return scrapedTargets(container, changed);
        } catch (error) {
            if (error instanceof ToolError) {
                return [];
            }
            throw error;
        }
    };
}

/** Says what runs where, and how to get in. */
export async function report(stack: StackName, targets: readonly ScrapedTarget[], env: Environment): Promise<void> {
    const outputs = stackOutputs(stack.fullName, env) as Record<string, string>;
    const addresses = parts.flatMap((part) => addressLines(part, outputs, stack, env));
    const blocks = [
        targetTable(targets).join("\n"),
        containerTable(await containers(stack.name), Date.now(), ["STATUS", "PORTS"]).join("\n"),
        table(addresses),
    ];
    say(`\n${blocks.join("\n\n")}`);
}

/** Where a part is found, and how to get in; or why it is left out. */
function addressLines(
    part: Part,
    outputs: Readonly<Record<string, string>>,
    { name, fullName }: StackName,
    env: Environment,
): string[][] {
    const { key, title, login } = part;
    const reason = env[leftOut(part)];
    if (reason !== undefined) {
        return [[title, `left out: ${reason}`]];
    }
    const url = outputs[`${key}Url`];
    if (url === undefined) {
        return [];
    }
    const password = `npm run pulumi -- stack output ${login?.password} --show-secrets`;
    return [
        [title, `${url}${apiOnly(name, part)}`],
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
