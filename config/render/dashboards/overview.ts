import * as units from "@grafana/grafana-foundation-sdk/units";
import type { OwnAlert } from "../../schema/rules";
import type { ScrapeJob } from "../../schema/scrapeJob";
import type { Dashboard, DashboardSettings, Lines } from "./dashboard";
import { alternatives, dashboard } from "./dashboard";
import type { Limit } from "./limits";
import { colors, watchedBy } from "./limits";
import { graph, stat, table } from "./panels";
import type { Runbooks } from "./runbooks";
import { runbooksOf } from "./runbooks";

const overviewUid = "metrics-stack-overview";
export const overviewTitle = "Overview";

/** A dashboard that shows more of some jobs. */
export interface Detail {
    readonly uid: string;
    readonly title: string;
    readonly jobs: readonly ScrapeJob[];
}

const chosen = 'job=~"$job"';

/** The alerts of the chosen jobs, and those of no job. The Watchdog is left out: it always fires. */
const alerts = (...matchers: readonly string[]) =>
    `ALERTS{${['job=~"$job|"', 'severity!="none"', ...matchers].join(", ")}}`;

/** Which dashboard shows most of each job, as the label `dashboard`. */
const withDashboard = (expr: string, details: readonly Detail[]) =>
    details.reduce(
        (inner, { uid, jobs }) => `label_replace(${inner}, "dashboard", "${uid}", "job", "${alternatives(jobs)}")`,
        `label_replace(${expr}, "dashboard", "${overviewUid}", "", "")`,
    );

/**
 * All jobs at a glance, whatever they expose. It names none of them, so that a job without a profile is shown without a
 * change of any dashboard.
 * @param details the dashboards with more of some jobs; where two are for one job, the later one is linked
 */
export function overviewDashboard(settings: DashboardSettings, details: readonly Detail[]): Dashboard {
    const down = watchedBy(settings, "TargetDown");
    const runbooks = runbooksOf(settings);
    return dashboard(settings, {
        uid: overviewUid,
        title: overviewTitle,
        description: "All jobs at a glance: which targets are up, what they cost, and which alerts fire.",
        variables: [{ name: "job", title: "Job", series: "up", all: ".+" }],
        sections: {
            Now: now(down),
            "Jobs and alerts": jobsAndAlerts(details, runbooks, down),
            History: history(down, settings.ownAlerts),
        },
    });
}

function now(down: Limit | undefined): Lines {
    return [
        [
            stat({
                title: "Targets up",
                description: "Targets whose latest scrape succeeded.",
                unit: units.Short,
                queries: [{ expr: `sum(up{${chosen}})` }],
            }),
            stat({
                title: "Targets down",
                description: "Targets whose latest scrape failed: nothing answered, or no metrics.",
                unit: units.Short,
                queries: [{ expr: `sum(1 - up{${chosen}})` }],
                steps: badFromOne,
                limit: down,
            }),
            stat({
                title: "Alerts firing",
                description:
                    "Alerts whose condition has held for as long as their rule demands. They are listed below.",
                unit: units.Short,
                queries: [{ expr: `count(${alerts('alertstate="firing"')}) or vector(0)` }],
                steps: badFromOne,
            }),
            stat({
                title: "Alerts pending",
                description: "Alerts whose condition holds, but not yet for as long as their rule demands.",
                unit: units.Short,
                queries: [{ expr: `count(${alerts('alertstate="pending"')}) or vector(0)` }],
            }),
        ],
        [
            stat({
                title: "Up by job",
                description: "Share of each job's targets whose latest scrape succeeded.",
                unit: units.PercentUnit,
                queries: [{ expr: `avg by(job) (up{${chosen}})`, legend: "{{job}}" }],
                steps: badBelowOne,
                limit: down,
            }),
        ],
    ];
}

