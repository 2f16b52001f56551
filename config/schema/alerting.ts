import { z } from "zod";
import { sigv4 } from "./cloudLogins";
import { cloudDiscoveries, hostDiscoveries, needsTargets } from "./discovery";
import { httpClientKeys, httpClientPlaces } from "./httpClient";
import { expectedStructure } from "./problems";
import { relabelConfigs } from "./relabelConfig";
import { upstreamAlertmanagers } from "./upstream";
import { duration, object, oneOf, text } from "./values";

/**
 * Whom Prometheus sends alerts to, beside the stack's own Alertmanager.
 * Source: https://prometheus.io/docs/prometheus/latest/configuration/configuration/#alertmanager_config
 */

const targets = z
    .array(text(/^[^\p{Cc}]+$/u, "a target", 'host:port, such as "alertmanager:9093"'), {
        error: expectedStructure("a list of targets", 'a list of host:port, such as ["alertmanager:9093"]'),
    })
    .min(1, { error: "is empty; write at least one host:port" })
    .describe("`host:port` of each.");

const staticConfigsExample = 'one, such as [{targets: ["alertmanager:9093"]}]';

const alertmanagers = object(
    {
        staticConfigs: z
            .array(object({ targets }), { error: expectedStructure("a list of target groups", staticConfigsExample) })
            .min(1, { error: `is empty; write ${staticConfigsExample}` })
            .default([])
            .meta({ description: "The Alertmanagers, in groups of targets.", derived: "none" }),
        ...hostDiscoveries,
        scheme: oneOf(["http", "https"]).optional().meta({ description: "How they are reached.", derived: "`http`" }),
        pathPrefix: text(/^\/[^\s?#]*$/, "a path that begins with /", 'one, such as "/alertmanager"')
            .optional()
            .meta({ description: "The path below which they are.", derived: "`/`" }),
        timeout: duration.optional().meta({ description: "How long sending may take.", derived: "`10s`" }),
        ...httpClientKeys("they ask"),
        sigv4: sigv4.optional().describe("Signed requests, for AWS."),
        relabelConfigs: relabelConfigs.optional().describe("Rules that change the labels of the Alertmanagers."),
        alertRelabelConfigs: relabelConfigs
            .optional()
            .describe("Rules that change the labels of alerts before they are sent to these."),
        ...cloudDiscoveries,
    },
    {
        places: { targets: 'staticConfigs: [{targets: ["alertmanager:9093"]}]', ...httpClientPlaces },
        upstream: upstreamAlertmanagers,
    },
).meta({ id: "alertmanagers", ...needsTargets });

export const alertingSchema = object({
    alertmanagers: z
        .array(alertmanagers, { error: expectedStructure("a list", `a list, such as [{staticConfigs: ...}]`) })
        .default([])
        .describe("Alertmanagers elsewhere, in groups that are asked in the same way."),
    alertRelabelConfigs: relabelConfigs
        .optional()
        .describe("Rules that change the labels of alerts before they are sent to anybody."),
})
    .prefault({})
    .describe("Whom Prometheus sends alerts to, beside the stack's own Alertmanager where that is on.");

export type Alerting = z.output<typeof alertingSchema>;
