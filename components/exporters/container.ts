import type { Configuration } from "../part";

/** Where the container finds its files and its secrets. */
export const mountPath = "/etc/exporter";

/** The label of the container with the port that it has to listen on: delivery.js has it from there. */
export const portLabel = "metrics-stack.port";

/** @param user "65534" or "65534:65534" */
export const configuration = (user: string): Configuration => ({
    mountPath,
    // Nobody knows what it watches: the folder stays empty.
    watchedFolder: "watched",
    userId: Number(user.split(":", 1)[0]),
    withoutShell: true,
});
