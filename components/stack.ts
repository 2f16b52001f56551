import type * as docker from "@pulumi/docker";
import type * as pulumi from "@pulumi/pulumi";
import { hostAlias } from "../config/check/engine";
import type { EngineTraits } from "./engineTraits";
import { usualTraits } from "./engineTraits";

/** What every part of a stack shares. */
export interface StackArgs {
    /** The stack's name, e.g. "dev". It is part of every Docker name, so that two stacks can live on one host. */
    readonly stack: string;
    /** @default those of most engines */
    readonly engine?: EngineTraits;
}

/** The label that all Docker objects of a stack carry. */
export function stackLabels(stack: string): { label: string; value: string }[] {
    return [{ label: "metrics-stack.stack", value: stack }];
}

/**
 * What all containers of the stack have in common: no privileges, a memory limit, bounded logs, restart with the host.
 * @param args memoryLimit: in bytes
 */
export function hardened(args: StackArgs & { readonly memoryLimit: number }): Partial<docker.ContainerArgs> {
    const { stack, memoryLimit, engine = usualTraits } = args;
    const mebibytes = Math.ceil(memoryLimit / 2 ** 20);
    return {
        labels: stackLabels(stack),
        // "unless-stopped" leaves a container down that was stopped because its engine had crashed.
        restart: "always",
        readOnly: true,
        capabilities: { drops: ["ALL"] },
        securityOpts: ["no-new-privileges:true"],
        ...(engine.limitsMemory && {
            memory: mebibytes,
            // Equal to memory means no swap. Left out, every refresh would show a difference.
            memorySwap: engine.limitsSwap ? mebibytes : -1,
        }),
        logDriver: "json-file",
        logOpts: { "max-size": "10m", "max-file": "3" },
    };
}

/** How Docker knows that a program answers. @param test a command in its container, which fails where it does not */
export const healthcheck = (...test: readonly string[]) => ({
    tests: ["CMD", ...test],
    interval: "5s",
    timeout: "3s",
    retries: 3,
});

/** The Docker networks that a container is on: the stack's own, and those of other projects that it joins. */
export const networksOf = ({
    network,
    joinNetworks = [],
}: {
    readonly network: { readonly networkName: pulumi.Input<string> };
    readonly joinNetworks?: readonly string[];
}) => [network.networkName, ...joinNetworks].map((name) => ({ name }));

/**
 * Under which address a container finds services of the Docker host: in the stack's own network, not in Docker's default one.
 * Where that is not the host, the engine knows what is.
 */
export const hostEntry = ({
    network,
    engine = usualTraits,
}: StackArgs & { readonly network: { gateway: string } }) => ({
    host: hostAlias,
    ip: engine.hostAtGateway ? network.gateway : "host-gateway",
});

/** The whole host to look at, read-only. Mounts that the host makes later show up too. @param target where, in the container */
export const wholeHost = (target: string, { sharedRoot }: EngineTraits) => ({
    ...{ type: "bind", source: "/", target, readOnly: true },
    ...(sharedRoot && { bindOptions: { propagation: "rslave" } }),
});

/**
 * How a change reaches a container. The provider records changes of these inputs without carrying them out, and forgets
 * that a container never became healthy: each must replace the container instead. The name is taken until the old one is gone.
 */
export const containerOptions = {
    replaceOnChanges: ["#initerror", "mounts", "healthcheck", "tmpfs", "init"],
    deleteBeforeReplace: true,
};
