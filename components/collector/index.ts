import { publishedJob } from "../../config/render/job";
import type { Lenient } from "../../config/schema/lenient";
import { dockerName } from "../dockerName";
import { definePart } from "../part";
import { checkCollector } from "./check";
import { configuration, data, ports } from "./container";
import { renderCollector } from "./files";
import { receiversOf, receiverSecrets } from "./receivers";
import type { CollectorSettings } from "./settings";
import { collectorSchema, standardImage } from "./settings";

export const collector = definePart({
    key: "collector",
    title: "OpenTelemetry Collector",
    role: "collector",
    settings: collectorSchema,
    jobName: "collector",
    listensAt: ({ bindAddress: address, grpcPort, httpPort }: Lenient<CollectorSettings>) => [
        { address, port: grpcPort, path: ["collector", "grpcPort"] },
        { address, port: httpPort, path: ["collector", "httpPort"] },
    ],
    check: checkCollector,
    image: {
        standard: standardImage,
        fromPackages: async (reference) => (await import("./image")).importCollector(reference),
    },
    plan(settings, { stack }) {
        const { exporters, scrapeJob } = settings;
        const address = `${dockerName(stack, "collector")}:${ports.metrics}`;
        return {
            publishes: { jobs: [publishedJob("collector", address, { collector: true }, scrapeJob)] },
            files: ({ sites }) => renderCollector(settings, receiversOf(exporters, sites)),
            secretFiles: ({ sites }) => receiverSecrets(receiversOf(exporters, sites)),
        };
    },
    configuration,
    data,
    resources: () => import("./resources"),
});
