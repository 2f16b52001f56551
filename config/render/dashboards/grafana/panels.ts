import type { Builder } from "@grafana/grafana-foundation-sdk/cog";
import * as common from "@grafana/grafana-foundation-sdk/common";
import type {
    DashboardLink,
    DynamicConfigValue,
    Panel as GrafanaPanel,
    ValueMapping,
    ValueMappingResult,
} from "@grafana/grafana-foundation-sdk/dashboard";
import { DashboardLinkType, MappingType, ThresholdsConfigBuilder } from "@grafana/grafana-foundation-sdk/dashboard";
import * as prometheus from "@grafana/grafana-foundation-sdk/prometheus";
import * as stats from "@grafana/grafana-foundation-sdk/stat";
import * as tables from "@grafana/grafana-foundation-sdk/table";
import * as timeseries from "@grafana/grafana-foundation-sdk/timeseries";
import * as units from "@grafana/grafana-foundation-sdk/units";
import type { Step } from "../limits";
import type { CellLink, Column, Graph, Panel, PanelArgs, Query, Stat, Table } from "../panels";

/** The data source that all dashboards use. A uid that changes under an existing name is refused by Grafana: it is fixed. */
export const dataSourceUid = "metrics-stack-prometheus";
export const dataSource = { type: "prometheus", uid: dataSourceUid };

type PanelBuilder = Builder<GrafanaPanel>;

/** Draws a panel, with the same look everywhere. */
export function panelBuilder(panel: Panel): PanelBuilder {
    switch (panel.kind) {
        case "graph":
            return graph(panel);
        case "stat":
            return stat(panel);
        case "table":
            return table(panel);
    }
}

function graph({ queries, stacked = false, max, shownUpTo, ...args }: Graph): PanelBuilder {
    const panel = described(new timeseries.PanelBuilder(), args)
        .height(8)
        .min(0)
        .targets(withRefIds(queries).map((each) => each.range()))
        .showPoints(common.VisibilityMode.Never)
        .fillOpacity(stacked ? 40 : 10)
        .legend(
            new common.VizLegendOptionsBuilder()
                .showLegend(true)
                .displayMode(common.LegendDisplayMode.List)
                .placement(common.LegendPlacement.Bottom),
        )
        .tooltip(
            new common.VizTooltipOptionsBuilder()
                .mode(common.TooltipDisplayMode.Multi)
                .sort(common.SortOrder.Descending),
        );
    if (stacked) {
        panel.stacking(new common.StackingConfigBuilder().mode(common.StackingMode.Normal));
    }
    for (const { legend, color } of queries) {
        if (legend !== undefined && color !== undefined) {
            panel.overrideByName(legend, [{ id: "color", value: { mode: "fixed", fixedColor: color } }]);
        }
    }
    if (max !== undefined) {
        panel.max(max);
    }
    const least = shownUpTo ?? args.limit?.shownUpTo;
    if (least !== undefined) {
        panel.axisSoftMax(least);
    }
    if (args.limit?.steps.length) {
        panel
            .thresholds(new ThresholdsConfigBuilder().steps([...args.limit.steps]))
            .thresholdsStyle(
                new common.GraphThresholdsStyleConfigBuilder().mode(common.GraphThresholdsStyleMode.Dashed),
            );
    }
    return panel;
}

function stat({ queries, words, steps, ...args }: Stat): PanelBuilder {
    const limits = steps ?? args.limit?.steps ?? [];
    return described(new stats.PanelBuilder(), args)
        .height(4)
        .targets(withRefIds(queries).map((each) => each.instant()))
        .reduceOptions(new common.ReduceDataOptionsBuilder().calcs(["lastNotNull"]))
        .graphMode(common.BigValueGraphMode.None)
        .mappings(words ? [mapping(words)] : [])
        .thresholds(
            new ThresholdsConfigBuilder().steps(
                limits.length > 0 ? limits.map(visible) : [{ value: null, color: "text" }],
            ),
        );
}

