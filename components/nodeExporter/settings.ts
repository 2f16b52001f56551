import type { z } from "zod";
import { hostSchema } from "../../config/schema/profiles";
import { ownScrapeJob } from "../../config/schema/scrapeJob";
import { image, memory, object, port, text, toggle } from "../../config/schema/values";

export const standardImage = "prom/node-exporter:v1.12.1";

export const nodeExporterSchema = object({
    enabled: toggle.prefault("true").describe("Run node_exporter, for the host's metrics."),
    image: image(standardImage),
    port: port.default(9100).describe("TCP port on the gateway address of the stack's network."),
    memoryLimit: memory("128MB"),
    instance: text(/\S/, "a name", 'the host\'s name, such as "web-1"')
        .optional()
        .meta({ description: "The `instance` label of the host's metrics.", derived: "the Docker host's name" }),
    scrapeJob: ownScrapeJob,
    host: hostSchema.prefault({}).describe("When the host's alerts fire."),
})
    .prefault({})
    .describe("The metrics of the Docker host.");

export type NodeExporterSettings = z.output<typeof nodeExporterSchema>;
