import type { ScrapeJob } from "../../schema/scrapeJob";
import type { AlertRule, RuleSettings } from "./rule";
import { above, minutes } from "./rule";
import { seriesOf } from "./series";

/** How much of a queue may be taken. */
const taken = 0.5;

/**
 * The alerts of the stack's OpenTelemetry Collector.
 * Source of the metrics: https://opentelemetry.io/docs/collector/internal-telemetry/
 */
export function collectorRules(settings: RuleSettings, job: ScrapeJob): AlertRule[] {
    const { growth, held, latest, targetLabels, window } = seriesOf(settings, job);
    const sum = (metric: string, label: string) => `sum by (${targetLabels}, ${label}) (${growth(metric)})`;
    const queue = (metric: string) =>
        `max by (${targetLabels}, exporter) (${latest(`otelcol_exporter_queue_${metric}`)})`;
    return [
        {
            alert: "CollectorExportFailing",
            expr: `${sum("otelcol_exporter_send_failed_metric_points", "exporter")} > 0`,
            severity: "critical",
            summary: "What applications push is lost on its way to {{ $labels.exporter }}",
            description:
                `{{ $labels.exporter }} has refused {{ $value }} data points in ${window()} that the collector had taken: they are ` +
                "not sent again.",
        },
        {
            alert: "CollectorQueueFilling",
            ...above(`${queue("size")} / ${queue("capacity")}`, taken),
            for: held(minutes(5)),
            severity: "warning",
            summary: "The collector cannot send on to {{ $labels.exporter }} what applications push",
            description:
                "What waits for {{ $labels.exporter }} takes {{ $value | humanizePercentage }} of the room that there is. When " +
                "that is full, what applications push is refused.",
        },
        {
            alert: "CollectorRefusing",
            expr: `${sum("otelcol_receiver_refused_metric_points", "transport")} > 0`,
            for: held(minutes(5)),
            severity: "warning",
            summary: "The collector refuses what applications push by {{ $labels.transport }}",
            description:
                `It has refused {{ $value }} data points in ${window()}: it has too little memory, or what waits to be sent has no ` +
                "room. Applications push again, for a while.",
        },
    ];
}
