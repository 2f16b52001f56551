import type { ScrapeJob } from "../../schema/scrapeJob";
import type { AlertRule, RuleSettings } from "./rule";
import { minutes, selector } from "./rule";

/** Share of a job's sampleLimit that a target may expose. */
const nearLimit = 0.9;

/** The alerts that every job has. */
export function targetRules({ alerts, scrapeInterval }: RuleSettings, job: ScrapeJob): AlertRule[] {
    const downFor = job.downFor ?? alerts.downFor;
    return [
        {
            alert: "TargetDown",
            expr: `up${selector(job)} == 0`,
            for: downFor,
            severity: "critical",
            summary: "{{ $labels.instance }} of {{ $labels.job }} is down",
            description: "Prometheus could not scrape {{ $labels.instance }} of the job {{ $labels.job }}.",
        },
        {
            alert: "TargetMissing",
            expr: `absent(up${selector(job)})`,
            // A new job has no sample before its discovery and its first scrape.
            for: Math.max(downFor, minutes(1) + 2 * (job.scrapeInterval ?? scrapeInterval)),
            severity: "critical",
            summary: "{{ $labels.job }} has no targets",
            description: "Prometheus scrapes nothing for the job {{ $labels.job }}, neither with nor without success.",
        },
        ...(job.sampleLimit === undefined
            ? []
            : [
                  {
                      alert: "TargetNearSampleLimit",
                      expr: `scrape_samples_post_metric_relabeling${selector(job)} / ${job.sampleLimit} > ${nearLimit}`,
                      for: minutes(15),
                      severity: "warning",
                      summary: "{{ $labels.instance }} of {{ $labels.job }} nears its sampleLimit",
                      description:
                          `{{ $labels.instance }} exposes {{ $value | humanizePercentage }} of the ${job.sampleLimit} samples ` +
                          "that its job allows. Above the limit every scrape of it fails.",
                  } as const,
              ]),
    ];
}
