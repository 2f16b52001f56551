import { z } from "zod";
import {
    count,
    dictionary,
    duration,
    hiddenText,
    object,
    oneOf,
    secret,
    secretUrl,
    text,
    toggle,
} from "../../../config/schema/values";
import { formatDuration } from "../../../config/schema/units";
import { expectedStructure } from "../../../config/schema/problems";
import { apiUrl, inPlaceOf, kind, off, overHttp, several, templated, texts, time, words } from "./kind";

/**
 * Telling who is on call, and keeping lists of what is to be done.
 * Source: https://prometheus.io/docs/alerting/latest/configuration/#receiver-integration-settings
 */

// PagerDuty refuses others than these four; alerts of one group may differ.
// Source: https://developer.pagerduty.com/docs/send-alert-event
const pagerdutySeverity =
    '{{ with .CommonLabels.severity }}{{ if match "^(critical|error|warning|info)$" . }}{{ . }}{{ else }}error{{ end }}{{ else }}error{{ end }}';

/** Names of the service's own with any values. */
const anything = (example: string) => dictionary(z.string().min(1), z.unknown(), example).optional();

export const pagerduty = kind(
    "pagerduty",
    "PagerDuty",
    {
        routingKey: secret.optional().describe("The integration key of a service, of the kind Events API v2."),
        serviceKey: secret
            .optional()
            .describe("The integration key, of the kind Prometheus, in place of `routingKey`."),
        severity: words("How bad it is.").meta({ derived: "the alerts' label `severity`" }),
        url: apiUrl("https://events.pagerduty.com/v2/enqueue"),
        client: words("The name of who tells."),
        clientUrl: words("Where to find who tells."),
        description: words("What happened."),
        details: anything('names with texts, such as {team: "shop"}').describe("What else is to be known."),
        images: several(
            object({ src: words("Its URL."), alt: words("What it shows."), href: words("Where it leads.") }),
            '[{src: "https://..."}]',
        ).describe("Pictures."),
        links: several(
            object({ href: words("Where it leads."), text: words("What stands on it.") }),
            '[{href: "https://..."}]',
        ).describe("Links."),
        source: words("Where it happened."),
        class: words("The kind of the event."),
        component: words("The part that is broken."),
        group: words("The group of parts that it belongs to."),
        timeout: time.describe("How long sending may take."),
        ...overHttp,
    },
    { places: { ...inPlaceOf("routingKeyFile", "routingKey"), ...inPlaceOf("serviceKeyFile", "serviceKey") } },
)
    .refine(({ routingKey, serviceKey }) => (routingKey === undefined) !== (serviceKey === undefined), {
        error: "needs one of routingKey and serviceKey; write one",
    })
    .transform(({ severity = pagerdutySeverity, ...rest }) => ({ ...rest, severity }));

export const opsgenie = kind(
    "opsgenie",
    "OpsGenie",
    {
        apiKey: secret.describe("The key of the integration."),
        apiUrl: apiUrl("https://api.opsgenie.com/"),
        message: words("The alert in one line."),
        description: words("What happened."),
        source: words("Where to find who tells."),
        details: texts('names with texts, such as {team: "shop"}').describe("What else is to be known."),
        entity: words("What is broken."),
        responders: several(
            object({
                id: words("Who it is, by an id."),
                name: words("Who it is, by a name."),
                username: words("Who it is, by a user's name."),
                type: words("`team`, `teams`, `user`, `escalation` or `schedule`."),
            }),
            '[{name: "ops", type: "team"}]',
        ).describe("Who is told."),
        actions: words("What can be done, with commas."),
        tags: words("Tags, with commas."),
        note: words("A note."),
        priority: words("`P1` to `P5`."),
        updateAlerts: off("Change message and description of an alert that is there."),
        ...overHttp,
    },
    { places: inPlaceOf("apiKeyFile", "apiKey") },
);

export const victorops = kind(
    "victorops",
    "VictorOps (Splunk On-Call)",
    {
        apiKey: secret.describe("The key of the integration."),
        apiUrl: apiUrl("https://alert.victorops.com/integrations/generic/20131114/alert/"),
        routingKey: templated.describe("The key that says who is told."),
        messageType: words("How bad it is, such as `CRITICAL`."),
        stateMessage: words("What happened."),
        entityDisplayName: words("The alert in one line."),
        monitoringTool: words("The name of who tells."),
        customFields: texts('names with texts, such as {team: "shop"}').describe("What else is to be known."),
        ...overHttp,
    },
    { places: inPlaceOf("apiKeyFile", "apiKey") },
);

