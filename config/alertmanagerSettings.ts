import { z } from "zod";
import { images } from "./images";
import { labels } from "./labels";
import type { Problem } from "./problems";
import { expected, expectedStructure, nearestOf, show } from "./problems";
import {
    address,
    count,
    duration,
    hiddenText,
    image,
    isWebUrl,
    memory,
    object,
    oneOf,
    port,
    secret,
    secretUrl,
    startTimeout,
    text,
    toggle,
} from "./values";

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
    to: email(true),
    from: email(false),
    /** Mail server as host:port. */
    smarthost: text(/^[\w.-]+:\d{1,5}$/, "host:port", 'the mail server, such as "smtp.example.com:587"'),
    authUsername: hiddenText(/\S/, "text", "the user name at the mail server").optional(),
    authPassword: secret.optional(),
    /** Refuse to send where the server offers no encryption. */
    requireTls: toggle.default(true),
});

/** Source: https://prometheus.io/docs/alerting/latest/configuration/#slack_config */
const slackSchema = object({
    webhookUrl: secretUrl,
    /** @default the channel that the webhook was made for */
    channel: channel.optional(),
});

/** Source: https://prometheus.io/docs/alerting/latest/configuration/#pagerduty_config */
const pagerdutySchema = object({
    /** The integration key of a service, of the kind "Events API v2". */
    routingKey: secret,
});

/** Source: https://prometheus.io/docs/alerting/latest/configuration/#webhook_config */
const webhookSchema = object({
    url: secretUrl,
    /** How many alerts one message may hold. @default no limit */
    maxAlerts: count.optional(),
    /** Sent as the header `Authorization: Bearer <credentials>`. */
    credentials: secret.optional(),
});

// The name begins those of secret files, and a hidden one would not be delivered.
const name = text(
    /^\w[\w.-]*$/,
    "a receiver's name of letters, digits, _ . and - that does not begin with . or -",
    'one, such as "team"',
);

const receiverSchema = object({
    name,
    email: emailSchema.optional(),
    slack: slackSchema.optional(),
    pagerduty: pagerdutySchema.optional(),
    webhook: webhookSchema.optional(),
});

/** Alerts for another receiver than the first. All that is named has to match. */
const routeSchema = object({
    receiver: name,
    severities: z
        .array(oneOf(["critical", "warning", "info"]), {
            error: expectedStructure("a list", 'a list of severities, such as ["critical"]'),
        })
        .default([]),
    labels: labels.default({}),
    /** How long until an alert that still fires is sent again. @default alertmanager.repeatInterval */
    repeatInterval: duration.optional(),
    /** Go on to the routes after this one, so that several receivers hear of an alert. */
    continue: toggle.default(false),
});

export const alertmanagerSchema = object({
    enabled: toggle.prefault("false"),
    image: image(images.alertmanager),
    /** TCP port on the Docker host. */
    port: port.default(9093),
    /** Address of the Docker host that the port is published on. Alertmanager has no login: keep it private. */
    bindAddress: address.default("127.0.0.1"),
    memoryLimit: memory("256MB"),
    startTimeout,
    /** Where people find Alertmanager: the messages link to it. @default http://<bindAddress>:<port> */
    externalUrl: z
        .string({ error: expected("a URL", 'one, such as "https://alerts.example.com"') })
        .refine(isWebUrl, { error: expected("a URL", 'one, such as "https://alerts.example.com"') })
        .optional(),
    /** Who is told. The first one hears of everything that no route sends elsewhere. */
    receivers: z
        .array(receiverSchema, { error: expectedStructure("a list", "a list of receivers, each with a name") })
        .default([]),
    routes: z
        .array(routeSchema, { error: expectedStructure("a list", "a list of routes, each with a receiver") })
        .default([]),
    /** The receiver of the Watchdog, an alert that always fires: it raises the alarm when it hears nothing any more. */
    watchdogReceiver: name.optional(),
    /** How long to wait for more alerts of a group before the first message. */
    groupWait: duration.prefault("30s"),
    /** How long until a message about new alerts of a group that was already sent. */
    groupInterval: duration.prefault("5m"),
    /** How long until an alert that still fires is sent again. */
    repeatInterval: duration.prefault("4h"),
}).prefault({});

