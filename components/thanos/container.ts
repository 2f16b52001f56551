import * as path from "node:path";
import type { Configuration, Data, Deployed, StackResources } from "../part";
import type { ServiceArgs } from "../service";
import { mountPath } from "./live";

/** Where every component answers over HTTP inside of its container, and where over gRPC: Thanos' own ports. */
export { port as httpPort } from "./live";
export const grpcPort = 10901;

/** Where Receive takes samples by remote write: its own port. */
export const remoteWritePort = 19291;

/** nobody: who owns the blocks of Prometheus, which the sidecar links and ships. */
export const userId = 65534;

/** What a component works with on disk. */
export const workFolder = "/data";

/** Where the samples of Prometheus are in the sidecar's container. */
export const samplesFolder = "/prometheus";

/** Where a bucket that is a folder is in every container. */
export const bucketFolder = "/bucket";

const watchedFolder = "watched";

export const configuration: Configuration = {
    mountPath,
    // Receive's hash ring. Query reads its endpoints again by itself, but at any path.
    watchedFolder,
    userId,
};

/** The folder of its volume in which Receive has one for each tenant: any other beside those, it would take for one too. */
const tenants = "receive";
export const tenantsFolder = `${workFolder}/${tenants}`;

/** What Receive has taken. A pause leaves what a crash would, from which it recovers. */
export const data: Data = {
    mountPath: workFolder,
    holds: "samples that others have sent",
    ...{ userId, groupId: userId, mark: tenants },
    files: tenants,
    paused: true,
    script: path.join(__dirname, "data.sh"),
};

/** The hash ring, which Receive watches: its name among the files, and where a container reads it. */
export const ringFile = `${watchedFolder}/hashring.json`;
export const ringPath = `${mountPath}/${ringFile}`;

/** Where a container reads a file of the current release, and a secret file. */
export const filePath = (file: string) => `${mountPath}/current/${file}`;
export const secretPath = (file: string) => `${mountPath}/secrets/${file}`;

/** What the stack file says of any of them. */
export type ComponentSettings = Pick<ServiceArgs, "memoryLimit" | "startTimeout" | "dataVolume">;

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
    /** Whether it has one for data: what is in it is nowhere else. @default false */
    readonly hasData?: boolean;
    /** Its ports that are published, and on which of the Docker host's. @default none */
    readonly ports?: readonly { readonly internal: number; readonly external: number; readonly ip: string }[];
    /** Shell command that checks a release from inside of its folder. @default nothing is checked */
    readonly check?: string;
    /** Whom it asks, beside Prometheus: it is started once they are there. @default nobody */
    readonly asks?: StackResources["stores"];
    /** What the stack says of it. @default nothing */
    readonly outputs?: Deployed["outputs"];
}
