import type { ScrapeJob } from "../scrapeJob";
import type { AlertRule, RuleSettings } from "./rule";
import { selector } from "./rule";

/** The alerts that every job has. */
export function targetRules({ alerts }: RuleSettings, job: ScrapeJob): AlertRule[] {
    return [
        {
            alert: "TargetDown",
            expr: `up${selector(job)} == 0`,
            for: job.downFor ?? alerts.downFor,
            severity: "critical",
            summary: "{{ $labels.instance }} of {{ $labels.job }} is down",
            description: "Prometheus could not scrape {{ $labels.instance }} of the job {{ $labels.job }}.",
        },
    ];
}
