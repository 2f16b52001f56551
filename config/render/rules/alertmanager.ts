import type { ScrapeJob } from "../../schema/scrapeJob";
import type { AlertRule } from "./rule";
import { minutes, selector } from "./rule";

/**
 * The alerts of the stack's Alertmanager, and of Prometheus about it.
 * Source of most of them: https://github.com/prometheus/alertmanager/tree/main/doc/alertmanager-mixin (Apache-2.0)
 */
export function alertmanagerRules(job: ScrapeJob): AlertRule[] {
    const own = selector(job);
    const rate = (metric: string) => `rate(alertmanager_${metric}${own}[15m])`;
    return [
        {
            alert: "AlertmanagerReloadFailed",
            // The latest of several scrapes: a single one that failed must not end the alert.
            expr: `max_over_time(alertmanager_config_last_reload_successful${own}[5m]) == 0`,
            for: minutes(10),
            severity: "critical",
            summary: "Alertmanager runs with an old configuration",
            description: "{{ $labels.instance }} could not load its configuration and goes on with the previous one.",
        },
        {
            alert: "AlertmanagerNotificationsFailing",
            // Each reason of a failure has a counter of its own.
            expr: `sum without (reason) (${rate("notifications_failed_total")}) / ${rate("notifications_total")} > 0.01`,
            for: minutes(5),
            severity: "critical",
            summary: "Alerts do not reach people through {{ $labels.integration }}",
            description:
                "{{ $value | humanizePercentage }} of the messages that {{ $labels.instance }} sent through " +
                "{{ $labels.integration }} failed in 15m.",
        },
        {
            alert: "PrometheusWithoutAlertmanager",
            expr: `max_over_time(prometheus_notifications_alertmanagers_discovered${selector({ jobName: "prometheus" })}[5m]) < 1`,
            for: minutes(10),
            severity: "critical",
            summary: "Prometheus sends its alerts to nobody",
            description: "{{ $labels.instance }} knows no Alertmanager.",
        },
    ];
}
