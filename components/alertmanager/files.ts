import { basename } from "node:path";
import type { Files } from "../../config/render/files";
import { defined, snakeCase } from "../../config/render/words";
import { toYaml } from "../../config/render/yaml";
import type { clusterOf } from "../../config/schema/pair";
import { clusterName } from "../../config/schema/pair";
import type { Secret } from "../../config/schema/secret";
import { formatDuration } from "../../config/schema/units";
import { equalTo, inOrder } from "./matcher";
import { messagesOf } from "./messages";
import type { InhibitRule, Route } from "./routes";
import type { AlertmanagerSettings } from "./settings";

/** Where Alertmanager finds its configuration volume. */
export const alertmanagerMountPath = "/etc/alertmanager";

/** Receives what nobody is to hear of. A name that no declared receiver can have. */
const nobody = "/dev/null";

/** What the files depend on. */
export type RoutingSettings = Omit<
    AlertmanagerSettings,
    "enabled" | "image" | "port" | "bindAddress" | "memoryLimit" | "startTimeout" | "externalUrl" | "web" | "scrapeJob"
>;

/**
 * Renders alertmanager.yml, and the templates beside it. Secrets are not in it: it names the files of `receiverSecrets`.
 * Source: https://prometheus.io/docs/alerting/latest/configuration/
 * @param readFile gives the text of a template's file
 */
export function renderAlertmanagerFiles(settings: RoutingSettings, readFile: (path: string) => string): Files {
    const { receivers, routes, watchdogReceiver, templates, timeIntervals } = settings;
    return {
        "alertmanager.yml": toYaml(
            defined({
                global: settings.resolveTimeout && { resolve_timeout: formatDuration(settings.resolveTimeout) },
                templates: templates.length > 0 ? [`${alertmanagerMountPath}/current/templates/*`] : undefined,
                time_intervals: timeIntervals.length > 0 ? snakeCase({ timeIntervals }).time_intervals : undefined,
                route: {
                    receiver: receivers[0]?.name,
                    group_by: settings.groupBy,
                    group_wait: formatDuration(settings.groupWait),
                    group_interval: formatDuration(settings.groupInterval),
                    repeat_interval: formatDuration(settings.repeatInterval),
                    routes: [watchdogRoute(watchdogReceiver), ...routes.map(route), infoRoute],
                },
                inhibit_rules: [
                    ...(settings.inhibitWarnings ? [warningsOfCriticalAlerts] : []),
                    ...settings.inhibitRules.map(inhibitRule),
                ],
                receivers: [
                    { name: nobody },
                    ...receivers.map((receiver) => messagesOf(receiver, settings.smtp, secretPath).config),
                ],
            }),
        ),
        ...Object.fromEntries(templates.map((file) => [`templates/${basename(file)}`, readFile(file)])),
    };
}

/** The secrets of the receivers, each under the name of the file that alertmanager.yml mentions. */
export const receiverSecrets = ({
    receivers,
    smtp,
}: Pick<RoutingSettings, "receivers" | "smtp">): Readonly<Record<string, Secret>> =>
    Object.assign({}, ...receivers.map((receiver) => messagesOf(receiver, smtp, secretPath).secrets)) as Readonly<
        Record<string, Secret>
    >;

/** How the Alertmanagers of a pair know each other: each has the certificate, and the authority of it, that the other has. */
export function pairFiles(cluster: Cluster): Files {
    const own = { cert_file: `${alertmanagerMountPath}/current/${pairCertificate}`, key_file: secretPath(pairKey) };
    const theirs = own.cert_file;
    return {
        [pairCertificate]: cluster.cert,
        [pairFile]: toYaml({
            tls_server_config: { ...own, client_auth_type: "RequireAndVerifyClientCert", client_ca_file: theirs },
            tls_client_config: { ...own, ca_file: theirs, server_name: clusterName },
        }),
    };
}

export const pairSecrets = ({ key }: Cluster): Readonly<Record<string, Secret>> => ({ [pairKey]: key });

const [pairCertificate, pairKey] = ["pair.crt", "@pair.key"];

/** Names the files above. Source: https://prometheus.io/docs/alerting/latest/https/#gossip-traffic */
export const pairFile = "pair.yml";

type Cluster = NonNullable<ReturnType<typeof clusterOf>>;

export const secretPath = (file: string) => `${alertmanagerMountPath}/secrets/${file}`;

/**
 * The Watchdog fires always, so that its receiver notices when it falls silent. A repetition waits for the next interval of
 * its group: with an interval as long as the repetition, each would come late by a whole one.
 */
const watchdogRoute = (watchdogReceiver: string | undefined) => ({
    matchers: inOrder([equalTo("alertname", "Watchdog")]),
    receiver: watchdogReceiver ?? nobody,
    group_wait: "0s",
    group_interval: "1m",
    repeat_interval: "5m",
});

/** What is good to know is told once an hour at most, and never twice a day. */
const infoRoute = { matchers: inOrder([equalTo("severity", "info")]), group_interval: "1h", repeat_interval: "1d" };

/** Who is told that something is broken need not hear that it is nearly broken. */
const warningsOfCriticalAlerts = {
    source_matchers: inOrder([equalTo("severity", "critical")]),
    target_matchers: inOrder([equalTo("severity", "warning")]),
    // Labels that both lack count as equal; those of parts of a host tell its disks and devices apart.
    equal: ["alertname", "job", "instance", "device", "mountpoint"],
};

function route(declared: Route): object {
    const { severities, labels, matchers, routes, muteTimeIntervals, activeTimeIntervals } = declared;
    const time = (milliseconds: number | undefined) =>
        milliseconds === undefined ? undefined : formatDuration(milliseconds);
    return defined({
        receiver: declared.receiver,
        matchers: inOrder([
            ...(severities.length > 0 ? [{ label: "severity", operator: "=~", value: severities.join("|") }] : []),
            ...Object.entries(labels).map(([label, value]) => equalTo(label, value)),
            ...matchers,
        ]),
        group_by: declared.groupBy,
        group_wait: time(declared.groupWait),
        group_interval: time(declared.groupInterval),
        repeat_interval: time(declared.repeatInterval),
        mute_time_intervals: muteTimeIntervals,
        active_time_intervals: activeTimeIntervals,
        continue: declared.continue || undefined,
        routes: routes.length > 0 ? routes.map(route) : undefined,
    });
}

const inhibitRule = ({ name, sourceMatchers, targetMatchers, equal }: InhibitRule) =>
    defined({
        name,
        source_matchers: inOrder(sourceMatchers),
        target_matchers: inOrder(targetMatchers),
        equal,
    });
