import * as units from "@grafana/grafana-foundation-sdk/units";
import type { Lines } from "../dashboard";
import { graph } from "../panels";
import type { Thanos } from "./section";
import { by, increase, legend, legendOf, of, sum } from "./section";

export function ruler({ watched }: Thanos): Lines {
    const empty = "No ruler";
    const evaluated = of("prometheus_rule_group_last_evaluation_timestamp_seconds");
    const sent = by("alertmanager", increase("thanos_alert_sender_alerts_sent_total"));
    return [
        [
            graph({
                title: "Since the last evaluation",
                description: "How long ago each group of rules was evaluated.",
                empty,
                unit: units.Seconds,
                queries: [
                    {
                        expr: `time() - max by(job, instance, rule_group) (${evaluated}) and on(job, instance) ${of("thanos_rule_config_last_reload_successful")}`,
                        legend: legendOf("rule_group"),
                    },
                ],
                limit: watched("ThanosRulerStalled"),
            }),
            graph({
                title: "Rules",
                description: "How many rules each ruler has loaded.",
                empty,
                unit: units.Short,
                queries: [{ expr: sum(of("thanos_rule_loaded_rules")), legend }],
                limit: watched("ThanosRulerWithoutRules"),
            }),
            graph({
                title: "Failed evaluations",
                description: "Evaluations of rules that failed, and those that did without a part of the samples.",
                empty,
                unit: units.Short,
                shownUpTo: 1,
                queries: [
                    { expr: sum(increase("prometheus_rule_evaluation_failures_total")), legend },
                    {
                        expr: sum(increase("thanos_rule_evaluation_with_warnings_total")),
                        legend: `${legend}: partial`,
                    },
                ],
                limit: watched("ThanosRulerFailures"),
            }),
        ],
        [
            graph({
                title: "Alerts to Alertmanagers",
                description: "Alerts that reached each Alertmanager, and messages that did not.",
                empty: "No alert was sent",
                unit: units.Short,
                queries: [
                    { expr: sent, legend: legendOf("alertmanager") },
                    {
                        // Nothing is counted before the first failure.
                        expr: `${by("alertmanager", increase("thanos_alert_sender_errors_total"))} or 0 * ${sent}`,
                        legend: `${legendOf("alertmanager")} failed`,
                    },
                ],
                limit: watched("ThanosRulerSendErrors"),
            }),
            graph({
                title: "Lost alerts",
                description: "Alerts that no Alertmanager took.",
                empty,
                unit: units.Short,
                shownUpTo: 1,
                queries: ["queue", "sender"].map((where) => ({
                    expr: sum(increase(`thanos_alert_${where}_alerts_dropped_total`)),
                    legend: `${legend}: ${where}`,
                })),
                limit: watched("ThanosRulerDropsAlerts"),
            }),
        ],
    ];
}
