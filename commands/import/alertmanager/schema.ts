import { singleParts as parts } from "../../../components/parts";
import { shapeOf } from "../words";

/** What may be declared of Alertmanager. */

/** The schema of the key `alertmanager`. */
export const schema = parts.find(({ key }) => key === "alertmanager")?.settings;

const settings = schema ? (shapeOf(schema).keys ?? {}) : {};

/** That of a receiver. */
export const receiverSchema = settings.receivers && shapeOf(settings.receivers).items;

/** That of the mail server of all receivers. */
export const smtpSchema = settings.smtp;

const ofReceivers = receiverSchema ? (shapeOf(receiverSchema).keys ?? {}) : {};

/** The schema of an entry of a kind, such as "slack". @returns undefined where there is no such kind */
export const kindSchema = (kind: string) => (Object.hasOwn(ofReceivers, kind) ? ofReceivers[kind] : undefined);

/** Alertmanager's words for what is called otherwise here. */
export const renamed: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    slack: { api_url: "webhook_url", api_url_file: "webhook_url_file" },
};

/**
 * What Alertmanager assumes where an entry says nothing, and a declaration something else.
 * Source: https://prometheus.io/docs/alerting/latest/configuration/#receiver-integration-settings
 */
export const assumed: Readonly<Record<string, Readonly<Record<string, string | boolean>>>> = {
    email: { send_resolved: false },
    pagerduty: { severity: "error" },
    rocketchat: { send_resolved: false },
    slack: { send_resolved: false, text: '{{ template "slack.default.text" . }}' },
    wechat: { send_resolved: false },
};
