import { z } from "zod";
import { cloudDiscoveries, hostDiscoveries, needsTargets } from "./discovery";
import { httpClientKeys, httpClientPlaces } from "./httpClient";
import { targetLabels } from "./labels";
import { expectedStructure } from "./problems";
import { applicationSchema, containerSchema, hostSchema, probeSchema, thanosSchema } from "./profiles";
import { relabelConfigs } from "./relabelConfig";
import { jobScrapeSettings, scrapeProtocol } from "./scrapeSettings";
import { upstreamJob } from "./upstream";
import { anyText, count, dictionary, duration, interval, object, oneOf, positive, text, toggle } from "./values";

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

const metricsPath = text(
    /^\/[^?#\s]*$/,
    "a path that begins with / and has no query",
    'one, such as "/metrics", and the query in params',
);

/** How often a job is scraped that says nothing of it, in words. */
const stackInterval = "`scrapeInterval` of the stack";

const scrapeTimes = {
    scrapeInterval: interval
        .optional()
        .meta({ description: "How often the targets are scraped.", derived: stackInterval }),
    scrapeTimeout: duration.optional().meta({
        description: "How long one scrape may take, at most the interval.",
        derived: "`scrapeTimeout` of the stack, or the interval where that is shorter",
    }),
};

/**
 * What may be said of a job that a part publishes: where its target is, is known.
 * @param derived in words, how often it is scraped where nothing is said
 */
export const ownScrapeJobOf = (derived: string) =>
    object({
        ...scrapeTimes,
        scrapeInterval: scrapeTimes.scrapeInterval.meta({ ...scrapeTimes.scrapeInterval.meta(), derived }),
        scrapeNativeHistograms: jobScrapeSettings.scrapeNativeHistograms,
        labels: targetLabels.default({}).describe("Labels of its series."),
    })
        .prefault({})
        .describe("How it is scraped.");

export const ownScrapeJob = ownScrapeJobOf(stackInterval);

export type OwnScrapeJob = z.output<typeof ownScrapeJob>;

export const scrapeJobSchema = object(
    {
        jobName: text(/^[^\p{Cc}]+$/u, "a job name", 'text on one line, such as "web_be"').describe(
            "The `job` label of the series: any text on one line. A job called `prometheus` takes the place of Prometheus' own, and scrapes it by the target `localhost:9090`.",
        ),
        staticConfigs: z
            .array(staticConfig, {
                error: expectedStructure("a list of target groups", 'one, such as [{targets: ["web:8000"]}]'),
            })
            .min(1, { error: 'is empty; write at least one group, such as [{targets: ["web:8000"]}]' })
            .default([])
            .meta({ description: "What to scrape: groups of targets, each with labels of its own.", derived: "none" }),
        ...hostDiscoveries,
        metricsPath: metricsPath.default("/metrics").describe("The path that is scraped, without a query."),
        scheme: oneOf(["http", "https"]).default("http").describe("How the targets are reached."),
        ...scrapeTimes,
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
        trackTimestampsStaleness: toggle.optional().meta({
            description: "Take a series with times of its own for gone when the target does not expose it any more.",
            derived: "`false`",
        }),
        enableCompression: toggle
            .optional()
            .meta({ description: "Ask the targets for compressed answers.", derived: "`true`" }),
        fallbackScrapeProtocol: scrapeProtocol
            .optional()
            .describe("What to assume of a target that sends no Content-Type: without it Prometheus 3 refuses it."),
        ...httpClientKeys("the targets ask"),
        relabelConfigs: relabelConfigs
            .optional()
            .describe("Rules that change the labels of targets before they are scraped."),
        metricRelabelConfigs: relabelConfigs
            .optional()
            .describe("Rules that change the labels of samples before they are stored."),
        ...jobScrapeSettings,
        nativeHistogramBucketLimit: count.optional().meta({
            description: "The most buckets that a native histogram keeps: more are merged.",
            derived: "no limit",
        }),
        nativeHistogramMinBucketFactor: positive.optional().meta({
            description: "How much wider than the one before a bucket of a native histogram is at least.",
            derived: "as exposed",
        }),
        downFor: duration
            .optional()
            .meta({ description: "How long a target may be down before an alert fires.", derived: "`alerts.downFor`" }),
        host: hostSchema
            .optional()
            .describe("The targets expose node_exporter's metrics: the host's dashboard and alerts are for them too."),
        container: containerSchema
            .optional()
            .describe(
                "The targets expose cAdvisor's metrics: the dashboard and the alerts of containers are for them too.",
            ),
        application: applicationSchema
            .optional()
            .describe(
                "The targets answer HTTP requests and expose how: the application's dashboard and alerts are for them too.",
            ),
        probe: probeSchema
            .optional()
            .describe(
                "The targets are what a blackbox_exporter probes: the dashboard and the alerts of probes are for them.",
            ),
        thanos: thanosSchema
            .optional()
            .describe("The targets are components of Thanos: its dashboard and alerts are for them too."),
        ...cloudDiscoveries,
    },
    {
        places: {
            targets: 'staticConfigs: [{targets: ["web:8000"]}]',
            labels: 'staticConfigs: [{targets: ["web:8000"], labels: {team: "shop"}}]',
            ...httpClientPlaces,
        },
        upstream: upstreamJob,
    },
).meta({ id: "scrapeJob", ...needsTargets });

/** The stack's own Prometheus scrapes itself under this name; a declared job of the name takes the place of that one. */
export const prometheusJobName = "prometheus";

/** Prometheus itself, as a target of its own. */
export const itself = "localhost:9090";

/** Whether a declared target means the Prometheus that scrapes it, which in other jobs would be a mistake. */
export const isItself = ({ jobName }: { readonly jobName?: string | undefined }, target: string) =>
    jobName === prometheusJobName && target === itself;

/** A checked scrape job: durations in milliseconds, sizes in bytes, defaults applied. */
export type ScrapeJob = z.output<typeof scrapeJobSchema>;
