import type { ScrapeJob } from "../../schema/scrapeJob";
import { formatDuration } from "../../schema/units";
import type { AlertRule, RuleSettings } from "./rule";
import { above, below, bothSeverities, minutes } from "./rule";
import { selector, seriesOf } from "./series";

/** Says that what is probed does not answer as it should. */
export const probeFailing = "ProbeFailing";

/**
 * PromQL for the time at which a certificate ends: that of the chain of trust that lasts longest. Where nobody verified one, and in
 * old versions, it is that of the first certificate to end of those that were shown.
 * Source: https://github.com/prometheus/blackbox_exporter/blob/master/prober/tls.go
 * @param series of a metric by its name
 */
export function certificateEnd(series: (metric: string) => string): string {
    const lasting = `${series("probe_ssl_last_chain_expiry_timestamp_seconds")} > 0`;
    return `(${lasting} or ${series("probe_ssl_earliest_cert_expiry")})`;
}

/** The alerts of a job whose targets are what a blackbox_exporter probes. */
export function probeRules(settings: RuleSettings, job: ScrapeJob): AlertRule[] {
    const { probe } = job;
    if (!probe) {
        return [];
    }
    const { latest, held, window } = seriesOf(settings, job);
    const duration = `avg_over_time(probe_duration_seconds${selector(job)}[${window()}])`;
    return [
        {
            alert: probeFailing,
            expr: `${latest("probe_success")} == 0`,
            for: held(job.downFor ?? settings.alerts.downFor),
            severity: "critical",
            summary: "{{ $labels.instance }} does not answer as it should",
            description: "The probe of {{ $labels.instance }} by the job {{ $labels.job }} fails.",
        },
        {
            alert: "ProbeSlow",
            // One that fails takes as long as it may.
            ...above(duration, probe.latency / 1000, ` and ${latest("probe_success")} == 1`),
            for: held(minutes(10)),
            severity: "warning",
            summary: "{{ $labels.instance }} answers slowly",
            description:
                `The probe of {{ $labels.instance }} takes {{ $value | humanizeDuration }} on average; the limit is ` +
                `${formatDuration(probe.latency)}.`,
        },
        ...bothSeverities.map((severity): AlertRule => ({
            alert: "ProbeCertificateEnding",
            // A date, and no measurement: only a deployment that is under way shows two of them.
            ...below(`${certificateEnd(latest)} - time()`, probe.certificateEndsWithin[severity] / 1000),
            for: held(minutes(1)),
            severity,
            summary: "The certificate of {{ $labels.instance }} ends soon",
            description:
                "The certificate of {{ $labels.instance }} is valid for {{ $value | humanizeDuration }} more: it was not renewed, " +
                "or the new one is not in use.",
        })),
    ];
}
