import { z } from "zod";
import { labels } from "../../config/schema/labels";
import { expectedStructure } from "../../config/schema/problems";
import {
    bindAddress,
    count,
    duration,
    hiddenText,
    image,
    memory,
    object,
    oneOf,
    publishedPort,
    secret,
    secretUrl,
    startTimeout,
    text,
    toggle,
    webUrl,
} from "../../config/schema/values";

export const standardImage = "prom/alertmanager:v0.34.1";

/**
 * Whom Alertmanager tells what, as it is declared: receivers and routes in camelCase, with secret values in place of file
 * names.
 * Source: https://prometheus.io/docs/alerting/latest/configuration/
 */

// Alertmanager expands templates in both: a brace would only fail when an alert is sent.
const email = (several: boolean) =>
    text(
        several ? /^[^\s@,{}]+@[^\s@,{}]+(, ?[^\s@,{}]+@[^\s@,{}]+)*$/ : /^[^\s@,{}]+@[^\s@,{}]+$/,
        "an e-mail address",
        `one, such as "ops@example.com"${several ? ", or several with commas" : ""}`,
    );
const channel = text(/^[^\s{}]+$/, "a channel", 'one, such as "#alerts"');

/** Source: https://prometheus.io/docs/alerting/latest/configuration/#email_config */
const emailSchema = object({
    to: email(true).describe("One address, or several with commas."),
    from: email(false).describe("The sender's address."),
    smarthost: text(/^[\w.-]+:\d{1,5}$/, "host:port", 'the mail server, such as "smtp.example.com:587"').describe(
        "The mail server as host:port.",
    ),
    authUsername: hiddenText(/\S/, "text", "the user name at the mail server")
        .optional()
        .describe("The user name at the mail server."),
    authPassword: secret.optional().describe("The password of `authUsername`."),
    requireTls: toggle.default(true).describe("Refuse to send where the server offers no encryption."),
});

/** Source: https://prometheus.io/docs/alerting/latest/configuration/#slack_config */
const slackSchema = object({
    webhookUrl: secretUrl.describe("The URL of an incoming webhook."),
    channel: channel.optional().meta({ description: "The channel to write to.", derived: "the webhook's own" }),
});

/** Source: https://prometheus.io/docs/alerting/latest/configuration/#pagerduty_config */
const pagerdutySchema = object({
    routingKey: secret.describe("The integration key of a service, of the kind Events API v2."),
});

/** Source: https://prometheus.io/docs/alerting/latest/configuration/#webhook_config */
const webhookSchema = object({
    url: secretUrl.describe("Where the messages are sent."),
    maxAlerts: count.optional().meta({ description: "How many alerts one message may hold.", derived: "no limit" }),
    credentials: secret.optional().describe("Sent as the header `Authorization: Bearer <credentials>`."),
});

// The name begins those of secret files, and a hidden one would not be delivered.
const name = text(
    /^\w[\w.-]*$/,
    "a receiver's name of letters, digits, _ . and - that does not begin with . or -",
    'one, such as "team"',
);

const receiverSchema = object({
    name: name.describe("What the receiver is called, in letters, digits, `_`, `.` and `-`."),
    email: emailSchema.optional().describe("Tell by e-mail."),
    slack: slackSchema.optional().describe("Tell in Slack."),
    pagerduty: pagerdutySchema.optional().describe("Tell PagerDuty."),
    webhook: webhookSchema.optional().describe("Tell a program of yours."),
}).meta({ id: "receiver" });

/** Alerts for another receiver than the first. All that is named has to match. */
const routeSchema = object({
    receiver: name.describe("The name of a receiver."),
    severities: z
        .array(oneOf(["critical", "warning", "info"]), {
            error: expectedStructure("a list", 'a list of severities, such as ["critical"]'),
        })
        .default([])
        .meta({ description: "Which severities the alerts have to have.", derived: "all" }),
    labels: labels.default({}).describe("Labels that an alert has to have, with these values."),
    repeatInterval: duration.optional().meta({
        description: "How long until an alert that still fires is sent again.",
        derived: "`alertmanager.repeatInterval`",
    }),
    continue: toggle
        .default(false)
        .describe("Go on to the routes after this one, so that several receivers hear of an alert."),
}).meta({ id: "route" });

export const alertmanagerSchema = object({
    enabled: toggle.prefault("false").describe("Run Alertmanager, so that alerts reach people."),
    image: image(standardImage).describe("Alertmanager's image: 0.26 or newer, for webhooks."),
    port: publishedPort(9093),
    bindAddress: bindAddress.describe(
        "Address of the Docker host that the port is published on. Alertmanager has no login: keep it private.",
    ),
    memoryLimit: memory("256MB"),
    startTimeout,
    externalUrl: webUrl('one, such as "https://alerts.example.com"').optional().meta({
        description: "Where people find Alertmanager: the messages link to it.",
        derived: "`http://<bindAddress>:<port>`",
    }),
    receivers: z
        .array(receiverSchema, { error: expectedStructure("a list", "a list of receivers, each with a name") })
        .default([])
        .describe("Who is told. The first one hears of everything that no route sends elsewhere."),
    routes: z
        .array(routeSchema, { error: expectedStructure("a list", "a list of routes, each with a receiver") })
        .default([])
        .describe("Which alerts are for other receivers than the first."),
    watchdogReceiver: name.optional().meta({
        description:
            "The receiver of the Watchdog, an alert that always fires: it raises the alarm when it hears nothing any more.",
        derived: "nobody",
    }),
    groupWait: duration
        .prefault("30s")
        .describe("How long to wait for more alerts of a group before the first message."),
    groupInterval: duration
        .prefault("5m")
        .describe("How long until a message about new alerts of a group that was already sent."),
    repeatInterval: duration.prefault("4h").describe("How long until an alert that still fires is sent again."),
})
    .prefault({})
    .describe("Whom alerts reach.");

export type AlertmanagerSettings = z.output<typeof alertmanagerSchema>;
export type Receiver = AlertmanagerSettings["receivers"][number];
export type Route = AlertmanagerSettings["routes"][number];
