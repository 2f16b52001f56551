import type { z } from "zod";
import { labelName } from "./labels";
import { show } from "./problems";
import { formatDuration } from "./units";
import { count, duration, object, oneOf, positive, ratio, text } from "./values";

/**
 * What a job's targets expose beyond `up`, and when that is worth an alert. A job without a profile has the alerts and the
 * graphs that every target has.
 */

/** The units that durations are exposed in: how many of each are a second. */
const durationUnits = { seconds: 1, milliseconds: 1e3, microseconds: 1e6, nanoseconds: 1e9 } as const;
type DurationUnit = keyof typeof durationUnits;

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
} as const;

/**
 * The last finite bound of the histograms of built-in profiles, in milliseconds: no estimate of a quantile is above it.
 * Source: https://github.com/prometheus/client_python/blob/master/prometheus_client/metrics.py (Histogram.DEFAULT_BUCKETS), and
 * https://opentelemetry.io/docs/specs/semconv/http/http-metrics/#metric-httpserverrequestduration
 */
export const lastBounds: ReadonlyMap<string, number> = new Map([
    ["fastapi", 10_000],
    ["opentelemetry", 10_000],
]);

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
    requests: metricName.default(builtInProfiles.fastapi.requests).describe("Counter of answered requests."),
    duration: metricName
        .default(builtInProfiles.fastapi.duration)
        .describe("Histogram of their duration, without its suffix `_bucket`."),
    durationUnit: oneOf(Object.keys(durationUnits) as [DurationUnit, ...DurationUnit[]])
        .optional()
        .meta({
            description: "The unit of `duration`: `seconds`, `milliseconds`, `microseconds` or `nanoseconds`.",
            derived: "what the name `duration` ends in, else `seconds`",
        }),
    pathLabel: label.default(builtInProfiles.fastapi.pathLabel).describe("Label of both with the path or route."),
    methodLabel: label
        .default(builtInProfiles.fastapi.methodLabel)
        .describe("Label of the counter with the HTTP method."),
    statusLabel: label
        .default(builtInProfiles.fastapi.statusLabel)
        .describe("Label of the counter with the HTTP status code."),
}).meta({ id: "applicationProfile" });

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

/** The labels of node_exporter's metrics that alerts and graphs read. */
export const hostLabels = ["cpu", "mode", "device", "fstype", "mountpoint"] as const;

/** Source of most defaults: https://github.com/prometheus/node_exporter/tree/master/docs/node-mixin (Apache-2.0) */
export const hostSchema = object({
    filesystemFree: shares(0.05, 0.03).describe(
        "Less than this share of a filesystem's space, or of its inodes, is left.",
    ),
    filesystemFullWithin: object({ warning: duration.prefault("24h"), critical: duration.prefault("4h") })
        .superRefine(inOrder("smaller", (limit) => show(formatDuration(limit))))
        .prefault({})
        .describe("A filesystem will be full within this time, as it filled up lately."),
    cpuBusy: ratio.default(0.9).describe("More than this share of all cores is busy."),
    loadPerCore: positive.default(2).describe("More processes than this run or wait, for each core."),
    memoryAvailable: ratio.default(0.1).describe("Less than this share of the memory is available."),
    diskQueue: positive.default(10).describe("More requests than this wait for a disk, on average."),
    networkErrors: ratio.default(0.01).describe("More than this share of a device's packets are errors."),
    clockSkew: duration.prefault("50ms").describe("The clock is wrong by more than this."),
    memoryStalled: shares(0.05, 0.2).describe(
        "All processes stood still for lack of memory for more than this share of time.",
    ),
    ioStalled: ratio
        .default(0.2)
        .describe("All processes stood still for lack of disk throughput for more than this share of time."),
    cpuWaiting: ratio.default(0.5).describe("A process waited for a core for more than this share of time."),
}).meta({ id: "host" });

/**
 * The label of blackbox_exporter's metrics that graphs read.
 * Source: https://github.com/prometheus/blackbox_exporter/blob/master/prober/http.go
 */
export const probeLabels = ["phase"] as const;

export const probeSchema = object({
    latency: duration.prefault("2s").describe("An alert fires where a probe succeeds and takes longer than this."),
    certificateEndsWithin: object({ warning: duration.prefault("14d"), critical: duration.prefault("3d") })
        .superRefine(inOrder("smaller", (limit) => show(formatDuration(limit))))
        .prefault({})
        .describe("The certificate ends within this time."),
}).meta({ id: "probe" });

