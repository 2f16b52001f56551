import { spawn } from "node:child_process";
import * as path from "node:path";
import { images } from "../config/images";
import { webBeFolder } from "../components/webBe/source";
import { project } from "../toolchain/checkout";
import type { Environment } from "./environment";
import { prepare } from "./environment";
import { provideImage } from "../toolchain/images/provide";
import { toolchainMode } from "../toolchain/mode";
import { pythonPackages } from "../toolchain/python";

const mocha = path.join(project, "node_modules", ".bin", "mocha");

/** The tests that need only Node. */
export async function runUnitTests(args: readonly string[]): Promise<number> {
    const { status } = await run(mocha, args, project, {});
    return status;
}

/**
 * All tests: of the program with a real engine, CLI and Docker, and of the example services. Ends with one line that counts
 * them all.
 */
export async function runTests(args: readonly string[]): Promise<number> {
    const env = await prepare("dev");
    // The stack dev does without, but the tests do not.
    await provideImage(images.alertmanager, toolchainMode());
    const runs = [
        await run(mocha, ["--config", path.join(project, "tests", "all.mocharc.json"), ...args], project, env),
        await runPytest(webBeFolder),
        await runPytest(path.join(project, "examples", "otel")),
    ];
    const sum = (key: "passed" | "failed" | "skipped") => runs.reduce((total, counts) => total + counts[key], 0);
    const skipped = sum("skipped") > 0 ? `, ${sum("skipped")} skipped` : "";
    process.stdout.write(`\n${sum("passed")} passed, ${sum("failed")} failed${skipped}\n`);
    return runs.some(({ status }) => status !== 0) ? 1 : 0;
}

/** The tests of an example, with the packages that its requirements pin. */
async function runPytest(folder: string): Promise<Counts> {
    const requirements = ["requirements.txt", "requirements-dev.txt"].map((file) => path.join(folder, file));
    const python = { PYTHONPATH: await pythonPackages(requirements), PYTHONDONTWRITEBYTECODE: "1" };
    return run("python3", ["-m", "pytest", "-q", "-p", "no:cacheprovider"], folder, python);
}

export interface Counts {
    readonly status: number;
    readonly passed: number;
    readonly failed: number;
    readonly skipped: number;
}

/** Runs a test runner in the terminal, and reads the counts from its last lines. */
function run(program: string, args: readonly string[], cwd: string, env: Environment): Promise<Counts> {
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

/** Reads what mocha ("  3 passing (2s)", a line each) or pytest ("1 failed, 2 passed in 1s") says at its end. */
export function counts(status: number, text: string): Counts {
    const plain = text.replaceAll(new RegExp("\u001b\\[[0-9;]*m", "g"), "");
    const summary = plain.split("\n").filter((line) => /^[ =]*\d+ (pass|fail|pend|skip|error)/.test(line));
    const last = (words: string) =>
        Number([...summary.join("\n").matchAll(new RegExp(`(\\d+) (?:${words})`, "g"))].at(-1)?.[1] ?? 0);
    const failed = last("failing|failed") + last("errors?");
    // A runner that broke off before it could count has failed too.
    return {
        status,
        passed: last("passing|passed"),
        failed: status !== 0 && failed === 0 ? 1 : failed,
        skipped: last("pending|skipped"),
    };
}
