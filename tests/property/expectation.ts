import { parse as parseYaml } from "yaml";
import { fileNameOf } from "../../config/render/job";
import { isAgent } from "../../config/schema/mode";
import { golden } from "../golden";
import { readDuration, readSize } from "./amounts";
import type { Declaration, DeclaredJob } from "./declarations";

/** What prometheus.yml says of a declaration, worked out without the code that renders it: durations and sizes as numbers. */

type Plain = Readonly<Record<string, unknown>>;

const durations = ["scrape_interval", "scrape_timeout", "evaluation_interval", "rule_query_offset"];

/** A parsed global section or scrape configuration, comparable with an expected one. */
export function comparable(section: Plain): Plain {
    return Object.fromEntries(
        Object.entries(section).map(([key, value]) => [
            key,
            durations.includes(key)
                ? readDuration(String(value))
                : key === "body_size_limit"
                  ? readSize(String(value))
                  : value,
        ]),
    );
}

/** What stands in `global` as it is declared. */
const scrapeSettings = [
    ...["scrapeProtocols", "scrapeNativeHistograms", "convertClassicHistogramsToNhcb", "alwaysScrapeClassicHistograms"],
    ...[
        "sampleLimit",
        "targetLimit",
        "labelLimit",
        "labelNameLengthLimit",
        "labelValueLengthLimit",
        "keepDroppedTargets",
    ],
    ...[
        "metricNameValidationScheme",
        "metricNameEscapingScheme",
        "extraScrapeMetrics",
        "scrapeFailureLogFile",
        "queryLogFile",
    ],
];

export function expectedGlobal(raw: Declaration): Plain {
    const interval = duration(raw.scrapeInterval ?? "15s");
    const declared = (raw.externalLabels ?? {}) as Record<string, string>;
    const labels = Object.entries(isAgent(raw) && Object.keys(declared).length === 0 ? { stack: "test" } : declared);
    const shared = Object.fromEntries(scrapeSettings.flatMap((key) => (key in raw ? [[key, raw[key]]] : [])));
    return {
        ...inPrometheusWords(shared),
        ...("bodySizeLimit" in raw && { body_size_limit: readSize(String(raw.bodySizeLimit)) }),
        ...("ruleQueryOffset" in raw && { rule_query_offset: duration(raw.ruleQueryOffset) }),
        scrape_interval: interval,
        scrape_timeout: raw.scrapeTimeout ? duration(raw.scrapeTimeout) : least(10_000n, interval),
        ...(!isAgent(raw) && { evaluation_interval: duration(raw.evaluationInterval ?? "15s") }),
        external_labels: Object.fromEntries(labels.map(([name, value]) => [name, value.split("$").join("$$")])),
    };
}

export function expectedScrapeConfig(raw: Declaration, job: DeclaredJob): Plain {
    const { staticConfigs, downFor, host, container, application, probe, thanos, ...scraping } = job;
    const { basicAuth, authorization, oauth2, httpHeaders, tlsConfig, ...settings } = scraping;
    const { scrapeInterval, scrapeTimeout, bodySizeLimit, ...others } = settings;
    const isDiscovery = ([key]: [string, unknown]) => key.endsWith("SdConfigs");
    const same = Object.fromEntries(Object.entries(others).filter((each) => !isDiscovery(each)));
    const { file_sd_configs: lists = [], ...found } = expectedDiscoveries(
        Object.keys(others).filter((key) => isDiscovery([key, undefined])),
        fileNameOf(job.jobName),
    );
    const global = expectedGlobal(raw) as { scrape_interval: bigint; scrape_timeout: bigint };
    const interval = scrapeInterval ? duration(scrapeInterval) : global.scrape_interval;
    const file = (kind: string) => `/etc/prometheus/secrets/${fileNameOf(job.jobName)}.${kind}`;
    return {
        metrics_path: "/metrics",
        scheme: "http",
        ...inPrometheusWords(same),
        scrape_interval: interval,
        scrape_timeout: scrapeTimeout ? duration(scrapeTimeout) : least(global.scrape_timeout, interval),
        ...(bodySizeLimit !== undefined && { body_size_limit: readSize(String(bodySizeLimit)) }),
        ...(basicAuth !== undefined && {
            basic_auth: { username: (basicAuth as Plain).username, password_file: file("password") },
        }),
        ...(authorization !== undefined && {
            authorization: { type: (authorization as Plain).type ?? "Bearer", credentials_file: file("credentials") },
        }),
        ...(oauth2 !== undefined && { oauth2: expectedOauth2(oauth2 as Plain, file("")) }),
        ...(httpHeaders !== undefined && { http_headers: expectedHeaders(httpHeaders as Headers, file("")) }),
        ...(tlsConfig !== undefined && { tls_config: expectedTls(tlsConfig as Plain, file) }),
        file_sd_configs: [{ files: [`/etc/prometheus/targets/${fileNameOf(job.jobName)}.yml`] }, ...lists],
        ...found,
    };
}

