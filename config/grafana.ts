import { stringify } from "yaml";
import { applicationDashboard, dataSourceUid, hostDashboard } from "./dashboards";
import type { Files } from "./files";
import { formatDuration } from "./units";

/** Where Grafana finds its configuration volume. */
export const grafanaMountPath = "/etc/metrics-stack";

/** Grafana watches this folder: an edited dashboard is live within the update interval, without a restart. */
export const dashboardsFolder = "dashboards";

/** Folder of the provisioning files in a release. */
export const provisioningFolder = "provisioning";

export interface GrafanaSettings {
    /** Prometheus as Grafana's container finds it, e.g. "http://metrics-stack-dev-prometheus:9090". */
    readonly prometheusUrl: string;
    /** In milliseconds. Grafana derives the shortest useful rate window from it. */
    readonly scrapeInterval: number;
}

/**
 * Renders the data source, the dashboards' provider and the dashboards.
 * Source: https://grafana.com/docs/grafana/latest/administration/provisioning/
 */
export function renderGrafanaFiles({ prometheusUrl, scrapeInterval }: GrafanaSettings): Files {
    return {
        [`${provisioningFolder}/datasources/prometheus.yml`]: stringify({
            apiVersion: 1,
            // A data source that leaves this file leaves Grafana.
            prune: true,
            datasources: [
                {
                    name: "Prometheus",
                    uid: dataSourceUid,
                    type: "prometheus",
                    access: "proxy",
                    url: literal(prometheusUrl),
                    isDefault: true,
                    editable: false,
                    jsonData: {
                        httpMethod: "POST",
                        prometheusType: "Prometheus",
                        timeInterval: formatDuration(scrapeInterval),
                    },
                },
            ],
        }),
        [`${provisioningFolder}/dashboards/dashboards.yml`]: stringify({
            apiVersion: 1,
            providers: [
                {
                    name: "metrics-stack",
                    type: "file",
                    disableDeletion: false,
                    allowUiUpdates: false,
                    updateIntervalSeconds: 10,
                    options: { path: `${grafanaMountPath}/${dashboardsFolder}` },
                },
            ],
        }),
        [`${dashboardsFolder}/host.json`]: toJson(hostDashboard),
        [`${dashboardsFolder}/application.json`]: toJson(applicationDashboard),
    };
}

/** Grafana expands `$VARIABLE` in provisioning files, and reads `$$` as `$`. */
const literal = (text: string) => text.replaceAll("$", "$$$$");

const toJson = (dashboard: object) => `${JSON.stringify(dashboard, undefined, 2)}\n`;
