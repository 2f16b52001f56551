import type { Configuration, Data } from "../part";

/** The port that it listens on inside of its container: one that needs no right. */
export const containerPort = 8443;

/** Where it takes a new configuration from, inside of its container and nowhere else. */
export const adminAddress = "127.0.0.1:2019";

/** nobody: it needs no rights. */
const userId = 65534;

const mountPath = "/etc/caddy";

/** Where Caddy finds its secret files. */
export const secretsFolder = `${mountPath}/secrets`;

export const configFile = "caddy.json";

export const configuration: Configuration = {
    mountPath,
    // It watches none of its files: the folder stays empty.
    watchedFolder: "watched",
    userId,
    // Checking, it makes an authority for nobody: the only place where the checking container may write is memory.
    check: `said="$(XDG_DATA_HOME=/dev/shm caddy validate --config ${configFile} 2>&1)" || { echo "$said" | tail -n 1 >&2; exit 1; }`,
};

/**
 * Certificates and the authority's key. Docker gives a new volume the mode of the folder that it is mounted over: anybody may write
 * into this one, and in no image of Caddy another one is nobody's. Caddy keeps its own folder in it to itself.
 * Source: https://docs.docker.com/engine/storage/volumes/#mounting-a-volume-over-existing-data
 */
export const data: Data = {
    mountPath: "/var/tmp",
    holds: "the door's certificates and the key of its authority",
    ...{ userId, groupId: userId, mark: "caddy" },
    files: "caddy",
};
