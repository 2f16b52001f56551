/**
 * The images that run unless the stack file names others. Tags are pinned to a release, never floating: `latest` would move
 * across minor versions without a difference in any preview.
 *
 * Prometheus 3.13 is the long-term support line: https://prometheus.io/docs/introduction/release-cycle/
 */
export const images = {
    prometheus: "prom/prometheus:v3.13.5",
    nodeExporter: "prom/node-exporter:v1.12.1",
    alertmanager: "prom/alertmanager:v0.34.1",
    grafana: "grafana/grafana:13.1.3",
} as const;
