import type { z } from "zod";
import { containerSchema } from "../../config/schema/profiles";
import { ownScrapeJobOf } from "../../config/schema/scrapeJob";
import { image, memory, object, toggle } from "../../config/schema/values";
import { formatDuration } from "../../config/schema/units";
import { dockerSocket } from "../dockerSocket";
import { hostInstance } from "../hostInstance";
import { lookInterval } from "./container";

export const standardImage = "ghcr.io/google/cadvisor:0.60.6";

export const cadvisorSchema = object({
    enabled: toggle.prefault("false").describe("Run cAdvisor, for the containers' metrics."),
    image: image(standardImage),
    memoryLimit: memory("256MB"),
    dockerSocket: dockerSocket.describe(
        "Where the Docker engine listens on its host: cAdvisor has the containers' names from there.",
    ),
    instance: hostInstance("containers"),
    scrapeJob: ownScrapeJobOf(`\`scrapeInterval\` of the stack, and at least ${formatDuration(lookInterval)}`),
    container: containerSchema.prefault({}).describe("When the containers' alerts fire."),
})
    .prefault({})
    .describe("The metrics of the Docker host's containers.");

export type CadvisorSettings = z.output<typeof cadvisorSchema>;
