import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { StackArgs } from "./stack";
import { dockerName } from "./dockerName";
import { stackLabels } from "./stack";

export interface NetworkArgs extends StackArgs {
    /** IPv4 network in CIDR notation, e.g. "172.28.7.0/24". */
    readonly subnet: string;
    /** The Docker host's address in it. A plain string: node_exporter listens there and prometheus.yml names it. */
    readonly gateway: string;
}

/** The stack's own bridge network. Its gateway is the one address at which containers reach the Docker host. */
export class Network extends pulumi.ComponentResource {
    /** Docker's name of the network. */
    public readonly networkName: pulumi.Output<string>;
    public readonly gateway: string;

    constructor(name: string, args: NetworkArgs, opts?: pulumi.ComponentResourceOptions) {
        super("monitoring:index:Network", name, {}, opts);
        const network = new docker.Network(
            name,
            {
                name: dockerName(args.stack),
                driver: "bridge",
                ipamConfigs: [{ subnet: args.subnet, gateway: args.gateway }],
                labels: stackLabels(args.stack),
            },
            // Two networks cannot have one subnet, not even for a moment.
            { parent: this, deleteBeforeReplace: true },
        );
        this.networkName = network.name;
        this.gateway = args.gateway;
        this.registerOutputs({ networkName: this.networkName, gateway: this.gateway });
    }
}
