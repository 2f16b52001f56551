import * as docker from "@pulumi/docker";
import type * as pulumi from "@pulumi/pulumi";
import type { StackArgs } from "./stack";
import { dockerName } from "./dockerName";
import { stackLabels } from "./stack";

/** Where a part of the stack keeps its data, and what becomes of it. */
export interface DataVolumeArgs extends StackArgs {
    /** An existing Docker volume of somebody else. @default a volume of the stack's own */
    readonly dataVolume?: string | undefined;
    /** Keep the stack's own volume when the stack is destroyed. */
    readonly retainData: boolean;
    /** Have Pulumi refuse to destroy the stack. */
    readonly protect: boolean;
}

/**
 * A volume of the stack. The provider would replace a volume, and so lose what it holds, for a changed label or a driver's
 * option: such changes are ignored, and a volume that somebody made beforehand, on a disk of its own for instance, is taken as
 * it is.
 */
export function stackVolume(
    name: string,
    stack: string,
    role: string,
    opts: Pick<pulumi.CustomResourceOptions, "parent" | "retainOnDelete" | "protect">,
    ignored: readonly string[] = [],
): docker.Volume {
    return new docker.Volume(
        name,
        { name: dockerName(stack, role), labels: stackLabels(stack) },
        { ...opts, ignoreChanges: ["labels", "driverOpts", ...ignored] },
    );
}

/**
 * The name of the volume that a part keeps its data in: one of somebody else, which is only mounted, or the stack's own. Its
 * own is declared in either case: missing from the program it would be deleted with all it holds, where it was not to be
 * retained.
 */
export function dataVolume(
    name: string,
    { stack, dataVolume: adopted, retainData, protect }: DataVolumeArgs,
    role: string,
    parent: pulumi.Resource,
): pulumi.Input<string> {
    // That of a renamed stack has its former name, and is the one that was declared.
    const ignored = adopted === undefined ? [] : ["name"];
    const own = stackVolume(name, stack, role, { parent, retainOnDelete: retainData, protect }, ignored);
    return adopted ?? own.name;
}
