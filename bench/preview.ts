import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { project } from "../toolchain/checkout";
import type { Environment } from "../commands/environment";
import { prepare } from "../commands/environment";
import { output } from "../toolchain/process";
import { say } from "../toolchain/progress";
import { median } from "./numbers";

/**
 * How long `pulumi preview` of the dev stack takes, compared with a program that only imports @pulumi/pulumi and declares
 * nothing: the program alone, and with the checks on the Docker host and by promtool. All take turns, so that a busy machine
 * slows all. The goal for the program alone is a ratio of at most 1.3 with the official plugins; those from packages are
 * Node programs, which take 0.1 s longer to start.
 */

const rounds = 9;

export async function benchPreview(): Promise<void> {
    const folder = mkdtempSync(path.join(tmpdir(), "metrics-stack-bench-"));
    try {
        const env = { ...(await prepare("dev")), ...temporaryState(folder) };
        const stack = programOf(path.join(folder, "stack"), [
            ...["index.ts", "components", "config", "examples", "Pulumi.dev.yaml"],
        ]);
        const empty = programOf(path.join(folder, "empty"), []);
        writeFileSync(path.join(empty, "Pulumi.yaml"), "name: empty\nruntime: nodejs\n");
        writeFileSync(path.join(empty, "index.ts"), 'import "@pulumi/pulumi";\n');
        const previews = {
            "an empty program": () => seconds(empty, env),
            "the stack, without its checks": () => seconds(stack, { ...env, METRICS_STACK_SKIP_HOST_CHECKS: "true" }),
            "the stack": () => seconds(stack, env),
        };
        for (const program of [stack, empty]) {
            output("pulumi", ["stack", "init", "dev"], { cwd: program, env });
        }
        const names = Object.keys(previews) as (keyof typeof previews)[];
        names.forEach((name) => previews[name]()); // Not counted: it fills caches.
        say(`${rounds} previews of each, in turn ...`);
        const times = Array.from({ length: rounds }, () => names.map((name) => previews[name]()));
        const medians = names.map((_, i) => median(times.map((round) => round[i] ?? Number.NaN)));
        const [base = Number.NaN] = medians;
        process.stdout.write("preview of                       median   ratio\n");
        names.forEach((name, i) => {
            const time = medians[i] ?? Number.NaN;
            process.stdout.write(`${name.padEnd(33)}${time.toFixed(2)} s   ${(time / base).toFixed(2)}\n`);
        });
    } finally {
        rmSync(folder, { recursive: true });
    }
}

/** A state of the benchmark's own: nothing is deployed, and nothing of the user's stacks is touched. */
function temporaryState(folder: string): Environment {
    const state = path.join(folder, "state");
    mkdirSync(state);
    return {
        PULUMI_BACKEND_URL: `file://${state}`,
        PULUMI_CONFIG_PASSPHRASE: "bench",
        PULUMI_CONFIG_PASSPHRASE_FILE: "",
    };
}

/** A Pulumi program in a folder of its own, with this project's packages and compiler settings. */
function programOf(folder: string, files: readonly string[]): string {
    for (const file of ["Pulumi.yaml", "package.json", "tsconfig.json", ...files]) {
        cpSync(path.join(project, file), path.join(folder, file), { recursive: true });
    }
    symlinkSync(path.join(project, "node_modules"), path.join(folder, "node_modules"));
    return folder;
}

function seconds(cwd: string, env: Environment): number {
    const started = performance.now();
    output("pulumi", ["preview", "--non-interactive"], { cwd, env });
    return (performance.now() - started) / 1000;
}
