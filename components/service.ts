import type { Files } from "../config/render/files";
import type { Secret } from "../config/schema/secret";
import type { Network } from "./network";
import type { StackArgs } from "./stack";

/** What the arguments of all parts have in common. */
export interface CommonArgs extends StackArgs {
    readonly network: Network;
    /** Docker endpoint of the stack's host. @default DOCKER_HOST, else the local socket */
    readonly dockerHost?: string | undefined;
    /** Keep the stack's own data volumes when the stack is destroyed. */
    readonly retainData: boolean;
    /** Have Pulumi refuse to destroy the stack. */
    readonly protect: boolean;
}

/** What the parts with a configuration, data and a port of their own have in common. */
export interface ServiceArgs extends CommonArgs {
    /** Image with tag or digest, e.g. "prom/prometheus:v3.13.5". */
    readonly image: string;
    /** TCP port on the Docker host. */
    readonly port: number;
    /** Address of the Docker host that the port is published on. */
    readonly bindAddress: string;
    /** The most memory the container may use, in bytes. */
    readonly memoryLimit: number;
    /** How long a new container may take to become ready, in milliseconds. */
    readonly startTimeout: number;
    /** An existing Docker volume of somebody else. @default a volume of the stack's own */
    readonly dataVolume?: string | undefined;
    /** The files of the configuration. */
    readonly files: Files;
    /** What its secret files hold. */
    readonly secretFiles: Readonly<Record<string, Secret>>;
    /** See ConfigVolumeArgs. */
    readonly generation?: string | undefined;
}
