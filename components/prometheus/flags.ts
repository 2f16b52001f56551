import type { z } from "zod";
import type { Mode } from "../../config/schema/mode";
import type { LenientDeclaration } from "../../config/schema/part";
import type { Problem } from "../../config/schema/problems";
import { nearestOf, show } from "../../config/schema/problems";
import { count, duration, listOf, object, text, toggle } from "../../config/schema/values";
import { formatDuration } from "../../config/schema/units";

/**
 * Prometheus' flags that can be declared. A changed flag is a new container, so that nothing that is not declared is passed.
 * Source: https://prometheus.io/docs/prometheus/latest/command-line/prometheus/
 */

const list = <Item extends z.ZodType>(item: Item, example: string) =>
    listOf(item, `a list, such as ["${example}"]`).default([]);

export const flagKeys = {
    enableFeatures: list(
        text(/^[a-z\d]+(-[a-z\d]+)*$/, "a feature", 'one, such as "exemplar-storage"'),
        "exemplar-storage",
    ).describe(
        "[Features](https://prometheus.io/docs/prometheus/latest/feature_flags/) that are off unless they are named: the flag `--enable-feature`.",
    ),
    queryTimeout: duration
        .optional()
        .meta({ description: "How long a query may take: the flag `--query.timeout`.", derived: "`2m`" }),
    queryMaxConcurrency: count
        .optional()
        .meta({ description: "How many queries run at a time: the flag `--query.max-concurrency`.", derived: "`20`" }),
    queryMaxSamples: count.optional().meta({
        description: "How many samples a query may have in memory: the flag `--query.max-samples`.",
        derived: "`50000000`",
    }),
    queryLookbackDelta: duration
        .refine((milliseconds) => milliseconds >= 300_000, {
            error: ({ input }) =>
                `${show(formatDuration(Number(input)))} is less than the 5m that alerts and graphs go by; write at least that`,
        })
        .optional()
        .meta({
            description:
                "How old the latest sample of a series may be, `5m` at least: the flag `--query.lookback-delta`.",
            derived: "`5m`",
        }),
    receive: object({
        remoteWrite: toggle
            .prefault(false)
            .describe(
                "Take samples that other Prometheus send, under `/api/v1/write`: the flag `--web.enable-remote-write-receiver`.",
            ),
        otlp: toggle
            .prefault(false)
            .describe(
                "Take metrics that applications push, under `/api/v1/otlp`: the flag `--web.enable-otlp-receiver`.",
            ),
    })
        .prefault({})
        .describe("What Prometheus takes from whoever reaches it, beside what it scrapes."),
    extraFlags: list(
        text(/^--[a-z][\w.-]*(=[^\p{Cc}]*)?$/u, "a flag", 'one, such as "--log.level=warn"'),
        "--log.level=warn",
    ).describe("Other flags, as Prometheus takes them."),
};

/** The flags of what is declared. */
export const declaredFlags = (settings: FlagSettings): string[] => [
    ...(settings.enableFeatures.length > 0 ? [`--enable-feature=${settings.enableFeatures.join(",")}`] : []),
    ...Object.entries({
        timeout: settings.queryTimeout && formatDuration(settings.queryTimeout),
        "max-concurrency": settings.queryMaxConcurrency,
        "max-samples": settings.queryMaxSamples,
        "lookback-delta": settings.queryLookbackDelta && formatDuration(settings.queryLookbackDelta),
    }).flatMap(([name, value]) => (value === undefined ? [] : [`--query.${name}=${value}`])),
    ...(settings.receive.remoteWrite ? ["--web.enable-remote-write-receiver"] : []),
    ...(settings.receive.otlp ? ["--web.enable-otlp-receiver"] : []),
    ...settings.extraFlags,
];

export type FlagSettings = z.output<z.ZodObject<typeof flagKeys>>;

