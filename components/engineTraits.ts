import type { Engine } from "../config/check/engine";
import { hasOption } from "../config/check/engine";

/** What containers are declared by that is not the same on every Docker engine. */
export interface EngineTraits {
    /** Whether it limits memory, and swap. One that does not stores no limit, which a refresh would show as a change. */
    readonly limitsMemory: boolean;
    readonly limitsSwap: boolean;
    /**
     * Whether its containers have users of their own: one in the host's network has to do without.
     * Source: https://docs.docker.com/engine/security/userns-remap/#user-namespace-known-limitations
     */
    readonly remapsUsers: boolean;
    /** Whether a container may be in the host's process space, which a rootless engine does not own. */
    readonly sharesPids: boolean;
    /** Whether its host is behind the gateway of a network. Else the gateway is in a virtual machine, or in RootlessKit's network. */
    readonly hostAtGateway: boolean;
    /**
     * Whether a container may see mounts that the host makes later. Docker refuses to have it see them where / is a private mount.
     * Source: https://docs.docker.com/engine/storage/bind-mounts/#configure-bind-propagation
     */
    readonly sharedRoot: boolean;
}

export const usualTraits: EngineTraits = {
    limitsMemory: true,
    limitsSwap: true,
    remapsUsers: false,
    sharesPids: true,
    hostAtGateway: true,
    sharedRoot: true,
};

/** Engines in a virtual machine that bring containers to the machine around it, by what they are called. */
const desktops = /docker desktop|rancher desktop|^orbstack|\bcolima\b|\blima-rancher-desktop$/i;

/** @param sharedRoot undefined where nobody asked */
export const traitsOf = (engine: Engine, sharedRoot = true): EngineTraits => ({
    limitsMemory: engine.memoryLimit,
    limitsSwap: engine.swapLimit,
    remapsUsers: hasOption(engine, "userns"),
    sharesPids: !hasOption(engine, "rootless"),
    hostAtGateway: !hasOption(engine, "rootless") && !desktops.test(`${engine.operatingSystem} ${engine.name}`),
    sharedRoot,
});
