import { existsSync, readdirSync } from "node:fs";
import * as path from "node:path";
import { project } from "../../toolchain/checkout";
import { ToolError } from "../../toolchain/process";

/** The folder of the tests that need a Docker engine. */
const integration = "tests/integration/";

/** Which tests are to run, as the arguments of a command say. */
export interface Selection {
    /** Files of mocha. */
    readonly suites: readonly string[];
    /** Files and folders of pytest. */
    readonly examples: readonly string[];
    /** What is left of the arguments: the runners' own, such as mocha's `--grep` or pytest's `-k`. */
    readonly options: readonly string[];
}

/**
 * Those that arguments name, files or folders, e.g. "tests/property" or "examples/web_be/tests/test_service.py"; else all suites,
 * and all examples where no other argument picks some of the suites' tests.
 * @param suites the files of all suites
 * @param examples the folders of all examples
 * @throws ToolError for a path without tests
 */
export function selectTests(
    args: readonly string[],
    suites: readonly string[],
    examples: readonly string[] = [],
): Selection {
    const named = args.filter(isPath).map(withinProject);
    const options = args.filter((argument) => !isPath(argument));
    if (named.length === 0) {
        return { suites, examples: options.length === 0 ? examples : [], options };
    }
    const holds = (folder: string, file: string) => file === folder || file.startsWith(`${folder}/`);
    const without = named.find(
        (each) => !suites.some((file) => holds(each, file)) && !examples.some((folder) => holds(folder, each)),
    );
    if (without !== undefined) {
        throw new ToolError(`${without} has no tests of this command; they are in ${roots(suites, examples)}.`);
    }
    return {
        suites: suites.filter((file) => named.some((each) => holds(each, file))),
        examples: named.filter((each) => examples.some((folder) => holds(folder, each))),
        options,
    };
}

/** A path of tests, also one that is misspelled, or any other with a folder: a single word may be what an option is given. */
const isPath = (argument: string) =>
    /^(?:\.\/)?(?:tests|examples)(?:\/|$)/.test(argument) || (argument.includes("/") && existsSync(argument));

const withinProject = (file: string) => path.relative(project, path.resolve(project, file)).split(path.sep).join("/");

const roots = (...files: (readonly string[])[]) =>
    [...new Set(files.flat().map((file) => file.split("/")[0]))].map((folder) => `${folder}/`).join(" and ");

/** All suites below tests/, those first that take longest: the runs that go on side by side end at one time. */
export function allSuites(): string[] {
    const files = readdirSync(path.join(project, "tests"), { recursive: true, encoding: "utf8" });
    const suites = files
        .filter((file) => file.endsWith(".test.ts"))
        .map((file) => `tests/${file.split(path.sep).join("/")}`);
    const place = (file: string) => longest.indexOf(file) + 1 || (needsEngine(file) ? longest.length + 1 : Infinity);
    return suites.sort((a, b) => place(a) - place(b) || (a < b ? -1 : 1));
}

export const needsEngine = (suite: string) => suite.startsWith(integration);

/** Those that take longest, as measured; where a new one comes is of no importance. */
export const longest: readonly string[] = [
    ...[
        "remoteStorage",
        "interruption",
        "faults",
        "alertmanager",
        "drift",
        "remote",
        "continuity",
        "engineRestart",
        "thanos",
        "workflows",
        "collector",
        "grafana",
        "documentation",
        "stack",
        "backup",
        "troubleshooting",
        "environments",
        "moving",
        "declarations",
        "status",
        "teardown",
        "credentials",
    ].map((name) => `${integration}${name}.test.ts`),
    "tests/property/declarations.test.ts",
    "tests/commands/validate/validate.test.ts",
    "tests/github/scripts.test.ts",
    "tests/property/mistakes.test.ts",
    "tests/program.test.ts",
];
