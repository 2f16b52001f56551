import type { z } from "zod";
import {
    bindAddress,
    count,
    dataVolume,
    image,
    memory,
    object,
    publishedPort,
    startTimeout,
    toggle,
} from "../../config/schema/values";

/** Of this machine: no registry is asked for it for long. */
export const standardImage = "localhost/metrics-stack/counter:v1";

/** Each key's kind has the words for what is none, and its description is the one in the docs' tables. */
export const counterSchema = object({
    enabled: toggle.prefault("false").describe("Run the counter."),
    image: image(standardImage),
    port: publishedPort(8080),
    bindAddress,
    memoryLimit: memory("32MB"),
    startTimeout,
    dataVolume: dataVolume("a count"),
    step: count.default(1).describe("How much each request adds."),
})
    .prefault({})
    .describe("A counter, as an example of a part.");

export type CounterSettings = z.output<typeof counterSchema>;
