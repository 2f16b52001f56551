import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { dockerName } from "../dockerName";
import { readsSocket, socketMount } from "../dockerSocket";
import type { EngineTraits } from "../engineTraits";
import { usualTraits } from "../engineTraits";
import type { Deployed, Rendered, StackResources } from "../part";
import { pulled } from "../imageCommand";
import { readiness } from "../readiness";
import type { CommonArgs } from "../service";
import { containerOptions, hardened, healthcheck, wholeHost } from "../stack";
import { containerPort, flags } from "./container";
import type { CadvisorSettings } from "./settings";

export interface CadvisorArgs extends CommonArgs, Pick<CadvisorSettings, "dockerSocket" | "memoryLimit"> {
    /** Image with tag or digest, e.g. "ghcr.io/google/cadvisor:0.60.6". */
    readonly image: string;
}

/**
 * cAdvisor, for the stack's Prometheus and nobody else. It reads the control groups, the engine's socket and the kernel's log, and
 * has none of the rights of the privileged container that its documentation runs.
 * Source of the mounts: https://github.com/google/cadvisor/blob/master/docs/running.md
 */
export class Cadvisor extends pulumi.ComponentResource {
    constructor(name: string, args: CadvisorArgs, opts?: pulumi.ComponentResourceOptions) {
        super("monitoring:index:Cadvisor", name, {}, opts);
        const { engine = usualTraits } = args;
        const container = new docker.Container(
            name,
            {
                ...hardened(args),
                name: dockerName(args.stack, "cadvisor"),
                image: args.image,
                ...readsSocket(engine),
                // For the kernel's log alone, where it finds what was killed for memory: https://man7.org/linux/man-pages/man7/capabilities.7.html
                capabilities: { drops: ["ALL"], adds: ["CAP_SYSLOG"] },
                devices: [{ hostPath: "/dev/kmsg", containerPath: "/dev/kmsg", permissions: "r" }],
                command: flags,
                networkMode: "bridge",
                networksAdvanced: [{ name: args.network.networkName }],
                mounts: mounts(args.dockerSocket, engine),
                healthcheck: healthcheck("wget", "-q", "--spider", `http://127.0.0.1:${containerPort}/healthz`),
                destroyGraceSeconds: 5,
            },
            { parent: this, dependsOn: [pulled(name, args, this)], ...containerOptions },
        );
        readiness(name, container, args.dockerHost, this);
        this.registerOutputs({});
    }
}

function mounts(dockerSocket: string, engine: EngineTraits) {
    return [
        // Where its own image looks for the host's /proc and the engine's folder.
        wholeHost("/rootfs", engine),
        { type: "bind", source: "/sys/fs/cgroup", target: "/sys/fs/cgroup", readOnly: true },
        socketMount(dockerSocket),
    ];
}

export function deploy(settings: CadvisorSettings, { image }: Rendered, { common, opts }: StackResources): Deployed {
    return { component: new Cadvisor("cadvisor", { ...common, ...settings, image }, opts) };
}
