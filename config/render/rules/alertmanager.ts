import type { ScrapeJob } from "../../schema/scrapeJob";
import { prometheusJobName } from "../../schema/scrapeJob";
import type { AlertRule, RuleSettings } from "./rule";
import { minutes } from "./rule";
import { selector, seriesOf } from "./series";

/**
 * The alerts of the stack's Alertmanager, and of Prometheus about it.
 * Source of most of them: https://github.com/prometheus/alertmanager/tree/main/doc/alertmanager-mixin (Apache-2.0)
 */
export function alertmanagerRules(settings: RuleSettings, job: ScrapeJob): AlertRule[] {
    const { latest, held, window } = seriesOf(settings, job);
    const prometheus = seriesOf(settings, { ...job, jobName: prometheusJobName });
    const range = window(minutes(15));
    const rate = (metric: string) => `rate(alertmanager_${metric}${selector(job)}[${range}])`;
    return [
        {
            alert: "AlertmanagerReloadFailed",
            expr: `${latest("alertmanager_config_last_reload_successful")} == 0`,
            for: held(minutes(10)),
            severity: "critical",
            summary: "Alertmanager runs with an old configuration",
            description: "{{ $labels.instance }} could not load its configuration and goes on with the previous one.",
        },
        {
            alert: "AlertmanagerNotificationsFailing",
            // Each reason of a failure has a counter of its own.
            expr: `sum without (reason) (${rate("notifications_failed_total")}) / ${rate("notifications_total")} > 0.01`,
            for: held(minutes(5)),
            severity: "critical",
            summary: "Alerts do not reach people through {{ $labels.integration }}",
            description:
                "{{ $value | humanizePercentage }} of the messages that {{ $labels.instance }} sent through " +
                `{{ $labels.integration }} failed in ${range}.`,
        },
        ...(settings.pair?.other !== undefined
            ? [
                  {
                      alert: "AlertmanagerAlone",
                      expr: `${latest("alertmanager_cluster_members")} < 2`,
                      for: held(minutes(10)),
                      severity: "warning" as const,
                      summary: "Alertmanager does not find the other one of its pair",
                      description:
                          "{{ $labels.instance }} is alone: where both run, people get each message twice, " +
                          "and a silence of one is none of the other.",
                  },
              ]
            : []),
        {
            alert: "PrometheusWithoutAlertmanager",
            expr: `${prometheus.latest("prometheus_notifications_alertmanagers_discovered")} < 1`,
            for: held(minutes(10)),
            severity: "critical",
            summary: "Prometheus sends its alerts to nobody",
            description: "{{ $labels.instance }} knows no Alertmanager.",
        },
    ];
}
