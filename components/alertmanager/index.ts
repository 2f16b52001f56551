import { publishedJob } from "../../config/render/job";
import { dockerName } from "../dockerName";
import { definePart } from "../part";
import type { Declared } from "./check";
import { checkReceivers, checkWatchdog } from "./check";
import { allowed, configuration, containerPort, data } from "./container";
import { receiverSecrets, renderAlertmanagerFiles } from "./files";
import { alertmanagerSchema, standardImage } from "./settings";
import { alertmanagerProbe } from "./status";
import { checkTemplates } from "./templates";

export const alertmanager = definePart({
    key: "alertmanager",
    title: "Alertmanager",
    role: "alertmanager",
    settings: alertmanagerSchema,
    jobName: "alertmanager",
    check(declared, { readFile }) {
        const settings = (declared.alertmanager ?? {}) as Declared;
        return [...checkReceivers(settings), ...checkTemplates(settings, readFile), ...checkWatchdog(declared)];
    },
    image: {
        standard: standardImage,
        program: "alertmanager",
        packagesLackUi: true,
        fromPackages: async (reference) => (await import("./image")).importAlertmanager(reference),
    },
    plan(settings, { stack }, { readFile }) {
        const address = `${dockerName(stack, "alertmanager")}:${containerPort}`;
        return {
            publishes: {
                jobs: [publishedJob("alertmanager", address, { alertmanager: true }, settings.scrapeJob)],
                alertmanagers: [address],
                sites: [{ path: "/alertmanager", address, withoutLogin: allowed }],
            },
            files: () => renderAlertmanagerFiles(settings, readFile),
            secretFiles: () => receiverSecrets(settings),
        };
    },
    configuration,
    data,
    probe: alertmanagerProbe,
    resources: () => import("./resources"),
});
