import * as docker from "@pulumi/docker";
import type * as pulumi from "@pulumi/pulumi";
import { dockerName, stackLabels } from "./stack";

/**
 * A volume for data that outlives containers, and outlives the stack unless `retain` is false. The provider would replace a
 * volume, and so lose its data, for a changed label: such changes are ignored.
 */
export function dataVolume(
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
