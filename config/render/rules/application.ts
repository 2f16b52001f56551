import type { ApplicationProfile } from "../../schema/profiles";
import { perSecond } from "../../schema/profiles";
import type { ScrapeJob } from "../../schema/scrapeJob";
import { formatDuration } from "../../schema/units";
import type { AlertRule, RuleSettings } from "./rule";
import { above, minutes } from "./rule";
import { seriesOf } from "./series";

/** Says which targets do not expose what their profile names. */
export const metricsMissing = "ApplicationMetricsMissing";

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
    const { targetLabels: by, growth, held, latest, reached } = seriesOf(settings, job);
    const requests = (...matchers: string[]) => `sum by (${by}) (${growth(profile.requests, ...matchers)})`;
    const buckets = `sum by (${by}, le) (${growth(`${profile.duration}_bucket`)})`;
    const limit = formatDuration(application.latency);
    return [
        {
            alert: "ApplicationErrors",
            ...above(`${requests(`${profile.statusLabel}=~"5.."`)} / ${requests()}`, application.errorRatio),
            for: held(minutes(10)),
            severity: "critical",
            summary: "{{ $labels.instance }} of {{ $labels.job }} answers with errors",
            description:
                "{{ $value | humanizePercentage }} of the requests to {{ $labels.instance }} of {{ $labels.job }} are answered " +
                "with a status of 500 or above.",
        },
        {
            alert: "ApplicationSlow",
            ...above(
                inSeconds(`histogram_quantile(${application.latencyQuantile}, ${buckets})`, profile),
                application.latency / 1000,
            ),
            for: held(minutes(10)),
            severity: "warning",
            summary: "{{ $labels.instance }} of {{ $labels.job }} is slow",
            description:
                `The slowest requests to {{ $labels.instance }} of {{ $labels.job }} (above the ${application.latencyQuantile} ` +
                `quantile) take {{ $value | humanizeDuration }} and more; the limit is ${limit}.`,
        },
        {
            alert: "ApplicationNoTraffic",
            // An application without requests may not even expose the counter: absent counts as none.
            expr: `${reached} unless on (${by}) ${requests()} > 0`,
            for: held(application.noTrafficFor),
            severity: "warning",
            summary: "{{ $labels.instance }} of {{ $labels.job }} gets no requests",
            description:
                `{{ $labels.instance }} of {{ $labels.job }} is up and has counted no request in ${profile.requests} for ` +
                `${formatDuration(application.noTrafficFor)}.`,
        },
        {
            alert: metricsMissing,
            expr: `${reached} unless on (${by}) ${latest(profile.requests)}`,
            for: held(minutes(10)),
            severity: "info",
            summary: "{{ $labels.instance }} of {{ $labels.job }} exposes no " + profile.requests,
            description:
                `{{ $labels.instance }} of {{ $labels.job }} is up and exposes no ${profile.requests}, which its profile ` +
                `${application.profile} names: it has other names, or has answered no request since it was started.`,
        },
    ];
}

/** PromQL for a duration of a profile. @param value in the profile's unit */
export function inSeconds(value: string, profile: Pick<ApplicationProfile, "duration" | "durationUnit">): string {
    const unit = perSecond(profile);
    return unit === 1 ? value : `${value} / ${unit}`;
}
