import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { isVolume } from "../../config/schema/part";
import { ConfigVolume, revealed } from "../configVolume";
import { dockerName } from "../dockerName";
import type { Deployed, Rendered, StackResources } from "../part";
import type { ServiceArgs } from "../service";
import { containerOptions, hardened, healthcheck, hostEntry, networksOf } from "../stack";
import { ownVolume } from "../volume";
import type { Component, ComponentSettings } from "./container";
import { configuration, httpPort, userId, workFolder } from "./container";

export interface ThanosArgs extends Omit<Component, "asks" | "outputs">, Omit<ServiceArgs, "port" | "bindAddress"> {
    /** Docker networks of other projects to join, so that a bucket and other stacks there are found by name. */
    readonly joinNetworks: readonly string[];
    /** What has to be there before it. @default nothing */
    readonly dependsOn?: readonly pulumi.Resource[];
}

/** One of Thanos' components: they are one program, and differ in what they are called with. */
export class Thanos extends pulumi.ComponentResource {
    constructor(name: string, args: ThanosArgs, opts?: pulumi.ComponentResourceOptions) {
        super("monitoring:index:Thanos", name, {}, opts);
        const { check, ports, mounts = [] } = args;
        const config = new ConfigVolume(
            `${name}-config`,
            {
                ...args,
                configuration: { ...configuration, ...(check !== undefined && { check }) },
                secretFiles: revealed(args.secretFiles),
            },
            { parent: this },
        );
        const work =
            args.hasWorkFolder || args.hasData ? [{ source: this.workVolume(name, args), target: workFolder }] : [];
        const container = new docker.Container(
            name,
            {
                ...hardened(args),
                name: dockerName(args.stack, args.role),
                image: args.image,
                user: `${userId}:${userId}`,
                // Go gives memory back before the container's limit is reached.
                command: [...args.command, "--enable-auto-gomemlimit"],
                networkMode: "bridge",
                networksAdvanced: networksOf(args),
                hosts: [hostEntry(args)],
                ...(ports && { ports: [...ports] }),
                mounts: [
                    { type: "volume", source: config.volumeName, target: configuration.mountPath, readOnly: true },
                    ...work.map((each) => ({ type: "volume", ...each })),
                    ...mounts.map((each) => ({ type: isVolume(each.source) ? "volume" : "bind", ...each })),
                ],
                healthcheck: healthcheck("wget", "-q", "--spider", `http://127.0.0.1:${httpPort}/-/healthy`),
                destroyGraceSeconds: 30,
                stopTimeout: 30,
            },
            { parent: this, dependsOn: [config.staged, ...(args.dependsOn ?? [])], ...containerOptions },
        );
        config.activate(container, "thanos");
        this.registerOutputs({});
    }

    private workVolume(name: string, args: ThanosArgs): pulumi.Input<string> {
        const own = { ...args, role: `${args.role}-data`, userId, data: args.hasData ? args : undefined };
        return ownVolume(`${name}-data`, own, this);
    }
}

export const deployComponent = (
    { asks = [], outputs, ...component }: Component,
    settings: ComponentSettings,
    rendered: Rendered,
    { common, config, dataSources, opts }: StackResources,
): Deployed => ({
    component: new Thanos(
        component.role,
        {
            ...{ ...common, ...settings, ...rendered, ...component },
            joinNetworks: config.network.join,
            dependsOn: [...dataSources, ...asks],
        },
        opts,
    ),
    ...(outputs && { outputs }),
});
