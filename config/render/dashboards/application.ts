import { createHash } from "node:crypto";
import * as units from "@grafana/grafana-foundation-sdk/units";
import type { ApplicationProfile } from "../../schema/profiles";
import type { Job } from "../job";
import { inSeconds } from "../rules/application";
import type { Dashboard, DashboardSettings, Lines } from "./dashboard";
import { anyOf, chosen, dashboard, targetVariables, there } from "./dashboard";
import type { Limit } from "./limits";
import { limitsOf, percent, watchedBy } from "./limits";
import { graph, stat, table } from "./panels";

export const applicationTitle = (profileName: string) => `Application (${profileName})`;

/** Grafana takes at most 40 characters: a longer name of a profile is cut, and kept apart from others by a checksum. */
export function applicationUid(profileName: string): string {
    const uid = `metrics-stack-application-${profileName}`;
    const checksum = createHash("sha256").update(uid).digest("hex").slice(0, 6);
    return uid.length <= 40 ? uid : `${uid.slice(0, 33)}-${checksum}`;
}

/** The applications whose metrics have the names of one profile: requests, errors and how long they take. */
export function applicationDashboard(
    settings: DashboardSettings,
    profileName: string,
    profile: ApplicationProfile,
    jobs: readonly Job[],
): Dashboard {
    const queries = queriesOf(profile, jobs);
    const limit = limitsOf(settings, jobs);
    const limits = {
        noTraffic: watchedBy(settings, "ApplicationNoTraffic"),
        errors: limit({ alert: "ApplicationErrors", unit: units.PercentUnit }),
        latency: limit({
            alert: "ApplicationSlow",
            series: `the line of ${queries.shares}`,
            unit: units.Seconds,
        }),
    };
    return dashboard(settings, {
        uid: applicationUid(profileName),
        title: applicationTitle(profileName),
        description: `Requests, errors and latency of the applications that expose ${profile.requests} and ${profile.duration}.`,
        variables: targetVariables(jobs),
        jobs,
        sections: {
            Now: now(queries, limits),
            "Each target": eachTarget(queries, limits),
            "By status, method and path": byLabel(queries, profile),
        },
    });
}

type Queries = ReturnType<typeof queriesOf>;
type Limits = Readonly<Record<"noTraffic" | "errors" | "latency", Limit | undefined>>;

const rateInterval = "$__rate_interval";
const empty = "No requests";

/** The queries, in the names of a profile; each by the labels that its series are to have, e.g. "job, instance". */
function queriesOf(profile: ApplicationProfile, jobs: readonly Job[]) {
    const { requests, duration, statusLabel } = profile;
    const requestRate = (by: string, window = rateInterval, matchers = chosen) =>
        `sum by(${by}) (rate(${requests}{${matchers}}[${window}]))`;
    const quantile = (q: number, by: string, window = rateInterval, matchers = chosen) =>
        // Without a request the quantile is no number, and left out by the comparison.
        `${inSeconds(`histogram_quantile(${q}, sum by(le, ${by}) (rate(${duration}_bucket{${matchers}}[${window}])))`, profile)} >= 0`;
    const quantiles = [...new Set(jobs.flatMap(({ application }) => application?.latencyQuantile ?? []))].sort();
    return {
        requestRate,
        /** Before its first request an application may expose no counter: that is 0 requests. */
        requestRateOrZero: (by: string) => `${requestRate(by)} or 0 * sum by(${by}) (${there(jobs, chosen)})`,
        /** Before its first error there is no counter of errors: that is a share of 0. Without a request there is no share. */
        errorRatio(by: string, window?: string): string {
            const errors = requestRate(by, window, `${statusLabel}=~"5..", ${chosen}`);
            return `(${errors} or 0 * ${requestRate(by, window)}) / (${requestRate(by, window)} > 0)`;
        },
        /** Each job has the quantile that its alert watches: a query for each, and only for the jobs that it is for. */
        latency: (by: string, window?: string) =>
            quantiles.map((q) => {
                const own = jobs.filter(({ application }) => application?.latencyQuantile === q);
                const matchers = own.length === jobs.length ? chosen : `job=~"${anyOf(own)}", ${chosen}`;
                return { share: percent(q), expr: quantile(q, by, window, matchers) };
            }),
        medianLatency: (by: string) => quantile(0.5, by),
        /** The shares of requests that `latency` is about, e.g. "95 %". */
        shares: quantiles.map(percent).join(" or "),
    };
}

