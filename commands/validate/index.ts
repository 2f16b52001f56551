import * as path from "node:path";
import type { PlannedStack } from "../../components/planned";
import { keyOf } from "../../config/schema/problems";
import { rulesOf } from "../../config/render/rules";
import { project } from "../../toolchain/checkout";
import { ToolError } from "../../toolchain/process";
import { inFolder, staged } from "./files";
import { conflicts } from "./relations";
import type { Stack } from "./stack";
import { checkStack } from "./stack";
import type { Mistake } from "./stackFile";

/**
 * Checks stack files: all of the project, or those that are named. Needs no Docker, no engine, no Pulumi and no state.
 * @param args paths of stack files from the project's folder, as Git hooks pass them; `--staged` for what would be committed
 * @param ask has something else look at each stack too, if there was no mistake
 * @returns a line for each stack that is right, to be printed
 * @throws ToolError with all mistakes in all of them
 */
export async function validate(
    args: readonly string[],
    ask?: (stack: Stack, plan: PlannedStack) => Promise<Mistake[]>,
): Promise<string[]> {
    const files = args.includes("--staged") ? staged : inFolder;
    const stackFiles = files.list().filter((file) => /^Pulumi\..+\.yaml$/.test(file));
    const named = args
        .filter((argument) => argument !== "--staged")
        .map((argument) => path.relative(project, path.resolve(project, argument)));
    const unknown = named.find((file) => !stackFiles.includes(file));
    if (unknown !== undefined) {
        throw new ToolError(`${unknown} is no stack file of this project; name one of ${stackFiles.join(", ")}`);
    }
    const stacks = stackFiles.map((file) => checkStack(file, files));
    const checked = stacks.filter(({ file }) => named.length === 0 || named.includes(file));
    const mistakes = checked.flatMap((stack) =>
        [...stack.mistakes, ...conflictsOf(stack, stacks, checked)]
            .sort((a, b) => a.line - b.line)
            .map((mistake) => told(stack, mistake)),
    );
    for (const stack of mistakes.length === 0 ? checked : []) {
        const refused = stack.plan && ask ? await ask(stack, stack.plan) : [];
        mistakes.push(...refused.map((mistake) => told(stack, mistake)));
    }
    if (mistakes.length > 0) {
        const lines = [...new Set(mistakes)];
        const count = lines.length === 1 ? "1 mistake" : `${lines.length} mistakes`;
        throw new ToolError(`${count} in the stack files:\n${lines.join("\n")}`);
    }
    return checked.map((stack) => `${stack.file}: ${stack.plan ? contentOf(stack.plan) : unchecked(stack)}`);
}

const told = ({ file }: Stack, { line, message }: Mistake) => `  ${file}:${line}: ${message}`;

/** What a stack cannot have because another one has it. Of two that are checked, the later one is told. */
function conflictsOf(stack: Stack, stacks: readonly Stack[], checked: readonly Stack[]): Mistake[] {
    return stacks.flatMap((other) =>
        stack.plan && other.plan && other !== stack && !(checked.includes(other) && other.file > stack.file)
            ? conflicts(stack.plan, other.plan, other.file).map(stack.locate)
            : [],
    );
}

function contentOf({ config, published: { jobs } }: PlannedStack): string {
    const targets = jobs.flatMap(({ staticConfigs }) => staticConfigs.flatMap((group) => group.targets));
    const rules = jobs.flatMap((job) => rulesOf(config, job));
    return [counted(jobs, "scrape job"), counted(targets, "target"), counted(rules, "alert rule")].join(", ");
}

const counted = ({ length }: readonly unknown[], what: string) => `${length} ${what}${length === 1 ? "" : "s"}`;

function unchecked({ unreadable }: Stack): string {
    const keys = [...new Set(unreadable.map((problem) => keyOf(problem.path).slice(0, -1)))].join(", ");
    return `not checked to the end: only Pulumi can read ${keys}`;
}
