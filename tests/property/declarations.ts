import fc from "fast-check";
import { discoveryKeys } from "../../config/schema/discovery";
import { thanosComponents } from "../../config/schema/profiles";
import { certificate, privateKey } from "../certificates";
import { discoveries } from "../discoveries";
import { duration, durationText, sizeText } from "./amounts";
import {
    anyText,
    jobName,
    labelName,
    labels,
    metricName,
    secret,
    someText,
    target,
    targetLabels,
    toggle,
} from "./texts";

/** Declarations that are right: every key, every action, every notation. Plain data, as Pulumi hands it over. */

export type Declaration = Readonly<Record<string, unknown>> & { readonly scrapeJobs: readonly DeclaredJob[] };
export type DeclaredJob = Readonly<Record<string, unknown>> & {
    readonly jobName: string;
    readonly staticConfigs: readonly {
        readonly targets: readonly string[];
        readonly labels?: Readonly<Record<string, string>>;
    }[];
};

/** An object with any of these keys. */
const some = <Shape extends Record<string, fc.Arbitrary<unknown>>, Key extends keyof Shape & string = never>(
    shape: Shape,
    requiredKeys: Key[] = [],
) => fc.record(shape, { requiredKeys });

const count = fc.oneof(fc.integer({ min: 1, max: 1000 }), fc.constant(Number.MAX_SAFE_INTEGER));
/** A limit that no target here reaches. */
const large = fc.constantFrom(100_000, Number.MAX_SAFE_INTEGER);
const ratio = fc.double({ min: 0, max: 1, minExcluded: true, maxExcluded: true, noNaN: true });
const amount = fc.double({ min: 0, minExcluded: true, noNaN: true, noDefaultInfinity: true });

const regex = fc.constantFrom(
    ...[
        "(.*)",
        "",
        "a|b",
        "(?i)web-.*",
        "(?P<n>x+)",
        "[^;]+;(\\d+)",
        "\\p{Lu}+",
        "\\Q{{(?=\\E",
        "[(?=]+",
        "x{2,3}?",
        "on",
    ],
    ...["(?s:.)\\n", "[[:alpha:]]*", "\\x{1F600}", "été", "${", "\\101"],
);
const sourceLabels = fc.array(fc.oneof(labelName, fc.constantFrom("__address__", "__name__", "job")), {
    minLength: 1,
    maxLength: 3,
});

/** Any text as a rule writes it: without groups, which its regular expression may not have. */
const literal = anyText.map((text) => text.replaceAll("$", "$$$$").replace(/\\(?=[1-9])/g, "/"));

/** What each action may have. Prometheus' own labels stay as they are: without an address there is no target. */
const relabelConfig = fc.oneof(
    some(
        {
            action: fc.constant("replace"),
            sourceLabels,
            separator: anyText,
            regex,
            replacement: literal,
            targetLabel: fc.oneof(labelName, fc.constantFrom("__tmp_x", "__param_x")),
        },
        ["targetLabel", "replacement"],
    ),
    some(
        {
            sourceLabels,
            regex: fc.constantFrom("(?P<n>.*)", "(a|b)(.*)"),
            replacement: fc.tuple(literal, fc.constantFrom("$1", "${1}x", "$0", "")).map((pieces) => pieces.join("")),
            targetLabel: fc.constantFrom("${1}_x", "a$1"),
        },
        ["regex", "targetLabel"],
    ),
    fc.constant({ sourceLabels: ["__address__"], targetLabel: "instance" }),
    some({ action: fc.constantFrom("keep", "drop"), sourceLabels, separator: anyText, regex }, [
        ...(["action", "sourceLabels", "regex"] as const),
    ]),
    some({ action: fc.constant("hashmod"), sourceLabels, separator: anyText, modulus: count, targetLabel: labelName }, [
        "action",
        "sourceLabels",
        "modulus",
        "targetLabel",
    ]),
    some(
        {
            action: fc.constant("labelmap"),
            regex: fc.constant("tmp_(.+)"),
            replacement: fc.constantFrom("$1", "x_${1}"),
        },
        ["action", "regex"],
    ),
    fc.record({ action: fc.constant("labeldrop"), regex: fc.constantFrom("tmp_.*", "on|y") }),
    fc.record({ action: fc.constant("labelkeep"), regex: fc.constantFrom("__.*|job|instance", "(?i)[a-z_]+") }),
    some(
        { action: fc.constantFrom("lowercase", "uppercase"), sourceLabels, separator: anyText, targetLabel: labelName },
        [...(["action", "sourceLabels", "targetLabel"] as const)],
    ),
    fc.record({ action: fc.constantFrom("keepequal", "dropequal"), sourceLabels, targetLabel: labelName }),
);

