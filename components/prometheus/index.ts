import { usedVolumes } from "../../config/check/host";
import { renderConsoles } from "../../config/render/consoles";
import { publishedJob } from "../../config/render/job";
import { secretFilesOf } from "../../config/render/scrapeConfig";
import { alertingThrough } from "../../config/render/alerting";
import { accessTo, webFiles } from "../../config/render/web";
import { readOwnRules } from "../../config/ownRules";
import { at } from "../../config/schema/problems";
import { itself, prometheusJobName } from "../../config/schema/scrapeJob";
import { webMistakes } from "../../config/schema/web";
import { dataVolumeName, dockerName } from "../dockerName";
import { definePart } from "../part";
import { consoleLook } from "./consoles";
import { allowed, configuration, containerPort, data, pushedTo } from "./container";
import { renderPrometheusFiles, secretFilesBeside } from "./files";
import { exemplarMistakes, flagMistakes, receiverMistakes } from "./flags";
import { memoryWarning } from "./memory";
import { hasConsoles, modeChange } from "./mode";
import { mountMistakes } from "./mounts";
import { ownFiles } from "./ownRules";
import type { PrometheusSettings } from "./settings";
import { prometheusSchema, standardImage } from "./settings";
import { prometheusProbe } from "./status";
import { replacedMistakes, unwatchedWarning } from "./ownJob";

export const prometheus = definePart({
    key: "prometheus",
    title: "Prometheus",
    role: "prometheus",
    settings: prometheusSchema,
    jobName: prometheusJobName,
    mayBeRedeclared: true,
    check(declared) {
        const { prometheus } = declared;
        const settings = (prometheus ?? {}) as Partial<PrometheusSettings>;
        const flags = flagMistakes(settings, settings.image === standardImage);
        return [
            ...flags.map((each) => at(["prometheus"], each)),
            ...webMistakes(settings.web).map((each) => at(["prometheus", "web"], each)),
            ...exemplarMistakes(declared, settings),
            ...receiverMistakes(declared, settings),
            ...mountMistakes(declared),
            ...replacedMistakes(declared, settings),
        ];
    },
    image: {
        standard: standardImage,
        program: "prometheus",
        packagesLackUi: true,
        fromPackages: async (reference) => (await import("./image")).importPrometheus(reference),
    },
    plan(settings, config, userFiles) {
        const { mode, memoryLimit, mounts, receive, retentionTime, retentionSize, scrapeJob, web } = settings;
        const volume = settings.dataVolume ?? dataVolumeName(config.stack, { role: "prometheus" });
        const own = readOwnRules(config.rules, userFiles);
        const address = `${dockerName(config.stack, "prometheus")}:${containerPort}`;
        const access = accessTo(web);
        return {
            publishes: {
                jobs: [
                    {
                        ...publishedJob(
                            prometheusJobName,
                            itself,
                            { prometheus: { memoryLimit, retentionTime, retentionSize } },
                            scrapeJob,
                        ),
                        ...(web && access),
                    },
                ],
                dataSources: mode === "agent" ? [] : [{ url: `${access.scheme}://${address}`, access, volume }],
                sites: [
                    { path: "/prometheus", address, access, withoutLogin: { ...allowed, pushed: pushedTo(receive) } },
                ],
            },
            ownRules: own.rules,
            mounts: usedVolumes(mounts, ["prometheus"]),
            files: ({ jobs, alertmanagers, dockers, ownAlerts: alerts }) => ({
                ...renderPrometheusFiles(
                    { ...config, mode, alerting: alertingThrough(config.alerting, dockers[0]) },
                    ...([jobs, alertmanagers, Object.keys(own.files)] as const),
                ),
                ...ownFiles(own.files),
                ...(hasConsoles(settings) && renderConsoles({ ...config, ownAlerts: alerts }, jobs, consoleLook())),
            }),
            tests: ownFiles(own.tests),
            secretFiles: ({ jobs, alertmanagers }) => ({
                ...secretFilesOf(jobs),
                ...secretFilesBeside(config, alertmanagers),
                ...(web && webFiles(web, config.stack)),
            }),
            warning: ({ jobs }) => memoryWarning(memoryLimit, jobs) ?? unwatchedWarning(config.scrapeJobs),
            change: (outputs) => modeChange(mode, outputs),
            placeOf(what) {
                const index = config.scrapeJobs.findIndex((job) => job.jobName === what);
                return own.declared.get(what ?? "") ?? (index === -1 ? ["scrapeJobs"] : ["scrapeJobs", index]);
            },
        };
    },
    configuration,
    data,
    probe: prometheusProbe,
    page: { title: "Dashboards", output: "consoleUrl" },
    resources: () => import("./resources"),
});
