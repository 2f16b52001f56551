import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { ConfigVolume, revealed } from "../configVolume";
import { dockerName } from "../dockerName";
import type { Deployed, Rendered, StackResources } from "../part";
import type { CommonArgs, ServiceArgs } from "../service";
import { containerOptions, hardened, healthcheck, hostEntry, networksOf } from "../stack";
import { configuration, containerPort, userId } from "./container";
import type { BlackboxExporterSettings } from "./settings";

export interface BlackboxExporterArgs
    extends
        CommonArgs,
        Pick<ServiceArgs, "image" | "memoryLimit" | "startTimeout" | "files" | "secretFiles" | "generation"> {
    /** Docker networks of other projects to join, so that their containers are probed by name. */
    readonly joinNetworks: readonly string[];
}

/**
 * blackbox_exporter with its modules, for the stack's Prometheus and nobody else: whoever reaches it has it ask any address. A changed
 * module is reloaded and verified.
 */
export class BlackboxExporter extends pulumi.ComponentResource {
    constructor(name: string, args: BlackboxExporterArgs, opts?: pulumi.ComponentResourceOptions) {
        super("monitoring:index:BlackboxExporter", name, {}, opts);
        const config = new ConfigVolume(
            `${name}-config`,
            { ...args, role: "blackbox-exporter", configuration, secretFiles: revealed(args.secretFiles) },
            { parent: this },
        );
        const container = new docker.Container(
            name,
            {
                ...hardened(args),
                name: dockerName(args.stack, "blackbox-exporter"),
                image: args.image,
                // ICMP without any right: Docker lets every group of a container's own network send echo requests.
                // Source: https://github.com/prometheus/blackbox_exporter#permissions
                user: `${userId}:${userId}`,
                command: [`--config.file=${configuration.mountPath}/current/config.yml`],
                networkMode: "bridge",
                networksAdvanced: networksOf(args),
                hosts: [hostEntry(args)],
                mounts: [
                    { type: "volume", source: config.volumeName, target: configuration.mountPath, readOnly: true },
                ],
                healthcheck: healthcheck("wget", "-q", "--spider", `http://127.0.0.1:${containerPort}/-/healthy`),
                destroyGraceSeconds: 5,
            },
            { parent: this, dependsOn: [config.staged], ...containerOptions },
        );
        config.activate(container, "blackboxExporter");
        this.registerOutputs({});
    }
}

export function deploy(
    settings: BlackboxExporterSettings,
    rendered: Rendered,
    { common, config, opts }: StackResources,
): Deployed {
    const args = { ...common, ...settings, ...rendered, joinNetworks: config.network.join };
    return { component: new BlackboxExporter("blackbox-exporter", args, opts) };
}
