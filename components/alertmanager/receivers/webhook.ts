import { z } from "zod";
import { isOwnHost } from "../../../config/schema/hosts";
import { count, secret, secretUrl } from "../../../config/schema/values";
import { inPlaceOf, kind, overHttp, time } from "./kind";

/**
 * Telling a program of one's own.
 * Source: https://prometheus.io/docs/alerting/latest/configuration/#webhook_config
 */

/** Those that do not read Alertmanager's webhooks, and the kind of receiver for each. */
const services: readonly (readonly [host: RegExp, kind: string])[] = [
    [/^(ptb\.|canary\.)?discord(app)?\.com$/, "discord: {webhookUrl}"],
    [/^hooks\.slack\.com$/, "slack: {webhookUrl}"],
    [/\.webhook\.office\.com$|^outlook\.office\.com$/, "msteams: {webhookUrl}"],
    [/\.(logic\.azure\.com|api\.powerplatform\.com)$/, "msteamsv2: {webhookUrl}"],
    [/^api\.telegram\.org$/, "telegram: {botToken, chatId}"],
    [/^events(\.eu)?\.pagerduty\.com$/, "pagerduty: {routingKey}"],
    [/^api(\.eu)?\.opsgenie\.com$/, "opsgenie: {apiKey}"],
    [/^api\.pushover\.net$/, "pushover: {userKey, token}"],
    [/^alert\.victorops\.com$/, "victorops: {apiKey, routingKey}"],
    [/^webexapis\.com$/, "webex: {roomId, httpConfig}"],
    [/^api\.incident\.io$/, "incidentio: {url, alertSourceToken}"],
];

const kindFor = (url: string) =>
    URL.canParse(url) ? services.find(([host]) => host.test(new URL(url).hostname))?.[1] : undefined;

const url = secretUrl
    .refine((value) => value.satisfies((text) => !URL.canParse(text) || !isOwnHost(new URL(text).hostname)), {
        error: "leads Alertmanager's container to itself; write host.docker.internal for a service of the Docker host",
    })
    .superRefine((value, context) => {
        const better = value.isReadable ? kindFor(value.reveal()) : undefined;
        if (better !== undefined) {
            const message = `is the address of a service that does not read such messages; write ${better} in place of webhook`;
            context.addIssue({ code: "custom", message });
        }
    });

export const webhook = kind(
    "webhook",
    "Webhooks",
    {
        url: url.describe("Where the messages are sent."),
        maxAlerts: count.optional().meta({ description: "How many alerts one message may hold.", derived: "no limit" }),
        timeout: time.describe("How long sending may take."),
        payload: z.unknown().optional().describe("The message in place of Alertmanager's own, as JSON with templates."),
        credentials: secret.optional().describe("Sent as the header `Authorization: Bearer <credentials>`."),
        ...overHttp,
    },
    { places: inPlaceOf("urlFile", "url") },
).refine(({ credentials, httpConfig = {} }) => {
    const { basicAuth, authorization, oauth2 } = httpConfig;
    return credentials === undefined || !(basicAuth ?? authorization ?? oauth2);
}, "has two logins; write either credentials, or one in httpConfig");