function jobsAndAlerts(details: readonly Detail[], runbooks: Runbooks, down: Limit | undefined): Lines {
    return [
        [
            table({
                title: "Jobs",
                description: "What is scraped, a row for each job, and the dashboard that shows most of it.",
                labels: {
                    job: { title: "Job" },
                    dashboard: {
                        title: "Dashboard",
                        words: Object.fromEntries([
                            [overviewUid, "Overview of this job"],
                            ...details.map(({ uid, title }) => [uid, title]),
                        ]),
                        link: { title: "Open it for this job", dashboardOf: "job" },
                    },
                },
                queries: [
                    { title: "Targets", expr: withDashboard(`count by(job) (up{${chosen}})`, details) },
                    { title: "Down", expr: `sum by(job) (1 - up{${chosen}})` },
                    {
                        title: "Slowest scrape",
                        unit: units.Seconds,
                        expr: `max by(job) (scrape_duration_seconds{${chosen}})`,
                    },
                    {
                        title: "Samples a scrape",
                        expr: `sum by(job) (scrape_samples_post_metric_relabeling{${chosen}})`,
                    },
                ],
                empty: "No job has been scraped yet.",
            }),
        ],
        [
            table({
                title: "Alerts",
                height: 6,
                description: "Alerts that fire or are pending.",
                labels: {
                    alertname: { title: "Alert", ...(runbooks.ofAlert && { link: runbooks.ofAlert }) },
                    alertstate: { title: "State" },
                    severity: { title: "Severity" },
                    job: { title: "Job" },
                    instance: { title: "Instance" },
                    ...runbooks.column,
                },
                queries: [{ expr: runbooks.added(alerts()) }],
                empty: "None: no alert fires or is pending.",
            }),
        ],
        [
            table({
                title: "Targets that are down",
                height: 6,
                description: "Targets whose latest scrape failed.",
                labels: { job: { title: "Job" }, instance: { title: "Instance" } },
                queries: [{ expr: `up{${chosen}} == 0` }],
                lastError: { title: "Last error" },
                empty: "None: all targets are up.",
                limit: down,
            }),
        ],
    ];
}

/** The severities that the history names. Rules of somebody's own may have others, and none. */
const severities = Object.entries(colors).map(([severity, color]) => ({
    ...{ matcher: `severity="${severity}"`, legend: severity, color },
}));
const otherSeverities = { matcher: `severity!~"${Object.keys(colors).join("|")}"`, legend: "other", color: "purple" };

function history(down: Limit | undefined, ownAlerts: readonly OwnAlert[] = []): Lines {
    return [
        [
            graph({
                title: "Targets down",
                description: "Targets of each job whose scrape failed.",
                unit: units.Short,
                shownUpTo: 1,
                queries: [{ expr: `sum by(job) (1 - up{${chosen}})`, legend: "{{job}}" }],
                limit: down,
            }),
            graph({
                title: "Alerts firing",
                description: "How many alerts fire, by severity.",
                unit: units.Short,
                shownUpTo: 1,
                queries: [...severities, ...(ownAlerts.length > 0 ? [otherSeverities] : [])].map(
                    ({ matcher, ...shown }) => ({
                        expr: `count(${alerts('alertstate="firing"', matcher)}) or vector(0)`,
                        ...shown,
                    }),
                ),
            }),
        ],
        [
            graph({
                title: "Slowest scrape",
                description:
                    "Time that the scrape of each job's slowest target takes. Where it comes near the job's scrapeTimeout, scrapes begin to fail.",
                unit: units.Seconds,
                queries: [{ expr: `max by(job) (scrape_duration_seconds{${chosen}})`, legend: "{{job}}" }],
            }),
            graph({
                title: "Samples a scrape",
                description: "Samples of all targets of a job together that one round of scrapes stores.",
                unit: units.Short,
                queries: [
                    {
                        expr: `sum by(job) (scrape_samples_post_metric_relabeling{${chosen}})`,
                        legend: "{{job}}",
                    },
                ],
            }),
        ],
    ];
}

const badFromOne = [
    { value: null, color: "green" },
    { value: 1, color: "red" },
];
const badBelowOne = [
    { value: null, color: "red" },
    { value: 1, color: "green" },
];
