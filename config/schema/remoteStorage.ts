import type { z } from "zod";
import { azuread, googleIam, sigv4 } from "./cloudLogins";
import { headerName, httpClientKeys, httpClientPlaces } from "./httpClient";
import { labels } from "./labels";
import { relabelConfigs } from "./relabelConfig";
import { upstreamRemote } from "./upstream";
import { anyText, count, dictionary, duration, listOf, object, oneOf, text, toggle, webUrl } from "./values";

/**
 * Where samples are sent to, and read from: `remote_write` and `remote_read` in camelCase.
 * Source: https://prometheus.io/docs/prometheus/latest/configuration/configuration/#remote_write
 */

const writeExample = 'such as [{url: "https://archive.example.com/api/v1/write"}]';
const readExample = 'such as [{url: "https://archive.example.com/api/v1/read"}]';

/** @param example the address of one */
const address = (example: string) =>
    webUrl(`one, such as ${JSON.stringify(example)}`)
        .refine((url) => !URL.canParse(url) || !/[@#]/.test(`${new URL(url).username && "@"}${new URL(url).hash}`), {
            error: "has a login or a # in it; write the address alone, and a login in basicAuth",
        })
        .describe("Its address.");

const name = text(/^[^\p{Cc}]+$/u, "a name", 'text on one line, such as "archive"')
    .optional()
    .meta({ description: "What it is called in metrics and alerts.", derived: "host and path of `url`" });

const headers = dictionary(headerName, anyText, 'names with texts, such as {X-Scope-OrgID: "shop"}')
    .optional()
    .describe("Further headers that are no secret; others are `httpHeaders`.");

const queueConfig = object({
    capacity: count.optional().meta({ description: "Samples that a shard keeps before it waits.", derived: "`10000`" }),
    maxShards: count.optional().meta({ description: "The most requests at a time.", derived: "`50`" }),
    minShards: count.optional().meta({ description: "How many it begins with.", derived: "`1`" }),
    maxSamplesPerSend: count.optional().meta({ description: "The most samples of a request.", derived: "`2000`" }),
    batchSendDeadline: duration
        .optional()
        .meta({ description: "How long a sample waits for others at most.", derived: "`5s`" }),
    minBackoff: duration
        .optional()
        .meta({ description: "How long to wait before the first retry.", derived: "`30ms`" }),
    maxBackoff: duration.optional().meta({ description: "How long between two retries at most.", derived: "`5s`" }),
    retryOnHttp429: toggle.optional().meta({
        description: "Try again where the receiver says that there are too many; else such samples are lost.",
        derived: "`false`",
    }),
    sampleAgeLimit: duration
        .optional()
        .meta({ description: "How old a sample may become before it is given up.", derived: "no limit" }),
}).superRefine(({ minShards, maxShards = 50, minBackoff = 30, maxBackoff = 5000 }, context) => {
    const issue = (path: string, message: string) => context.addIssue({ code: "custom", path: [path], message });
    if (minShards !== undefined && minShards > maxShards) {
        issue("minShards", `${minShards} is above maxShards, ${maxShards}; write at most that, or a larger maxShards`);
    }
    if (minBackoff > maxBackoff) {
        issue("maxBackoff", "is shorter than minBackoff; write at least that");
    }
});

const metadataConfig = object({
    send: toggle.optional().meta({ description: "Send what metrics are called and mean.", derived: "`true`" }),
    sendInterval: duration.optional().meta({ description: "How often.", derived: "`1m`" }),
    maxSamplesPerSend: count.optional().meta({ description: "The most of a request.", derived: "`2000`" }),
});

const remoteWriteSchema = object(
    {
        url: address("https://archive.example.com/api/v1/write"),
        name,
        remoteTimeout: duration.optional().meta({ description: "How long a request may take.", derived: "`30s`" }),
        protobufMessage: oneOf(["prometheus.WriteRequest", "io.prometheus.write.v2.Request"]).optional().meta({
            description: "Version 1 or 2 of the protocol; the receiver has to know it.",
            derived: "`prometheus.WriteRequest`",
        }),
        writeRelabelConfigs: relabelConfigs
            .optional()
            .describe("Rules that change the labels of samples before they are sent, or leave samples out."),
        sendAlerts: toggle
            .default(false)
            .describe(
                "Send what alerts are pending and firing, too: the series `ALERTS` and `ALERTS_FOR_STATE`. A receiver that evaluates the same rules has its own, and refuses whole requests because of the difference.",
            ),
        sendExemplars: toggle
            .optional()
            .meta({ description: "Send exemplars; with the feature `exemplar-storage`.", derived: "`false`" }),
        sendNativeHistograms: toggle.optional().meta({ description: "Send native histograms.", derived: "`false`" }),
        roundRobinDns: toggle
            .optional()
            .meta({ description: "Take another address of the host for each connection.", derived: "`false`" }),
        headers,
        ...httpClientKeys("it asks"),
        sigv4: sigv4.optional().describe("Signed requests, for AWS."),
        azuread: azuread.optional().describe("A token of Microsoft Entra ID, for Azure."),
        googleIam: googleIam.optional().describe("A token of Google Cloud."),
        queueConfig: queueConfig.optional().describe("How samples wait and are sent."),
        metadataConfig: metadataConfig.optional().describe("How metadata is sent, by version 1 of the protocol."),
    },
    { places: httpClientPlaces, upstream: upstreamRemote },
).meta({ id: "remoteWrite" });

const remoteReadSchema = object(
    {
        url: address("https://archive.example.com/api/v1/read"),
        name,
        remoteTimeout: duration.optional().meta({ description: "How long a request may take.", derived: "`1m`" }),
        readRecent: toggle.optional().meta({
            description: "Ask it for the time that the own samples cover, too.",
            derived: "`false`",
        }),
        requiredMatchers: labels
            .optional()
            .describe("Labels with values that a query has to select for it to be asked."),
        filterExternalLabels: toggle
            .optional()
            .meta({ description: "Ask only for series with the `externalLabels`.", derived: "`true`" }),
        chunkedReadLimit: count
            .optional()
            .meta({ description: "The most bytes of a piece of an answer.", derived: "`52428800`" }),
        headers,
        ...httpClientKeys("it asks"),
    },
    { places: httpClientPlaces, upstream: upstreamRemote },
).meta({ id: "remoteRead" });

export const remoteStorageKeys = {
    remoteWrite: listOf(remoteWriteSchema, `a list, ${writeExample}`)
        .default([])
        .describe("Where every sample is sent to as well."),
    remoteRead: listOf(remoteReadSchema, `a list, ${readExample}`)
        .default([])
        .describe("Where queries look for older samples as well."),
};

export type RemoteWrite = z.output<typeof remoteWriteSchema>;
export type RemoteRead = z.output<typeof remoteReadSchema>;

/** What one is called where it is not said: Prometheus would take the beginning of a checksum. */
export function remoteName({ name, url }: Pick<RemoteWrite, "name" | "url">): string {
    const { host, pathname } = new URL(url);
    return name ?? `${host}${pathname.replace(/\/+$/, "")}`;
}