/** Those that leave the labels of samples that alerts find them by. */
const isHarmless = ({ action = "", targetLabel }: { readonly action?: unknown; readonly targetLabel?: unknown }) =>
    !/^label(keep|drop)/.test(String(action)) && targetLabel !== "instance";

const shares = (below: boolean) =>
    fc
        .uniqueArray(ratio, { minLength: 2, maxLength: 2 })
        .map((pair) => pair.sort((a, b) => a - b))
        .map(([less, more]) => (below ? { warning: more, critical: less } : { warning: less, critical: more }));

const host = some({
    filesystemFree: shares(true),
    filesystemFullWithin: fc.record({
        warning: durationText(86_400_000, 10 * 86_400_000),
        critical: durationText(1000, 86_399_999),
    }),
    cpuBusy: ratio,
    loadPerCore: amount,
    memoryAvailable: ratio,
    diskQueue: amount,
    networkErrors: ratio,
    clockSkew: durationText(),
    memoryStalled: shares(false),
    ioStalled: ratio,
    cpuWaiting: ratio,
});

const container = some({ memoryUsed: ratio, throttled: ratio, restarts: count });

const thanos = some({
    component: fc.constantFrom(...thanosComponents),
    errorRatio: ratio,
    latency: durationText(),
    shippedWithin: durationText(),
    compactedWithin: durationText(),
});

const probe = some({
    latency: durationText(),
    certificateEndsWithin: fc.record({
        warning: durationText(86_400_000, 10 * 86_400_000),
        critical: durationText(1000, 86_399_999),
    }),
});

const alertsOfApplication = { errorRatio: ratio, latencyQuantile: ratio, noTrafficFor: durationText(1, 86_400_000) };
/** Those whose buckets are known have a last one. */
const application = fc.oneof(
    some({
        ...alertsOfApplication,
        profile: fc.constantFrom("fastapi", "opentelemetry"),
        latency: durationText(1, 9999),
    }),
    some({ ...alertsOfApplication, profile: fc.constantFrom("shop", "constructor"), latency: durationText() }, [
        "profile",
    ]),
);
const ownProfile = some({
    requests: metricName,
    duration: metricName,
    durationUnit: fc.constantFrom("seconds", "milliseconds", "microseconds", "nanoseconds"),
    pathLabel: labelName,
    methodLabel: labelName,
    statusLabel: labelName,
});

/** At least 12 characters. */
const adminPassword = secret.map((text) => `${text}-for-grafana`);
const basicAuth = fc.record({ username: someText.filter((name) => !/[:\p{Cc}]/u.test(name)), password: secret });
const authorization = some({ type: fc.constantFrom("Bearer", "Token", "on"), credentials: secret }, ["credentials"]);
const tlsConfig = fc
    .tuple(
        some({
            ca: fc.constantFrom(certificate, certificate.repeat(2)),
            serverName: fc.constantFrom("web-1", "::1", "on", "a.example"),
            insecureSkipVerify: toggle,
        }),
        fc.constantFrom({}, { cert: certificate, key: privateKey }),
        fc.constantFrom(
            {},
            { minVersion: "TLS12" },
            { maxVersion: "TLS13" },
            { minVersion: "TLS10", maxVersion: "TLS11" },
        ),
    )
    .map((parts) => Object.assign({}, ...parts) as object);