/** Flags that this project sets, or that something here depends on: what to write instead. */
const taken: Readonly<Record<string, string>> = {
    "config.file": "the stack delivers the configuration; leave it out",
    "config.auto-reload": "the stack reloads, verifies, and goes back; leave it out",
    "config.auto-reload-interval": "the stack reloads, verifies, and goes back; leave it out",
    "storage.tsdb.path": "the samples are in a volume of the stack; write dataVolume for another one",
    "storage.tsdb.retention.time": "write retentionTime",
    "storage.tsdb.retention.size": "write retentionSize",
    "web.enable-lifecycle": "the stack reloads by it; leave it out",
    "web.external-url": "write externalUrl",
    "web.route-prefix": "health checks ask below /; write externalUrl for what people see",
    "web.listen-address": "write port and bindAddress",
    "web.console.templates": "the dashboards' pages are there; leave it out",
    "web.console.libraries": "the dashboards' pages are there; leave it out",
    "web.config.file": "write web",
    "web.enable-remote-write-receiver": "write receive: {remoteWrite: true}",
    "web.enable-otlp-receiver": "write receive: {otlp: true}",
    "enable-feature": "write enableFeatures",
    "query.timeout": "write queryTimeout",
    "query.max-concurrency": "write queryMaxConcurrency",
    "query.max-samples": "write queryMaxSamples",
    "query.lookback-delta": "write queryLookbackDelta",
    "log.format": "what Prometheus says of a failure is read from its log; leave it out",
    agent: "write mode: agent",
    "storage.agent.path": "what is not sent yet is in the volume of the stack; leave it out",
    version: "Prometheus says it and ends; leave it out",
    help: "Prometheus says it and ends; leave it out",
    "help-long": "Prometheus says it and ends; leave it out",
    "help-man": "Prometheus says it and ends; leave it out",
    "write-documentation": "Prometheus says it and ends; leave it out",
};

/** By which Prometheus does not start in the other mode. */
const ofMode = {
    agent: /^storage\.agent\./,
    server: /^(?:storage\.(?:tsdb|remote\.read-)|web\.search\.|rules\.|alertmanager\.|query\.)/,
};

/** As far as it could be read. */
type Declared = Partial<FlagSettings> & { readonly mode?: Mode | undefined };

const takenFeatures: Readonly<Record<string, string>> = {
    "auto-reload-config": "is not for this stack, which reloads, verifies, and goes back; leave it out",
};

/** Of 3.13, without those above. Source: https://github.com/prometheus/prometheus/blob/v3.13.5/cmd/prometheus/main.go */
const known = `
    alertmanager.drain-notification-queue-on-shutdown alertmanager.notification-batch-size
    alertmanager.notification-queue-capacity auto-gomaxprocs auto-gomemlimit auto-gomemlimit.ratio log.level
    rules.alert.for-grace-period rules.alert.for-outage-tolerance rules.alert.resend-delay rules.max-concurrent-evals
    scrape.adjust-timestamps scrape.discovery-reload-interval scrape.timestamp-tolerance storage.remote.flush-deadline
    storage.remote.read-concurrent-limit storage.remote.read-max-bytes-in-frame storage.remote.read-sample-limit
    storage.tsdb.allow-overlapping-compaction storage.tsdb.block-reload-interval storage.tsdb.delay-compact-file.path
    storage.tsdb.delayed-compaction.max-percent storage.tsdb.head-chunks-write-queue-size
    storage.tsdb.max-block-chunk-segment-size storage.tsdb.max-block-duration storage.tsdb.min-block-duration
    storage.tsdb.no-lockfile storage.tsdb.samples-per-chunk storage.tsdb.wal-compression storage.tsdb.wal-compression-type
    storage.tsdb.wal-segment-size web.console.libraries web.console.templates web.cors.origin web.enable-admin-api
    storage.agent.checkpoint-batch-size storage.agent.checkpoint-from-in-memory-series storage.agent.no-lockfile
    storage.agent.retention.max-time storage.agent.retention.min-time storage.agent.wal-compression
    storage.agent.wal-compression-type storage.agent.wal-segment-size storage.agent.wal-truncate-frequency
    web.max-connections web.max-notifications-subscribers web.page-title web.read-timeout
    web.remote-write-receiver.accepted-protobuf-messages web.search.max-limit web.user-assets`
    .trim()
    .split(/\s+/);

