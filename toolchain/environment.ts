import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { dockerEndpoint, ensureEngine } from "./engine";
import { provideImages } from "./images/provide";
import { toolchainMode } from "./mode";
import { providePulumi } from "./pulumi";
import { ensureStack, stackFileCopy, stateEnvironment } from "./state";

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
export async function preparePulumi(stack: string): Promise<Environment> {
    stackFileCopy(stack);
    const env = await pulumiEnvironment(stack);
    ensureStack(stack, env);
    return env;
}

/** Has every docker command reach the Docker engine of a stack. */
export function chooseEngine(stackFile: string): void {
    const { config } = (parse(readFileSync(stackFile, "utf8")) ?? {}) as { config?: Record<string, unknown> };
    const declaredHost = config?.["metrics-stack:dockerHost"];
    if (typeof declaredHost === "string") {
        process.env.DOCKER_HOST = declaredHost;
    }
}

/** Sees to it that the Docker engine of a stack answers, and that every docker command reaches it. */
export async function prepareDocker(stackFile: string): Promise<void> {
    chooseEngine(stackFile);
    await ensureEngine();
}

/**
 * Prepares the machine for a stack: Docker engine, images, Pulumi, state. Says what it does where it does something; where
 * everything is there already it takes a moment and says nothing.
 */
export async function prepare(stack: string): Promise<Environment> {
    const stackFile = stackFileCopy(stack);
    await prepareDocker(stackFile);
    const endpoint = dockerEndpoint();
    return {
        ...(await preparePulumi(stack)),
        ...(await provideImages(stackFile, toolchainMode())),
        ...(endpoint !== undefined && { DOCKER_HOST: endpoint }),
    };
}
