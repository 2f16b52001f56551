import { hasJobLabels } from "../../schema/jobLabel";
import type { OwnAlert } from "../../schema/rules";
import type { ScrapeJob } from "../../schema/scrapeJob";
import type { Job } from "../job";
import type { RuleSettings } from "../rules/rule";
import type { Panel } from "./panels";

/** The settings that dashboards depend on. */
export type DashboardSettings = RuleSettings & {
    /** The alerts that are declared beside those of the jobs. @default none */
    readonly ownAlerts?: readonly OwnAlert[];
    /** Where samples are sent to. @default nowhere */
    readonly remoteWrite?: readonly unknown[];
};

/** Lines of panels; the panels of a line share its width. */
export type Lines = readonly (readonly Panel[])[];

/** A list of values to choose from, all of them at first: those that a label has in some series. */
export interface Variable {
    /** As queries have it, with a dollar before it, and the label's own name. */
    readonly name: string;
    /** For people. */
    readonly title: string;
    /** PromQL: whose label it is. */
    readonly series: string;
    /** What stands for all of them, a regular expression. */
    readonly all: string;
}

export interface Dashboard {
    /** Part of the dashboard's address, e.g. "metrics-stack-host". At most 40 letters, digits, - and _. */
    readonly uid: string;
    readonly title: string;
    readonly description: string;
    readonly variables: readonly Variable[];
    /** The longest time between two scrapes of what it shows, in milliseconds: a rate needs two samples. */
    readonly scrapeInterval: number;
    /** Each under its title. */
    readonly sections: Readonly<Record<string, Lines>>;
}

interface Shown {
    /** The jobs whose rates it shows. @default none */
    readonly jobs?: readonly ScrapeJob[];
    /** How long their targets keep a value at least, however often they are scraped, in milliseconds. @default 0 */
    readonly keptFor?: number;
}

export function dashboard(
    settings: DashboardSettings,
    { jobs = [], keptFor = 0, ...args }: Omit<Dashboard, "scrapeInterval"> & Shown,
): Dashboard {
    const intervals = jobs.map((job) => Math.max(job.scrapeInterval ?? settings.scrapeInterval, keptFor));
    return { ...args, scrapeInterval: intervals.length > 0 ? Math.max(...intervals) : settings.scrapeInterval };
}

/**
 * A PromQL matcher's alternatives: jobs a and b.c are `a|b\\.c`, as it stands between quotes. Where one's targets have labels `job` of
 * their own, nobody knows which: all that there are.
 */
export const anyOf = (jobs: readonly ScrapeJob[]) => (jobs.some(hasJobLabels) ? ".+" : alternatives(jobs));

/** The same of the names of jobs alone. */
export const alternatives = (jobs: readonly ScrapeJob[]) =>
    JSON.stringify(jobs.map(({ jobName }) => exactly(jobName)).join("|")).slice(1, -1);

/** A regular expression that one text alone matches. A dollar stands where it begins no variable of a dashboard. */
export const exactly = (text: string) => text.replace(/[\\^.*+?()[\]{}|]/g, "\\$&").replaceAll("$", "[$$]");

/** The variables of a dashboard for some jobs, and the matchers that follow them. */
export const targetVariables = (jobs: readonly Job[]): Variable[] => [
    { name: "job", title: "Job", series: there(jobs, `job=~"${anyOf(jobs)}"`), all: anyOf(jobs) },
    { name: "instance", title: "Instance", series: there(jobs, 'job=~"$job"'), all: ".+" },
];

/** The series of which each target of these jobs has one: nobody scrapes one that pushes. */
export const there = (jobs: readonly Job[], matchers: string) =>
    jobs.some(({ pushed }) => pushed) ? `{__name__=~"up|target_info", ${matchers}}` : `up{${matchers}}`;

export const chosen = 'job=~"$job", instance=~"$instance"';
