import { Checkout, freePort } from "../tests/integration/checkout";
import { say, step } from "../toolchain/progress";
import { median } from "./numbers";
import { run, seconds } from "./typed";

/**
 * How the commands grow with the targets of one job: with nothing to change, and with one target more. All targets lead to a closed port
 * of Prometheus' own container, hours apart, so that nothing but the declaration and its verification is measured. `up` is
 * the one of `npm run pulumi`: that of `npm run up` waits until every target was scraped.
 */

const sizes = [10, 1_000, 100_000];
const rounds = 3;

const up = ["up", "--yes", "--skip-preview"];
const commands = [
    { title: "preview, no change", script: "preview", args: [], changes: false },
    { title: "up, no change", script: "pulumi", args: up, changes: false },
    { title: "up, one target more", script: "pulumi", args: up, changes: true },
];

/** @param interruption aborted when the benchmark is to end early */
export async function benchScale(interruption: AbortSignal): Promise<void> {
    const port = await freePort();
    const medians: number[][] = [];
    for (const size of sizes) {
        medians.push(await measured(size, port, interruption));
    }
    print(medians);
}

/** The median of each command, in seconds, with a stack of its own. */
async function measured(size: number, port: number, interruption: AbortSignal): Promise<number[]> {
    const checkout = new Checkout();
    try {
        let targets = size;
        checkout.declare(declaration(targets, port));
        await step(`Deploying ${size.toLocaleString("en")} targets`, () => checkout.succeed("pulumi", ...up));
        const times = commands.map(() => [] as number[]);
        for (let round = 0; round < rounds; round++) {
            for (const [i, { script, args, changes }] of commands.entries()) {
                interruption.throwIfAborted();
                checkout.declare(declaration(changes ? ++targets : targets, port));
                times[i]?.push(await seconds(() => run(checkout, "npm", ["run", script, "--", ...args])));
            }
            say(`  ${round + 1} of ${rounds}`);
        }
        return times.map(median);
    } finally {
        checkout.remove();
    }
}

function declaration(targets: number, port: number): Readonly<Record<string, unknown>> {
    return {
        prometheus: { port, memoryLimit: "6GB" },
        nodeExporter: { enabled: false },
        grafana: { enabled: false },
        scrapeJobs: [
            {
                jobName: "bench",
                scrapeInterval: "1h",
                staticConfigs: [{ targets: Array.from({ length: targets }, (_, n) => `host-${n}:9100`) }],
                relabelConfigs: [
                    { sourceLabels: ["__address__"], targetLabel: "instance" },
                    { targetLabel: "__address__", replacement: "localhost:9" },
                ],
            },
        ],
    };
}

/** Each command with its growth over the smallest stack. */
function print(medians: readonly (readonly number[])[]): void {
    const columns = sizes.map((size) => `${size.toLocaleString("en")} targets`.padStart(24)).join("");
    process.stdout.write(`${"".padEnd(20)}${columns}\n`);
    commands.forEach(({ title }, i) => {
        const base = medians[0]?.[i] ?? Number.NaN;
        const figures = medians.map((each) => {
            const time = each[i] ?? Number.NaN;
            return `${time.toFixed(1)} s (${(time / base).toFixed(2)})`.padStart(24);
        });
        process.stdout.write(`${title.padEnd(20)}${figures.join("")}\n`);
    });
}
