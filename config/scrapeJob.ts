import { z } from "zod";
import { targetLabels } from "./labels";
import { expectedStructure } from "./problems";
import { applicationSchema, hostSchema } from "./profiles";
import { relabelConfig } from "./relabelConfig";
import { tlsConfig } from "./tls";
import { anyText, count, dictionary, duration, hiddenText, object, oneOf } from "./values";
import { scrapeInterval, secret, sizeLimit, text, toggle } from "./values";

/**
 * A scrape job as it is declared: `scrape_config` in camelCase, with secret values in place of file names.
 * Source: https://prometheus.io/docs/prometheus/latest/configuration/configuration/#scrape_config
 */

const staticConfig = object({
    /** host:port of each target. `host.docker.internal:PORT` is a service on the Docker host itself. */
    targets: z
        // What a target is made of is checked in crossCheck/jobs.ts: it depends on the job's rules.
        .array(text(/^[^\p{Cc}]+$/u, "a target", 'host:port, such as "web:8000"'), {
            error: expectedStructure("a list of targets", 'a list of host:port, such as ["web:8000"]'),
        })
        .min(1, { error: "is empty; write at least one host:port" }),
    /** Labels of these targets' series. */
    labels: targetLabels.default({}),
});

const basicAuth = object({
    username: hiddenText(/^[^:\p{Cc}]+$/u, "a user name without colons and line breaks", "the name alone"),
    password: secret,
});

const authorization = object({
    /** The scheme in front of the credentials. Source: https://www.rfc-editor.org/rfc/rfc9110#section-11.1 */
    type: hiddenText(
        /^(?!basic$)[\w!#$%&'*+.^`|~-]+$/i,
        'the name of an authorization scheme other than "Basic"',
        '"Bearer", for instance, or use basicAuth',
    ).default("Bearer"),
    credentials: secret,
});

const metricsPath = text(
    /^\/[^?#\s]*$/,
    "a path that begins with / and has no query",
    'one, such as "/metrics", and the query in params',
);

const proxyUrl = /^https?:\/\/([\w-]+(\.[\w-]+)*|\[[0-9a-f:]+\])(:[1-9]\d{0,4})?\/?$/i;

const relabelConfigs = z.array(relabelConfig, {
    error: expectedStructure("a list of rules", 'one, such as [{sourceLabels: ["env"], targetLabel: "environment"}]'),
});

export const scrapeJobSchema = object(
    {
        // Files are named after it, and their names have at most 255 letters.
        jobName: text(
            /^\w[\w.-]{0,199}$/,
            "a job name of letters, digits, _ . and -, beginning with one of the first three",
            'one, such as "web_be"',
        ),
        staticConfigs: z
            .array(staticConfig, {
                error: expectedStructure("a list of target groups", 'one, such as [{targets: ["web:8000"]}]'),
            })
            .min(1, { error: 'is empty; write at least one group, such as [{targets: ["web:8000"]}]' }),
        metricsPath: metricsPath.default("/metrics"),
        scheme: oneOf(["http", "https"]).default("http"),
        scrapeInterval: scrapeInterval.optional(),
        scrapeTimeout: duration.optional(),
        /** Query of the scrape's URL: each name with a list of values. */
        params: dictionary(
            z.string().min(1, { error: "is an empty name; write one, such as module" }),
            z
                .array(anyText, { error: expectedStructure("a list", 'a list of texts, such as ["http"]') })
                .min(1, { error: 'is empty; write at least one text, such as ["http"]' }),
            'names with lists, such as {module: ["http"]}',
        ).optional(),
        honorLabels: toggle.optional(),
        honorTimestamps: toggle.optional(),
        followRedirects: toggle.optional(),
        enableHttp2: toggle.optional(),
        /** Without a user's name: it would stand readable in prometheus.yml. */
        proxyUrl: text(proxyUrl, "a proxy's URL without user and path", 'one, such as "http://proxy:3128"').optional(),
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
        relabelConfigs: relabelConfigs.optional(),
        metricRelabelConfigs: relabelConfigs.optional(),
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