/** Targets in groups, none twice. */
const staticConfigs = fc.uniqueArray(target, { minLength: 1, maxLength: 5 }).chain((targets) =>
    fc
        .array(fc.tuple(fc.integer({ min: 1, max: 3 }), fc.option(targetLabels, { nil: undefined })), {
            minLength: targets.length,
            maxLength: targets.length,
        })
        .map((groups) => {
            const rest = [...targets];
            return groups.flatMap(([size, groupLabels]) => {
                const part = rest.splice(0, size);
                return part.length === 0
                    ? []
                    : [{ targets: part, ...(groupLabels !== undefined && { labels: groupLabels }) }];
            });
        }),
);

const protocols = ["PrometheusProto", "OpenMetricsText1.0.0", "PrometheusText0.0.4", "PrometheusText1.0.0"] as const;

/** What a job may say, and the stack for all jobs. */
const scrapeSettings = {
    scrapeProtocols: fc.uniqueArray(fc.constantFrom(...protocols), { minLength: 1 }),
    ...{ scrapeNativeHistograms: toggle, convertClassicHistogramsToNhcb: toggle },
    alwaysScrapeClassicHistograms: fc.constant(true),
    bodySizeLimit: sizeText(),
    sampleLimit: count,
    ...{ targetLimit: large, labelLimit: large, labelNameLengthLimit: large, labelValueLengthLimit: large },
    keepDroppedTargets: count,
    metricNameValidationScheme: fc.constant("utf8"),
    metricNameEscapingScheme: fc.constantFrom("allow-utf-8", "underscores", "dots", "values"),
    extraScrapeMetrics: toggle,
    scrapeFailureLogFile: fc.constantFrom("/prometheus/failures.log", "/prometheus/a-b_c.1.log"),
};

const header = fc.oneof(
    fc.record({
        values: fc.array(
            anyText.filter((text) => !/\p{Cc}/u.test(text)),
            { minLength: 1, maxLength: 2 },
        ),
    }),
    fc.record({ secrets: fc.array(secret, { minLength: 1, maxLength: 2 }) }),
);

const oauth2 = some(
    {
        clientId: fc.constantFrom("metrics", "on", '"'),
        clientSecret: secret,
        tokenUrl: fc.constant("https://login.example.com/token"),
        scopes: fc.array(someText, { maxLength: 2 }),
        endpointParams: fc.constantFrom({ audience: "a", camelCase: "b" }, {}),
        tlsConfig: fc.constantFrom({ insecureSkipVerify: true }, { cert: certificate, key: privateKey }),
    },
    ["clientId", "clientSecret", "tokenUrl"],
);

const jobSettings = some({
    metricsPath: fc
        .oneof(fc.webPath(), fc.constantFrom("/metrics", "/on", "/{{", "/$", "/été", '/"'))
        .map((path) => `/${path.replace(/^\/+|[?#\s]/g, "")}`),
    params: fc.dictionary(
        someText.filter((name) => name !== "__proto__"),
        fc.array(anyText, { minLength: 1, maxLength: 3 }),
        {
            maxKeys: 3,
        },
    ),
    honorLabels: toggle,
    honorTimestamps: toggle,
    followRedirects: toggle,
    enableHttp2: toggle,
    ...{ trackTimestampsStaleness: toggle, enableCompression: toggle },
    httpHeaders: fc.dictionary(fc.constantFrom("X-Scope-OrgID", "x-a", "On"), header, { minKeys: 1, maxKeys: 2 }),
    nativeHistogramBucketLimit: count,
    nativeHistogramMinBucketFactor: fc.constantFrom(1.1, 2),
    fallbackScrapeProtocol: fc.constantFrom(...protocols),
    relabelConfigs: fc.array(relabelConfig, { maxLength: 2 }),
    metricRelabelConfigs: fc.array(relabelConfig.filter(isHarmless), { maxLength: 2 }),
    ...scrapeSettings,
    downFor: durationText(),
    host,
    container,
    application,
    probe,
    thanos,
});

