import * as pulumi from "@pulumi/pulumi";
import type { KnownObject } from "../config/check/ownership";
import type { Attempt } from "./observation";

/**
 * What the stack's state knows of Docker's objects, as it was before this run: whose they are. The engine's own provider for
 * references between stacks reads it, from any backend.
 * Source: https://github.com/pulumi/pulumi/blob/master/pkg/resource/deploy/builtins.go
 */
export async function knownObjects(): Promise<Attempt<readonly KnownObject[]>> {
    try {
        const stackName = [pulumi.getOrganization(), pulumi.getProject(), pulumi.getStack()].join("/");
        const { outputs } = (await pulumi.runtime.invoke("pulumi:pulumi:readStackResourceOutputs", { stackName })) as {
            outputs: Readonly<
                Record<string, { readonly type: string; readonly outputs: Readonly<Record<string, unknown>> }>
            >;
        };
        return {
            found: Object.entries(outputs).flatMap(([urn, { type, outputs }]) => knownObject(urn, type, outputs)),
        };
    } catch (error) {
        return { unknown: (error as Error).message };
    }
}

function knownObject(urn: string, type: string, { id, name }: Readonly<Record<string, unknown>>): KnownObject[] {
    const [, kind] = /^docker:index\/(container|network|volume):/.exec(type) ?? [];
    return kind === undefined
        ? []
        : [
              {
                  resource: urn.slice(urn.lastIndexOf("::") + 2),
                  kind: kind as KnownObject["kind"],
                  name: String(name),
                  ...(typeof id === "string" && { id }),
              },
          ];
}