export type AlertmanagerSettings = z.output<typeof alertmanagerSchema>;
export type Receiver = AlertmanagerSettings["receivers"][number];
export type Route = AlertmanagerSettings["routes"][number];

const ways = ["email", "pagerduty", "slack", "webhook"] as const;

const lenientName = z.string().optional().catch(undefined);
const lenientReceiver = z
    .looseObject({
        name: lenientName,
        email: z
            .object({ authUsername: z.unknown().optional(), authPassword: z.unknown().optional() })
            .optional()
            .catch(undefined),
    })
    .catch({ name: undefined });
const lenientRoute = z.object({ receiver: lenientName }).catch({ receiver: undefined });
/** The declaration read leniently, as in crossCheck/read.ts: what was refused already counts as absent. */
const declaration = z.object({
    alertmanager: z.object({
        enabled: z.boolean().catch(false),
        receivers: z.array(lenientReceiver),
        routes: z.array(lenientRoute).catch([]),
        watchdogReceiver: lenientName,
    }),
});
type Declaration = z.output<typeof declaration>["alertmanager"];

/** The mistakes that only show when receivers and routes are seen together. */
export function checkReceivers(settings: unknown): Problem[] {
    const read = declaration.safeParse(settings).data?.alertmanager;
    return read === undefined
        ? []
        : [...nobody(read), ...repeatedNames(read), ...read.receivers.flatMap(incomplete), ...unknownReceivers(read)];
}

/** Everybody who is told of alerts has to be a person: a watchdog's receiver only listens for silence. */
function nobody({ enabled, receivers, watchdogReceiver }: Declaration): Problem[] {
    if (!enabled) {
        return [];
    }
    if (receivers.length === 0) {
        const message = 'is empty; write at least one, such as [{name: "team", email: {...}}]';
        return [{ path: ["alertmanager", "receivers"], message }];
    }
    const first = receivers[0]?.name;
    const message = `${show(first)} is the watchdogReceiver; write first the receiver that people read`;
    return first !== undefined && first === watchdogReceiver
        ? [{ path: ["alertmanager", "receivers", 0, "name"], message }]
        : [];
}

function repeatedNames({ receivers }: Declaration): Problem[] {
    return receivers.flatMap(({ name: given }, i) => {
        const first = receivers.findIndex((receiver) => receiver.name === given);
        const message = `${show(given)} is already the name of receivers[${first}]; write a name of its own`;
        return given === undefined || first === i ? [] : [{ path: ["alertmanager", "receivers", i, "name"], message }];
    });
}

function incomplete(receiver: z.output<typeof lenientReceiver>, i: number): Problem[] {
    const path = ["alertmanager", "receivers", i];
    const { authUsername, authPassword } = receiver.email ?? {};
    if ((authUsername === undefined) !== (authPassword === undefined)) {
        const missing = authUsername === undefined ? "authUsername" : "authPassword";
        const message = "is missing; write authUsername and authPassword together";
        return [{ path: [...path, "email", missing], message }];
    }
    const message = `reaches nobody; write at least one of ${ways.join(", ")}`;
    return receiver.name === undefined || ways.some((way) => way in receiver) ? [] : [{ path, message }];
}

function unknownReceivers({ receivers, routes, watchdogReceiver }: Declaration): Problem[] {
    const known = receivers.flatMap((receiver) => receiver.name ?? []);
    return [
        ...routes.map(({ receiver }, i) => ({ path: ["routes", i, "receiver"], receiver })),
        { path: ["watchdogReceiver"], receiver: watchdogReceiver },
    ].flatMap(({ path, receiver }) => {
        if (receiver === undefined || known.includes(receiver)) {
            return [];
        }
        const nearest = nearestOf(receiver, known);
        const advice = nearest === undefined ? `write one of ${known.join(", ")}` : `did you mean ${nearest}?`;
        return [{ path: ["alertmanager", ...path], message: `${show(receiver)} is no receiver; ${advice}` }];
    });
}
