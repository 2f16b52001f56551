import * as pulumi from "@pulumi/pulumi";

/**
 * What goes first when a stack is destroyed, since it depends on everything else: where it is protected, Pulumi stops here. A data
 * volume alone would stop it only after its container is gone. It is declared in either case: one that is protected cannot
 * be left out again.
 */
export class Protection extends pulumi.ComponentResource {
    constructor(
        name: string,
        parts: readonly pulumi.Resource[],
        protect: boolean,
        opts?: pulumi.ComponentResourceOptions,
    ) {
        super("monitoring:index:Protection", name, {}, { ...opts, protect, dependsOn: [...parts] });
        this.registerOutputs({});
    }
}
