import * as command from "@pulumi/command";
import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
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

/** A volume that a part works in, given to the part's user. */
export interface OwnVolumeArgs extends StackArgs {
    /** What its Docker name ends in, e.g. "thanos-store-data". */
    readonly role: string;
    /** Who may write into it. An image without a folder at the place of the mount would leave it to root. */
    readonly userId: number;
    /** An image with a shell. */
    readonly image: string;
    /** Docker endpoint of the stack's host. @default DOCKER_HOST, else the local socket */
    readonly dockerHost?: string | undefined;
    /** What becomes of it, where it holds what is nowhere else. @default it is filled anew, and goes with the stack */
    readonly data?: Omit<DataVolumeArgs, keyof StackArgs> | undefined;
}

/** @returns its name, once its user may write into it */
export function ownVolume(
    name: string,
    { role, userId, image, dockerHost, data, ...args }: OwnVolumeArgs,
    parent: pulumi.Resource,
): pulumi.Output<string> {
    const volume = data
        ? dataVolume(name, { ...args, ...data }, role, parent)
        : stackVolume(name, args.stack, role, { parent }).name;
    const owner = new command.local.Command(
        `${name}-owner`,
        {
            create: "node components/delivery/owner.js",
            environment: {
                ...(dockerHost !== undefined && { DOCKER_HOST: dockerHost }),
                ...{ VOLUME: volume, IMAGE: image, USER_ID: String(userId) },
            },
            addPreviousOutputInEnv: false,
        },
        { parent },
    );
    return pulumi.all([volume, owner.id]).apply(([volumeName]) => volumeName);
}
