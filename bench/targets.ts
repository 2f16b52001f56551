import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { docker, freePort } from "../tests/integration/checkout";
import type { PrometheusApi } from "../tests/integration/prometheusApi";
import { eventually } from "../tests/integration/prometheusApi";
import { dockerEnvironment } from "../toolchain/context";
import { ensureEngine } from "../toolchain/engine";
import { built, composeTool } from "../toolchain/go";
import { succeeds, ToolError } from "../toolchain/process";
import { say, step } from "../toolchain/progress";
import type { Contestant } from "./contestants";
import { ComposeProject, PulumiStack } from "./contestants";
import { median, missedScrapes } from "./numbers";

/**
 * How long it takes from the command to the first good scrape of a target that was added to a job, and what that costs a
 * target that was not touched: with `npm run up`, and with Docker Compose, whose users edit prometheus.yaml and restart
 * the container, or have Prometheus reload it. All run the same image side by side, and take turns, so that a busy machine
 * slows all. A restart costs more than the start of a program: a Prometheus that just started scrapes after 5 s only.
 *
 * What only `npm run up` does in that time: it checks the declaration, has promtool check the files, looks for what somebody
 * changed by hand, keeps the previous configuration to go back to, verifies that the live configuration and targets are the
 * declared ones, goes back if they are not, and waits until every target was scraped.
 */

const rounds = 10;
/** In seconds: short, so that a restart shows. */
const interval = 1;
/** How long a new target may take until its first scrape, in milliseconds. */
const patience = 60_000;

/** What came of one change. */
interface Turn {
    /** From the command to the first good scrape of the new target. */
    readonly seconds: number;
    /** Of the target that was not touched. */
    readonly missed: number;
    readonly restarts: number;
}

/** @param interruption aborted when the benchmark is to end early */
export async function benchTargets(interruption: AbortSignal): Promise<void> {
    const contestants = await enter();
    try {
        for (const contestant of contestants) {
            contestant.declare([address(0)]);
            await step(`Starting Prometheus for "${contestant.title}"`, () => contestant.start());
            interruption.throwIfAborted();
        }
        say(`${rounds} targets added to each, in turn ...`);
        const turns = contestants.map(() => [] as Turn[]);
        // The first round is not counted: it fills caches.
        for (let round = 0; round <= rounds; round++) {
            for (const [i, contestant] of contestants.entries()) {
                const turn = await addTarget(contestant, round + 1);
                interruption.throwIfAborted();
                turns[i]?.push(turn);
            }
            say(`  ${round} of ${rounds}`);
        }
        print(
            contestants,
            turns.map((each) => each.slice(1)),
        );
    } finally {
        await removeAll(contestants);
    }
}

async function enter(): Promise<Contestant[]> {
    const { DOCKER_HOST: endpoint } = Object.assign(process.env, dockerEnvironment());
    await ensureEngine();
    if (endpoint?.startsWith("unix://") === false) {
        throw new ToolError(`Compose's bind mount needs a Docker engine on this machine, not the one at ${endpoint}.`);
    }
    const compose = await composeCommand();
    const [first, second, third] = await Promise.all([freePort(), freePort(), freePort()]);
    return [
        new PulumiStack(first, `${interval}s`),
        new ComposeProject(compose, "restart", second, `${interval}s`),
        new ComposeProject(compose, "reload", third, `${interval}s`),
    ];
}

/** The machine's own Docker Compose, or one from its Go module. */
async function composeCommand(): Promise<[string, ...string[]]> {
    const installed = succeeds("docker", ["compose", "version"]);
    return installed ? ["docker", "compose"] : [path.join(await built(composeTool), "cmd")];
}

/** Every address of a container's loopback network leads to the Prometheus in it. */
const address = (n: number) => `127.0.0.${n + 1}:9090`;

/** Adds a target, and sees how long it takes to be scraped, and what becomes of the one that was there. */
async function addTarget(contestant: Contestant, n: number): Promise<Turn> {
    const { prometheus } = contestant;
    contestant.declare(Array.from({ length: n + 1 }, (_, i) => address(i)));
    const before = startedAt(contestant);
    const start = Date.now() / 1000;
    await contestant.change();
    let first = Number.NaN;
    await eventually(patience, async () => {
        const [time] = await goodScrapes(prometheus, `up{job="bench",instance="${address(n)}"}`, start);
        if (time === undefined) {
            throw new ToolError(`${contestant.title}: after ${patience / 1000} s ${address(n)} was not scraped.`);
        }
        first = time;
    });
    await sleep(2000 * interval); // A scrape that is missing shows when the next one is there.
    const times = await goodScrapes(prometheus, 'up{job="prometheus"}', start - 2 * interval);
    return {
        seconds: first - start,
        missed: missedScrapes(times, interval),
        restarts: startedAt(contestant) === before ? 0 : 1,
    };
}

/** When a target was scraped well since a time, as Prometheus stored it: in seconds, ascending. */
async function goodScrapes(prometheus: PrometheusApi, series: string, since: number): Promise<number[]> {
    const range = `${series}[${Math.ceil(Date.now() / 1000 - since)}s]`;
    const { result } = await prometheus.ask<{ result: { values: [number, string][] }[] }>(
        `query?query=${encodeURIComponent(range)}`,
    );
    const samples = result.flatMap(({ values }) => values);
    return samples.filter(([time, value]) => time > since && value === "1").map(([time]) => time);
}

/** Another one after each restart, also of another container with the same name. */
const startedAt = ({ container }: Contestant) => docker("inspect", "--format", "{{.State.StartedAt}}", container);

function print(contestants: readonly Contestant[], turns: readonly (readonly Turn[])[]): void {
    const medians = turns.map((each) => median(each.map(({ seconds }) => seconds)));
    const [base = Number.NaN] = medians;
    const sum = (each: readonly Turn[] = [], key: "missed" | "restarts") =>
        each.reduce((total, turn) => total + turn[key], 0);
    process.stdout.write("a new target is scraped after      median   ratio   missed scrapes   restarts\n");
    contestants.forEach(({ title }, i) => {
        const time = medians[i] ?? Number.NaN;
        const figures = [
            `${time.toFixed(2)} s`.padStart(8),
            (time / base).toFixed(2).padStart(8),
            String(sum(turns[i], "missed")).padStart(17),
            String(sum(turns[i], "restarts")).padStart(11),
        ];
        process.stdout.write(`${title.padEnd(33)}${figures.join("")}\n`);
    });
}

/** Removes all of them, also when one cannot be. */
async function removeAll(contestants: readonly Contestant[]): Promise<void> {
    for (const contestant of contestants) {
        try {
            await contestant.remove();
        } catch (error) {
            say(`Not all of "${contestant.title}" could be removed: ${String(error)}`);
        }
    }
}
