import type { Configuration, Data } from "../part";

/** The ports that it listens on inside of its container: OTLP over gRPC and over HTTP, and its own metrics. */
export const ports = { grpc: 4317, http: 4318, metrics: 8888 } as const;

/**
 * Root, with none of root's rights: the official image has no folder that a new volume could have the owner of, so that nobody else
 * may write into one. Source: https://docs.docker.com/engine/storage/volumes/#mounting-a-volume-over-existing-data
 */
const userId = 0;

export const configuration: Configuration = {
    mountPath: "/etc/otelcol",
    // It watches none of its files: the folder stays empty.
    watchedFolder: "watched",
    userId,
    // The official image holds nothing but the program.
    withoutShell: true,
};

/** Where it finds a secret file. */
export const secretPath = (file: string) => `${configuration.mountPath}/secrets/${file}`;

const queues = "file_storage";

export const data: Data = {
    mountPath: "/var/lib/otelcol",
    holds: "what was not sent on yet",
    ...{ userId, groupId: userId, mark: queues },
    files: queues,
    // Its database is written in place.
    paused: true,
};

/** The folder of the queues. */
export const queueFolder = `${data.mountPath}/${queues}`;
