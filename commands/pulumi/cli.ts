import { isAsDeployed } from "../../toolchain/asDeployed";
import { isShortened } from "../longStackFile";
import { inTerminal } from "../../toolchain/process";
import { stackFileCopy } from "../stackFileCopy";
import type { Given } from "../command";
import type { Environment } from "../environment";

/**
 * Runs a command of the CLI that runs the program or reaches its resources. Such a command reads the stack file and has no
 * business changing it.
 * @param command e.g. ["up", "--yes"]; what was given comes after it, as it was typed
 */
export function runProgram(command: readonly string[], given: Given, env: Environment): Promise<number> {
    const { options, stack, args } = given;
    if (options.has("config-file")) {
        return inTerminal("pulumi", [...command, ...args], { env });
    }
    const file = stackFileCopy(stack.name);
    return inTerminal("pulumi", ["--config-file", file, ...command, ...args], {
        // Of an output with 100,000 targets the CLI takes minutes to show what changed.
        env: { ...env, ...(isShortened(file) && { PULUMI_OPTION_SUPPRESS_OUTPUTS: "true" }) },
    });
}

/** Pulumi.yaml asks for a refresh before everything; where it would find nothing, and nobody asked for it, there is none. */
export async function refreshOption({ options, stack }: Given, env: Environment): Promise<string[]> {
    return !options.has("refresh") && (await isAsDeployed(stack.fullName, env)) ? ["--refresh=false"] : [];
}
