import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { capabilities } from "../caddy";
import { ConfigVolume, revealed } from "../configVolume";
import { dockerName } from "../dockerName";
import type { Deployed, Rendered, StackResources } from "../part";
import type { ServiceArgs } from "../service";
import { containerOptions, hardened, healthcheck, hostEntry, networksOf } from "../stack";
import { dataVolume } from "../volume";
import { adminAddress, configFile, configuration, containerPort, data as kept } from "./container";
import { doorUrl } from "./files";
import type { DoorSettings } from "./settings";

export type DoorArgs = ServiceArgs;

/** Caddy with its certificates: the one way in from outside. Changed users, certificates and sites are loaded without a restart. */
export class Door extends pulumi.ComponentResource {
    constructor(name: string, args: DoorArgs, opts?: pulumi.ComponentResourceOptions) {
        super("monitoring:index:Door", name, {}, opts);
        const data = dataVolume(`${name}-data`, args, "door-data", this);
        const config = new ConfigVolume(
            `${name}-config`,
            { ...args, role: "door", configuration, secretFiles: revealed(args.secretFiles) },
            { parent: this },
        );
        const container = new docker.Container(
            name,
            {
                ...hardened(args),
                name: dockerName(args.stack, "door"),
                image: args.image,
                user: `${kept.userId}:${kept.groupId}`,
                capabilities,
                envs: [`XDG_DATA_HOME=${kept.mountPath}`, "XDG_CONFIG_HOME=/tmp"],
                command: ["caddy", "run", "--config", `${configuration.mountPath}/current/${configFile}`],
                networkMode: "bridge",
                networksAdvanced: networksOf(args),
                // A single sign-on proxy may be a service on the Docker host.
                hosts: [hostEntry(args)],
                ports: [{ internal: containerPort, external: args.port, ip: args.bindAddress }],
                mounts: [
                    { type: "volume", source: data, target: kept.mountPath },
                    { type: "volume", source: config.volumeName, target: configuration.mountPath, readOnly: true },
                ],
                // It answers there once all of its configuration runs.
                healthcheck: healthcheck("wget", "-q", "-O", "/dev/null", `http://${adminAddress}/config/`),
                destroyGraceSeconds: 10,
                stopTimeout: 10,
            },
            { parent: this, dependsOn: [config.staged], ...containerOptions },
        );
        config.activate(container, "door");
        this.registerOutputs({});
    }
}

export function deploy(settings: DoorSettings, rendered: Rendered, { common, opts }: StackResources): Deployed {
    const { name = "", port } = settings;
    const component = new Door("door", { ...common, ...settings, ...rendered }, opts);
    return { component, outputs: { doorUrl: `${doorUrl({ name, port })}/` } };
}
