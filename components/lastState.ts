import * as pulumi from "@pulumi/pulumi";
import type { InvokeResponse } from "@pulumi/pulumi/proto/provider_pb";
import { ResourceInvokeRequest } from "@pulumi/pulumi/proto/resource_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { KnownObject } from "../config/check/ownership";
import type { Attempt } from "./observation";

/** What the last deployment left in the stack's state. */
export interface LastState {
    /** The stack's outputs; none where it is new. */
    readonly outputs: Readonly<Record<string, unknown>>;
    /** Docker's objects that are the stack's own. */
    readonly objects: readonly KnownObject[];
}

type Resources = Readonly<
    Record<string, { readonly type: string; readonly outputs: Readonly<Record<string, unknown>> }>
>;

/**
 * The stack's own state, as it was before this run. The engine's own provider for references between stacks reads it, from any
 * backend. Source: https://github.com/pulumi/pulumi/blob/master/pkg/resource/deploy/builtins.go
 */
export async function lastState(): Promise<Attempt<LastState>> {
    try {
        const stackName = [pulumi.getOrganization(), pulumi.getProject(), pulumi.getStack()].join("/");
        const answer = await readResources(stackName);
        const resources = Object.entries((answer.getReturn()?.toJavaScript() as { outputs: Resources }).outputs);
        const [, stack] = resources.find(([, { type }]) => type === "pulumi:pulumi:Stack") ?? [];
        return {
            found: {
                outputs: stack?.outputs ?? {},
                objects: resources.flatMap(([urn, { type, outputs }]) => knownObject(urn, type, outputs)),
            },
        };
    } catch (error) {
        return { unknown: (error as Error).message };
    }
}

/**
 * Asks the engine itself: `pulumi.runtime.invoke` writes its answer, with each secret of the state, to the log that `--debug` and
 * `--event-log` show.
 */
function readResources(stackName: string): Promise<InvokeResponse> {
    const monitor = pulumi.runtime.getMonitor();
    if (monitor === undefined) {
        throw new Error("The program runs without Pulumi's engine.");
    }
    const request = new ResourceInvokeRequest();
    request.setTok("pulumi:pulumi:readStackResourceOutputs");
    request.setArgs(Struct.fromJavaScript({ stackName }));
    return new Promise((resolve, reject) => {
        monitor.invoke(request, (error, answer) => (error ? reject(new Error(error.details)) : resolve(answer)));
    });
}

function knownObject(urn: string, type: string, { id, name }: Readonly<Record<string, unknown>>): KnownObject[] {
    const [, kind] = /^docker:index\/(container|network|volume):/.exec(type) ?? [];
    if (kind === undefined) {
        return [];
    }
    const resource = urn.slice(urn.lastIndexOf("::") + 2);
    const known = { resource, kind: kind as KnownObject["kind"], name: String(name) };
    return [typeof id === "string" ? { ...known, id } : known];
}
