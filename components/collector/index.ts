import { publishedJob } from "../../config/render/job";
import { dockerName } from "../dockerName";
import { definePart } from "../part";
import { checkCollector } from "./check";
import { configuration, data, ports } from "./container";
import { renderCollector } from "./files";
import { receiversOf, receiverSecrets } from "./receivers";
import { collectorSchema, standardImage } from "./settings";

export const collector = definePart({
    key: "collector",
    title: "OpenTelemetry Collector",
    role: "collector",
    settings: collectorSchema,
    jobName: "collector",
    check: checkCollector,
    image: {
        standard: standardImage,
        fromPackages: async (reference) => (await import("./image")).importCollector(reference),
    },
    plan(settings, { stack }) {
        const { bindAddress, exporters, scrapeJob } = settings;
        const address = `${dockerName(stack, "collector")}:${ports.metrics}`;
        return {
            publishes: { jobs: [publishedJob("collector", address, { collector: true }, scrapeJob)] },
            listens: (["grpcPort", "httpPort"] as const).flatMap((key) =>
                settings[key] === undefined
                    ? []
                    : [{ owner: "collector", path: ["collector", key], address: bindAddress, port: settings[key] }],
            ),
            files: ({ sites }) => renderCollector(settings, receiversOf(exporters, sites)),
            secretFiles: ({ sites }) => receiverSecrets(receiversOf(exporters, sites)),
        };
    },
    configuration,
    data,
    resources: () => import("./resources"),
});