/** A transparent number would not be seen. */
const visible = ({ value, color }: Step) => ({ value, color: color === "transparent" ? "green" : color });

function table({ labels, queries, height = 8, ...args }: Table): PanelBuilder {
    // Grafana's own names of the columns.
    const values = queries.map(({ title, ...rest }, i) => ({
        name: queries.length > 1 ? `Value #${refId(i)}` : "Value",
        column: title === undefined ? undefined : { ...rest, title },
    }));
    const columns = [
        ...Object.entries(labels).map(([name, column]) => ({ name, column })),
        ...values.flatMap(({ name, column }) => (column ? [{ name, column }] : [])),
    ];
    const panel = described(new tables.PanelBuilder(), { ...args, unit: units.Short })
        .height(height)
        .targets(withRefIds(queries).map((each) => each.instant().format(prometheus.PromQueryFormat.Table)))
        .transformations([
            { id: "merge", options: {} },
            { id: "filterFieldsByName", options: { include: { names: columns.map(({ name }) => name) } } },
            {
                id: "organize",
                options: {
                    excludeByName: {},
                    indexByName: Object.fromEntries(columns.map(({ name }, i) => [name, i])),
                    renameByName: {},
                },
            },
        ]);
    for (const { name, column } of columns) {
        panel.overrideByName(name, columnProperties(column));
    }
    return panel;
}

function columnProperties({ title, unit, words, link }: Column): DynamicConfigValue[] {
    return [
        { id: "displayName", value: title },
        // An empty cell: what the panel says where it is empty is for the whole table.
        { id: "noValue", value: "–" },
        ...(unit === undefined ? [] : [{ id: "unit", value: unit }]),
        ...(words ? [{ id: "mappings", value: [mapping(words)] }] : []),
        ...(link ? [{ id: "links", value: [{ title: link.title, url: cellAddress(link) }] }] : []),
    ];
}

function cellAddress(link: CellLink): string {
    if ("pagesIn" in link) {
        return `${link.pagesIn}/\${__value.raw}.md`;
    }
    return "isAddress" in link
        ? "${__value.raw}"
        : `/d/\${__value.raw}?var-${link.dashboardOf}=\${__data.fields.${link.dashboardOf}}&\${__url_time_range}`;
}

const mapping = (words: Readonly<Record<string, string | ValueMappingResult>>): ValueMapping => ({
    type: MappingType.ValueToText,
    options: Object.fromEntries(
        Object.entries(words).map(([value, word]) => [value, typeof word === "string" ? { text: word } : word]),
    ),
});

/** The names of a panel's queries: A, B, C. */
const refId = (i: number) => String.fromCharCode("A".charCodeAt(0) + i);

const withRefIds = (queries: readonly Query[]) =>
    queries.map(({ expr, legend }, i) => {
        const query = new prometheus.DataqueryBuilder().refId(refId(i)).datasource(dataSource).expr(expr);
        return legend === undefined ? query : query.legendFormat(legend);
    });

/** What every panel has. */
function described<Kind extends timeseries.PanelBuilder | stats.PanelBuilder | tables.PanelBuilder>(
    panel: Kind,
    { title, description, unit, limit, empty }: PanelArgs,
): Kind {
    panel.title(title).description(limit ? `${description} ${limit.sentence}` : description);
    panel.unit(unit).datasource(dataSource);
    if (empty !== undefined) {
        panel.noValue(empty);
    }
    if (limit?.runbook) {
        const { alert, url } = limit.runbook;
        panel.links([link({ title: `Runbook: ${alert}`, url, targetBlank: true })]);
    }
    return panel;
}

/** A link. The SDK's own builder would hide it in a menu. */
export const link = (given: Pick<DashboardLink, "title"> & Partial<DashboardLink>): Builder<DashboardLink> => ({
    build: () => ({
        ...{ type: DashboardLinkType.Link, icon: "external link", tooltip: "", tags: [], asDropdown: false },
        ...{ targetBlank: false, includeVars: false, keepTime: false },
        ...given,
    }),
});
