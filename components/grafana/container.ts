import * as path from "node:path";
import { dashboardsFolder } from "../../config/render/dashboards";
import type { Configuration, Data } from "../part";
import { grafanaMountPath } from "./files";

/** The port that it listens on inside of its container. */
export const containerPort = 3000;

/** The user of the official image: https://grafana.com/docs/grafana/latest/setup-grafana/configure-docker/ */
const userId = 472;

export const configuration: Configuration = { mountPath: grafanaMountPath, watchedFolder: dashboardsFolder, userId };

/** The key that its database's secrets are encrypted with is made with the database, in the same volume; see resources.ts. */
export const secretKey = "secret-key";

export const data: Data = {
    mountPath: "/var/lib/grafana",
    holds: "Grafana's users, settings and own dashboards",
    ...{ userId, groupId: 0, mark: "grafana.db" },
    // Plugins are none of it.
    files: "grafana.db* secret-key",
    // SQLite writes its file in place: a pause leaves what a crash would, from which it recovers.
    paused: true,
    script: path.join(__dirname, "data.sh"),
    misses: (top) =>
        top.includes(secretKey)
            ? undefined
            : `has a database and no file ${secretKey}, without which Grafana cannot read the passwords in it; see docs/migrating.md`,
};
