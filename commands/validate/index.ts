import * as path from "node:path";
import { rulesOf } from "../../config/render/rules";
import type { Mistake } from "../../config/stackFile";
import { project } from "../../toolchain/checkout";
import { ToolError } from "../../toolchain/process";
import { counted } from "../../toolchain/words";
import type { Command, Given } from "../command";
import { stackFiles } from "../fleet/stacks";
import { inFolder, staged } from "./files";
import { askPromtool } from "./promtool";
import { conflicts } from "./relations";
import type { Stack } from "./stack";
import { checkStack, refuse, told, unchecked } from "./stack";

export const command: Command = {
    name: "validate",
    summary: "check all stack files in about a second, without Docker",
    about: "What it checks, and how Git runs it before each commit: docs/validate.md.",
    operand: {
        name: "FILE",
        meaning: "a stack file, e.g. Pulumi.prod.yaml",
        default: "all of them",
        several: true,
    },
    options: [
        { name: "staged", meaning: "check what would be committed" },
        {
            name: "promtool",
            meaning: "have promtool and amtool read what would be written, too; it needs a Docker engine",
        },
    ],
    examples: ["npm run validate", "npm run validate -- --staged", "npm run validate -- --promtool Pulumi.prod.yaml"],
    run: validate,
};

/**
 * Checks stack files: all of the project, or those that are named. Needs no Docker, no engine, no Pulumi and no state.
 * Has promtool look at each stack too, where that is wanted and there was no mistake.
 * @throws ToolError with all mistakes in all of them
 */
async function validate({ operands, options }: Given): Promise<number> {
    const files = options.has("staged") ? staged : inFolder;
    const there = stackFiles(files);
    const named = operands.map((file) => path.relative(project, path.resolve(project, file)));
    const unknown = named.find((file) => !there.includes(file));
    if (unknown !== undefined) {
        throw new ToolError(`${unknown} is no stack file of this project; name one of ${there.join(", ")}`);
    }
    const stacks = there.map((file) => checkStack(file, files));
    const checked = stacks.filter(({ file }) => named.length === 0 || named.includes(file));
    const found: Found[] = checked.flatMap((stack) =>
        [...stack.mistakes, ...conflictsOf(stack, stacks, checked)]
            .sort((a, b) => a.line - b.line)
            .map((mistake) => ({ stack, mistake })),
    );
    for (const stack of found.length === 0 ? checked : []) {
        const refused = stack.plan && options.has("promtool") ? await askPromtool(stack, stack.plan) : [];
        found.push(...refused.map((mistake) => ({ stack, mistake })));
    }
    refuse(lines(found));
    const right = checked.map((stack) => `${stack.file}: ${contentOf(stack)}\n`);
    process.stdout.write(right.join(""));
    return 0;
}

interface Found {
    readonly stack: Stack;
    readonly mistake: Mistake;
}

/** A line each. One in a file that stacks extend is told once for all of them, with the stacks that it is one of. */
function lines(found: readonly Found[]): string[] {
    const stacksOf = new Map<string, string[]>();
    for (const { stack, mistake } of found) {
        const line = told(stack, mistake);
        stacksOf.set(line, [...(stacksOf.get(line) ?? []), ...(mistake.file === undefined ? [] : [stack.file])]);
    }
    return [...stacksOf].map(([line, [first, ...others]]) => {
        const more = others.length === 0 ? "" : ` and ${others.length} more`;
        return first === undefined ? line : `${line} (${first}${more})`;
    });
}

/** What a stack cannot have because another one has it. Of two that are checked, the later one is told. */
function conflictsOf(stack: Stack, stacks: readonly Stack[], checked: readonly Stack[]): Mistake[] {
    return stacks.flatMap((other) =>
        stack.plan && other.plan && other !== stack && !(checked.includes(other) && other.file > stack.file)
            ? conflicts(stack.plan, other.plan, other.file).map(stack.locateHere)
            : [],
    );
}

function contentOf({ plan, own, unreadable }: Stack): string {
    if (plan === undefined) {
        return unchecked(unreadable);
    }
    const { jobs } = plan.published;
    const targets = jobs.flatMap(({ staticConfigs }) => staticConfigs.flatMap((group) => group.targets));
    const records = (own ?? []).filter(({ kind }) => kind === "record");
    // Nobody evaluates rules where nobody can be asked.
    const evaluated = plan.published.dataSources.length > 0 ? jobs : [];
    const alerts = [...evaluated.flatMap((job) => rulesOf(plan.config, job)), ...plan.published.ownAlerts];
    return [
        ...[
            counted(jobs.length, "scrape job"),
            counted(targets.length, "target"),
            counted(alerts.length, "alert rule"),
        ],
        ...(records.length > 0 ? [counted(records.length, "recording rule")] : []),
    ].join(", ");
}