const proxy = some(
    {
        proxyUrl: fc.constantFrom("http://proxy:3128", "https://[2001:db8::1]:80/", "http://192.0.2.1"),
        noProxy: fc.constantFrom("10.0.0.0/8,.internal", "a, b:1"),
    },
    ["proxyUrl"],
);

const discovered = fc
    .oneof(fc.constant([]), fc.subarray([...discoveryKeys], { maxLength: 6 }))
    .map((keys) => Object.fromEntries(keys.map((key) => [key, [discoveries[key]]])));

const year = 365 * 86_400_000;

/** An interval and a timeout that fits into it, or into the one that applies where there is none. */
const times = (global: number) =>
    fc.option(duration(2, year), { nil: undefined }).chain((interval) =>
        fc.option(durationText(1, interval?.total ?? global), { nil: undefined }).map((timeout) => ({
            ...(interval && { scrapeInterval: interval.text }),
            ...(timeout !== undefined && { scrapeTimeout: timeout }),
        })),
    );

const job = (global: number) =>
    fc
        .tuple(
            fc.record({ jobName, staticConfigs }),
            jobSettings,
            times(global),
            fc.oneof(
                fc.constantFrom({}, { scheme: "http" }),
                fc.record({ scheme: fc.constant("https") }),
                fc.record({ scheme: fc.constant("https"), tlsConfig }),
            ),
            fc.oneof(fc.constant({}), fc.record({ basicAuth }), fc.record({ authorization }), fc.record({ oauth2 })),
            fc.oneof(fc.constant({}), proxy),
            discovered,
        )
        .map((parts) => Object.assign({}, ...parts) as DeclaredJob)
        .map((each) => (profiles.some((key) => each[key]) ? withLabelsApart(each) : each));

/** What targets may be said to expose. */
const profiles = ["host", "container", "application", "probe", "thanos"];

/** The targets' labels have other names than those of the samples, which alerts read. */
function withLabelsApart(each: DeclaredJob): DeclaredJob {
    const apart = (name: string) => (/^(__|instance$)|\$/.test(name) ? name : `target_${name}`);
    const relabelConfigs = (each.relabelConfigs ?? []) as { readonly targetLabel?: string }[];
    return {
        ...each,
        ...{ honorLabels: false, alwaysScrapeClassicHistograms: true },
        staticConfigs: each.staticConfigs.map(({ labels = {}, ...rest }) => ({
            ...rest,
            labels: Object.fromEntries(Object.entries(labels).map(([name, value]) => [apart(name), value])),
        })),
        relabelConfigs: relabelConfigs.map((rule) => ({
            ...rule,
            ...(rule.targetLabel !== undefined && { targetLabel: apart(rule.targetLabel) }),
        })),
    };
}

const memory = sizeText(6 * 2 ** 20);
const startTimeout = durationText(1000, 3_600_000);

/** The parts of a stack, each with a port of its own. */
const parts = fc.uniqueArray(fc.integer({ min: 1024, max: 65535 }), { minLength: 4, maxLength: 4 }).chain((ports) => {
    const port = fc.constantFrom(...ports);
    const only = (i: number) => port.map(() => ports[i]);
    const bindAddress = fc.constantFrom("127.0.0.1", "0.0.0.0", "192.0.2.7");
    return fc.record({
        prometheus: some(
            {
                image: fc.constantFrom("prom/prometheus:v3.13.5", `mirror.example:5000/a/b@sha256:${"a".repeat(64)}`),
                port: only(0),
                bindAddress,
                memoryLimit: memory,
                retentionTime: durationText(),
                retentionSize: sizeText(),
                startTimeout,
            },
            ["port"],
        ),
        nodeExporter: some(
            {
                enabled: toggle,
                port: only(1),
                memoryLimit: memory,
                instance: someText.filter((name) => /\S/.test(name)),
                host,
            },
            ["port"],
        ),
        grafana: some(
            { enabled: toggle, port: only(2), bindAddress, memoryLimit: memory, startTimeout, adminPassword },
            ["port"],
        ),
        webBe: some({ enabled: toggle, port: only(3), bindAddress, memoryLimit: memory, application }, ["port"]),
    });
});

