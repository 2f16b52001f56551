import { z } from "zod";
import { expectedStructure } from "./problems";
import { count, oneOf, sizeLimit, text, toggle, topLevelCount } from "./values";

/**
 * What a job may say, and the stack for all jobs that do not.
 * Source: https://prometheus.io/docs/prometheus/latest/configuration/configuration/#configuration-file (`global`)
 */

export const scrapeProtocol = oneOf([
    "PrometheusProto",
    "OpenMetricsText0.0.1",
    "OpenMetricsText1.0.0",
    "PrometheusText0.0.4",
    "PrometheusText1.0.0",
]);

const limit = <Count extends z.ZodType<number>>(kind: Count) => kind.optional().meta({ derived: "no limit" });

/** A file beside the samples: there is no other folder that the container may write into. Prometheus never shortens it. */
export const logFile = text(
    /^\/prometheus\/[\w-][\w.-]*\.log$/,
    "a log file in the folder of the samples",
    'one, such as "/prometheus/scrape_failures.log"',
).optional();

/** @param limit how a limit is written @param derived what applies where a job says nothing */
const shared = <Limit extends z.ZodType>(limit: Limit, derived: Readonly<Record<string, string>> = {}) => ({
    scrapeProtocols: z
        .array(scrapeProtocol, {
            error: expectedStructure("a list", 'a list of protocols, such as ["PrometheusText1.0.0"]'),
        })
        .min(1, { error: 'is empty; write at least one, such as ["PrometheusText1.0.0"]' })
        .refine((protocols) => new Set(protocols).size === protocols.length, {
            error: "has one protocol twice; write each once",
        })
        .optional()
        .meta({ description: "The formats that targets are asked for, the most wanted first.", ...derived }),
    scrapeNativeHistograms: toggle
        .optional()
        .meta({ description: "Store native histograms where targets expose them.", derived: "`false`", ...derived }),
    alwaysScrapeClassicHistograms: toggle.optional().meta({
        description: "Store the buckets of a classic histogram that is a native one too.",
        derived: "`false`",
        ...derived,
    }),
    convertClassicHistogramsToNhcb: toggle.optional().meta({
        description: "Store classic histograms as native ones with their own bounds.",
        derived: "`false`",
        ...derived,
    }),
    bodySizeLimit: sizeLimit('the largest answer to accept, such as "10MB"')
        .optional()
        .meta({ description: "The largest answer to accept.", derived: "no limit", ...derived }),
    sampleLimit: limit.meta({ description: "The most samples that one scrape may have.", ...derived }),
    targetLimit: limit.meta({ description: "The most targets that a job may have.", ...derived }),
    labelLimit: limit.meta({ description: "The most labels that a sample may have.", ...derived }),
    labelNameLengthLimit: limit.meta({
        description: "The most letters that the name of a label may have.",
        ...derived,
    }),
    labelValueLengthLimit: limit.meta({
        description: "The most letters that the value of a label may have.",
        ...derived,
    }),
    keepDroppedTargets: limit.meta({
        description: "How many of the targets that rules drop Prometheus remembers, a job.",
        ...derived,
    }),
    metricNameValidationScheme: oneOf(["utf8", "legacy"])
        .optional()
        .meta({
            description: "Which names of metrics and labels are accepted: any, or only letters, digits, `_` and `:`.",
            derived: "`utf8`",
            ...derived,
        }),
    metricNameEscapingScheme: oneOf(["allow-utf-8", "underscores", "dots", "values"])
        .optional()
        .meta({
            description: "How targets are asked to write the names that do not consist of these.",
            derived: "`allow-utf-8`, or `underscores` with the scheme `legacy`",
            ...derived,
        }),
    extraScrapeMetrics: toggle.optional().meta({
        description: "Store the timeout and the limits of each target as metrics of their own.",
        derived: "`false`",
        ...derived,
    }),
    scrapeFailureLogFile: logFile.meta({
        description: "File in `/prometheus` that failed scrapes are logged to; it is never shortened.",
        ...derived,
    }),
});

/** Those of the stack. */
export const globalScrapeSettings = shared(limit(topLevelCount));

/** Those of a job. */
export const jobScrapeSettings = shared(limit(count), { derived: "that of the stack" });
