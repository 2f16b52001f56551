import { z } from "zod";
import { targetLabels } from "./labels";
import { expected, expectedStructure } from "./problems";
import { applicationSchema, hostSchema } from "./profiles";
import { relabelConfig } from "./relabelConfig";
import { tlsConfig } from "./tls";
import { upstreamAuthorization, upstreamBasicAuth, upstreamJob } from "./upstream";
import { anyText, count, dictionary, duration, hiddenText, object, oneOf } from "./values";
import { interval, secret, sizeLimit, text, toggle } from "./values";

/**
 * A scrape job as it is declared: `scrape_config` in camelCase, with secret values in place of file names.
 * Source: https://prometheus.io/docs/prometheus/latest/configuration/configuration/#scrape_config
 */

const staticConfig = object({
    targets: z
        // What a target is made of is checked in config/check/jobs.ts: it depends on the job's rules.
        .array(text(/^[^\p{Cc}]+$/u, "a target", 'host:port, such as "web:8000"'), {
            error: expectedStructure("a list of targets", 'a list of host:port, such as ["web:8000"]'),
        })
        .min(1, { error: "is empty; write at least one host:port" })
        .describe("`host:port` of each target; `host.docker.internal:PORT` is a service on the Docker host itself."),
    labels: targetLabels.default({}).describe("Labels of these targets' series."),
});

const basicAuth = object(
    {
        username: hiddenText(/^[^:\p{Cc}]+$/u, "a user name without colons and line breaks", "the name alone").describe(
            "The user's name.",
        ),
        password: secret.describe("The user's password."),
    },
    { places: { passwordFile: "the password itself, encrypted, in password" }, upstream: upstreamBasicAuth },
);

