import { publishedJob } from "../../config/render/job";
import { definePart } from "../part";
import { nodeExporterSchema, standardImage } from "./settings";

export const nodeExporter = definePart({
    key: "nodeExporter",
    title: "node_exporter",
    role: "node-exporter",
    settings: nodeExporterSchema,
    jobName: "node_exporter",
    // It has no login: nobody but the stack's containers and the host itself can reach it there.
    listenAddress: ({ gateway }) => gateway,
    image: {
        standard: standardImage,
        fromPackages: async (reference) => (await import("./image")).importNodeExporter(reference),
    },
    plan: ({ port, host, instance }, { network, hostName }) => ({
        publishes: {
            jobs: [
                // The host is scraped under its name, not under an address.
                publishedJob(
                    "node_exporter",
                    `${network.gateway}:${port}`,
                    { host },
                    { instance: instance ?? hostName },
                ),
            ],
        },
    }),
    resources: () => import("./resources"),
});
