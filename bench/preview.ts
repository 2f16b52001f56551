import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import type { Environment } from "../commands/environment";
import { prepare } from "../commands/environment";
import { Checkout, freePort } from "../tests/integration/checkout";
import { project } from "../toolchain/checkout";
import { output } from "../toolchain/process";
import { say, step } from "../toolchain/progress";
import { median } from "./numbers";
import { run, seconds } from "./typed";

/**
 * How long Pulumi's commands take on a deployed stack where nothing is to change, compared with a program that only imports
 * @pulumi/pulumi: the program alone, plain Pulumi commands, and the npm commands as they are typed. All take turns, so that a busy
 * machine slows all.
 */

const rounds = 5;

/** A command that is measured, and the one of the empty program that it is compared with. */
interface Column {
    readonly title: string;
    readonly base: "preview" | "up";
    readonly run: () => Promise<void>;
}

/** @param interruption aborted when the benchmark is to end early */
export async function benchPreview(interruption: AbortSignal): Promise<void> {
    const env = await prepare("dev");
    const folder = mkdtempSync(path.join(tmpdir(), "metrics-stack-bench-"));
    const checkout = new Checkout();
    try {
        const [prometheus, webBe] = await Promise.all([freePort(), freePort()]);
        checkout.declare({ webBe: { enabled: true, port: webBe }, prometheus: { port: prometheus } });
        await step("Deploying the stack that is measured", () => checkout.succeed("up"));
        const columns = [...(await emptyProgram(folder, env)), ...deployedStack(checkout, env)];
        const times = columns.map(() => [] as number[]);
        // The first round is not counted: it fills caches.
        for (let round = 0; round <= rounds; round++) {
            for (const [i, { run }] of columns.entries()) {
                interruption.throwIfAborted();
                times[i]?.push(await seconds(run));
            }
            say(`  ${round} of ${rounds}`);
        }
        print(
            columns,
            times.map((each) => median(each.slice(1))),
        );
    } finally {
        await checkout.remove();
        rmSync(folder, { recursive: true });
    }
}

const preview = ["preview", "--non-interactive"];
const up = ["up", "--yes", "--skip-preview", "--non-interactive"];

/** A program that does nothing, with this project's packages and a state of its own. */
async function emptyProgram(folder: string, env: Environment): Promise<Column[]> {
    const files = {
        "Pulumi.yaml": "name: empty\nruntime: nodejs\n",
        "package.json": "{}\n",
        "index.ts": 'import "@pulumi/pulumi";\n',
        "tsconfig.json": '{ "compilerOptions": { "module": "nodenext", "noCheck": true } }\n',
    };
    Object.entries(files).forEach(([file, text]) => writeFileSync(path.join(folder, file), text));
    symlinkSync(path.join(project, "node_modules"), path.join(folder, "node_modules"));
    mkdirSync(path.join(folder, "state"));
    const own = {
        ...env,
        PULUMI_BACKEND_URL: `file://${folder}/state`,
        PULUMI_CONFIG_PASSPHRASE: "bench",
        PULUMI_CONFIG_PASSPHRASE_FILE: "",
        PULUMI_STACK: "bench",
    };
    output("pulumi", ["stack", "init", "bench"], { cwd: folder, env: own });
    const pulumi = (args: readonly string[]) => () =>
        Promise.resolve(output("pulumi", args, { cwd: folder, env: own })).then(() => undefined);
    await pulumi(up)();
    return [
        { title: "an empty program, preview", base: "preview", run: pulumi(preview) },
        { title: "an empty program, up", base: "up", run: pulumi(up) },
    ];
}

function deployedStack(checkout: Checkout, env: Environment): Column[] {
    const { folder, stack } = checkout;
    const state = path.join(folder, ".state");
    const stackFile = ["--config-file", path.join(state, "project", `Pulumi.${stack}.yaml`)];
    const own = {
        ...env,
        PULUMI_BACKEND_URL: `file://${state}`,
        PULUMI_CONFIG_PASSPHRASE_FILE: path.join(state, "passphrase"),
        PULUMI_STACK: stack,
    };
    const pulumi =
        (args: readonly string[], more: Environment = {}) =>
        () =>
            run(checkout, "pulumi", [...args, ...stackFile], { ...own, ...more });
    const npm = (script: string) => () => run(checkout, "npm", ["run", script]);
    const withoutChecks = { METRICS_STACK_SKIP_HOST_CHECKS: "true" };
    return [
        {
            title: "the program alone",
            base: "preview",
            run: pulumi([...preview, "--refresh=false"], withoutChecks),
        },
        { title: "pulumi preview", base: "preview", run: pulumi(preview) },
        { title: "pulumi up", base: "up", run: pulumi(up) },
        { title: "npm run preview", base: "preview", run: npm("preview") },
        { title: "npm run up", base: "up", run: npm("up") },
    ];
}

function print(columns: readonly Column[], medians: readonly number[]): void {
    const bases = { preview: medians[0] ?? Number.NaN, up: medians[1] ?? Number.NaN };
    process.stdout.write("nothing to change                  median   ratio\n");
    columns.forEach(({ title, base }, i) => {
        const time = medians[i] ?? Number.NaN;
        const ratio = time / bases[base];
        process.stdout.write(`${title.padEnd(33)}${time.toFixed(2).padStart(6)} s${ratio.toFixed(2).padStart(8)}\n`);
    });
}
