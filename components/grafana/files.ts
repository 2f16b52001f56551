import { stringify } from "yaml";
import type { DataSource as OwnSource } from "../part";
import type { DataSource } from "./dataSources";
import { literal, ownName, renderAccess, renderDataSource } from "./dataSources";
import type { Settings } from "./ini";
import { renderIni } from "./ini";
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

/** Folder of the folders with dashboards of somebody's own. */
export const foldersFolder = "folders";

export interface ProvisioningSettings extends DashboardSettings {
    /** The stack's own, as Grafana's container finds it. @default there is none */
    readonly source?: OwnSource | undefined;
    /** The user's own dashboards, as files of a release. */
    readonly ownDashboards: Files;
    /** The titles of the folders that some of them are in, by the names of these in a release. @default none */
    readonly folders?: Readonly<Record<string, string>>;
    /** What stands in place of the stack's own. @default nothing */
    readonly dashboardSource?: DataSource | undefined;
    /** @default none */
    readonly dataSources?: readonly DataSource[];
    /** @default Grafana's own */
    readonly settings?: Settings;
}

/** Where Grafana reads a secret file. */
const secretPath = (file: string) => `${grafanaMountPath}/secrets/${file}`;

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
                asked(settings, jobs),
                ...(settings.dataSources ?? []).map((source) => renderDataSource(source, secretPath)),
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
                ...Object.entries(settings.folders ?? {}).map(([name, title]) => ({
                    name,
                    ...{ folder: literal(title), folderUid: name, type: "file" },
                    ...{ disableDeletion: false, allowUiUpdates: false, updateIntervalSeconds: 10 },
                    options: { path: `${grafanaMountPath}/current/${foldersFolder}/${name}` },
                })),
            ],
        }),
        ...renderIni(settings.settings ?? {}, secretPath),
        ...renderDashboardFiles(settings, jobs),
    };
}

/** Those of them that are dashboards: of the jobs, and of somebody's own. */
export const renderDashboardFiles = (
    settings: DashboardSettings & Pick<ProvisioningSettings, "ownDashboards">,
    jobs: readonly Job[],
): Files => ({ ...renderDashboards(settings, jobs), ...settings.ownDashboards });

/** What the dashboards ask. */
function asked(settings: ProvisioningSettings, jobs: readonly Job[]): object {
    const { source, dashboardSource } = settings;
    const jsonData = {
        httpMethod: "POST",
        prometheusType: source?.type ?? "Prometheus",
        // Grafana derives the shortest useful range of a rate from it.
        timeInterval: formatDuration(settings.scrapeInterval),
        ...lookback(settings, jobs),
    };
    if (dashboardSource) {
        const { jsonData: declared } = dashboardSource;
        const rendered = { ...dashboardSource, jsonData: { ...jsonData, prometheusType: "Prometheus", ...declared } };
        return { ...renderDataSource(rendered, secretPath), isDefault: true };
    }
    const own = renderAccess(source?.access, secretPath);
    return {
        name: ownName,
        uid: dataSourceUid,
        type: "prometheus",
        access: "proxy",
        url: literal(source?.url ?? ""),
        isDefault: true,
        editable: false,
        jsonData: { ...jsonData, ...own.jsonData },
        ...own.beside,
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
