import type { z } from "zod";
import { applicationSchema } from "../../config/schema/profiles";
import { ownScrapeJob } from "../../config/schema/scrapeJob";
import { bindAddress, memory, object, publishedPort, toggle } from "../../config/schema/values";

export const webBeSchema = object({
    enabled: toggle
        .prefault("false")
        .describe("Run `examples/web_be` beside Prometheus, as a service to try things with."),
    port: publishedPort(8000),
    bindAddress,
    memoryLimit: memory("256MB"),
    scrapeJob: ownScrapeJob,
    application: applicationSchema.prefault({}).describe("When its alerts fire."),
})
    .prefault({})
    .describe("The example service.");

export type WebBeSettings = z.output<typeof webBeSchema>;
