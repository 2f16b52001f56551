import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { capabilities } from "../caddy";
import { dockerName } from "../dockerName";
import { readsSocket, socketMount } from "../dockerSocket";
import { usualTraits } from "../engineTraits";
import { pulled } from "../imageCommand";
import type { Deployed, Rendered, StackResources } from "../part";
import { readiness } from "../readiness";
import type { CommonArgs } from "../service";
import { containerOptions, hardened, healthcheck } from "../stack";
import { askedLists } from "./asked";
import { containerPort, proxyConfig } from "./container";
import type { DockerProxySettings } from "./settings";

export interface DockerProxyArgs extends CommonArgs, Pick<DockerProxySettings, "dockerSocket" | "memoryLimit"> {
    /** Image with tag or digest, e.g. "caddy:2.11.9". */
    readonly image: string;
    /** The lists of Docker's API that may be read, e.g. ["containers/json", "networks"]. */
    readonly lists: readonly string[];
}

/** Caddy before the Docker engine's socket, for the stack's Prometheus and nobody else: it answers what discoveries ask. */
export class DockerProxy extends pulumi.ComponentResource {
    constructor(name: string, args: DockerProxyArgs, opts?: pulumi.ComponentResourceOptions) {
        super("monitoring:index:DockerProxy", name, {}, opts);
        const { engine = usualTraits } = args;
        const container = new docker.Container(
            name,
            {
                ...hardened(args),
                ...readsSocket(engine),
                name: dockerName(args.stack, "docker-proxy"),
                image: args.image,
                capabilities,
                // All that there is of its configuration: it keeps nothing, and can be told nothing else.
                envs: [`CONFIG=${JSON.stringify(proxyConfig(args.lists))}`, "XDG_DATA_HOME=/dev/shm"],
                command: ["sh", "-c", "exec caddy run --config - <<END\n$CONFIG\nEND"],
                networkMode: "bridge",
                networksAdvanced: [{ name: args.network.networkName }],
                mounts: [socketMount(args.dockerSocket)],
                // Docker itself answers.
                healthcheck: healthcheck("wget", "-q", "-O", "/dev/null", `http://127.0.0.1:${containerPort}/_ping`),
                destroyGraceSeconds: 5,
            },
            { parent: this, dependsOn: [pulled(name, args, this)], ...containerOptions },
        );
        readiness(name, container, args.dockerHost, this);
        this.registerOutputs({});
    }
}

export function deploy(settings: DockerProxySettings, { image }: Rendered, stack: StackResources): Deployed {
    const { common, config, opts } = stack;
    const lists = askedLists({ ...config });
    return { component: new DockerProxy("docker-proxy", { ...common, ...settings, image, lists }, opts) };
}
