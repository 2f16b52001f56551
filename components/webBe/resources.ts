import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { containerPort } from "./container";
import type { WebBeSettings } from "./settings";
import type { Network } from "../network";
import type { Deployed, Rendered, StackResources } from "../part";
import { built } from "../imageCommand";
import { readiness } from "../readiness";
import type { StackArgs } from "../stack";
import { dockerName } from "../dockerName";
import { containerOptions, hardened, healthcheck, networksOf } from "../stack";

export interface WebBeArgs extends StackArgs {
    /** The image, tagged by the content of the sources that it is built from. */
    readonly image: string;
    /** TCP port on the Docker host, to send requests to. */
    readonly port: number;
    /** Address of the Docker host that the port is published on. */
    readonly bindAddress: string;
    /** The most memory the container may use, in bytes. */
    readonly memoryLimit: number;
    readonly network: Network;
    /** Docker endpoint of the stack's host. @default DOCKER_HOST, else the local socket */
    readonly dockerHost?: string | undefined;
}

/** The example application, as a service to try the stack with: a container on the same network, scraped by its name. */
export class WebBe extends pulumi.ComponentResource {
    constructor(name: string, args: WebBeArgs, opts?: pulumi.ComponentResourceOptions) {
        super("monitoring:index:WebBe", name, {}, opts);
        const container = new docker.Container(
            name,
            {
                ...hardened(args),
                name: dockerName(args.stack, "web-be"),
                image: args.image,
                networkMode: "bridge",
                networksAdvanced: networksOf(args),
                ports: [{ internal: containerPort, external: args.port, ip: args.bindAddress }],
                healthcheck: healthcheck(
                    "python3",
                    "-c",
                    `import urllib.request as u; u.urlopen("http://127.0.0.1:${containerPort}/healthz")`,
                ),
                destroyGraceSeconds: 10,
            },
            { parent: this, dependsOn: [built(name, "examples/web_be", args, this)], ...containerOptions },
        );
        readiness(name, container, args.dockerHost, this);
        this.registerOutputs({});
    }
}

export function deploy(settings: WebBeSettings, { image }: Rendered, { common, opts }: StackResources): Deployed {
    return { component: new WebBe("web-be", { ...common, ...settings, image }, opts) };
}
