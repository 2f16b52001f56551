import type { Files } from "../config/render/files";
import type { Network } from "./network";
import type { DataVolumeArgs } from "./volume";

/** What the parts with a configuration, data and a port of their own have in common. */
export interface ServiceArgs extends DataVolumeArgs {
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
    readonly network: Network;
    /** The files of the configuration. */
    readonly files: Files;
    /** See ConfigVolumeArgs. */
    readonly generation?: string | undefined;
    /** Docker endpoint of the stack's host. @default DOCKER_HOST, else the local socket */
    readonly dockerHost?: string | undefined;
}
