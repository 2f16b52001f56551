import { z } from "zod";
import { headerNameBeside } from "./httpClient";
import { expected } from "./problems";
import { tlsConfig } from "./tls";
import { anyText, dictionary, duration, object, oneOf, text, toggle } from "./values";

/**
 * Where Prometheus sends traces of what it does itself: `tracing` in camelCase.
 * Source: https://prometheus.io/docs/prometheus/latest/configuration/configuration/#tracing_config
 */

const notAShare = { error: expected("a share", "a number from 0 to 1, such as 0.1 for every tenth") };

const header = headerNameBeside("Prometheus sends no login with traces: let a collector on its networks add it");

export const tracingSchema = object({
    endpoint: text(/^\S+$/, "host:port of a collector", 'one, such as "collector:4317"').describe(
        "`host:port` of the collector.",
    ),
    clientType: oneOf(["grpc", "http"])
        .optional()
        .meta({ description: "How it is spoken to, in OpenTelemetry's protocol.", derived: "`grpc`" }),
    samplingFraction: z
        .number(notAShare)
        .min(0, notAShare)
        .max(1, notAShare)
        .optional()
        .meta({ description: "Which share of the traces is sent.", derived: "`0`: none" }),
    insecure: toggle.optional().meta({ description: "Speak without TLS.", derived: "`false`" }),
    tlsConfig: tlsConfig
        .optional()
        .describe("How the collector's certificate is checked, and how Prometheus shows its own."),
    headers: dictionary(header, anyText, 'names with texts, such as {X-Scope-OrgID: "shop"}')
        .optional()
        .describe("Further headers that are no secret: Prometheus reads none of them from a file."),
    compression: oneOf(["gzip"]).optional().meta({ description: "How traces are compressed.", derived: "not at all" }),
    timeout: duration.optional().meta({ description: "How long sending may take.", derived: "`10s`" }),
})
    .optional()
    .describe("Where Prometheus sends traces of its own work: scrapes, queries, rules and alerts.");

export type Tracing = NonNullable<z.output<typeof tracingSchema>>;
