import type { Configuration } from "../part";

/** The port that it listens on inside of its container. */
export const containerPort = 9115;

/** nobody: it needs no rights, ICMP included. */
export const userId = 65534;

export const configuration: Configuration = {
    mountPath: "/etc/blackbox_exporter",
    // It watches none of its files: the folder stays empty.
    watchedFolder: "watched",
    userId,
    tool: "blackbox_exporter",
    check: 'said="$(blackbox_exporter --config.check --config.file=config.yml 2>&1)" || { echo "$said" >&2; exit 1; }',
};
