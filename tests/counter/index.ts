import { dockerName } from "../../components/dockerName";
import { definePart } from "../../components/part";
import { publishedJob } from "../../config/render/job";
import { configuration, containerPort, data, metricsPath } from "./container";
import { counterSchema, standardImage } from "./settings";
import { counterProbe } from "./status";

/**
 * A part that no stack has, as an example of one: its folder in components/ and its name in components/parts.ts are all that
 * it takes. It counts: a POST adds a step, which is declared, and the count outlives the container. Imports are those of any
 * folder two levels deep, so that this one is copied as it is.
 */
export const counter = definePart({
    key: "counter",
    title: "Counter",
    role: "counter",
    settings: counterSchema,
    jobName: "counter",
    image: {
        standard: standardImage,
        // Loaded where it is needed: a preview makes no image.
        fromPackages: async (reference) => (await import("./image")).importCounter(reference),
    },
    plan: ({ step }, { stack }) => ({
        publishes: {
            // Prometheus finds it by its name in the stack's network, whatever port of the host it is published on.
            jobs: [{ ...publishedJob("counter", `${dockerName(stack, "counter")}:${containerPort}`), metricsPath }],
        },
        files: () => ({ step: `${step}\n` }),
    }),
    configuration,
    data,
    probe: counterProbe,
    resources: () => import("./resources"),
});
