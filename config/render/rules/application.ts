import type { ScrapeJob } from "../../schema/scrapeJob";
import { formatDuration } from "../../schema/units";
import type { AlertRule, RuleSettings } from "./rule";
import { above, minutes, rateWindow, selector, targetLabels } from "./rule";

/**
 * The alerts of a job whose targets answer HTTP requests, each of one target: behind a load balancer, a single broken one of
 * many would hardly show in their sum.
 */
export function applicationRules(settings: RuleSettings, job: ScrapeJob): AlertRule[] {
    const { application } = job;
    const profile = application && settings.applicationProfiles[application.profile];
    if (!profile) {
        return [];
    }
    const [by, window] = [targetLabels(job), rateWindow(settings, job)];
    const rate = (...matchers: string[]) =>
        `sum by (${by}) (rate(${profile.requests}${selector(job, ...matchers)}[${window}]))`;
    const buckets = `sum by (${by}, le) (rate(${profile.duration}_bucket${selector(job)}[${window}]))`;
    const limit = formatDuration(application.latency);
    return [
        {
            alert: "ApplicationErrors",
            ...above(`${rate(`${profile.statusLabel}=~"5.."`)} / ${rate()}`, application.errorRatio),
            for: minutes(10),
            severity: "critical",
            summary: "{{ $labels.instance }} of {{ $labels.job }} answers with errors",
            description:
                "{{ $value | humanizePercentage }} of the requests to {{ $labels.instance }} of {{ $labels.job }} are answered " +
                "with a status of 500 or above.",
        },
        {
            alert: "ApplicationSlow",
            ...above(`histogram_quantile(${application.latencyQuantile}, ${buckets})`, application.latency / 1000),
            for: minutes(10),
            severity: "warning",
            summary: "{{ $labels.instance }} of {{ $labels.job }} is slow",
            description:
                `The slowest requests to {{ $labels.instance }} of {{ $labels.job }} (above the ${application.latencyQuantile} ` +
                `quantile) take {{ $value | humanizeDuration }} and more; the limit is ${limit}.`,
        },
        {
            alert: "ApplicationNoTraffic",
            // An application without requests may not even expose the counter: absent counts as none.
            expr: `up${selector(job)} == 1 unless on (${by}) ${rate()} > 0`,
            for: application.noTrafficFor,
            severity: "warning",
            summary: "{{ $labels.instance }} of {{ $labels.job }} gets no requests",
            description:
                `{{ $labels.instance }} of {{ $labels.job }} is up and has counted no request in ${profile.requests} for ` +
                `${formatDuration(application.noTrafficFor)}.`,
        },
    ];
}
