import { publishedJob } from "../../config/render/job";
import type { CommonKeys } from "../../config/schema/part";
import { isVolume } from "../../config/schema/part";
import { misplacedInstance } from "../hostInstance";
import { definePart } from "../part";
import { missingCollectors } from "./collectors";
import { nodeExporterSchema, standardImage } from "./settings";

export const nodeExporter = definePart({
    key: "nodeExporter",
    title: "node_exporter",
    role: "node-exporter",
    settings: nodeExporterSchema,
    jobName: "node_exporter",
    // It has no login: nobody but the stack's containers and the host itself can reach it there.
    listensAt: ({ port }: CommonKeys, { network }) => [
        { address: network?.gateway, port, path: ["nodeExporter", "port"] },
    ],
    check: (declared) => misplacedInstance(declared, "nodeExporter"),
    image: {
        standard: standardImage,
        fromPackages: async (reference) => (await import("./image")).importNodeExporter(reference),
    },
    plan: ({ port, host, instance, scrapeJob, ...collected }, { network, hostName }) => ({
        publishes: {
            jobs: [
                // The host is scraped under its name, not under an address.
                publishedJob(
                    "node_exporter",
                    `${network.gateway}:${port}`,
                    { host },
                    { ...scrapeJob, labels: { ...scrapeJob.labels, instance: instance ?? hostName } },
                ),
            ],
        },
        ...(collected.textfileDirectory !== undefined &&
            isVolume(collected.textfileDirectory) && {
                mounts: [{ name: collected.textfileDirectory, path: ["nodeExporter", "textfileDirectory"] }],
            }),
        warning: () => missingCollectors(collected.collectors),
    }),
    resources: () => import("./resources"),
});
