import type { z } from "zod";
import { image, memory, object, toggle } from "../../config/schema/values";
import { standardImage } from "../caddy";
import { dockerSocket } from "../dockerSocket";

export const dockerProxySchema = object({
    enabled: toggle.optional().meta({
        description:
            "Run the proxy that Docker is asked through, for `labelledContainers` and discoveries of Docker without a `host`: Caddy.",
        derived: "whether there are such",
    }),
    image: image(standardImage),
    memoryLimit: memory("64MB"),
    dockerSocket: dockerSocket.describe("Where the Docker engine listens on its host."),
})
    .prefault({})
    .describe("Who asks the Docker engine for Prometheus, so that its socket does not enter Prometheus' container.");

export type DockerProxySettings = z.output<typeof dockerProxySchema>;