const kept = parseYaml(golden("discovery")["prometheus.yml"] ?? "") as { scrape_configs: Plain[] };

/** As they are kept for jobs that are called as their discovery; in another job their secret files have another name. */
function expectedDiscoveries(kinds: readonly string[], owner: string): Readonly<Record<string, object[]>> {
    const found = kinds.map((kind) => {
        const name = kind.replace("SdConfigs", "_sd_configs");
        const own = kept.scrape_configs.find((job) => job.job_name === kind)?.[name] as object[];
        // The first list is the job's own.
        const text = JSON.stringify(kind === "fileSdConfigs" ? own.slice(1) : own);
        return [name, JSON.parse(text.replaceAll(`/${kind}@`, () => `/${owner}@`)) as object[]];
    });
    return Object.fromEntries(found) as Record<string, object[]>;
}

/** @param place where the job's secret files are, and a dot */
function expectedOauth2({ clientSecret: _, tlsConfig, endpointParams, ...same }: Plain, place: string): Plain {
    const file = (kind: string) => `${place.slice(0, -1)}@oauth2.${kind}`;
    return {
        ...inPrometheusWords(same),
        client_secret_file: file("client_secret"),
        ...(endpointParams !== undefined && { endpoint_params: endpointParams }),
        ...(tlsConfig !== undefined && { tls_config: expectedTls(tlsConfig as Plain, file) }),
    };
}

type Headers = Readonly<Record<string, { readonly values?: unknown; readonly secrets?: readonly unknown[] }>>;

const expectedHeaders = (headers: Headers, place: string): Plain =>
    Object.fromEntries(
        [...Object.entries(headers)]
            .sort(([a], [b]) => (a < b ? -1 : 1))
            .map(([name, { values, secrets }], h) => [
                name,
                values === undefined
                    ? { files: secrets?.map((_, s) => `${place.slice(0, -1)}@header${h}.${s}`) }
                    : { values },
            ]),
    );

function expectedTls({ cert, key, ...same }: Plain, file: (kind: string) => string): Plain {
    return {
        ...inPrometheusWords(same),
        ...(cert !== undefined && { cert_file: file("cert") }),
        ...(key !== undefined && { key_file: file("key") }),
    };
}

/** Each target with its group's labels, in one order. */
export const expectedTargets = (groups: DeclaredJob["staticConfigs"]): string[] =>
    groups
        .flatMap(({ targets, labels = {} }) =>
            targets.map((target) => JSON.stringify([target, Object.entries(labels).sort()])),
        )
        .sort();

const duration = (text: unknown) => readDuration(String(text));
const least = (a: bigint, b: bigint) => (a < b ? a : b);

const toggles = [
    ...["honor_labels", "honor_timestamps", "follow_redirects", "enable_http2", "insecure_skip_verify"],
    ...["scrape_native_histograms", "always_scrape_classic_histograms", "convert_classic_histograms_to_nhcb"],
    ...["extra_scrape_metrics", "track_timestamps_staleness", "enable_compression"],
];

/** Names of params are the user's own, everything else is a word of Prometheus in camelCase. */
function inPrometheusWords(record: Plain): Plain {
    return Object.fromEntries(
        Object.entries(record).map(([key, value]) => {
            const word = [...key]
                .map((letter) => (/[A-Z]/.test(letter) ? `_${letter.toLowerCase()}` : letter))
                .join("");
            return [
                word,
                toggles.includes(word) ? String(value) === "true" : Array.isArray(value) ? value.map(rule) : value,
            ];
        }),
    );
}

const rule = (value: unknown) => (typeof value === "object" ? inPrometheusWords(value as Plain) : value);
