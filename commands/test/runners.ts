import { spawn } from "node:child_process";
import * as path from "node:path";
import { project } from "../../toolchain/checkout";
import type { Option, Recipient } from "../command";
import type { Environment } from "../environment";
import type { Counts } from "./counts";
import { counts } from "./counts";
import { needsEngine } from "./selection";

/** What the commands that run tests hand on to mocha. */
export const toMocha: Recipient = { name: "mocha", help: "npx mocha --help", options: [] };

export const grepOption: Option = {
    name: "grep",
    letter: "g",
    value: "TEXT",
    meaning: "only tests that have this in their title",
};

/** Runs suites. @param jobs how many at a time; one that runs alone shows each test as it ends, and may have an `.only` */
export function mocha(suites: readonly string[], options: readonly string[], jobs: number, env: Environment = {}) {
    const config = suites.some(needsEngine) ? ["--config", path.join("tests", "integration", "mocharc.json")] : [];
    const parallel = suites.length > 1 ? ["--parallel", "--jobs", String(jobs), "--forbid-only"] : [];
    const program = path.join(project, "node_modules", ".bin", "mocha");
    return run(program, [...config, ...parallel, ...options, ...suites], project, env);
}

/** Runs a test runner in the terminal, and reads the counts from its last lines. */
export function run(program: string, args: readonly string[], cwd: string, env: Environment): Promise<Counts> {
    return new Promise((resolve, reject) => {
        const colors = process.stdout.isTTY ? { FORCE_COLOR: "1" } : {};
        const child = spawn(program, args, {
            cwd,
            env: { ...process.env, ...env, ...colors },
            stdio: ["ignore", "pipe", "inherit"],
        });
        let text = "";
        child.stdout.on("data", (chunk: Buffer) => {
            process.stdout.write(chunk);
            text = (text + chunk.toString()).slice(-100_000);
        });
        child.on("error", reject);
        child.on("close", (code) => resolve(counts(code ?? 1, text)));
    });
}
