import type { z } from "zod";
import { labelName } from "./labels";
import { show } from "./problems";
import { formatDuration } from "./units";
import { duration, object, positive, ratio, text } from "./values";

/**
 * What a job's targets expose beyond `up`, and when that is worth an alert. A job without a profile has the alerts and the
 * graphs that every target has.
 */

/** The names under which an application exposes what its HTTP requests do. */
export interface ApplicationProfile {
    /** Counter of answered requests, e.g. "http_requests_total". */
    readonly requests: string;
    /** Histogram of their duration in seconds, without its suffix, e.g. "http_request_duration_seconds". */
    readonly duration: string;
    /** Label of both with the path or route, e.g. "path". */
    readonly pathLabel: string;
    /** Label of the counter with the HTTP method, e.g. "method". */
    readonly methodLabel: string;
    /** Label of the counter with the HTTP status code, e.g. "status". */
    readonly statusLabel: string;
}

/** The profiles that need no declaration. */
export const builtInProfiles = {
    /** What the middleware of examples/web_be exposes. */
    fastapi: {
        requests: "http_requests_total",
        duration: "http_request_duration_seconds",
        pathLabel: "path",
        methodLabel: "method",
        statusLabel: "status",
    },
    /** Source: https://opentelemetry.io/docs/specs/semconv/http/http-metrics/, as Prometheus spells the names. */
    opentelemetry: {
        requests: "http_server_request_duration_seconds_count",
        duration: "http_server_request_duration_seconds",
        pathLabel: "http_route",
        methodLabel: "http_request_method",
        statusLabel: "http_response_status_code",
    },
} as const satisfies Record<string, ApplicationProfile>;

/** Without the words that PromQL reads as something else where a metric stands; it does not tell upper from lower case. */
const metricName = text(
    /^(?!(?:on|ignoring|group_left|group_right|bool|atan2|inf|nan)$)[a-z_:][a-z0-9_:]*$/i,
    "a metric name that PromQL reads as one",
    'letters, digits, underscores and colons, such as "http_requests_total"',
);
const label = text(
    new RegExp(`^(?!(?:inf|nan)$)${labelName.source.slice(1)}`, "i"),
    "a label name",
    'one, such as "path"',
);

/** Source of the names' form: https://prometheus.io/docs/concepts/data_model/#metric-names-and-labels */
export const applicationProfileSchema = object({
    requests: metricName.default(builtInProfiles.fastapi.requests),
    duration: metricName.default(builtInProfiles.fastapi.duration),
    pathLabel: label.default(builtInProfiles.fastapi.pathLabel),
    methodLabel: label.default(builtInProfiles.fastapi.methodLabel),
    statusLabel: label.default(builtInProfiles.fastapi.statusLabel),
});

export const profileName = /^[a-z][\w-]*$/;

/** Refuses a critical limit that is no worse than the warning's. */
const inOrder =
    (worse: "smaller" | "larger", written: (limit: number) => string = show) =>
    ({ warning, critical }: { warning: number; critical: number }, context: z.RefinementCtx) => {
        if (worse === "smaller" ? critical >= warning : critical <= warning) {
            const message = `${written(critical)} is no worse than the warning's ${written(warning)}; write a ${worse} one`;
            context.addIssue({ code: "custom", path: ["critical"], message });
        }
    };

/** Two limits of a share. */
const shares = (warning: number, critical: number) =>
    object({ warning: ratio.default(warning), critical: ratio.default(critical) })
        .superRefine(inOrder(critical < warning ? "smaller" : "larger"))
        .prefault({});

/**
 * A job whose targets expose node_exporter's metrics, and when its alerts fire.
 * Source of most defaults: https://github.com/prometheus/node_exporter/tree/master/docs/node-mixin (Apache-2.0)
 */
export const hostSchema = object({
    /** Share of a filesystem's space, and of its inodes, that is left. */
    filesystemFree: shares(0.05, 0.03),
    /** A filesystem that will be full within this time, as it filled up lately. */
    filesystemFullWithin: object({ warning: duration.prefault("24h"), critical: duration.prefault("4h") })
        .superRefine(inOrder("smaller", (limit) => show(formatDuration(limit))))
        .prefault({}),
    /** Share of all cores that is busy. */
    cpuBusy: ratio.default(0.9),
    /** Processes that run or wait, for each core. */
    loadPerCore: positive.default(2),
    /** Share of the memory that is available. */
    memoryAvailable: ratio.default(0.1),
    /** Requests that wait for a disk, on average. */
    diskQueue: positive.default(10),
    /** Share of a network device's packets that are errors. */
    networkErrors: ratio.default(0.01),
    /** How wrong the clock may be. */
    clockSkew: duration.prefault("50ms"),
    /** Share of time in which all processes stood still for lack of memory. */
    memoryStalled: shares(0.05, 0.2),
    /** Share of time in which all processes stood still for lack of disk throughput. */
    ioStalled: ratio.default(0.2),
    /** Share of time in which a process waited for a core. */
    cpuWaiting: ratio.default(0.5),
});

/** A job whose targets answer HTTP requests, and when its alerts fire. */
export const applicationSchema = object({
    /** "fastapi", "opentelemetry", or one of `applicationProfiles`. */
    profile: text(profileName, "the name of a profile", 'one, such as "fastapi"').default("fastapi"),
    /** Share of requests that may be answered with a status of 500 or above. */
    errorRatio: ratio.default(0.05),
    /** How long requests may take, at `latencyQuantile`. */
    latency: duration.prefault("1s"),
    /** The share of requests that has to be faster than `latency`. */
    latencyQuantile: ratio.default(0.95),
    /** How long there may be no request at all. */
    noTrafficFor: duration.prefault("1h"),
});

export type HostThresholds = z.output<typeof hostSchema>;
export type Application = z.output<typeof applicationSchema>;
