import * as path from "node:path";
import { parts } from "../../components/parts";
import { project } from "../../toolchain/checkout";
import { provideImage } from "../../toolchain/images/provide";
import { toolchainMode } from "../../toolchain/mode";
import { pythonPackages } from "../../toolchain/python";
import type { Command, Given } from "../command";
import type { Environment } from "../environment";
import { prepareEngine } from "../environment";
import { imageSource, optionalImages, withoutParts } from "../images";
import { stackFileCopy } from "../stackFileCopy";
import type { Counts } from "./counts";
import { total } from "./counts";
import { grepOption, mocha, run, toMocha } from "./runners";
import { allSuites, needsEngine, selectTests } from "./selection";

/** The example services, from the project: those that a part runs, and one beside them. */
const examples = [
    ...parts.flatMap(({ image }) => image.builtFrom ?? []).map((folder) => path.relative(project, folder)),
    "examples/otel",
];

export const command: Command = {
    name: "test",
    summary: "all tests, or some of them",
    about: `Tests of ${examples.join(" and ")} are pytest's, which then gets the other arguments.`,
    operand: { name: "FILE", meaning: "a file or folder of tests", default: "all of them", several: true },
    options: [grepOption],
    handsOn: toMocha,
    examples: [
        "npm test",
        "npm test -- tests/integration/stack.test.ts",
        'npm test -- tests/config --grep "a duration"',
    ],
    run: runTests,
};

/**
 * All tests, or some of them: of the program with a real engine, CLI and Docker, and of the example services. Ends with one
 * line that counts them all.
 */
async function runTests({ args }: Given): Promise<number> {
    const selected = selectTests(args, allSuites(), examples);
    const env = selected.suites.some(needsEngine) ? await prepareTests() : {};
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

async function prepareTests(): Promise<Environment> {
    const env = await prepareEngine("dev");
    // Whatever the stack dev itself has deployed: tests have a double of what has no image here.
    const missing = await optionalImages(stackFileCopy("dev"), toolchainMode());
    // The stack dev does without some parts, but the tests do not.
    for (const part of parts.filter(({ image }) => image.fromPackages)) {
        await provideImage(imageSource(part, {}, undefined), toolchainMode());
    }
    return { ...env, ...withoutParts(missing) };
}

/** Runs tests of an example, with the packages that its requirements pin. */
async function pytest(example: string, files: readonly string[], options: readonly string[]): Promise<Counts> {
    const folder = path.join(project, example);
    const requirements = ["requirements.txt", "requirements-dev.txt"].map((file) => path.join(folder, file));
    const python = { PYTHONPATH: await pythonPackages(requirements), PYTHONDONTWRITEBYTECODE: "1" };
    const named = files.map((file) => path.relative(example, file) || ".");
    return run("python3", ["-m", "pytest", "-q", "-p", "no:cacheprovider", ...options, ...named], folder, python);
}
