import type { Dashboard as GrafanaDashboard, Panel as GrafanaPanel } from "@grafana/grafana-foundation-sdk/dashboard";
import {
    DashboardBuilder,
    DashboardCursorSync,
    DashboardLinkType,
    QueryVariableBuilder,
    RowBuilder,
    VariableRefresh,
    VariableSort,
} from "@grafana/grafana-foundation-sdk/dashboard";
import { formatDuration } from "../../../schema/units";
import type { Dashboard, DashboardSettings, Variable } from "../dashboard";
import { dataSource, link, panelBuilder } from "./panels";

/** All dashboards carry it: each links to all others by it. */
const tag = "metrics-stack";

const columns = 24;

/** Draws a dashboard in Grafana's classic JSON: file provisioning in Grafana 13.0 refuses the newer schema. */
export function grafanaDashboard(settings: DashboardSettings, dashboard: Dashboard): GrafanaDashboard {
    const { uid, title, description, variables, sections } = dashboard;
    const builder = new DashboardBuilder(title)
        .id(null)
        .uid(uid)
        .description(description)
        .tags([tag])
        .readonly()
        .tooltip(DashboardCursorSync.Crosshair)
        .refresh("30s")
        .time({ from: "now-1h", to: "now" })
        .variables(variables.map(variableBuilder))
        .annotations([])
        .links([link({ title: "Dashboards", type: DashboardLinkType.Dashboards, tags: [tag], keepTime: true })]);
    let id = 0;
    for (const [section, lines] of Object.entries(sections)) {
        builder.withRow(new RowBuilder(section).id(++id));
        for (const line of lines) {
            for (const panel of line) {
                const drawn = panelBuilder(panel);
                builder.withPanel({
                    build: () => placed(drawn.build(), ++id, columns / line.length, minStep(settings, dashboard)),
                });
            }
        }
    }
    return builder.build();
}

function placed(panel: GrafanaPanel, id: number, width: number, interval: string | undefined): GrafanaPanel {
    const targets = panel.targets?.map((target) => (interval === undefined ? target : { ...target, interval }));
    return { ...panel, id, targets, gridPos: { x: 0, y: 0, h: panel.gridPos?.h ?? 8, w: width } };
}

/**
 * The shortest step of the queries, where it is not the data source's. Grafana's $__rate_interval is at least four of them:
 * with the data source's own, a job that is scraped less often would have less than two samples in it, and no rate at all.
 * Source: https://grafana.com/docs/grafana/latest/datasources/prometheus/template-variables/#use-__rate_interval
 */
const minStep = (settings: DashboardSettings, { scrapeInterval }: Dashboard) =>
    scrapeInterval === settings.scrapeInterval ? undefined : formatDuration(scrapeInterval);

const variableBuilder = ({ name, title, series, all }: Variable) =>
    new QueryVariableBuilder(name)
        .label(title)
        .datasource(dataSource)
        .query({ query: `label_values(${series}, ${name})`, refId: name })
        .refresh(VariableRefresh.OnTimeRangeChanged)
        .sort(VariableSort.AlphabeticalAsc)
        .multi(true)
        .includeAll(true)
        .allValue(all)
        .current({ text: "All", value: "$__all" });
