import * as path from "node:path";
import type { Allowed, Configuration, Data } from "../part";
import { alertmanagerMountPath } from "./files";

/** The port that it listens on inside of its container. */
export const containerPort = 9093;

/** The one on which those of a pair find each other. */
export const clusterPort = 9094;

/** nobody, the user of the official image: https://github.com/prometheus/alertmanager/blob/main/Dockerfile */
const userId = 65534;

export const configuration: Configuration = {
    mountPath: alertmanagerMountPath,
    // It watches none of its files: the folder stays empty.
    watchedFolder: "watched",
    userId,
    tool: "amtool",
    check: 'said="$(amtool check-config alertmanager.yml 2>&1)" || { echo "$said" >&2; exit 1; }',
};

export const data: Data = {
    mountPath: "/alertmanager",
    holds: "silences, and which messages were sent",
    ...{ userId, groupId: userId, mark: "nflog" },
    files: "silences nflog",
    script: path.join(__dirname, "data.sh"),
    saying: { freeze: "Waiting for Alertmanager to write its silences" },
};

/**
 * What people from outside may ask: silences are theirs, alerts are Prometheus'.
 * Source: https://github.com/prometheus/alertmanager/blob/main/api/v2/openapi.yaml
 */
export const allowed: Allowed = {
    closed: ["/-/reload", "/debug/*"],
    open: [
        { method: "POST", paths: ["/api/v2/silences"] },
        { method: "DELETE", paths: ["/api/v2/silence/*"] },
    ],
};
