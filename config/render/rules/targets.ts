import type { ScrapeJob } from "../../schema/scrapeJob";
import type { Job } from "../job";
import type { AlertRule, RuleSettings } from "./rule";
import { bothSeverities, hours, minutes } from "./rule";
import type { Series } from "./series";
import { selector, seriesOf } from "./series";

/** Share of a job's sampleLimit that a target may expose. */
const nearLimit = 0.9;

/** Share of scrapes that may fail where a target comes and goes. */
const unreachable = { warning: 0.1, critical: 0.5 };

/** The alerts that every job has. What pushes has no target that could be down. */
export function targetRules(settings: RuleSettings, job: Job): AlertRule[] {
    const series = seriesOf(settings, job);
    return job.pushed
        ? [missing(settings, job, series)]
        : [
              down(settings, job, series),
              missing(settings, job, series),
              ...unsteadyRules(job, series),
              ...sampleLimitRules(settings, job, series),
          ];
}

const down = ({ alerts }: RuleSettings, job: Job, { up, held }: Series): AlertRule => ({
    alert: "TargetDown",
    expr: `${up} == 0`,
    for: held(job.downFor ?? alerts.downFor),
    severity: "critical",
    ...downTexts(job),
});

const missing = (settings: RuleSettings, job: Job, { noTarget }: Series): AlertRule => ({
    alert: "TargetMissing",
    expr: noTarget,
    // A new job has no sample before its discovery and its first scrape.
    for: Math.max(
        job.downFor ?? settings.alerts.downFor,
        minutes(1) + 2 * (job.scrapeInterval ?? settings.scrapeInterval),
    ),
    severity: "critical",
    ...(job.pushed
        ? {
              summary: "{{ $labels.job }} pushes nothing",
              description: "Prometheus gets nothing from the job {{ $labels.job }}, which pushes its metrics.",
          }
        : {
              summary: "{{ $labels.job }} has no targets",
              description:
                  "Prometheus scrapes nothing for the job {{ $labels.job }}, neither with nor without success.",
          }),
});

/** What is scraped of a probe is the exporter, and not what it asks. */
const downTexts = ({ probe }: ScrapeJob) =>
    probe
        ? {
              summary: "Nobody probes {{ $labels.instance }} of {{ $labels.job }}",
              description:
                  "Prometheus could not have {{ $labels.instance }} of the job {{ $labels.job }} probed: the exporter that does it " +
                  "does not answer, or refuses.",
          }
        : {
              summary: "{{ $labels.instance }} of {{ $labels.job }} is down",
              description: "Prometheus could not scrape {{ $labels.instance }} of the job {{ $labels.job }}.",
          };

/** A target that comes and goes is never down for long: what is looked at is an hour, and a dozen scrapes at least. */
function unsteadyRules(job: ScrapeJob, { window }: Series): AlertRule[] {
    const range = window(hours(1), 12);
    const [up, started] = ["up", "process_start_time_seconds"].map((metric) => `${metric}${selector(job)}[${range}]`);
    return [
        ...bothSeverities.map((severity): AlertRule => ({
            alert: "TargetFlapping",
            // Twice away and back: a single failure is the business of TargetDown.
            expr: `1 - avg_over_time(${up}) > ${unreachable[severity]} and changes(${up}) >= 4`,
            for: minutes(10),
            severity,
            summary: "{{ $labels.instance }} of {{ $labels.job }} comes and goes",
            description:
                `{{ $value | humanizePercentage }} of the scrapes of {{ $labels.instance }} of {{ $labels.job }} failed in ${range}, ` +
                "with good ones in between.",
        })),
        {
            alert: "TargetRestarting",
            // Behind a load balancer, or with several workers, each scrape meets another process: its start also goes back.
            expr: `changes(${started}) > 4 unless resets(${started}) > 0`,
            for: minutes(5),
            severity: "warning",
            summary: "{{ $labels.instance }} of {{ $labels.job }} is restarted over and over",
            description: `The process behind {{ $labels.instance }} of {{ $labels.job }} was started {{ $value }} times in ${range}.`,
        },
    ];
}

function sampleLimitRules(settings: RuleSettings, job: ScrapeJob, { latest, held }: Series): AlertRule[] {
    const limit = job.sampleLimit ?? settings.sampleLimit;
    if (limit === undefined) {
        return [];
    }
    return [
        {
            alert: "TargetNearSampleLimit",
            expr: `${latest("scrape_samples_post_metric_relabeling")} / ${limit} > ${nearLimit}`,
            for: held(minutes(15)),
            severity: "warning",
            summary: "{{ $labels.instance }} of {{ $labels.job }} nears its sampleLimit",
            description:
                `{{ $labels.instance }} exposes {{ $value | humanizePercentage }} of the ${limit} samples ` +
                "that its job allows. Above the limit every scrape of it fails.",
        },
    ];
}
