import * as docker from "@pulumi/docker";
import type * as pulumi from "@pulumi/pulumi";
import { dockerName, stackLabels } from "./stack";

/**
 * A volume of the stack; it outlives the stack where `retain` is true. The provider would replace a volume, and so lose what
 * it holds, for a changed label or a driver's option: such changes are ignored, and a volume that somebody made beforehand, on
 * a disk of its own for instance, is taken as it is.
 */
export function stackVolume(
    name: string,
    stack: string,
    role: string,
    retain: boolean,
    parent: pulumi.Resource,
): docker.Volume {
    return new docker.Volume(
        name,
        { name: dockerName(stack, role), labels: stackLabels(stack) },
        { parent, retainOnDelete: retain, ignoreChanges: ["labels", "driverOpts"] },
    );
}
