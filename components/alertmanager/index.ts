import { publishedJob } from "../../config/render/job";
import { clusterOf } from "../../config/schema/pair";
import { dockerName } from "../dockerName";
import { definePart } from "../part";
import type { Declared } from "./check";
import { checkReceivers, checkWatchdog } from "./check";
import { allowed, configuration, containerPort, data } from "./container";
import { pairFiles, pairSecrets, receiverSecrets, renderAlertmanagerFiles } from "./files";
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
    plan(settings, { stack, pair }, { readFile }) {
        const cluster = clusterOf(pair);
        const address = `${dockerName(stack, "alertmanager")}:${containerPort}`;
        return {
            publishes: {
                jobs: [publishedJob("alertmanager", address, { alertmanager: true }, settings.scrapeJob)],
                alertmanagers: [address, ...(cluster ? [cluster.otherAlertmanager] : [])],
                sites: [{ path: "/alertmanager", address, withoutLogin: allowed }],
            },
            listens: cluster ? [{ ...cluster, owner: "pair", path: ["pair", "address"] }] : [],
            files: () => ({ ...renderAlertmanagerFiles(settings, readFile), ...(cluster && pairFiles(cluster)) }),
            secretFiles: () => ({ ...receiverSecrets(settings), ...(cluster && pairSecrets(cluster)) }),
        };
    },
    configuration,
    data,
    probe: alertmanagerProbe,
    resources: () => import("./resources"),
});
