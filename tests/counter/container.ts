import * as path from "node:path";
import type { Configuration, Data } from "../../components/part";

// What more than one file here knows of the container. Plain data: neither Pulumi nor the image is loaded for it.

/** The port that it listens on inside of its container. */
export const containerPort = 8080;

/** Where it tells its count, and counts. */
export const metricsPath = "/cgi-bin/metrics";

/** nobody, as which the image's program runs. */
const userId = 65534;

export const configuration: Configuration = {
    // The mount point, in which a release is at current/: see metrics.sh.
    mountPath: "/etc/counter",
    // It watches no file: the folder stays empty.
    watchedFolder: "watched",
    userId,
};

export const data: Data = {
    mountPath: "/counter",
    holds: "a count",
    ...{ userId, groupId: userId, mark: "count" },
    files: "count",
    script: path.join(__dirname, "data.sh"),
};
