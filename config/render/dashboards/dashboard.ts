import type { Dashboard, Panel } from "@grafana/grafana-foundation-sdk/dashboard";
import {
    DashboardBuilder,
    DashboardCursorSync,
    DashboardLinkType,
    QueryVariableBuilder,
    RowBuilder,
    VariableRefresh,
    VariableSort,
} from "@grafana/grafana-foundation-sdk/dashboard";
import type { OwnAlert } from "../../schema/rules";
import type { ScrapeJob } from "../../schema/scrapeJob";
import type { RuleSettings } from "../rules/rule";
import { formatDuration } from "../../schema/units";
import type { PanelBuilder } from "./panels";
import { dataSource, link } from "./panels";

/** The settings that dashboards depend on. */
export type DashboardSettings = RuleSettings & {
    /** The alerts that are declared beside those of the jobs. @default none */
    readonly ownAlerts?: readonly OwnAlert[];
};

/** All dashboards carry it: each links to all others by it. */
const tag = "metrics-stack";

const columns = 24;

/** Lines of panels; the panels of a line share its width. */
export type Lines = readonly (readonly PanelBuilder[])[];

export interface DashboardArgs {
    /** Part of the dashboard's address, e.g. "metrics-stack-host". At most 40 letters, digits, - and _. */
    readonly uid: string;
    readonly title: string;
    readonly description: string;
    readonly variables: readonly QueryVariableBuilder[];
    /** The jobs whose rates it shows. @default it shows none */
    readonly jobs?: readonly ScrapeJob[];
    /** Each under its title. */
    readonly sections: Readonly<Record<string, Lines>>;
}

/** Puts panels together to a dashboard in Grafana's classic JSON: file provisioning in Grafana 13.0 refuses the newer schema. */
export function dashboard(
    settings: DashboardSettings,
    { uid, title, description, variables, jobs = [], sections }: DashboardArgs,
): Dashboard {
    const builder = new DashboardBuilder(title)
        .id(null)
        .uid(uid)
        .description(description)
        .tags([tag])
        .readonly()
        .tooltip(DashboardCursorSync.Crosshair)
        .refresh("30s")
        .time({ from: "now-1h", to: "now" })
        .variables([...variables])
        .annotations([])
        .links([link({ title: "Dashboards", type: DashboardLinkType.Dashboards, tags: [tag], keepTime: true })]);
    let id = 0;
    for (const [section, lines] of Object.entries(sections)) {
        builder.withRow(new RowBuilder(section).id(++id));
        for (const line of lines) {
            for (const panel of line) {
                builder.withPanel({
                    build: () => placed(panel.build(), ++id, columns / line.length, minStep(settings, jobs)),
                });
            }
        }
    }
    return builder.build();
}

function placed(panel: Panel, id: number, width: number, interval: string | undefined): Panel {
    const targets = panel.targets?.map((target) => (interval === undefined ? target : { ...target, interval }));
    return { ...panel, id, targets, gridPos: { x: 0, y: 0, h: panel.gridPos?.h ?? 8, w: width } };
}

/**
 * The shortest step of the queries, where it is not the data source's. Grafana's $__rate_interval is at least four of them:
 * with the data source's own, a job that is scraped less often would have less than two samples in it, and no rate at all.
 * Source: https://grafana.com/docs/grafana/latest/datasources/prometheus/template-variables/#use-__rate_interval
 */
function minStep({ scrapeInterval }: DashboardSettings, jobs: readonly ScrapeJob[]): string | undefined {
    const intervals = jobs.map((job) => job.scrapeInterval ?? scrapeInterval);
    const longest = intervals.length > 0 ? Math.max(...intervals) : scrapeInterval;
    return longest === scrapeInterval ? undefined : formatDuration(longest);
}

/** A PromQL matcher's alternatives: jobs a and b.c are `a|b\\.c`, as it stands between quotes. */
export const anyOf = (jobs: readonly ScrapeJob[]) =>
    JSON.stringify(jobs.map(({ jobName }) => exactly(jobName)).join("|")).slice(1, -1);

/** A regular expression that one text alone matches. */
export const exactly = (text: string) => text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");

/** A list of values to choose from, all of them at first. @param all what stands for all of them, a regular expression */
export function variable(name: string, label: string, query: string, all: string): QueryVariableBuilder {
    return new QueryVariableBuilder(name)
        .label(label)
        .datasource(dataSource)
        .query({ query, refId: name })
        .refresh(VariableRefresh.OnTimeRangeChanged)
        .sort(VariableSort.AlphabeticalAsc)
        .multi(true)
        .includeAll(true)
        .allValue(all)
        .current({ text: "All", value: "$__all" });
}

/** The variables of a dashboard for some jobs, and the matchers that follow them. */
export const targetVariables = (jobs: readonly ScrapeJob[]) => [
    variable("job", "Job", `label_values(up{job=~"${anyOf(jobs)}"}, job)`, anyOf(jobs)),
    variable("instance", "Instance", 'label_values(up{job=~"$job"}, instance)', ".+"),
];
export const chosen = 'job=~"$job", instance=~"$instance"';