const authorization = object(
    {
        // Source: https://www.rfc-editor.org/rfc/rfc9110#section-11.1
        type: hiddenText(
            /^(?!basic$)[\w!#$%&'*+.^`|~-]+$/i,
            'the name of an authorization scheme other than "Basic"',
            '"Bearer", for instance, or use basicAuth',
        )
            .default("Bearer")
            .describe("The scheme in front of the credentials."),
        credentials: secret.describe("What the targets ask for, such as a token."),
    },
    {
        places: { credentialsFile: "the credentials themselves, encrypted, in credentials" },
        upstream: upstreamAuthorization,
    },
);

const metricsPath = text(
    /^\/[^?#\s]*$/,
    "a path that begins with / and has no query",
    'one, such as "/metrics", and the query in params',
);

const proxyUrl = /^https?:\/\/([\w-]+(\.[\w-]+)*|\[[0-9a-f:]+\])(:[1-9]\d{0,4})?\/?$/i;

const aProxy = ["a proxy's URL without user and path", 'one, such as "http://proxy:3128"'] as const;

const relabelConfigs = z.array(relabelConfig, {
    error: expectedStructure("a list of rules", 'one, such as [{sourceLabels: ["env"], targetLabel: "environment"}]'),
});

const limit = count.optional().meta({ derived: "no limit" });

export const scrapeJobSchema = object(
    {
        // Files are named after it, and their names have at most 255 letters.
        jobName: text(
            /^\w[\w.-]{0,199}$/,
            "a job name of letters, digits, _ . and -, beginning with one of the first three",
            'one, such as "web_be"',
        ).describe("The `job` label of the series: letters, digits, `_`, `.` and `-`."),
        staticConfigs: z
            .array(staticConfig, {
                error: expectedStructure("a list of target groups", 'one, such as [{targets: ["web:8000"]}]'),
            })
            .min(1, { error: 'is empty; write at least one group, such as [{targets: ["web:8000"]}]' })
            .describe("What to scrape: groups of targets, each with labels of its own."),
        metricsPath: metricsPath.default("/metrics").describe("The path that is scraped, without a query."),
        scheme: oneOf(["http", "https"]).default("http").describe("How the targets are reached."),
        scrapeInterval: interval
            .optional()
            .meta({ description: "How often the targets are scraped.", derived: "`scrapeInterval` of the stack" }),
        scrapeTimeout: duration.optional().meta({
            description: "How long one scrape may take, at most the interval.",
            derived: "`scrapeTimeout` of the stack, or the interval where that is shorter",
        }),
        params: dictionary(
            z.string().min(1, { error: "is an empty name; write one, such as module" }),
            z
                .array(anyText, { error: expectedStructure("a list", 'a list of texts, such as ["http"]') })
                .min(1, { error: 'is empty; write at least one text, such as ["http"]' }),
            'names with lists, such as {module: ["http"]}',
        )
            .optional()
            .describe("The query of the scrape's URL: each name with a list of values."),
        honorLabels: toggle.optional().meta({
            description: "Where a label of the job is in the scrape too, keep the scrape's.",
            derived: "`false`",
        }),
        honorTimestamps: toggle
            .optional()
            .meta({ description: "Keep the times that the targets write beside their samples.", derived: "`true`" }),
        followRedirects: toggle.optional().meta({ description: "Follow redirects.", derived: "`true`" }),
        enableHttp2: toggle.optional().meta({ description: "Speak HTTP/2 with targets that do.", derived: "`true`" }),
        // Without a user's name: it would stand readable in prometheus.yml.
        proxyUrl: text(proxyUrl, ...aProxy)
            .refine(URL.canParse, { error: expected(...aProxy) })
            .optional()
            .describe("The proxy on the way to the targets: a URL without user and path."),
        fallbackScrapeProtocol: oneOf([
            "PrometheusProto",
            "OpenMetricsText0.0.1",
            "OpenMetricsText1.0.0",
            "PrometheusText0.0.4",
            "PrometheusText1.0.0",
        ])
            .optional()
            .describe("What to assume of a target that sends no Content-Type: without it Prometheus 3 refuses it."),
        basicAuth: basicAuth.optional().describe("User and password that the targets ask for."),
        authorization: authorization.optional().describe("The header Authorization that the targets ask for."),
        tlsConfig: tlsConfig.optional().describe("How certificates are checked, and which one Prometheus shows."),
        relabelConfigs: relabelConfigs
            .optional()
            .describe("Rules that change the labels of targets before they are scraped."),
        metricRelabelConfigs: relabelConfigs
            .optional()
            .describe("Rules that change the labels of samples before they are stored."),
        bodySizeLimit: sizeLimit('the largest answer to accept, such as "10MB"')
            .optional()
            .meta({ description: "The largest answer to accept.", derived: "no limit" }),
        sampleLimit: limit.describe("The most samples that one scrape may have."),
        targetLimit: limit.describe("The most targets that the job may have."),
        labelLimit: limit.describe("The most labels that a sample may have."),
        labelNameLengthLimit: limit.describe("The most letters that the name of a label may have."),
        labelValueLengthLimit: limit.describe("The most letters that the value of a label may have."),
        downFor: duration
            .optional()
            .meta({ description: "How long a target may be down before an alert fires.", derived: "`alerts.downFor`" }),
        host: hostSchema
            .optional()
            .describe("The targets expose node_exporter's metrics: the host's dashboard and alerts are for them too."),
        application: applicationSchema
            .optional()
            .describe(
                "The targets answer HTTP requests and expose how: the application's dashboard and alerts are for them too.",
            ),
    },
    {
        places: {
            targets: 'staticConfigs: [{targets: ["web:8000"]}]',
            labels: 'staticConfigs: [{targets: ["web:8000"], labels: {team: "shop"}}]',
            bearerToken: "authorization: {}, and its credentials encrypted",
            bearerTokenFile: "authorization: {}, and its credentials encrypted",
        },
        upstream: upstreamJob,
    },
).meta({ id: "scrapeJob" });

/** A checked scrape job: durations in milliseconds, sizes in bytes, defaults applied. */
export type ScrapeJob = z.output<typeof scrapeJobSchema>;