const network = fc.oneof(
    some({ join: fc.uniqueArray(fc.constantFrom("shop_default", "bridge", "on", "12.30"), { maxLength: 3 }) }),
    fc.constantFrom({ subnet: "10.0.0.0/8" }, { subnet: "192.168.7.8/29", gateway: "192.168.7.14" }),
);

export const declaration: fc.Arbitrary<Declaration> = fc
    .option(duration(2, year), { nil: undefined })
    .chain((interval) =>
        fc.tuple(
            fc.constant(interval && { scrapeInterval: interval.text }),
            some({ scrapeTimeout: durationText(1, interval?.total ?? 15_000) }),
            some({
                evaluationInterval: durationText(1, year),
                externalLabels: labels,
                ruleQueryOffset: durationText(),
                queryLogFile: fc.constant("/prometheus/queries.log"),
                ...scrapeSettings,
                alerts: some({
                    downFor: durationText(),
                    disabled: fc.constantFrom(["TargetDown"], []),
                    runbookUrl: fc.constantFrom("https://wiki.example/runbooks", "on", "$", '"', "été"),
                }),
                network,
                labelledContainers: some({
                    ...{ enabled: toggle, labelPrefix: fc.constantFrom("prometheus.io/", "a-") },
                    ...{ downFor: durationText(), application, metricsPath: fc.constant("/été") },
                }),
                dockerProxy: some({ dockerSocket: fc.constant("/run/user/1000/docker.sock"), memoryLimit: memory }),
                retainData: toggle,
                dockerHost: fc.constantFrom("unix:///var/run/docker.sock", "ssh://admin@web-1:22", "tcp://[::1]:2376"),
            }),
            fc.oneof(fc.constant({}), parts),
            fc.record({
                applicationProfiles: fc.record({ shop: ownProfile, constructor: ownProfile }),
                scrapeJobs: fc.uniqueArray(job(interval?.total ?? 15_000), {
                    maxLength: 2,
                    selector: (each) => each.jobName,
                }),
            }),
        ),
    )
    .map((sections) => withMounts(Object.assign({}, ...sections) as Declaration))
    .chain((raw) => fc.oneof({ weight: 4, arbitrary: fc.constant(raw) }, fc.constant(asAgent(raw))))
    // As Pulumi hands it over: read from JSON.
    .map((raw) => JSON.parse(JSON.stringify(raw)) as Declaration);

/** Lists of somebody else are in a folder that Prometheus sees. */
function withMounts(raw: Declaration): Declaration {
    const mounts = [{ source: "lists", target: "/lists" }];
    const hasLists = raw.scrapeJobs.some((each) => "fileSdConfigs" in each);
    return hasLists ? { ...raw, prometheus: { ...(raw.prometheus as object | undefined), mounts } } : raw;
}

/** The same of an agent: without what it has no use for, and with somebody to send to. */
function asAgent(raw: Declaration): Declaration {
    const { evaluationInterval, ruleQueryOffset, queryLogFile, alerts, grafana, ...rest } = raw;
    const { retentionTime, retentionSize, ...prometheus } = (raw.prometheus ?? {}) as Readonly<Record<string, unknown>>;
    const remoteWrite = [{ url: "https://archive.example.com/api/v1/write" }];
    return { ...rest, prometheus: { ...prometheus, mode: "agent" }, remoteWrite };
}
