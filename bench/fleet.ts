import { Checkout, freePort } from "../tests/integration/checkout";
import { toItself } from "../tests/integration/toItself";
import { say, step } from "../toolchain/progress";
import { run, seconds } from "./typed";

/**
 * What one command for many agents takes, beside the same for one after the other: all of them on this machine's engine, where on hosts of
 * their own each would have its processor. All send to one stack, and each `up` has its first samples arrive there.
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
    const together = await measured(interruption, "one command", (receiver, script, args) =>
        run(receiver, "npm", ["run", script, "--", "--stack", `${receiver.stack}-*`, ...args]),
    );
    const single = await measured(interruption, "one by one", async (_, script, args, agents) => {
        for (const agent of agents) {
            interruption.throwIfAborted();
            await run(agent, "npm", ["run", script, "--", ...args]);
        }
    });
    process.stdout.write(`${"".padEnd(24)}${"one command".padStart(13)}${"one by one".padStart(14)}   ratio\n`);
    commands.forEach(({ title }, i) => {
        const [one = Number.NaN, other = Number.NaN] = [together[i], single[i]];
        const times = `${`${one.toFixed(0)} s`.padStart(13)}${`${other.toFixed(0)} s`.padStart(14)}`;
        process.stdout.write(`${title.padEnd(24)}${times}${(one / other).toFixed(2).padStart(8)}\n`);
    });
}

type Way = (receiver: Checkout, script: string, args: readonly string[], agents: readonly Checkout[]) => Promise<void>;

/** How long each command takes for a new fleet, in seconds. */
async function measured(interruption: AbortSignal, title: string, way: Way): Promise<number[]> {
    const receiver = new Checkout();
    const agents = Array.from({ length: count }, (_, n) => new Checkout(receiver, undefined, String(n)));
    try {
        const [port, ...ports] = await Promise.all([receiver, ...agents].map(() => freePort()));
        receiver.declare({
            ...base(count),
            prometheus: { port, receive: { remoteWrite: true } },
            grafana: { enabled: false },
        });
        await step(`${title}: the stack that receives`, () => receiver.succeed("up"));
        let targets = 0;
        const times: number[] = [];
        for (const { title: what, script, args, changes } of commands) {
            interruption.throwIfAborted();
            targets += changes ? 1 : 0;
            agents.forEach((agent, n) => agent.declare(agentOf(receiver, n, ports[n], targets)));
            times.push(
                await step(`${count} agents, ${title}: ${what}`, () =>
                    seconds(() => way(receiver, script, args, agents)),
                ),
            );
        }
        return times;
    } finally {
        say("Removing them ...");
        // The agents are on the receiver's network.
        [...agents, receiver].forEach((stack) => stack.remove());
    }
}

/** Each stack has a subnet of its own. */
const base = (n: number) => ({
    scrapeInterval: "5s",
    nodeExporter: { enabled: false },
    network: { subnet: `10.213.${n}.0/24` },
});

/** Every address of a container's loopback network leads to the Prometheus in it. */
const agentOf = (receiver: Checkout, n: number, port: number | undefined, targets: number) => ({
    ...base(n),
    prometheus: { mode: "agent", port },
    network: { ...base(n).network, join: [`metrics-stack-${receiver.stack}`] },
    remoteWrite: [{ url: `http://${receiver.container("prometheus")}:9090/api/v1/write` }],
    scrapeJobs: [
        {
            jobName: "bench",
            staticConfigs: [{ targets: Array.from({ length: targets }, (_, t) => `127.0.0.${t + 1}:9090`) }],
            ...toItself,
        },
    ],
});
