import type { AlertmanagerSettings, Receiver, Route } from "./settings";
import type { Files } from "../../config/render/files";
import type { Secret } from "../../config/schema/secret";
import { formatDuration } from "../../config/schema/units";
import { toYaml } from "../../config/render/yaml";

/** Where Alertmanager finds its configuration volume. */
export const alertmanagerMountPath = "/etc/alertmanager";

/** Receives what nobody is to hear of. A name that no declared receiver can have. */
const nobody = "/dev/null";

/** What alertmanager.yml depends on. */
export type RoutingSettings = Pick<
    AlertmanagerSettings,
    "receivers" | "routes" | "watchdogReceiver" | "groupWait" | "groupInterval" | "repeatInterval"
>;

/**
 * Renders alertmanager.yml. Secrets are not in it: it names the files of `receiverSecrets`.
 * Source: https://prometheus.io/docs/alerting/latest/configuration/
 */
export function renderAlertmanagerFiles(settings: RoutingSettings): Files {
    const { receivers, routes, watchdogReceiver } = settings;
    return {
        "alertmanager.yml": toYaml({
            route: {
                receiver: receivers[0]?.name,
                group_by: ["alertname", "job"],
                group_wait: formatDuration(settings.groupWait),
                group_interval: formatDuration(settings.groupInterval),
                repeat_interval: formatDuration(settings.repeatInterval),
                routes: [watchdogRoute(watchdogReceiver), ...routes.map(route), infoRoute],
            },
            inhibit_rules: [
                {
                    // Who is told that something is broken need not hear that it is nearly broken.
                    source_matchers: ['severity="critical"'],
                    target_matchers: ['severity="warning"'],
                    // Labels that both lack count as equal; those of parts of a host tell its disks and devices apart.
                    equal: ["alertname", "job", "instance", "device", "mountpoint"],
                },
            ],
            receivers: [{ name: nobody }, ...receivers.map(receiver)],
        }),
    };
}

/** The secrets of the receivers, each under the name of the file that alertmanager.yml mentions. */
export function receiverSecrets(receivers: readonly Receiver[]): Readonly<Record<string, Secret>> {
    return Object.fromEntries(
        receivers.flatMap(({ name, email, slack, pagerduty, webhook }) =>
            Object.entries({
                [secretFile(name, "email-password")]: email?.authPassword,
                [secretFile(name, "slack-url")]: slack?.webhookUrl,
                [secretFile(name, "pagerduty-key")]: pagerduty?.routingKey,
                [secretFile(name, "webhook-url")]: webhook?.url,
                [secretFile(name, "webhook-credentials")]: webhook?.credentials,
            }).flatMap(([file, value]) => (value ? [[file, value] as const] : [])),
        ),
    );
}

type SecretKind = "email-password" | "slack-url" | "pagerduty-key" | "webhook-url" | "webhook-credentials";
const secretFile = (receiver: string, kind: SecretKind) => `${receiver}.${kind}`;

/**
 * The Watchdog fires always, so that its receiver notices when it falls silent. A repetition waits for the next interval of
 * its group: with an interval as long as the repetition, each would come late by a whole one.
 */
const watchdogRoute = (watchdogReceiver: string | undefined) => ({
    matchers: [matcher("alertname", "Watchdog")],
    receiver: watchdogReceiver ?? nobody,
    group_wait: "0s",
    group_interval: "1m",
    repeat_interval: "5m",
});

/** What is good to know is told once an hour at most, and never twice a day. */
const infoRoute = { matchers: [matcher("severity", "info")], group_interval: "1h", repeat_interval: "1d" };

function route({ receiver: name, severities, labels, repeatInterval, continue: goOn }: Route): object {
    return {
        receiver: name,
        matchers: [
            ...(severities.length > 0 ? [`severity=~"${severities.join("|")}"`] : []),
            ...Object.entries(labels).map(([label, value]) => matcher(label, value)),
        ],
        ...(repeatInterval !== undefined && { repeat_interval: formatDuration(repeatInterval) }),
        ...(goOn && { continue: true }),
    };
}

/** Source of the escapes: https://prometheus.io/docs/alerting/latest/configuration/#matcher */
function matcher(label: string, value: string): string {
    const escaped = value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
    return `${label}="${escaped}"`;
}

/** Every kind of receiver hears of an alert's end too; that is Alertmanager's default for some kinds only. */
function receiver({ name, email, slack, pagerduty, webhook }: Receiver): object {
    const secretPath = (kind: SecretKind) => `${alertmanagerMountPath}/secrets/${secretFile(name, kind)}`;
    return {
        name,
        ...(email && {
            email_configs: [
                {
                    send_resolved: true,
                    to: email.to,
                    from: email.from,
                    smarthost: email.smarthost,
                    ...(email.hello !== undefined && { hello: email.hello }),
                    require_tls: email.requireTls,
                    ...(email.forceImplicitTls !== undefined && { force_implicit_tls: email.forceImplicitTls }),
                    ...(email.authPassword && {
                        auth_username: email.authUsername,
                        auth_password_file: secretPath("email-password"),
                    }),
                },
            ],
        }),
        ...(slack && {
            slack_configs: [
                {
                    send_resolved: true,
                    api_url_file: secretPath("slack-url"),
                    ...(slack.channel !== undefined && { channel: slack.channel }),
                    text: slackText,
                },
            ],
        }),
        ...(pagerduty && {
            pagerduty_configs: [
                { send_resolved: true, routing_key_file: secretPath("pagerduty-key"), severity: pagerdutySeverity },
            ],
        }),
        ...(webhook && {
            webhook_configs: [
                {
                    send_resolved: true,
                    url_file: secretPath("webhook-url"),
                    ...(webhook.maxAlerts !== undefined && { max_alerts: webhook.maxAlerts }),
                    ...(webhook.credentials && {
                        http_config: {
                            authorization: { type: "Bearer", credentials_file: secretPath("webhook-credentials") },
                        },
                    }),
                },
            ],
        }),
    };
}

// Alertmanager's own text for Slack is a title only. Rules of somebody's own need not have all annotations.
const slackText = [
    "{{ range .Alerts }}*{{ or .Annotations.summary .Labels.alertname }}*",
    "{{ .Annotations.description }}",
    "{{ with .Annotations.runbook_url }}Runbook: {{ . }}{{ end }}",
    "{{ end }}",
].join("\n");

// PagerDuty refuses others than these four; alerts of one group may differ.
// Source: https://developer.pagerduty.com/docs/send-alert-event
const pagerdutySeverity =
    '{{ with .CommonLabels.severity }}{{ if match "^(critical|error|warning|info)$" . }}{{ . }}{{ else }}error{{ end }}{{ else }}error{{ end }}';