/** The alerts look at each target, and these at all of a job: they have the limits' colours and not their sentences. */
function now({ requestRateOrZero, errorRatio, latency, shares }: Queries, limits: Limits): Lines {
    return [
        [
            stat({
                title: "Requests",
                description: "Answered requests a second.",
                unit: units.RequestsPerSecond,
                queries: [{ expr: requestRateOrZero("job"), legend: "{{job}}" }],
            }),
            stat({
                title: "Errors",
                description: "Share of requests that were answered with a status of 500 or above.",
                empty,
                unit: units.PercentUnit,
                queries: [{ expr: errorRatio("job"), legend: "{{job}}" }],
                steps: limits.errors?.steps,
            }),
            stat({
                title: "Latency",
                description: `${shares} of the requests were answered faster than this.`,
                empty,
                unit: units.Seconds,
                queries: latency("job").map(({ share, expr }) => ({ expr, legend: `{{job}} ${share}` })),
                steps: limits.latency?.steps,
            }),
        ],
    ];
}

function eachTarget({ requestRateOrZero, errorRatio, latency, medianLatency, shares }: Queries, limits: Limits): Lines {
    const target = "job, instance";
    return [
        [
            graph({
                title: "Requests",
                description: "Answered requests a second.",
                unit: units.RequestsPerSecond,
                queries: [{ expr: requestRateOrZero(target), legend: "{{instance}}" }],
                limit: limits.noTraffic,
            }),
            graph({
                title: "Errors",
                description: "Share of requests that were answered with a status of 500 or above.",
                empty,
                unit: units.PercentUnit,
                queries: [{ expr: errorRatio(target), legend: "{{instance}}" }],
                limit: limits.errors,
            }),
            graph({
                title: "Latency",
                description: `${shares} of the requests were answered faster than the upper line, half of them faster than the median. The values are estimates from the buckets of a histogram.`,
                empty,
                unit: units.Seconds,
                queries: [
                    ...latency(target).map(({ share, expr }) => ({ expr, legend: `{{instance}} ${share}` })),
                    { expr: medianLatency(target), legend: "{{instance}} median" },
                ],
                limit: limits.latency,
            }),
        ],
    ];
}

/** A path may have many values: the graphs and the table show this many. */
const shownPaths = 20;

function byLabel(
    { requestRate, errorRatio, latency, shares }: Queries,
    { statusLabel, methodLabel, pathLabel }: ApplicationProfile,
): Lines {
    const path = `job, ${pathLabel}`;
    const busiest = `topk(${shownPaths}, ${requestRate(path, "$__range")})`;
    const ofBusiest = (expr: string) => `(${expr}) and on(${path}) ${busiest}`;
    return [
        [
            graph({
                title: "Requests by status",
                description:
                    "Answered requests a second by HTTP status: 2xx is success, 4xx a mistake of the client, 5xx one of the application.",
                empty,
                unit: units.RequestsPerSecond,
                stacked: true,
                queries: [{ expr: requestRate(statusLabel), legend: `{{${statusLabel}}}` }],
            }),
            graph({
                title: "Requests by method",
                description: "Answered requests a second by HTTP method.",
                empty,
                unit: units.RequestsPerSecond,
                stacked: true,
                queries: [{ expr: requestRate(methodLabel), legend: `{{${methodLabel}}}` }],
            }),
        ],
        [
            graph({
                title: "Requests by path",
                description: `Answered requests a second by path or route: at each moment the ${shownPaths} with the most requests.`,
                empty,
                unit: units.RequestsPerSecond,
                queries: [{ expr: `topk(${shownPaths}, ${requestRate(path)})`, legend: `{{job}} {{${pathLabel}}}` }],
            }),
            graph({
                title: "Latency by path",
                description: `${shares} of the requests to a path or route were answered faster than this: at each moment the ${shownPaths} slowest.`,
                empty,
                unit: units.Seconds,
                queries: latency(path).map(({ share, expr }) => ({
                    expr: `topk(${shownPaths}, ${expr})`,
                    legend: `{{job}} {{${pathLabel}}} ${share}`,
                })),
            }),
        ],
        [
            table({
                title: "Busiest paths",
                description: `The ${shownPaths} paths or routes with the most requests in the chosen time.`,
                empty,
                labels: { job: { title: "Job" }, [pathLabel]: { title: "Path" } },
                queries: [
                    { title: "Requests", unit: units.RequestsPerSecond, expr: busiest },
                    { title: "Errors", unit: units.PercentUnit, expr: ofBusiest(errorRatio(path, "$__range")) },
                    ...latency(path, "$__range").map(({ share, expr }) => ({
                        title: `Latency (${share})`,
                        unit: units.Seconds,
                        expr: ofBusiest(expr),
                    })),
                ],
            }),
        ],
    ];
}
