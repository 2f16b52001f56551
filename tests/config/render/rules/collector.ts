import type { RuleCase } from "./case";

const labels = { job: "collector", instance: "metrics-stack-test-collector:8888" };
const series = (name: string, label: string) =>
    `otelcol_${name}{job="${labels.job}", instance="${labels.instance}", ${label}}`;
const up = { [`up{job="${labels.job}", instance="${labels.instance}"}`]: "1x180" };
const [exporter, transport] = ["otlp_http/prometheus", "grpc"];
const failed = series("exporter_send_failed_metric_points", `exporter="${exporter}"`);
const refused = series("receiver_refused_metric_points", `transport="${transport}"`);
const size = series("exporter_queue_size", `exporter="${exporter}"`);
const capacity = series("exporter_queue_capacity", `exporter="${exporter}"`);

export const collectorCases: RuleCase[] = [
    {
        ...{ job: "collector", alert: "CollectorExportFailing", severity: "critical", labels: { ...labels, exporter } },
        when: "for the first time, which is the first value of its series",
        series: { ...up, [failed]: "_x10 40x60" },
        ...{ fires: 10, ends: 20 },
        says: `${exporter} has refused 40 data points in 5m that the collector had taken: they are not sent again.`,
    },
    {
        ...{ job: "collector", alert: "CollectorExportFailing", severity: "critical" },
        when: "long ago",
        series: { ...up, [failed]: "40x180" },
    },
    {
        ...{ job: "collector", alert: "CollectorQueueFilling", severity: "warning", labels: { ...labels, exporter } },
        series: { [capacity]: "1000x60", [size]: "10x9 600x20 10x30" },
        ...{ fires: 15, ends: 32 },
        says:
            `What waits for ${exporter} takes 60% of the room that there is. When that is full, what applications push is ` +
            "refused.",
    },
    {
        ...{ job: "collector", alert: "CollectorRefusing", severity: "warning", labels: { ...labels, transport } },
        series: { ...up, [refused]: "0x9 0+60x30 1800x30" },
        ...{ fires: 16, ends: 50 },
        says:
            "It has refused 300 data points in 5m: it has too little memory, or what waits to be sent has no room. " +
            "Applications push again, for a while.",
    },
];