export const pushover = kind(
    "pushover",
    "Pushover",
    {
        userKey: secret.describe("The key of the user or group."),
        token: secret.describe("The token of the application."),
        title: words("The title."),
        message: words("The message."),
        url: words("A link below the message."),
        urlTitle: words("What stands on that link."),
        device: words("The device to tell, in place of all."),
        sound: words("The sound."),
        priority: words("From `-2` to `2`."),
        retry: time.describe("How often it is said again until somebody answers, with priority 2."),
        expire: time.describe("For how long it is said again."),
        ttl: time.describe("After which time it is removed."),
        html: off("Read the message as HTML."),
        monospace: off("Show the message with letters of one width."),
        ...overHttp,
    },
    { places: { ...inPlaceOf("userKeyFile", "userKey"), ...inPlaceOf("tokenFile", "token") } },
);

export const incidentio = kind(
    "incidentio",
    "incident.io",
    {
        url: secretUrl.describe("The URL of the alert source."),
        alertSourceToken: secret.describe("The token of the alert source."),
        maxAlerts: count.optional().meta({ description: "How many alerts one message may hold.", derived: "no limit" }),
        timeout: time.describe("How long sending may take."),
        ...overHttp,
    },
    { places: { ...inPlaceOf("urlFile", "url"), ...inPlaceOf("alertSourceTokenFile", "alertSourceToken") } },
);

const fieldOfIssue = (description: string) =>
    object({
        template: words("Its text."),
        enableUpdate: toggle
            .optional()
            .meta({ description: "Change it in an issue that is there.", derived: "`true`" }),
    })
        .optional()
        .describe(description);

export const jira = kind("jira", "Jira", {
    apiUrl: text(/^https?:\/\/\S+$/, "a URL", 'one, such as "https://example.atlassian.net/rest/api/2/"').describe(
        "Where Jira's API is.",
    ),
    apiType: oneOf(["auto", "cloud", "datacenter"])
        .optional()
        .meta({ description: "Which Jira it is.", derived: "`auto`" }),
    project: templated.describe("The key of the project."),
    issueType: templated.describe("The type of an issue, such as `Bug`."),
    summary: fieldOfIssue("The issue in one line."),
    description: fieldOfIssue("What happened."),
    labels: z
        .array(templated, { error: expectedStructure("a list", 'a list of texts, such as ["alert"]') })
        .optional()
        .describe("Labels of the issue."),
    priority: words("How urgent it is."),
    reopenTransition: words("The transition that opens an issue again."),
    resolveTransition: words("The transition that ends an issue."),
    wontFixResolution: words("The resolution of issues that are not opened again."),
    reopenDuration: duration
        .transform(formatDuration)
        .optional()
        .describe("For how long an issue is opened again in place of a new one."),
    fields: anything('names with values, such as {customfield_10001: "shop"}').describe("Further fields."),
    ...overHttp,
});

/** Amazon's SNS, which may tell by mail, text message or a queue. */
export const sns = kind(
    "sns",
    "Amazon SNS",
    {
        apiUrl: words("Where SNS is, in place of the region's own."),
        sigv4: object(
            {
                region: hiddenText(/^[\w-]+$/, "a region", 'one, such as "eu-central-1"')
                    .optional()
                    .describe("The region."),
                profile: words("A profile of the AWS configuration."),
                roleArn: words("The role to take on."),
                externalId: words("The external id of that role."),
                useFipsStsEndpoint: off("Ask the FIPS endpoint for the role."),
            },
            {
                upstream: {
                    program: "Alertmanager",
                    keys: ["access_key", "secret_key", "service_name"],
                    reasons: {
                        service_name: "requests to SNS are signed for SNS, whatever it says",
                        access_key: "write roleArn, or give the machine a role",
                        secret_key:
                            "it is secret, and Alertmanager reads it from no file; write roleArn, or give the machine a role",
                    },
                },
            },
        )
            .optional()
            .describe("How it is signed: with the role of the machine, or another one."),
        topicArn: words("The topic to write to."),
        phoneNumber: words("The number to send a text message to, in place of a topic."),
        targetArn: words("The endpoint of a phone, in place of a topic."),
        subject: words("The subject."),
        message: words("The message."),
        attributes: texts('names with texts, such as {team: "shop"}').describe("Attributes of the message."),
        useAwsHttpClient: off("Ask with AWS' own client, which knows its proxies."),
        ...overHttp,
    },
    {},
).refine(
    ({ topicArn, phoneNumber, targetArn }) => [topicArn, phoneNumber, targetArn].some((each) => each !== undefined),
    {
        error: "reaches nobody; write one of topicArn, phoneNumber and targetArn",
    },
);
