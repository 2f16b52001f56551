import { publishedJob } from "../../config/render/job";
import { accessTo, webFiles } from "../../config/render/web";
import { listeningAt } from "../../config/schema/hosts";
import { clusterOf } from "../../config/schema/pair";
import type { CommonKeys } from "../../config/schema/part";
import { at } from "../../config/schema/problems";
import { webMistakes } from "../../config/schema/web";
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
        return [
            ...checkReceivers(settings),
            ...checkTemplates(settings, readFile),
            ...checkWatchdog(declared),
            ...webMistakes(settings.web).map((each) => at(["alertmanager", "web"], each)),
        ];
    },
    listensAt: ({ port, bindAddress }: CommonKeys, { pair }) => [
        { address: bindAddress, port, path: ["alertmanager", "port"] },
        ...(pair?.address === undefined
            ? []
            : [{ ...listeningAt(pair.address), owner: "pair", path: ["pair", "address"] }]),
    ],
    image: {
        standard: standardImage,
        program: "alertmanager",
        packagesLackUi: true,
        fromPackages: async (reference) => (await import("./image")).importAlertmanager(reference),
    },
    plan(settings, { stack, pair }, { readFile }) {
        const cluster = clusterOf(pair);
        const address = `${dockerName(stack, "alertmanager")}:${containerPort}`;
        const access = settings.web && accessTo(settings.web);
        return {
            publishes: {
                jobs: [
                    { ...publishedJob("alertmanager", address, { alertmanager: true }, settings.scrapeJob), ...access },
                ],
                // Both of a pair have the same certificate and users.
                alertmanagers: [{ targets: [address, ...(cluster ? [cluster.otherAlertmanager] : [])], access }],
                sites: [{ path: "/alertmanager", address, ...(access && { access }), withoutLogin: allowed }],
            },
            files: () => ({ ...renderAlertmanagerFiles(settings, readFile), ...(cluster && pairFiles(cluster)) }),
            secretFiles: () => ({
                ...receiverSecrets(settings),
                ...(cluster && pairSecrets(cluster)),
                ...(settings.web && webFiles(settings.web, stack)),
            }),
        };
    },
    configuration,
    data,
    probe: alertmanagerProbe,
    resources: () => import("./resources"),
});
