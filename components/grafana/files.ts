import { stringify } from "yaml";
import type { DashboardSettings } from "../../config/render/dashboards";
import { dashboardsFolder, dataSourceUid, renderDashboards } from "../../config/render/dashboards";
import type { Files } from "../../config/render/files";
import type { Job } from "../../config/render/job";
import { queryLookback } from "../../config/render/rules/series";
import { formatDuration } from "../../config/schema/units";

/** Where Grafana finds its configuration volume. */
export const grafanaMountPath = "/etc/metrics-stack";

/** Folder of the provisioning files in a release. */
export const provisioningFolder = "provisioning";

export interface ProvisioningSettings extends DashboardSettings {
    /** Prometheus as Grafana's container finds it, e.g. "http://metrics-stack-dev-prometheus:9090". */
    readonly prometheusUrl: string;
    /** The user's own dashboards, as files of a release. */
    readonly ownDashboards: Files;
}

/**
 * Renders the data source, the dashboards' provider and the dashboards.
 * Source: https://grafana.com/docs/grafana/latest/administration/provisioning/
 */
export function renderGrafanaFiles(settings: ProvisioningSettings, jobs: readonly Job[]): Files {
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
                    url: literal(settings.prometheusUrl),
                    isDefault: true,
                    editable: false,
                    jsonData: {
                        httpMethod: "POST",
                        prometheusType: "Prometheus",
                        // Grafana derives the shortest useful range of a rate from it.
                        timeInterval: formatDuration(settings.scrapeInterval),
                        ...lookback(settings, jobs),
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
        ...renderDashboards(settings, jobs),
        ...settings.ownDashboards,
    };
}

/**
 * Source: https://prometheus.io/docs/prometheus/latest/querying/api/#instant-queries, and
 * https://grafana.com/docs/grafana/latest/datasources/prometheus/configure/ (custom query parameters)
 */
function lookback(settings: DashboardSettings, jobs: readonly Job[]) {
    const longest = queryLookback(settings, jobs);
    return longest !== undefined && { customQueryParameters: `lookback_delta=${formatDuration(longest)}` };
}

/** Grafana expands `$VARIABLE` in provisioning files, and reads `$$` as `$`. */
const literal = (text: string) => text.replaceAll("$", "$$$$");
