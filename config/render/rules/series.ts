import { hasJobLabels, scrapeJobLabel } from "../../schema/jobLabel";
import { labelName } from "../../schema/labels";
import type { ScrapeJob } from "../../schema/scrapeJob";
import type { Job } from "../job";
import { asTemplate } from "../../schema/template";
import { formatDuration } from "../../schema/units";
import type { RuleSettings } from "./rule";
import { minutes } from "./rule";

/** How far back Prometheus itself looks for a series' latest sample: its flag `--query.lookback-delta`. */
export const ownLookback = minutes(5);

/**
 * How far back the latest sample of a job is looked for: two scrapes and a half, so that one that failed or came late is no
 * hole. A job that is scraped less often than every two minutes would have holes with Prometheus' own.
 */
export const lookbackOf = (scrapeInterval: number) => Math.max(ownLookback, Math.ceil(2.5 * scrapeInterval));

/** How far back the queries of people look, where Prometheus' own five minutes would leave holes in the graphs of a job. */
export function queryLookback(
    { scrapeInterval, evaluationInterval }: RuleSettings,
    jobs: readonly Pick<ScrapeJob, "scrapeInterval">[],
): number | undefined {
    const intervals = [scrapeInterval, evaluationInterval, ...jobs.flatMap((job) => job.scrapeInterval ?? [])];
    const longest = lookbackOf(Math.max(...intervals));
    return longest > ownLookback ? longest : undefined;
}

/** What tells how a job's series are found. */
type Found = Pick<ScrapeJob, "jobName" | "staticConfigs" | "relabelConfigs">;

/**
 * The selector of a job's series: `{job="web_be"}`, or with more matchers `{job="web_be", mode="idle"}`; `{scrape_job="docker"}` where
 * its targets have labels `job` of their own.
 */
export function selector(job: Found, ...matchers: readonly string[]): string {
    const label = hasJobLabels(job) ? scrapeJobLabel : "job";
    return `{${[`${label}=${JSON.stringify(job.jobName)}`, ...matchers].join(", ")}}`;
}

/** PromQL for the series of a job, however often it is scraped and rules are evaluated. */
export interface Series {
    /** Whether the latest scrape of each target succeeded. A target that is taken away is gone from it. What pushes is 1. */
    readonly up: string;
    /** True where there is no target, neither up nor down; it has the label of the job. */
    readonly noTarget: string;
    /** The latest value, also where the scrape after it failed: that alone ends no alert. */
    latest(metric: string, ...matchers: readonly string[]): string;
    /** The increase a second. */
    rate(metric: string, ...matchers: readonly string[]): string;
    /**
     * How much a counter grew. A series that begins counts with all that it has, where its target was there before: the first
     * error of a route is the first value of its series, which `increase` takes for the beginning of what it counts.
     * Source: https://prometheus.io/docs/practices/instrumentation/#avoid-missing-metrics
     */
    growth(metric: string, ...matchers: readonly string[]): string;
    /**
     * True where a counter did not grow for a window, and was there before it: what has just begun had no time to.
     * @param least as of `window`
     */
    stalled(metric: string, least: number): string;
    /** True while a target was scraped at least once in a window: a single failure does not end it. */
    readonly reached: string;
    /**
     * The range for rates, increases and extremes, e.g. "5m": four scrapes, so that one that fails or comes late leaves enough
     * samples, and two evaluations, so that none of what happens between them is missed; never so short that a moment decides.
     * Source: https://prometheus.io/docs/prometheus/latest/querying/functions/#rate (two samples are the least)
     * @param least in milliseconds. @default 5 minutes
     * @param scrapes how many are in it at least. @default 4
     */
    window(least?: number, scrapes?: number): string;
    /** The same in milliseconds. */
    span(least?: number, scrapes?: number): number;
    /** How long a condition has to hold, in milliseconds: as long as two scrapes in a row at least, that a single one decides nothing. */
    held(wanted: number): number;
    /** The labels that tell the job's targets apart, for `by (...)`. */
    readonly targetLabels: string;
}

