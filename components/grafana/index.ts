import { dockerName } from "../dockerName";
import { definePart } from "../part";
import { readOwnDashboards } from "./dashboardFiles";
import { configuration, containerPort, data } from "./container";
import { renderGrafanaFiles } from "./files";
import type { GrafanaSettings } from "./settings";
import { grafanaSchema, standardImage } from "./settings";
import { grafanaProbe } from "./status";

export const grafana = definePart({
    key: "grafana",
    title: "Grafana",
    role: "grafana",
    settings: grafanaSchema,
    check: ({ grafana }, { readFile }) =>
        readOwnDashboards((grafana as Partial<GrafanaSettings> | undefined)?.dashboardFiles ?? [], readFile).problems,
    image: { standard: standardImage, program: "grafana" },
    plan({ dashboardFiles }, config, { readFile }) {
        const ownDashboards = readOwnDashboards(dashboardFiles, readFile).files;
        return {
            publishes: {
                sites: [{ path: "/grafana", address: `${dockerName(config.stack, "grafana")}:${containerPort}` }],
            },
            files: ({ jobs, ownAlerts, dataSources: [prometheusUrl = ""] }) =>
                renderGrafanaFiles({ ...config, ownAlerts, ownDashboards, prometheusUrl }, jobs),
            placeOf(file) {
                const index = Object.keys(ownDashboards).indexOf(file ?? "");
                return index === -1 ? undefined : ["grafana", "dashboardFiles", index];
            },
        };
    },
    configuration,
    data,
    probe: grafanaProbe,
    login: { user: "admin", password: "grafanaAdminPassword" },
    resources: () => import("./resources"),
});
