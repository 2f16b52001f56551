import type { z } from "zod";
import { applicationSchema } from "./profiles";
import { interval, object, text } from "./values";

/**
 * An application that pushes its metrics by OTLP. Nobody scrapes it: that it is there, its `target_info` tells.
 * Source: https://prometheus.io/docs/guides/opentelemetry/
 */
export const pushedJobSchema = object(
    {
        jobName: text(/^[^\p{Cc}]+$/u, "a job name", 'text on one line, such as "shop"').describe(
            "The `job` label of its series: its `service.name`, after its `service.namespace` and a `/` where it has one.",
        ),
        pushInterval: interval
            .prefault("1m")
            .describe("How often it pushes: OpenTelemetry's `OTEL_METRIC_EXPORT_INTERVAL`."),
        application: applicationSchema
            .prefault({ profile: "opentelemetry" })
            .describe("How the metrics of its HTTP requests are named, and when an alert fires."),
    },
    { places: { staticConfigs: "it in scrapeJobs: what is pushed has no targets" } },
).meta({ id: "pushedJob" });

export type PushedJob = z.output<typeof pushedJobSchema>;
