import { Checkout, freePort } from "../tests/integration/checkout";
import { toItself } from "../tests/integration/toItself";
import { say, step } from "../toolchain/progress";
import { run, seconds } from "./typed";

/**
 * What one command for many stacks takes, beside the same for one after the other: all of them on this machine's engine, where on hosts of
 * their own each would have its processor.
 */

const count = 20;

const commands = [
    { title: "up, first", script: "up", args: [], changes: true },
    { title: "up, one target more", script: "up", args: [], changes: true },
    { title: "up, no change", script: "up", args: [], changes: false },
    { title: "status", script: "status", args: ["--no-drift"], changes: false },
];

/** @param interruption aborted when the benchmark is to end early */
export async function benchFleet(interruption: AbortSignal): Promise<void> {
    const together = await measured(interruption, "one command", (first, script, args) =>
        run(first, "npm", ["run", script, "--", "--stack", `${first.stack}*`, ...args]),
    );
    const single = await measured(interruption, "one by one", async (_, script, args, stacks) => {
        for (const stack of stacks) {
            interruption.throwIfAborted();
            await run(stack, "npm", ["run", script, "--", ...args]);
        }
    });
    process.stdout.write(`${"".padEnd(24)}${"one command".padStart(13)}${"one by one".padStart(14)}   ratio\n`);
    commands.forEach(({ title }, i) => {
        const [one = Number.NaN, other = Number.NaN] = [together[i], single[i]];
        const times = `${`${one.toFixed(0)} s`.padStart(13)}${`${other.toFixed(0)} s`.padStart(14)}`;
        process.stdout.write(`${title.padEnd(24)}${times}${(one / other).toFixed(2).padStart(8)}\n`);
    });
}

type Way = (first: Checkout, script: string, args: readonly string[], stacks: readonly Checkout[]) => Promise<void>;

/** How long each command takes for a new fleet, in seconds. */
async function measured(interruption: AbortSignal, title: string, way: Way): Promise<number[]> {
    const first = new Checkout();
    const stacks = [first, ...Array.from({ length: count - 1 }, (_, n) => new Checkout(first, undefined, String(n)))];
    try {
        const ports = await Promise.all(stacks.map(() => freePort()));
        let targets = 0;
        const times: number[] = [];
        for (const { title: what, script, args, changes } of commands) {
            interruption.throwIfAborted();
            targets += changes ? 1 : 0;
            stacks.forEach((stack, n) => stack.declare(declaration(n, ports[n] ?? 0, targets)));
            times.push(
                await step(`${count} stacks, ${title}: ${what}`, () => seconds(() => way(first, script, args, stacks))),
            );
        }
        return times;
    } finally {
        say("Removing them ...");
        [...stacks].reverse().forEach((stack) => stack.remove());
    }
}

/** Every address of a container's loopback network leads to the Prometheus in it. */
const declaration = (n: number, port: number, targets: number): Readonly<Record<string, unknown>> => ({
    scrapeInterval: "5s",
    prometheus: { port },
    network: { subnet: `10.213.${n}.0/24` },
    nodeExporter: { enabled: false },
    grafana: { enabled: false },
    scrapeJobs: [
        {
            jobName: "bench",
            staticConfigs: [{ targets: Array.from({ length: targets }, (_, t) => `127.0.0.${t + 1}:9090`) }],
            ...toItself,
        },
    ],
});