const knownFeatures = `
    exemplar-storage memory-snapshot-on-shutdown extra-scrape-metrics metadata-wal-records promql-per-step-stats
    concurrent-rule-eval promql-experimental-functions promql-duration-expr native-histograms ooo-native-histograms
    created-timestamp-zero-ingestion xor2-encoding st-synthesis st-storage use-start-timestamps delayed-compaction
    promql-delayed-name-removal promql-extended-range-selectors promql-binop-fill-modifiers old-ui otlp-deltatocumulative
    otlp-native-delta-ingestion type-and-unit-labels use-uncached-io fast-startup search-api`
    .trim()
    .split(/\s+/);

/**
 * The flags and features that the stack cannot have, or that Prometheus does not know: with such a flag it does not start.
 * @param isStandard whether the image is the one whose flags are known
 */
export function flagMistakes(settings: Declared, isStandard: boolean): Problem[] {
    const otherMode = settings.mode === "agent" ? "server" : "agent";
    const flags = (settings.extraFlags ?? []).map((flag: string | undefined, i) => ({
        ...{ path: ["extraFlags", i], flag },
        name: /^--([^=]*)/.exec(flag ?? "")?.[1] ?? "",
    }));
    return [
        ...flags.flatMap(({ path, flag, name }, i) => {
            const isDoubled = flags.findIndex((each) => each.name === name) < i;
            const mistake =
                flagMistake(name, isStandard, otherMode) ??
                (isDoubled ? "stands there twice; write it once" : undefined);
            return flag === undefined || mistake === undefined ? [] : [{ path, message: `${show(flag)} ${mistake}` }];
        }),
        ...(settings.enableFeatures ?? []).flatMap((feature: string | undefined, i) => {
            const mistake = feature === undefined ? undefined : featureMistake(feature, isStandard);
            return mistake === undefined
                ? []
                : [{ path: ["enableFeatures", i], message: `${show(feature)} ${mistake}` }];
        }),
    ];
}

function flagMistake(name: string, isStandard: boolean, otherMode: Mode): string | undefined {
    // What is true or false has a form with "no-".
    const positive = name.replace(/^no-/, "");
    const reason = taken[positive];
    if (reason !== undefined) {
        return `is not for this stack: ${reason}`;
    }
    if (ofMode[otherMode].test(positive)) {
        return `is a flag of Prometheus as ${otherMode === "agent" ? "an agent" : "a server"}; leave it out, or write mode: ${otherMode}`;
    }
    return known.includes(positive) || !isStandard ? undefined : unknown("flag", positive, known, "--");
}

const featureMistake = (feature: string, isStandard: boolean) =>
    takenFeatures[feature] ??
    (knownFeatures.includes(feature) || !isStandard ? undefined : unknown("feature", feature, knownFeatures));

function unknown(what: string, word: string, words: readonly string[], before = ""): string {
    const nearest = nearestOf(word, words);
    const advice = nearest === undefined ? "leave it out" : `did you mean ${before}${nearest}?`;
    return `is no ${what} of Prometheus 3.13; ${advice}`;
}

/** Without the feature Prometheus keeps no exemplar, whatever their limit is, and has none to send; an agent sends them all the same. */
export function exemplarMistakes(
    { storage, remoteWrite = [] }: Pick<LenientDeclaration, "storage" | "remoteWrite">,
    settings: Declared,
): Problem[] {
    const message = 'has no effect without the feature; write prometheus: {enableFeatures: ["exemplar-storage"]} too';
    const limit = storage?.exemplars?.maxExemplars === undefined ? [] : [["storage", "exemplars", "maxExemplars"]];
    const sent = remoteWrite.flatMap((each, i) => (each?.sendExemplars ? [["remoteWrite", i, "sendExemplars"]] : []));
    return settings.mode === "agent" || settings.enableFeatures?.includes("exemplar-storage")
        ? []
        : [...limit, ...sent].map((path) => ({ path, message }));
}

/** What becomes of metrics that nobody can push. */
export function receiverMistakes(
    { otlp, pushedJobs = [] }: Pick<LenientDeclaration, "otlp" | "pushedJobs">,
    settings: Partial<FlagSettings>,
): Problem[] {
    const message = "has no effect without the receiver; write prometheus: {receive: {otlp: true}} too";
    const paths = [...(otlp === undefined ? [] : [["otlp"]]), ...(pushedJobs.length > 0 ? [["pushedJobs"]] : [])];
    return settings.receive?.otlp ? [] : paths.map((path) => ({ path, message }));
}
