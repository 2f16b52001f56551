import { createHash } from "node:crypto";
import type { Dashboard } from "@grafana/grafana-foundation-sdk/dashboard";
import * as units from "@grafana/grafana-foundation-sdk/units";
import type { ApplicationProfile } from "../profiles";
import type { ScrapeJob } from "../scrapeJob";
import type { DashboardSettings } from "./dashboard";
import { anyOf, chosen, dashboard, targetVariables } from "./dashboard";
import type { AlertLimit } from "./limits";
import { alertLimit, percent, watchedBy } from "./limits";
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
    jobs: readonly ScrapeJob[],
): Dashboard {
    const { requests, duration, pathLabel, methodLabel, statusLabel } = profile;
    const limit = (alert: AlertLimit) => alertLimit(settings, jobs, alert);

    const rate = (by: string, window = rateInterval, matchers = chosen) =>
        `sum by(${by}) (rate(${requests}{${matchers}}[${window}]))`;
    /** Before its first request an application may expose no counter: that is 0 requests. */
    const requestRate = (by: string) => `${rate(by)} or 0 * sum by(${by}) (up{${chosen}})`;
    /** Before its first error it exposes no counter of errors: that is a share of 0. Without a request there is no share. */
    const errorRatio = (by: string, window?: string) => {
        const errors = rate(by, window, `${statusLabel}=~"5..", ${chosen}`);
        return `(${errors} or 0 * ${rate(by, window)}) / (${rate(by, window)} > 0)`;
    };
    /** Without a request the quantile is no number, and left out by the comparison. */
    const quantile = (q: number, by: string, window = rateInterval, matchers = chosen) =>
        `histogram_quantile(${q}, sum by(le, ${by}) (rate(${duration}_bucket{${matchers}}[${window}]))) >= 0`;

    /** Each job has the quantile that its alert watches: a query for each, and only for the jobs that it is for. */
    const quantiles = [...new Set(jobs.flatMap(({ application }) => application?.latencyQuantile ?? []))].sort();
    const latency = (by: string, window?: string) =>
        quantiles.map((q) => {
            const own = jobs.filter(({ application }) => application?.latencyQuantile === q);
            const matchers = own.length === jobs.length ? chosen : `job=~"${anyOf(own)}", ${chosen}`;
            return { share: percent(q), expr: quantile(q, by, window, matchers) };
        });
    const shares = quantiles.map(percent).join(" or ");

    const errorLimit = limit({
        alert: "ApplicationErrors",
        passes: "above",
        unit: units.PercentUnit,
        critical: ({ application }) => application?.errorRatio,
    });
    const latencyLimit = limit({
        alert: "ApplicationSlow",
        series: `the line of ${shares}`,
        passes: "above",
        unit: units.Seconds,
        warning: ({ application }) => application && application.latency / 1000,
    });
    const path = `job, ${pathLabel}`;
    const busiest = `topk(${shownPaths}, ${rate(path, "$__range")})`;
    const ofBusiest = (expr: string) => `(${expr}) and on(${path}) ${busiest}`;

    return dashboard(settings, {
        uid: applicationUid(profileName),
        title: applicationTitle(profileName),
        description: `Requests, errors and latency of the applications that expose ${requests} and ${duration}.`,
        variables: targetVariables(jobs),
        jobs,
        sections: {
            Now: [
                [
                    stat({
                        title: "Requests",
                        description: "Answered requests a second.",
                        unit: units.RequestsPerSecond,
                        queries: [{ expr: requestRate("job"), legend: "{{job}}" }],
                    }),
                    stat({
                        title: "Errors",
                        description: "Share of requests that were answered with a status of 500 or above.",
                        empty,
                        unit: units.PercentUnit,
                        queries: [{ expr: errorRatio("job"), legend: "{{job}}" }],
                        steps: errorLimit?.steps,
                    }),
                    stat({
                        title: "Latency",
                        description: `${shares} of the requests were answered faster than this.`,
                        empty,
                        unit: units.Seconds,
                        queries: latency("job").map(({ share, expr }) => ({ expr, legend: `{{job}} ${share}` })),
                        steps: latencyLimit?.steps,
                    }),
                ],
            ],
            "Each target": [
                [
                    graph({
                        title: "Requests",
                        description: "Answered requests a second.",
                        unit: units.RequestsPerSecond,
                        queries: [{ expr: requestRate(target), legend: "{{instance}}" }],
                        limit: watchedBy(settings, "ApplicationNoTraffic"),
                    }),
                    graph({
                        title: "Errors",
                        description: "Share of requests that were answered with a status of 500 or above.",
                        empty,
                        unit: units.PercentUnit,
                        queries: [{ expr: errorRatio(target), legend: "{{instance}}" }],
                        limit: errorLimit,
                    }),
                    graph({
                        title: "Latency",
                        description: `${shares} of the requests were answered faster than the upper line, half of them faster than the median. The values are estimates from the buckets of a histogram.`,
                        empty,
                        unit: units.Seconds,
                        queries: [
                            ...latency(target).map(({ share, expr }) => ({ expr, legend: `{{instance}} ${share}` })),
                            { expr: quantile(0.5, target), legend: "{{instance}} median" },
                        ],
                        limit: latencyLimit,
                    }),
                ],
            ],
            "By status, method and path": [
                [
                    graph({
                        title: "Requests by status",
                        description:
                            "Answered requests a second by HTTP status: 2xx is success, 4xx a mistake of the client, 5xx one of the application.",
                        empty,
                        unit: units.RequestsPerSecond,
                        stacked: true,
                        queries: [{ expr: rate(statusLabel), legend: `{{${statusLabel}}}` }],
                    }),
                    graph({
                        title: "Requests by method",
                        description: "Answered requests a second by HTTP method.",
                        empty,
                        unit: units.RequestsPerSecond,
                        stacked: true,
                        queries: [{ expr: rate(methodLabel), legend: `{{${methodLabel}}}` }],
                    }),
                ],
                [
                    graph({
                        title: "Requests by path",
                        description: `Answered requests a second by path or route: at each moment the ${shownPaths} with the most requests.`,
                        empty,
                        unit: units.RequestsPerSecond,
                        queries: [{ expr: `topk(${shownPaths}, ${rate(path)})`, legend: `{{job}} {{${pathLabel}}}` }],
                    }),
                    graph({
                        title: "Latency by path",
                        description: `${shares} of the requests to a path were answered faster than this.`,
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
                            {
                                title: "Errors",
                                unit: units.PercentUnit,
                                expr: ofBusiest(errorRatio(path, "$__range")),
                            },
                            ...latency(path, "$__range").map(({ share, expr }) => ({
                                title: `Latency (${share})`,
                                unit: units.Seconds,
                                expr: ofBusiest(expr),
                            })),
                        ],
                    }),
                ],
            ],
        },
    });
}

const rateInterval = "$__rate_interval";
const target = "job, instance";
const shownPaths = 20;
const empty = "No requests";
