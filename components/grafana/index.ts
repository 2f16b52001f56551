import type { Lenient } from "../../config/schema/lenient";
import { isAgent } from "../../config/schema/mode";
import { at } from "../../config/schema/problems";
import { dockerName } from "../dockerName";
import { definePart } from "../part";
import { readOwnDashboards } from "./dashboardFiles";
import { configuration, containerPort, data } from "./container";
import { accessSecrets, addressMistakes, dataSourceMistakes, dataSourceSecrets, inPlaceOfOwn } from "./dataSources";
import { renderDashboardFiles, renderGrafanaFiles } from "./files";
import { iniSecrets, ownedSettings } from "./ini";
import type { GrafanaSettings } from "./settings";
import { grafanaSchema, standardImage } from "./settings";
import { grafanaProbe } from "./status";

export const grafana = definePart({
    key: "grafana",
    title: "Grafana",
    role: "grafana",
    settings: grafanaSchema,
    isWanted: (declared) => !isAgent(declared),
    check({ grafana }, userFiles) {
        const declared = (grafana ?? {}) as Lenient<GrafanaSettings>;
        const own = [
            ...ownedSettings(declared.settings ?? {}),
            ...dataSourceMistakes(declared.dataSources ?? []),
            ...addressMistakes(declared.dashboardSource?.url).map((each) => at(["dashboardSource"], each)),
        ];
        return [...readOwnDashboards(declared, userFiles).problems, ...own.map((each) => at(["grafana"], each))];
    },
    image: { standard: standardImage, program: "grafana" },
    plan(declared, config, userFiles) {
        const { settings, dataSources } = declared;
        const dashboardSource = declared.dashboardSource && inPlaceOfOwn(declared.dashboardSource);
        const { files: ownDashboards, folders, places } = readOwnDashboards(declared, userFiles);
        const own = { ownDashboards, folders, settings, dashboardSource, dataSources };
        return {
            publishes: {
                sites: [{ path: "/grafana", address: `${dockerName(config.stack, "grafana")}:${containerPort}` }],
            },
            files: ({ jobs, ownAlerts, dataSources: sources }) =>
                renderGrafanaFiles({ ...config, ...own, ownAlerts, source: sources.at(-1) }, jobs),
            dashboards: ({ jobs, ownAlerts }) => renderDashboardFiles({ ...config, ownDashboards, ownAlerts }, jobs),
            secretFiles: ({ dataSources: sources }) => ({
                ...iniSecrets(settings),
                ...dataSourceSecrets(dashboardSource ? [dashboardSource, ...dataSources] : dataSources),
                ...(!dashboardSource && accessSecrets(sources.at(-1)?.access)),
            }),
            placeOf: (file) => places[file ?? ""],
        };
    },
    configuration,
    data,
    probe: grafanaProbe,
    login: { user: "admin", password: "grafanaAdminPassword" },
    resources: () => import("./resources"),
});
