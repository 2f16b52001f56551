import type * as docker from "@pulumi/docker";

export { dockerName } from "./dockerName";

/** What every part of a stack shares. */
export interface StackArgs {
    /** The stack's name, e.g. "dev". It is part of every Docker name, so that two stacks can live on one host. */
    readonly stack: string;
}

/** The label that all Docker objects of a stack carry. */
export function stackLabels(stack: string): { label: string; value: string }[] {
    return [{ label: "metrics-stack.stack", value: stack }];
}

/** What all containers of the stack have in common: no privileges, a memory limit, bounded logs, restart with the host. */
export function hardened(stack: string, memoryLimit: number): Partial<docker.ContainerArgs> {
    const mebibytes = Math.ceil(memoryLimit / 2 ** 20);
    return {
        labels: stackLabels(stack),
        // "unless-stopped" leaves a container down that was stopped because its engine had crashed.
        restart: "always",
        readOnly: true,
        capabilities: { drops: ["ALL"] },
        securityOpts: ["no-new-privileges:true"],
        memory: mebibytes,
        // Equal to memory means no swap. Left out, every refresh would show a difference.
        memorySwap: mebibytes,
        logDriver: "json-file",
        logOpts: { "max-size": "10m", "max-file": "3" },
    };
}

/**
 * How a change reaches a container. The provider records changes of these inputs without carrying them out, and forgets
 * that a container never became healthy: each must replace the container instead. The name is taken until the old one is gone.
 */
export const containerOptions = {
    replaceOnChanges: ["#initerror", "mounts", "healthcheck", "tmpfs", "init"],
    deleteBeforeReplace: true,
};
