import { projectLabel } from "../../schema/profiles";
import type { ScrapeJob } from "../../schema/scrapeJob";
import { formatDuration } from "../../schema/units";
import type { AlertRule, RuleSettings } from "./rule";
import { above, hours, minutes } from "./rule";
import type { Series } from "./series";
import { selector, seriesOf } from "./series";

/** What is of a container: cAdvisor shows control groups without a name too. */
export const named = 'name!=""';

/** How long a container has to have run for its end to be news, and for how long it is. */
const settled = hours(1);
const remembered = hours(6);

const of = `{{ with $labels.${projectLabel} }} of {{ . }}{{ end }}`;
const container = `{{ $labels.name }}${of} on {{ $labels.instance }}`;

/**
 * The alerts of a job whose targets expose cAdvisor's metrics, by the container's name and its project: what else tells its
 * series apart is new with each container of that name. All metrics are the same under both versions of control groups.
 * Source: https://github.com/google/cadvisor/blob/master/docs/storage/prometheus.md
 */
export function containerRules(settings: RuleSettings, job: ScrapeJob): AlertRule[] {
    const limits = job.container;
    if (!limits) {
        return [];
    }
    const series = seriesOf(settings, job);
    const { growth, held, latest, targetLabels } = series;
    const by = `by (${targetLabels}, name, ${projectLabel})`;
    const sum = (metric: string) => `sum ${by} (${growth(metric, named)})`;
    const limit = `(${latest("container_spec_memory_limit_bytes", named)} > 0)`;
    return [
        {
            alert: "ContainerKilledForMemory",
            expr: `${sum("container_oom_events_total")} > 0`,
            severity: "warning",
            summary: `${container} was killed for lack of memory`,
            description: `The kernel killed a process of ${container}: the container had used all the memory that it may.`,
        },
        {
            alert: "ContainerMemoryNearLimit",
            ...above(
                `max ${by} (${latest("container_memory_working_set_bytes", named)} / ${limit})`,
                limits.memoryUsed,
            ),
            for: held(minutes(5)),
            severity: "warning",
            summary: `${container} has little memory left`,
            description: `${container} uses {{ $value | humanizePercentage }} of the memory that it may.`,
        },
        {
            alert: "ContainerThrottled",
            ...above(
                `${sum("container_cpu_cfs_throttled_periods_total")} / ${sum("container_cpu_cfs_periods_total")}`,
                limits.throttled,
            ),
            for: held(minutes(5)),
            severity: "info",
            summary: `${container} is held back`,
            description:
                `${container} had used up its share of the CPU in {{ $value | humanizePercentage }} of the periods, and waited ` +
                "for the next one.",
        },
        restarting(series, job, by, limits.restarts),
        gone(series, job, by),
    ];
}

function restarting({ held, window }: Series, job: ScrapeJob, by: string, restarts: number): AlertRule {
    const range = window(hours(1), 12);
    return {
        alert: "ContainerRestarting",
        ...above(`max ${by} (changes(container_start_time_seconds${selector(job, named)}[${range}]))`, restarts),
        for: held(minutes(1)),
        severity: "warning",
        summary: `${container} is started over and over`,
        description: `${container} was started again {{ $value }} times in ${range}.`,
    };
}

/** One that ran for a moment, as a job does, is not missed; neither is one while nobody can see any. */
function gone({ held, latest, reached, targetLabels, window }: Series, job: ScrapeJob, by: string): AlertRule {
    const before = (metric: string) => `last_over_time(${metric}${selector(job, named)}[${window(remembered, 12)}])`;
    const ran = `${before("container_last_seen")} - ${before("container_start_time_seconds")} > ${settled / 1000}`;
    return {
        alert: "ContainerGone",
        expr:
            `max ${by} (${ran}) unless max ${by} (${latest("container_last_seen", named)}) ` +
            `and on (${targetLabels}) ${reached}`,
        for: held(minutes(1)),
        severity: "warning",
        summary: `${container} is gone`,
        description:
            `${container} had run for {{ $value | humanizeDuration }} and does not run any more. This ends when a container of ` +
            `that name runs, and ${formatDuration(remembered)} after it was seen last.`,
    };
}
