import { z } from "zod";
import { expected, show } from "./problems";
import { applicationSchema, hostSchema } from "./profiles";
import { count, duration, labelName, object, oneOf, record, secret, sizeLimit, text, toggle } from "./values";

/**
 * A scrape job as it is declared: `scrape_config` in camelCase, with secret values in place of file names.
 * Source: https://prometheus.io/docs/prometheus/latest/configuration/configuration/#scrape_config
 */

/** What is wrong with a target, in the words of the fix. @returns undefined for host:port. */
function targetMistake(target: string): string | undefined {
    if (/^[a-z]+:\/\//i.test(target)) {
        return "has a scheme; write only host:port, and the scheme in the job's scheme";
    }
    if (target.includes("/")) {
        return "has a path; write only host:port, and the path in the job's metricsPath";
    }
    const [, host, port] = /^([\w.-]+|\[[0-9a-fA-F:.]+\]):(\d+)$/.exec(target) ?? [];
    if (host === undefined) {
        // Prometheus 2 added :80 or :443, Prometheus 3 adds nothing: without a port, `instance` depends on the version.
        return /^[\w.-]+$/.test(target)
            ? `has no port; write host:port, such as "${target}:8000"`
            : 'is not host:port; write one, such as "web:8000"';
    }
    return Number(port) >= 1 && Number(port) <= 65535 ? undefined : "has a port outside 1 to 65535; write host:port";
}

const target = z
    .string({ error: expected("a target", 'host:port, such as "web:8000"') })
    .superRefine((value, context) => {
        const mistake = targetMistake(value);
        if (mistake !== undefined) {
            context.addIssue({ code: "custom", message: `${show(value)} ${mistake}` });
        }
    });

const staticConfig = object({
    /** host:port of each target. `host.docker.internal:PORT` is a service on the Docker host itself. */
    targets: z
        .array(target, { error: expected("a list of targets", 'a list of host:port, such as ["web:8000"]') })
        .min(1, { error: "is empty; write at least one host:port" }),
    /** Labels of these targets' series. */
    labels: record(labelName).default({}),
});

// prettier-ignore
const relabelActions = [
    "replace", "keep", "drop", "hashmod", "labelmap", "labeldrop",
    "labelkeep", "lowercase", "uppercase", "keepequal", "dropequal",
] as const;

/** Source: https://prometheus.io/docs/prometheus/latest/configuration/configuration/#relabel_config */
const relabelConfig = object({
    sourceLabels: z.array(text(labelName, "a label name", 'one, such as "__address__"')).optional(),
    separator: z.string().optional(),
    targetLabel: z.string().optional(),
    regex: z.string().optional(),
    modulus: count.optional(),
    replacement: z.string().optional(),
    action: oneOf(relabelActions).optional(),
});

const basicAuth = object({ username: text(/^[^:]+$/, "a user name", "one without a colon"), password: secret });

const authorization = object({
    /** The scheme in front of the credentials. */
    type: text(/^[^\s]+$/, "an authorization type", '"Bearer", for instance').default("Bearer"),
    credentials: secret,
});

/** Source: https://prometheus.io/docs/prometheus/latest/configuration/configuration/#tls_config */
const tlsConfig = object({
    /** PEM text of the certificate authority that signed the target's certificate. */
    ca: text(
        /-----BEGIN CERTIFICATE-----/,
        "a certificate in PEM form",
        "the text between BEGIN and END CERTIFICATE",
    ).optional(),
    /** PEM text of the client's certificate, with its private key in `key`. */
    cert: text(
        /-----BEGIN CERTIFICATE-----/,
        "a certificate in PEM form",
        "the text between BEGIN and END CERTIFICATE",
    ).optional(),
    key: secret.optional(),
    serverName: z.string().optional(),
    insecureSkipVerify: toggle.optional(),
    minVersion: oneOf(["TLS10", "TLS11", "TLS12", "TLS13"]).optional(),
    maxVersion: oneOf(["TLS10", "TLS11", "TLS12", "TLS13"]).optional(),
});

const metricsPath = text(
    /^\/[^?#\s]*$/,
    "a path that begins with / and has no query",
    'one, such as "/metrics", and the query in params',
);

export const scrapeJobSchema = object(
    {
        jobName: text(/^[\w.-]+$/, "a job name of letters, digits, _ . and -", 'one, such as "web_be"'),
        staticConfigs: z
            .array(staticConfig, {
                error: expected("a list of target groups", 'one, such as [{targets: ["web:8000"]}]'),
            })
            .min(1, { error: 'is empty; write at least one group, such as [{targets: ["web:8000"]}]' }),
        metricsPath: metricsPath.default("/metrics"),
        scheme: oneOf(["http", "https"]).default("http"),
        scrapeInterval: duration.optional(),
        scrapeTimeout: duration.optional(),
        /** Query of the scrape's URL: each name with a list of values. */
        params: z
            .record(z.string(), z.array(z.string()), {
                error: expected("an object", 'names with lists, such as {module: ["http"]}'),
            })
            .optional(),
        honorLabels: toggle.optional(),
        honorTimestamps: toggle.optional(),
        followRedirects: toggle.optional(),
        enableHttp2: toggle.optional(),
        proxyUrl: text(/^https?:\/\//, "a proxy's URL", 'one, such as "http://proxy:3128"').optional(),
        /** What to assume of a target that sends no Content-Type; without it Prometheus 3 refuses such a target. */
        fallbackScrapeProtocol: oneOf([
            "PrometheusProto",
            "OpenMetricsText0.0.1",
            "OpenMetricsText1.0.0",
            "PrometheusText0.0.4",
            "PrometheusText1.0.0",
        ]).optional(),
        basicAuth: basicAuth.optional(),
        authorization: authorization.optional(),
        tlsConfig: tlsConfig.optional(),
        relabelConfigs: z.array(relabelConfig).optional(),
        metricRelabelConfigs: z.array(relabelConfig).optional(),
        bodySizeLimit: sizeLimit('the largest answer to accept, such as "10MB"').optional(),
        sampleLimit: count.optional(),
        targetLimit: count.optional(),
        labelLimit: count.optional(),
        labelNameLengthLimit: count.optional(),
        labelValueLengthLimit: count.optional(),
        /** How long a target may be down before an alert fires. @default alerts.downFor */
        downFor: duration.optional(),
        /** The targets expose node_exporter's metrics: the host's dashboard and alerts are for them too. */
        host: hostSchema.optional(),
        /** The targets answer HTTP requests and expose how: the application's dashboard and alerts are for them too. */
        application: applicationSchema.optional(),
    },
    {
        targets: 'staticConfigs: [{targets: ["web:8000"]}]',
        labels: 'staticConfigs: [{targets: ["web:8000"], labels: {team: "shop"}}]',
    },
);

/** A checked scrape job: durations in milliseconds, sizes in bytes, defaults applied. */
export type ScrapeJob = z.output<typeof scrapeJobSchema>;

/** What a component publishes: the parts of a scrape job that are not defaults. */
export function publishedJob(
    jobName: string,
    targets: readonly string[],
    labels: Record<string, string> = {},
    profile: Pick<ScrapeJob, "host" | "application"> = {},
): ScrapeJob {
    return { ...scrapeJobSchema.parse({ jobName, staticConfigs: [{ targets, labels }] }), ...profile };
}
