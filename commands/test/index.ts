import { spawn } from "node:child_process";
import * as path from "node:path";
import { webBeFolder } from "../../components/webBe/source";
import { alertmanager } from "../../components/alertmanager";
import { project } from "../../toolchain/checkout";
import { provideImage } from "../../toolchain/images/provide";
import { toolchainMode } from "../../toolchain/mode";
import { pythonPackages } from "../../toolchain/python";
import type { Environment } from "../environment";
import { prepare } from "../environment";
import { imageSource } from "../images";
import type { Counts } from "./counts";
import { counts, total } from "./counts";
import { allSuites, needsEngine, selectTests } from "./selection";

/** The example services, from the project. */
const examples = [path.relative(project, webBeFolder), "examples/otel"];

/** The tests that need only Node, or some of them. */
export async function runUnitTests(args: readonly string[]): Promise<number> {
    const unit = allSuites().filter((suite) => !needsEngine(suite));
    const { suites, options } = selectTests(args, unit);
    return (await mocha(suites, options, 2)).status;
}

/**
 * All tests, or some of them: of the program with a real engine, CLI and Docker, and of the example services. Ends with one
 * line that counts them all.
 */
export async function runTests(args: readonly string[]): Promise<number> {
    const selected = selectTests(args, allSuites(), examples);
    const env = selected.suites.some(needsEngine) ? await prepareEngine() : {};
    const runs: Counts[] = [];
    if (selected.suites.length > 0) {
        runs.push(await mocha(selected.suites, selected.options, 3, env));
    }
    for (const example of examples) {
        const files = selected.examples.filter((file) => `${file}/`.startsWith(`${example}/`));
        if (files.length > 0) {
            runs.push(await pytest(example, files, selected.suites.length > 0 ? [] : selected.options));
        }
    }
    process.stdout.write(`\n${total(runs)}\n`);
    return runs.some(({ status }) => status !== 0) ? 1 : 0;
}

async function prepareEngine(): Promise<Environment> {
    const env = await prepare("dev");
    // The stack dev does without, but the tests do not.
    await provideImage(imageSource(alertmanager, {}, undefined), toolchainMode());
    return env;
}

/** Runs suites. @param jobs how many at a time; one that runs alone shows each test as it ends, and may have an `.only` */
function mocha(suites: readonly string[], options: readonly string[], jobs: number, env: Environment = {}) {
    const config = suites.some(needsEngine) ? ["--config", path.join("tests", "integration", "mocharc.json")] : [];
    const parallel = suites.length > 1 ? ["--parallel", "--jobs", String(jobs), "--forbid-only"] : [];
    const program = path.join(project, "node_modules", ".bin", "mocha");
    return run(program, [...config, ...parallel, ...options, ...suites], project, env);
}

/** Runs tests of an example, with the packages that its requirements pin. */
async function pytest(example: string, files: readonly string[], options: readonly string[]): Promise<Counts> {
    const folder = path.join(project, example);
    const requirements = ["requirements.txt", "requirements-dev.txt"].map((file) => path.join(folder, file));
    const python = { PYTHONPATH: await pythonPackages(requirements), PYTHONDONTWRITEBYTECODE: "1" };
    const named = files.map((file) => path.relative(example, file) || ".");
    return run("python3", ["-m", "pytest", "-q", "-p", "no:cacheprovider", ...options, ...named], folder, python);
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