/** See Series. */
export function seriesOf({ evaluationInterval, ...settings }: RuleSettings, job: Job): Series {
    const scrapeInterval = job.scrapeInterval ?? settings.scrapeInterval;
    const lookback = lookbackOf(scrapeInterval);
    const span = (least = minutes(5), scrapes = 4) => Math.max(least, scrapes * scrapeInterval, 2 * evaluationInterval);
    const window = (least?: number, scrapes?: number) => formatDuration(span(least, scrapes));
    const over = (aggregation: string, metric: string, matchers: readonly string[] = [], offset = "") =>
        `${aggregation}_over_time(${metric}${selector(job, ...matchers)}[${formatDuration(lookback)}]${offset})`;
    const latest = (metric: string, ...matchers: readonly string[]) => over("last", metric, matchers);
    const range = (metric: string, matchers: readonly string[]) =>
        `${metric}${selector(job, ...matchers)}[${window()}]`;
    const targetLabels = labelsOf(job);
    const sign = signOf(job);
    const isSeldom = lookback > ownLookback;
    return {
        up: isSeldom ? latest(sign) : `${sign}${selector(job)}`,
        // `absent` finds the labels of a selector, and none in the value of a function.
        noTarget: withJob(job, isSeldom ? over("absent", sign) : `absent(${sign}${selector(job)})`),
        reached: `${alone(job, `max_over_time(${sign}${selector(job)}[${window()}])`, targetLabels)} == 1`,
        latest,
        rate: (metric, ...matchers) => `rate(${range(metric, matchers)})`,
        growth(metric, ...matchers) {
            const [now, earlier] = [latest(metric, ...matchers), ` offset ${window()}`];
            const begun = `${now} unless ${over("last", metric, matchers, earlier)}`;
            const wasThere = `on (${targetLabels}) ${over("max", sign, [], earlier)} == 1`;
            return `${begun} and ${wasThere} or increase(${range(metric, matchers)})`;
        },
        stalled(metric, least) {
            const range = window(least);
            const wasThere = over("last", metric, [], ` offset ${range}`);
            return `increase(${metric}${selector(job)}[${range}]) == 0 and ${wasThere}`;
        },
        window,
        span,
        held: (wanted) => Math.max(wanted, Math.ceil(1.5 * scrapeInterval)),
        targetLabels,
    };
}

/** The metric that is 1 for each target that is there: of one that pushes, it has the attributes as labels. */
const signOf = ({ pushed }: Pick<Job, "pushed">) => (pushed ? "target_info" : "up");

/** What is absent has the labels of its selector alone. */
const withJob = (job: Found, expr: string) =>
    hasJobLabels(job) ? `label_replace(${expr}, "job", ${JSON.stringify(asTemplate(job.jobName))}, "", "")` : expr;

/** Without these labels. */
const alone = ({ pushed }: Job, expr: string, labels: string) => (pushed ? `max by (${labels}) (${expr})` : expr);
/** The name of a label that a sample has, and that is no number to PromQL. */
const labelInPromql = new RegExp(`^(?!__|(?:inf|nan)$)${labelName.source.slice(1)}`, "i");

/**
 * The labels that tell a job's targets apart: an alert keeps those that were declared, to be routed by. Discovered targets have
 * what rules write.
 * Source of `__`: https://prometheus.io/docs/concepts/data_model/ (such labels are gone before a sample is stored)
 */
function labelsOf({ staticConfigs, relabelConfigs = [] }: Pick<ScrapeJob, "staticConfigs" | "relabelConfigs">): string {
    const written = relabelConfigs.flatMap(({ action = "replace", targetLabel = "" }) =>
        action.endsWith("equal") ? [] : [targetLabel],
    );
    const declared = [...staticConfigs.flatMap(({ labels }) => Object.keys(labels)), ...written].filter((name) =>
        labelInPromql.test(name),
    );
    return [...new Set(["job", "instance", ...declared.sort()])].join(", ");
}
