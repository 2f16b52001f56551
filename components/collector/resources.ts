import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { ConfigVolume, revealed } from "../configVolume";
import { dockerName } from "../dockerName";
import type { Deployed, Rendered, StackResources } from "../part";
import type { ServiceArgs } from "../service";
import { containerOptions, hardened, hostEntry, networksOf } from "../stack";
import { dataVolume } from "../volume";
import { configuration, data as kept, ports } from "./container";
import type { CollectorSettings } from "./settings";

export interface CollectorArgs
    extends Omit<ServiceArgs, "port">, Pick<CollectorSettings, "grpcPort" | "httpPort">, Pick<Rendered, "shell"> {
    /** Docker networks of other projects to join, so that their containers push to it by name. */
    readonly joinNetworks: readonly string[];
    /** The stack's Prometheus: the collector is verified by a sample that arrives. */
    readonly dataSources: readonly pulumi.Resource[];
}

/** The share of its memory at which Go collects garbage more eagerly. Source: https://pkg.go.dev/runtime#hdr-Environment_Variables */
const eager = 0.8;

/** The collector with its queues, for containers on the stack's networks; on a port of the Docker host where one is declared. */
export class Collector extends pulumi.ComponentResource {
    constructor(name: string, args: CollectorArgs, opts?: pulumi.ComponentResourceOptions) {
        super("monitoring:index:Collector", name, {}, opts);
        const data = dataVolume(`${name}-data`, args, "collector-data", this);
        const config = new ConfigVolume(
            `${name}-config`,
            {
                ...args,
                ...{ role: "collector", configuration, image: args.shell },
                secretFiles: revealed(args.secretFiles),
            },
            { parent: this },
        );
        const container = new docker.Container(
            name,
            {
                ...hardened(args),
                name: dockerName(args.stack, "collector"),
                image: args.image,
                user: `${kept.userId}:${kept.groupId}`,
                envs: [`GOMEMLIMIT=${Math.floor((eager * args.memoryLimit) / 2 ** 20)}MiB`],
                command: [`--config=${configuration.mountPath}/current/config.yaml`],
                networkMode: "bridge",
                networksAdvanced: networksOf(args),
                hosts: [hostEntry(args)],
                ...publishedPorts(args),
                mounts: [
                    { type: "volume", source: data, target: kept.mountPath },
                    { type: "volume", source: config.volumeName, target: configuration.mountPath, readOnly: true },
                ],
                destroyGraceSeconds: 10,
            },
            { parent: this, dependsOn: [config.staged], ...containerOptions },
        );
        config.activate(container, "collector", args.dataSources);
        this.registerOutputs({});
    }
}

function publishedPorts({ grpcPort, httpPort, bindAddress: ip }: CollectorArgs): Partial<docker.ContainerArgs> {
    const published = [
        { internal: ports.grpc, external: grpcPort },
        { internal: ports.http, external: httpPort },
    ].flatMap(({ internal, external }) => (external === undefined ? [] : [{ internal, external, ip }]));
    return published.length > 0 ? { ports: published } : {};
}

export function deploy(
    settings: CollectorSettings,
    rendered: Rendered,
    { common, config, dataSources, opts }: StackResources,
): Deployed {
    const args = { ...common, ...settings, ...rendered, joinNetworks: config.network.join, dataSources };
    return { component: new Collector("collector", args, opts) };
}
