import type { Configuration, Deployed } from "../part";

/** Where every component answers over HTTP inside of its container, and where over gRPC: Thanos' own ports. */
export const httpPort = 10902;
export const grpcPort = 10901;

/** nobody: who owns the blocks of Prometheus, which the sidecar links and ships. */
export const userId = 65534;

/** What a component works with on disk: it can be made anew from the bucket. */
export const workFolder = "/data";

/** Where the samples of Prometheus are in the sidecar's container. */
export const samplesFolder = "/prometheus";

/** Where a bucket that is a folder is in every container. */
export const bucketFolder = "/bucket";

export const configuration: Configuration = {
    mountPath: "/etc/thanos",
    // It reads its endpoints again by itself, but at any path: the folder stays empty.
    watchedFolder: "watched",
    userId,
};

/** Where a container reads a file of the current release, and a secret file. */
export const filePath = (file: string) => `${configuration.mountPath}/current/${file}`;
export const secretPath = (file: string) => `${configuration.mountPath}/secrets/${file}`;

/** The container of one: what differs between them. */
export interface Component {
    /** What its Docker names end in, e.g. "thanos-query". */
    readonly role: string;
    /** What it is called with, its command first. */
    readonly command: readonly string[];
    /** Volumes, or folders of the Docker host, that it may write into. @default none */
    readonly mounts?: readonly { readonly source: string; readonly target: string }[];
    /** Whether it has a volume of its own to work in, which can be made anew. @default false */
    readonly hasWorkFolder?: boolean;
    /** Its port that is published, and on which of the Docker host's. @default none */
    readonly published?: { readonly internal: number; readonly external: number; readonly address: string };
    /** What the stack says of it. @default nothing */
    readonly outputs?: Deployed["outputs"];
}
