import type { Files } from "../files";
import type { Job } from "../job";
import { pushedJobs } from "../job";
import { applicationDashboard, applicationTitle, applicationUid } from "./application";
import type { Dashboard, DashboardSettings } from "./dashboard";
import { containerDashboard, containerTitle, containerUid } from "./container";
import { grafanaDashboard } from "./grafana/dashboard";
import { hostDashboard, hostTitle, hostUid } from "./host";
import type { Detail } from "./overview";
import { overviewDashboard, overviewTitle } from "./overview";
import { probeDashboard, probeTitle, probeUid } from "./probe";
import { prometheusDashboard, prometheusTitle, prometheusUid } from "./prometheus";
import { thanosDashboard, thanosTitle, thanosUid } from "./thanos";

export type { DashboardSettings } from "./dashboard";
export { dataSourceUid } from "./grafana/panels";

/** Folder of the dashboards in a release. Grafana watches it: a changed one is live within seconds, without a restart. */
export const dashboardsFolder = "dashboards";

/** What all uids of these dashboards begin with. */
export const uidPrefix = "metrics-stack-";

/** The file of a dashboard in a release. */
export const dashboardFile = (uid: string) => `${dashboardsFolder}/${uid}.json`;

/** Whether one of these dashboards has a title, or may have it one day. */
export const isOwnTitle = (title: string) =>
    [overviewTitle, prometheusTitle, hostTitle, containerTitle, probeTitle, thanosTitle].includes(title) ||
    title.startsWith(applicationTitle("").slice(0, -1));

/** The dashboards of the declared jobs: one of all jobs, and one for each thing that jobs declare to expose. */
export function dashboardsOf(settings: DashboardSettings, jobs: readonly Job[]): Dashboard[] {
    const details = detailsOf(settings, [...jobs, ...pushedJobs(settings)]);
    return [overviewDashboard(settings, details), ...details.map(({ render }) => render())];
}

/** Draws them for Grafana. A file has its dashboard's uid as its name. */
export function renderDashboards(settings: DashboardSettings, jobs: readonly Job[]): Files {
    return Object.fromEntries(
        dashboardsOf(settings, jobs).map((each) => [
            dashboardFile(each.uid),
            `${JSON.stringify(grafanaDashboard(settings, each), undefined, 2)}\n`,
        ]),
    );
}

/** The dashboards besides that of all jobs, with the jobs that each is for. */
function detailsOf(
    settings: DashboardSettings,
    jobs: readonly Job[],
): readonly (Detail & { readonly render: () => Dashboard })[] {
    const hosts = jobs.filter(({ host }) => host);
    const containers = jobs.filter(({ container }) => container);
    const probes = jobs.filter(({ probe }) => probe);
    const thanos = jobs.filter((job) => job.thanos);
    const applications = Object.entries(settings.applicationProfiles).map(([name, profile]) => {
        const own = jobs.filter(({ application }) => application?.profile === name);
        return {
            ...{ uid: applicationUid(name), title: applicationTitle(name), jobs: own },
            render: () => applicationDashboard(settings, name, profile, own),
        };
    });
    return [
        ...jobs.flatMap(({ prometheus, ...job }) =>
            prometheus
                ? {
                      ...{ uid: prometheusUid, title: prometheusTitle, jobs: [job] },
                      render: () => prometheusDashboard(settings, prometheus),
                  }
                : [],
        ),
        { uid: hostUid, title: hostTitle, jobs: hosts, render: () => hostDashboard(settings, hosts) },
        {
            ...{ uid: containerUid, title: containerTitle, jobs: containers },
            render: () => containerDashboard(settings, containers),
        },
        { uid: probeUid, title: probeTitle, jobs: probes, render: () => probeDashboard(settings, probes) },
        { uid: thanosUid, title: thanosTitle, jobs: thanos, render: () => thanosDashboard(settings, thanos) },
        ...applications,
    ].filter((each) => each.jobs.length > 0);
}
