import { z } from "zod";
import { labels } from "../../config/schema/labels";
import { hostPortMistake, isOwnHost, loopbackMistake, splitHostPort } from "../../config/schema/hosts";
import { expected, expectedStructure, show } from "../../config/schema/problems";
import { ownScrapeJob } from "../../config/schema/scrapeJob";
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
import { addresses, oneAddress } from "./email";
import {
    upstreamAlertmanager,
    upstreamEmail,
    upstreamPagerduty,
    upstreamReceiver,
    upstreamRoute,
    upstreamSlack,
    upstreamWebhook,
} from "./upstream";

export const standardImage = "prom/alertmanager:v0.34.1";

/**
 * Whom Alertmanager tells what, as it is declared: receivers and routes in camelCase, with secret values in place of file
 * names.
 * Source: https://prometheus.io/docs/alerting/latest/configuration/
 */

const email = (several: boolean) =>
    text(
        several ? addresses : oneAddress,
        "an e-mail address",
        `one, such as "ops@example.com" or "Ops <ops@example.com>"${several ? ", or several with commas" : ""}`,
    );
// Alertmanager expands templates in it: a brace would only fail when an alert is sent.
const channel = text(/^[^\s{}]+$/, "a channel", 'one, such as "#alerts"');

const notASmarthost = expected("host:port", 'the mail server, such as "smtp.example.com:587"');
const smarthost = z.string({ error: notASmarthost }).superRefine((value, context) => {
    const mistake =
        hostPortMistake(value, "smtp.example.com:587") ?? loopbackMistake(splitHostPort(value), "Alertmanager's");
    if (mistake !== undefined) {
        const message = /:\d+$/.test(value) ? `${show(value)} ${mistake}` : notASmarthost({ input: value });
        context.addIssue({ code: "custom", message });
    }
});

/** Source: https://prometheus.io/docs/alerting/latest/configuration/#email_config */
const emailSchema = object(
    {
        to: email(true).describe("One address, or several with commas."),
        from: email(false).describe("The sender's address."),
        smarthost: smarthost.describe("The mail server as `host:port`."),
        hello: text(
            /^(\w([\w.-]*\w)?|\[[\d.]+\]|\[IPv6:[\da-f:.]+\])$/i,
            "a host's name",
            'one, such as "metrics.example.com"',
        )
            .optional()
            .meta({
                description: "The name that Alertmanager says it has (`EHLO`): some mail servers refuse the default.",
                derived: "`localhost`",
            }),
        authUsername: hiddenText(/\S/, "text", "the user name at the mail server")
            .optional()
            .describe("The user name at the mail server."),
        authPassword: secret.optional().describe("The password of `authUsername`."),
        requireTls: toggle.default(true).describe("Refuse to send where the server offers no encryption."),
        forceImplicitTls: toggle.optional().meta({
            description:
                "Encrypt from the first byte on, as on port 465 (`true`), or begin in the clear (`false`); Alertmanager 0.31 or newer.",
            derived: "whether the port is 465",
        }),
    },
    {
        places: {
            authPasswordFile: "the password itself, encrypted, in authPassword",
        },
        upstream: upstreamEmail,
    },
);

/** Source: https://prometheus.io/docs/alerting/latest/configuration/#slack_config */
const slackSchema = object(
    {
        webhookUrl: secretUrl.describe("The URL of an incoming webhook."),
        channel: channel.optional().meta({ description: "The channel to write to.", derived: "the webhook's own" }),
    },
    {
        places: { apiUrl: "the URL, encrypted, in webhookUrl", apiUrlFile: "the URL, encrypted, in webhookUrl" },
        upstream: upstreamSlack,
    },
);

/** Source: https://prometheus.io/docs/alerting/latest/configuration/#pagerduty_config */
const pagerdutySchema = object(
    {
        routingKey: secret.describe("The integration key of a service, of the kind Events API v2."),
    },
    { places: { routingKeyFile: "the key itself, encrypted, in routingKey" }, upstream: upstreamPagerduty },
);

/** Source: https://prometheus.io/docs/alerting/latest/configuration/#webhook_config */
const webhookSchema = object(
    {
        url: secretUrl
            .refine((value) => value.satisfies((url) => !URL.canParse(url) || !isOwnHost(new URL(url).hostname)), {
                error: "leads Alertmanager's container to itself; write host.docker.internal for a service of the Docker host",
            })
            .describe("Where the messages are sent."),
        maxAlerts: count.optional().meta({ description: "How many alerts one message may hold.", derived: "no limit" }),
        credentials: secret.optional().describe("Sent as the header `Authorization: Bearer <credentials>`."),
    },
    { places: { urlFile: "the URL itself, encrypted, in url" }, upstream: upstreamWebhook },
);

// The name begins those of secret files: they have at most 255 letters, and a hidden one would not be delivered.
const name = text(
    /^\w[\w.-]{0,199}$/,
    "a receiver's name of at most 200 letters, digits, _ . and - that does not begin with . or -",
    'one, such as "team"',
);

const receiverSchema = object(
    {
        name: name.describe("What the receiver is called, in letters, digits, `_`, `.` and `-`."),
        email: emailSchema.optional().describe("Tell by e-mail."),
        slack: slackSchema.optional().describe("Tell in Slack."),
        pagerduty: pagerdutySchema.optional().describe("Tell PagerDuty."),
        webhook: webhookSchema.optional().describe("Tell a program of yours."),
    },
    {
        places: {
            emailConfigs: "email: {...}",
            slackConfigs: "slack: {...}",
            pagerdutyConfigs: "pagerduty: {...}",
            webhookConfigs: "webhook: {...}",
        },
        upstream: upstreamReceiver,
    },
).meta({ id: "receiver" });

/** Alerts for another receiver than the first. All that is named has to match. */
const routeSchema = object(
    {
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
    },
    { upstream: upstreamRoute },
).meta({ id: "route" });

export const alertmanagerSchema = object(
    {
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
            derived: "`http://<bindAddress>:<port>`; for `0.0.0.0` the host of `dockerHost`, or `127.0.0.1`",
        }),
        scrapeJob: ownScrapeJob,
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
    },
    { upstream: upstreamAlertmanager },
)
    .prefault({})
    .describe("Whom alerts reach.");

export type AlertmanagerSettings = z.output<typeof alertmanagerSchema>;
export type Receiver = AlertmanagerSettings["receivers"][number];
export type Route = AlertmanagerSettings["routes"][number];
