import { dockerEnvironment } from "../toolchain/context";
import { ensureEngine } from "../toolchain/engine";
import { provideImages } from "./images";
import { toolchainMode } from "../toolchain/mode";
import { providePulumi } from "../toolchain/pulumi";
import { ensureStack, shortName, stateEnvironment } from "../toolchain/state";
import { checkPassphrase } from "./passphrase";
import { readConfig, stackFileCopy } from "./stackFileCopy";

/** Variables with which Pulumi finds everything that it needs. */
export type Environment = Readonly<Record<string, string>>;

/** Provides the CLI, and tells it where the state is. */
export async function pulumiEnvironment(stack: string): Promise<Environment> {
    return {
        ...(await providePulumi(toolchainMode())),
        ...stateEnvironment(),
        PULUMI_STACK: stack,
        PULUMI_SKIP_UPDATE_CHECK: "true",
        // The state knows how its secrets are encrypted; the stack file need not.
        PULUMI_FALLBACK_TO_STATE_SECRETS_MANAGER: "true",
        // An Output in a template literal is a mistake of the program: it must fail, not be written into a file.
        PULUMI_ERROR_OUTPUT_STRING: "true",
    };
}

/** Prepares the machine for Pulumi commands that deploy nothing: the CLI and the state. */
export async function preparePulumi(stack: string, copy = stackFileCopy(stack)): Promise<Environment> {
    const env = await pulumiEnvironment(stack);
    await checkPassphrase(stack, copy, env);
    ensureStack(stack, env);
    return env;
}

/** Has every docker command reach the Docker engine of a stack. @returns whether the stack file names one */
export function chooseEngine(stackFile: string): boolean {
    const declared = readConfig(stackFile).dockerHost;
    const isDeclared = typeof declared === "string";
    Object.assign(process.env, dockerEnvironment(isDeclared ? declared : undefined));
    return isDeclared;
}

/** Sees to it that the Docker engine of a stack answers, and that every docker command reaches it. */
export async function prepareDocker(stackFile: string): Promise<void> {
    await ensureEngine(chooseEngine(stackFile));
}

/** Prepares the machine for what asks the Docker host and runs no program, as to destroy a stack: no image is needed for it. */
export async function prepareEngine(stack: string, copy = stackFileCopy(stack)): Promise<Environment> {
    await prepareDocker(copy);
    return preparePulumi(stack, copy);
}

/**
 * Prepares the machine for a stack: Docker engine, images, Pulumi, state. Says what it does where it does something; where
 * everything is there already it takes a moment and says nothing.
 */
export async function prepare(stack: string): Promise<Environment> {
    const copy = stackFileCopy(stack);
    const env = await prepareEngine(stack, copy);
    return { ...env, ...(await provideImages(shortName(stack), copy, toolchainMode())) };
}
