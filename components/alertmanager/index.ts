import { publishedJob } from "../../config/render/job";
import { dockerName } from "../dockerName";
import { definePart } from "../part";
import { checkReceivers, checkWatchdog } from "./check";
import { configuration, containerPort, data } from "./container";
import { receiverSecrets, renderAlertmanagerFiles } from "./files";
import type { AlertmanagerSettings } from "./settings";
import { alertmanagerSchema, standardImage } from "./settings";
import { alertmanagerProbe } from "./status";

export const alertmanager = definePart({
    key: "alertmanager",
    title: "Alertmanager",
    role: "alertmanager",
    settings: alertmanagerSchema,
    jobName: "alertmanager",
    check: (declared) => [
        ...checkReceivers((declared.alertmanager ?? {}) as AlertmanagerSettings),
        ...checkWatchdog(declared),
    ],
    image: {
        standard: standardImage,
        program: "alertmanager",
        packagesLackUi: true,
        fromPackages: async (reference) => (await import("./image")).importAlertmanager(reference),
    },
    plan(settings, { stack }) {
        const address = `${dockerName(stack, "alertmanager")}:${containerPort}`;
        return {
            publishes: {
                jobs: [publishedJob("alertmanager", address, { alertmanager: true }, settings.scrapeJob)],
                alertmanagers: [address],
            },
            files: () => renderAlertmanagerFiles(settings),
            secretFiles: () => receiverSecrets(settings.receivers),
        };
    },
    configuration,
    data,
    probe: alertmanagerProbe,
    resources: () => import("./resources"),
});
