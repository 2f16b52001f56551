import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { ConfigVolume, revealed } from "../../components/configVolume";
import type { Deployed, Rendered, StackResources } from "../../components/part";
import type { ServiceArgs } from "../../components/service";
import { dockerName } from "../../components/dockerName";
import { containerOptions, hardened } from "../../components/stack";
import { dataVolume } from "../../components/volume";
import { configuration, containerPort, data as kept, metricsPath } from "./container";
import type { CounterSettings } from "./settings";

/** The counter with its count and its step. No input of the container depends on the step: a changed one replaces nothing. */
export class Counter extends pulumi.ComponentResource {
    /** Where the Docker host's users find it, e.g. "http://127.0.0.1:8080". */
    public readonly url: string;

    constructor(name: string, args: ServiceArgs, opts?: pulumi.ComponentResourceOptions) {
        super("monitoring:index:Counter", name, {}, opts);
        this.url = `http://${args.bindAddress}:${args.port}`;
        const data = dataVolume(`${name}-data`, args, "counter-data", this);
        const config = new ConfigVolume(
            `${name}-config`,
            { ...args, role: "counter", configuration, secretFiles: revealed(args.secretFiles) },
            { parent: this },
        );
        const container = new docker.Container(
            name,
            {
                ...hardened(args),
                name: dockerName(args.stack, "counter"),
                image: args.image,
                user: `${kept.userId}:${kept.groupId}`,
                networkMode: "bridge",
                networksAdvanced: [{ name: args.network.networkName }],
                ports: [{ internal: containerPort, external: args.port, ip: args.bindAddress }],
                mounts: [
                    { type: "volume", source: data, target: kept.mountPath },
                    { type: "volume", source: config.volumeName, target: configuration.mountPath, readOnly: true },
                ],
                // What is delivered waits for it, and so does a restore.
                healthcheck: {
                    tests: ["CMD", "wget", "-q", "-O", "/dev/null", `http://127.0.0.1:${containerPort}${metricsPath}`],
                    interval: "5s",
                    timeout: "3s",
                    retries: 3,
                },
                destroyGraceSeconds: 5,
            },
            { parent: this, dependsOn: [config.staged], ...containerOptions },
        );
        config.activate(container, "counter");
        this.registerOutputs({ url: this.url });
    }
}

export function deploy(settings: CounterSettings, rendered: Rendered, { common, opts }: StackResources): Deployed {
    const component = new Counter("counter", { ...common, ...settings, ...rendered }, opts);
    // "<key>Url": what `npm run up` says in the end.
    return { component, outputs: { counterUrl: component.url } };
}
