import type { Client } from "@grpc/grpc-js";

/** The properties of a resource as plain data. Unknown values are `unknown`, secrets are unwrapped unless said otherwise. */
export type Properties = Record<string, unknown>;

/**
 * What stands for a value that is not known in a preview.
 * Source: https://github.com/pulumi/pulumi/blob/master/sdk/nodejs/runtime/rpc.ts
 */
export const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** One difference between what exists and what is wanted. */
export interface Difference {
    readonly kind: "add" | "delete" | "update";
    readonly replace: boolean;
}

export interface Diff {
    /** By property. Empty: nothing to do. */
    readonly differences: Readonly<Record<string, Difference>>;
    readonly deleteBeforeReplace: boolean;
}

export interface CheckFailure {
    readonly property: string;
    readonly reason: string;
}

/** One type of resource. */
export interface ResourceKind {
    check(name: string, inputs: Properties): CheckFailure[];
    diff(state: Properties, oldInputs: Properties, inputs: Properties): Diff;
    /** What a preview shows as the outputs of a resource to be created or updated. */
    planned(inputs: Properties, state: Properties): Properties;
    create(inputs: Properties, log: Log): Promise<{ id: string; state: Properties }>;
    update(id: string, state: Properties, inputs: Properties, log: Log): Promise<Properties>;
    /** @returns undefined if the resource is gone. */
    read(id: string, state: Properties): Promise<{ state: Properties; inputs: Properties } | undefined>;
    delete(id: string, state: Properties): Promise<void>;
}

/** Writes a line into the engine's display, beside the resource. */
export type Log = (message: string) => Promise<void>;

export interface Provider {
    /** The version of the official plugin whose answers this one gives. */
    readonly version: string;
    /** True: inputs and outputs keep their secret marks, and the provider unwraps them itself. */
    readonly keepsSecrets: boolean;
    /** By type, e.g. "docker:index/network:Network". */
    readonly kinds: Readonly<Record<string, ResourceKind>>;
    /** Functions by token, e.g. "command:local:run". */
    readonly functions: Readonly<Record<string, (args: Properties) => Promise<Properties>>>;
    checkConfig(inputs: Properties): CheckFailure[];
    configure(inputs: Properties): Promise<void>;
    /** Stops what runs. */
    cancel(): void;
}

/** The engine's logging service, as far as it is used. */
export type EngineClient = Client & { log(request: unknown, done: (error: unknown) => void): void };
