import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { Collected } from "./flags";
import { flags, hostRoot, textfileMounts } from "./flags";
import type { NodeExporterSettings } from "./settings";
import { usualTraits } from "../engineTraits";
import type { Network } from "../network";
import type { Deployed, Rendered, StackResources } from "../part";
import { pulled } from "../imageCommand";
import { readiness } from "../readiness";
import type { StackArgs } from "../stack";
import { dockerName } from "../dockerName";
import { containerOptions, hardened, healthcheck, wholeHost } from "../stack";

export interface NodeExporterArgs extends StackArgs, Partial<Collected> {
    /** Image with tag or digest, e.g. "prom/node-exporter:v1.12.1". */
    readonly image: string;
    /** TCP port on the network's gateway address. */
    readonly port: number;
    /** The most memory the container may use, in bytes. */
    readonly memoryLimit: number;
    readonly network: Network;
    /** Docker endpoint of the stack's host. @default DOCKER_HOST, else the local socket */
    readonly dockerHost?: string | undefined;
}

/**
 * node_exporter in the Docker host's network and process space. It listens on the gateway address of the stack's network
 * only: containers of that network and the host itself can read it, nobody else.
 * Source of the mount and the flags: https://github.com/prometheus/node_exporter#docker
 */
export class NodeExporter extends pulumi.ComponentResource {
    constructor(name: string, args: NodeExporterArgs, opts?: pulumi.ComponentResourceOptions) {
        super("monitoring:index:NodeExporter", name, {}, opts);
        const { engine = usualTraits } = args;
        const listenAddress = `${args.network.gateway}:${args.port}`;
        const container = new docker.Container(
            name,
            {
                ...hardened(args),
                name: dockerName(args.stack, "node-exporter"),
                image: args.image,
                user: "65534:65534",
                // No ports: with the host's network Docker publishes none, and the listen address is the only exposure.
                networkMode: "host",
                ...(engine.sharesPids && { pidMode: "host" }),
                ...(engine.remapsUsers && { usernsMode: "host" }),
                // Docker adds the label option to a container in the host's process space; left out, every preview would
                // show a difference: https://docs.docker.com/engine/containers/run/#security-configuration
                securityOpts: ["no-new-privileges:true", "label=disable"],
                command: flags(args, listenAddress),
                mounts: [wholeHost(hostRoot, engine), ...textfileMounts(args)],
                healthcheck: healthcheck("wget", "-q", "-O", "/dev/null", `http://${listenAddress}/`),
                destroyGraceSeconds: 5,
            },
            // The address exists only once the network does.
            { parent: this, dependsOn: [args.network, pulled(name, args, this)], ...containerOptions },
        );
        readiness(name, container, args.dockerHost, this);
        this.registerOutputs({ listenAddress });
    }
}

export function deploy(
    settings: NodeExporterSettings,
    { image }: Rendered,
    { common, opts }: StackResources,
): Deployed {
    return { component: new NodeExporter("node-exporter", { ...common, ...settings, image }, opts) };
}
