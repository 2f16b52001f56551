import * as path from "node:path";
import { project } from "../toolchain/checkout";
import { installPackages } from "../toolchain/debian";
import { actionlintTool, built } from "../toolchain/go";
import { find, inTerminal } from "../toolchain/process";
import { pythonPackages } from "../toolchain/python";
import type { Command } from "./command";

export const command: Command = {
    name: "lint:workflows",
    summary: "check .github/workflows with actionlint, shellcheck and zizmor",
    options: [],
    examples: ["npm run lint:workflows"],
    run: lintWorkflows,
};

/** A linter of GitHub workflows, ready to be run in a repository's folder. */
export interface WorkflowLinter {
    readonly program: string;
    readonly args: readonly string[];
}

/**
 * The linters of .github, from packages. actionlint knows what GitHub refuses, and has shellcheck look at every `run:` line;
 * zizmor knows what is dangerous, here in its strictest mode and without asking GitHub.
 */
export async function workflowLinters(): Promise<WorkflowLinter[]> {
    if (!find("shellcheck")) {
        await installPackages(["shellcheck"]);
    }
    const actionlint = await built(actionlintTool);
    const zizmor = await pythonPackages([path.join(project, "toolchain", "zizmor.txt")]);
    return [
        { program: path.join(actionlint, "actionlint"), args: ["-shellcheck", "shellcheck", "-pyflakes", ""] },
        {
            program: path.join(zizmor, "bin", "zizmor"),
            args: ["--offline", "--no-progress", "--persona=auditor", "--strict-collection", ".github"],
        },
    ];
}

/** Runs them all, and fails where one does. */
async function lintWorkflows(): Promise<number> {
    let failed = 0;
    for (const { program, args } of await workflowLinters()) {
        failed += (await inTerminal(program, args, { cwd: project })) === 0 ? 0 : 1;
    }
    return failed === 0 ? 0 : 1;
}
