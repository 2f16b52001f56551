import type { RuleCase } from "./case";

const labels = { job: "alertmanager", instance: "metrics-stack-test-alertmanager:9093" };
const series = (name: string, rest = "") =>
    `alertmanager_${name}{job="${labels.job}", instance="${labels.instance}"${rest}}`;
const sent = (integration: string) => series("notifications_total", `, integration="${integration}"`);
const failed = (integration: string, reason: string) =>
    series("notifications_failed_total", `, integration="${integration}", reason="${reason}"`);
const failing = { job: "alertmanager", alert: "AlertmanagerNotificationsFailing", severity: "critical" } as const;

export const alertmanagerCases: RuleCase[] = [
    {
        ...{ job: "alertmanager", alert: "AlertmanagerReloadFailed", severity: "critical", labels },
        series: { [series("config_last_reload_successful")]: "1x4 0x30 1x5" },
        ...{ fires: 15, ends: 36 },
        says: `${labels.instance} could not load its configuration and goes on with the previous one.`,
    },
    {
        ...failing,
        when: "for two reasons at once",
        labels: { ...labels, integration: "webhook" },
        series: {
            [sent("webhook")]: "0+10x20 200x30",
            [failed("webhook", "clientError")]: "0+1x20 20x30",
            [failed("webhook", "serverError")]: "0+1x20 20x30",
        },
        ...{ fires: 6, ends: 36 },
        says: `20% of the messages that ${labels.instance} sent through webhook failed in 15m.`,
    },
    {
        ...failing,
        when: "all arrive",
        series: { [sent("webhook")]: "0+10x180", [failed("webhook", "serverError")]: "0x180" },
    },
    {
        ...{ job: "alertmanager", alert: "AlertmanagerAlone", severity: "warning", labels },
        series: { [series("cluster_members")]: "2x4 1x30 2x5" },
        ...{ fires: 15, ends: 36 },
        says:
            `${labels.instance} is alone: where both run, people get each message twice, ` +
            "and a silence of one is none of the other.",
    },
    {
        ...{ job: "alertmanager", alert: "PrometheusWithoutAlertmanager", severity: "critical" },
        labels: { job: "prometheus", instance: "localhost:9090" },
        series: {
            'prometheus_notifications_alertmanagers_discovered{job="prometheus", instance="localhost:9090"}':
                "1x4 0x30 1x5",
        },
        ...{ fires: 15, ends: 36 },
        says: "localhost:9090 knows no Alertmanager.",
    },
];
