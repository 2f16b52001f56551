import * as path from "node:path";
import { configMountPath, targetsFolder } from "../../config/render/paths";
import type { Allowed, Configuration, Data } from "../part";
import { checkCommand } from "./files";

/** The port that it listens on inside of its container. */
export const containerPort = 9090;

/** nobody, the user of the official image: https://github.com/prometheus/prometheus/blob/main/Dockerfile */
const userId = 65534;

export const configuration: Configuration = {
    mountPath: configMountPath,
    watchedFolder: targetsFolder,
    userId,
    check: checkCommand,
    tool: "promtool",
};

export const data: Data = {
    mountPath: "/prometheus",
    holds: "samples",
    ...{ userId, groupId: userId, mark: "wal" },
    script: path.join(__dirname, "data.sh"),
    saying: { verify: "Having promtool read the samples" },
};

/**
 * What people from outside may ask: nothing that reloads, stops, writes, deletes or profiles.
 * Source: https://prometheus.io/docs/prometheus/latest/querying/api/, https://prometheus.io/docs/prometheus/latest/management_api/
 */
export const allowed: Allowed = {
    closed: ["/-/reload", "/-/quit", "/api/v1/admin/*", "/api/v1/write", "/api/v1/otlp/*", "/debug/*"],
    open: [
        {
            method: "POST",
            paths: [
                ...["query", "query_range", "query_exemplars", "format_query", "parse_query", "series", "labels"],
                "read",
            ].map((endpoint) => `/api/v1/${endpoint}`),
        },
    ],
};

/** Where it takes what others send, as far as that is on. */
export const pushedTo = ({
    remoteWrite,
    otlp,
}: {
    readonly remoteWrite: boolean;
    readonly otlp: boolean;
}): string[] => [...(remoteWrite ? ["/api/v1/write"] : []), ...(otlp ? ["/api/v1/otlp/v1/metrics"] : [])];