/** The label that Docker Compose's project has in cAdvisor's metrics. Source: https://docs.docker.com/compose/how-tos/project-name/ */
export const projectLabel = "container_label_com_docker_compose_project";

/**
 * The labels of cAdvisor's metrics that alerts and graphs read.
 * Source: https://github.com/google/cadvisor/blob/master/docs/storage/prometheus.md
 */
export const containerLabels = ["name", projectLabel] as const;

export const containerSchema = object({
    memoryUsed: ratio.default(0.9).describe("A container uses more than this share of the memory that it may."),
    throttled: ratio
        .default(0.25)
        .describe("A container is held back in more than this share of the periods in which it may use a CPU."),
    restarts: count.default(3).describe("A container was started again more often than this in an hour."),
}).meta({ id: "container" });

/** What Thanos is made of; each exposes other metrics. Source: https://thanos.io/tip/thanos/design.md/ */
export const thanosComponents = [
    "sidecar",
    "query",
    "queryFrontend",
    "store",
    "compactor",
    "receive",
    "ruler",
] as const;
export type ThanosComponent = (typeof thanosComponents)[number];

/**
 * The labels of the metrics of Thanos that alerts and graphs read.
 * Source: https://github.com/thanos-io/thanos/tree/main/mixin (Apache-2.0)
 */
export const thanosLabels = [
    ...(["handler", "code", "le", "grpc_service", "grpc_code", "operation", "store_type"] as const),
    ...(["resolution", "result", "state", "op", "version", "rule_group", "alertmanager"] as const),
];

/** Source of most defaults: https://github.com/thanos-io/thanos/tree/main/mixin (Apache-2.0) */
const thanosLimits = {
    errorRatio: ratio
        .default(0.05)
        .describe("More than this share of queries, of requests to a Store API or of operations on the bucket fails."),
    latency: duration.prefault("30s").describe("One of twenty queries takes longer than this."),
    shippedWithin: duration.prefault("1h").describe("A finished block has not reached the bucket within this time."),
    compactedWithin: duration
        .prefault("12h")
        .describe("The compactor has not been through the whole bucket within this time."),
};

/** When the alerts of the stack's own components fire. */
export const thanosLimitsSchema = object(thanosLimits);

export const thanosSchema = object({
    component: oneOf(thanosComponents).optional().meta({
        description: "Which component all targets are: they have its alerts and its graphs alone.",
        derived: "any: they have those of all, and what a target does not expose fires nothing",
    }),
    ...thanosLimits,
}).meta({ id: "thanosJob" });

export const applicationSchema = object({
    profile: text(profileName, "the name of a profile", 'one, such as "fastapi"')
        .default("fastapi")
        .describe("How the metrics are named: `fastapi`, `opentelemetry`, or one of `applicationProfiles`."),
    errorRatio: ratio
        .default(0.05)
        .describe("An alert fires where more than this share of requests is answered with a status of 500 or above."),
    latency: duration
        .prefault("1s")
        .describe("An alert fires where requests take longer than this, at `latencyQuantile`."),
    latencyQuantile: ratio.default(0.95).describe("The share of requests that has to be faster than `latency`."),
    noTrafficFor: duration.prefault("1h").describe("An alert fires where there is no request at all for this time."),
}).meta({ id: "application" });

/** The names under which an application exposes what its HTTP requests do. */
export type ApplicationProfile = z.output<typeof applicationProfileSchema>;
export type HostThresholds = z.output<typeof hostSchema>;
export type ContainerThresholds = z.output<typeof containerSchema>;
export type ProbeThresholds = z.output<typeof probeSchema>;
export type ThanosThresholds = z.output<typeof thanosLimitsSchema>;

/** The endings of names that tell a unit, as people write them. */
const unitEndings: Readonly<Record<Exclude<DurationUnit, "seconds">, RegExp>> = {
    milliseconds: /_(ms|msecs?|millis|milliseconds?)$/i,
    microseconds: /_(us|usecs?|micros|microseconds?)$/i,
    nanoseconds: /_(ns|nsecs?|nanos|nanoseconds?)$/i,
};

/** How many of the unit of a profile's durations are a second. */
export function perSecond({ duration, durationUnit }: Pick<ApplicationProfile, "duration" | "durationUnit">): number {
    const named = Object.entries(unitEndings).find(([, ending]) => ending.test(duration))?.[0] as
        DurationUnit | undefined;
    return durationUnits[durationUnit ?? named ?? "seconds"];
}
