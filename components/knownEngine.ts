import { checksHost, dockerEndpoint } from "../config";
import type { StackConfig } from "../config/schema/stack";
import type { EngineTraits } from "./engineTraits";
import type { LastState } from "./lastState";
import type { Attempt } from "./observation";
import { askEngine } from "./preflight";

/** What a stack's outputs keep of its Docker engine, under `dockerEngine`. */
export interface KnownEngine {
    /** How it was reached last; "" for the local socket. */
    readonly endpoint: string;
    /** Its own, under whatever endpoint. */
    readonly id: string;
    /** The `instance` label of the host's metrics. */
    readonly instance: string;
    readonly traits: EngineTraits;
}

/**
 * What is known of the stack's engine before it is looked at. Its host is called as the engine calls its machine, whoever deploys
 * and over whatever endpoint. A stack that was deployed before this was kept goes on with the name that its series have: that of
 * the endpoint.
 */
export async function knownEngine(
    config: StackConfig,
    state: Attempt<LastState>,
): Promise<Pick<KnownEngine, "instance"> & Partial<KnownEngine>> {
    const outputs = "found" in state ? state.found.outputs : undefined;
    const known = outputs?.dockerEngine as KnownEngine | undefined;
    const isNew = outputs !== undefined && Object.keys(outputs).length === 0;
    const isSame = known?.endpoint === endpointOf(config);
    if (!checksHost() || isSame || (known === undefined && !isNew)) {
        return known ?? { instance: config.hostName };
    }
    const engine = await askEngine(config);
    return engine === undefined || engine.id === known?.id
        ? (known ?? { instance: config.hostName })
        : { instance: engine.name };
}

export const endpointOf = ({ dockerHost }: StackConfig): string => dockerEndpoint(dockerHost) ?? "";
