import { dockerName } from "../dockerName";
import { definePart } from "../part";
import { checkProbes } from "./check";
import { configuration, containerPort } from "./container";
import { jobName, probeJobs } from "./jobs";
import { renderModules } from "./modules";
import { blackboxExporterSchema, standardImage } from "./settings";

export const blackboxExporter = definePart({
    key: "blackboxExporter",
    title: "blackbox_exporter",
    role: "blackbox-exporter",
    settings: blackboxExporterSchema,
    isWanted: ({ probes = [] }) => !Array.isArray(probes) || probes.length > 0,
    jobName,
    check: checkProbes,
    image: {
        standard: standardImage,
        program: "blackbox_exporter",
        fromPackages: async (reference) => (await import("./image")).importBlackboxExporter(reference),
    },
    plan: (settings, { stack, probes }) => ({
        publishes: {
            jobs: probeJobs(probes, settings.probe, `${dockerName(stack, "blackbox-exporter")}:${containerPort}`),
        },
        files: () => renderModules(settings, probes),
        secretFiles: () => settings.secretFiles,
        placeOf: () => ["blackboxExporter", "modules"],
    }),
    configuration,
    resources: () => import("./resources"),
});
