import type { Mode } from "../schema/mode";
import type { RemoteRead, RemoteWrite } from "../schema/remoteStorage";
import { remoteName } from "../schema/remoteStorage";
import { formatDuration } from "../schema/units";
import type { AwsProfiles } from "./cloudLogins";
import { azureadOf, googleIamOf, sigv4Of } from "./cloudLogins";
import type { SecretFiles } from "./httpClient";
import { httpClient } from "./httpClient";
import { defined, snakeCase } from "./words";

/** Where samples are sent to and read from in Prometheus' own words, and the files that are named in place of secrets. */
export interface RemoteStorage {
    readonly config: { readonly remote_write?: readonly object[]; readonly remote_read?: readonly object[] };
    readonly secrets: SecretFiles;
    readonly profiles: AwsProfiles;
}

/** @param tellsSomebody whether there is an Alertmanager; @default true */
export function remoteStorageOf(
    declared: {
        readonly remoteWrite: readonly RemoteWrite[];
        readonly remoteRead: readonly RemoteRead[];
        /** @default "server" */
        readonly mode?: Mode;
    },
    tellsSomebody = true,
): RemoteStorage {
    const unsent = [...(declared.mode === "agent" ? [] : alerts), ...(tellsSomebody ? [] : notifications)];
    const writes = declared.remoteWrite.map((each, i) => remoteWriteOf(each, `@remoteWrite${i}`, unsent));
    const reads = declared.remoteRead.map((each, i) => remoteReadOf(each, `@remoteRead${i}`));
    return {
        config: {
            ...(writes.length > 0 && { remote_write: writes.map(({ config }) => config) }),
            ...(reads.length > 0 && { remote_read: reads.map(({ config }) => config) }),
        },
        secrets: Object.fromEntries([...writes, ...reads].flatMap(({ secrets }) => Object.entries(secrets))),
        profiles: Object.fromEntries(writes.flatMap(({ profiles }) => Object.entries(profiles))),
    };
}

/**
 * A receiver that evaluates the same rules over these samples has the same series, with other values: when an alert began, and when
 * it ended. It answers 400 to all of a request with such a sample, "duplicate sample for timestamp", and the rest of it is lost.
 * Source: https://github.com/prometheus/prometheus/blob/v3.13.5/storage/remote/write_handler.go
 */
const alerts = ["ALERTS", "ALERTS_FOR_STATE"];

/** Who has no Alertmanager, as no agent has, tells none: a receiver that has one would raise PrometheusWithoutAlertmanager of it. */
const notifications = ["prometheus_notifications_.+"];

/** @param unsent the names of what is sent only where `sendAlerts` says so, as regular expressions */
function remoteWriteOf(declared: RemoteWrite, owner: string, unsent: readonly string[]) {
    const { sigv4, azuread, googleIam, queueConfig, metadataConfig, headers, remoteTimeout, ...rest } = declared;
    const { url, protobufMessage, writeRelabelConfigs: rules, sendAlerts, ...sending } = rest;
    const { sendExemplars, sendNativeHistograms, roundRobinDns, ...client } = sending;
    const leftOut = { sourceLabels: ["__name__"], regex: unsent.join("|"), action: "drop" } as const;
    const all = [...(sendAlerts || unsent.length === 0 ? [] : [leftOut]), ...(rules ?? [])];
    const writeRelabelConfigs = rules === undefined && all.length === 0 ? undefined : all;
    const sent = { url, protobufMessage, writeRelabelConfigs, sendExemplars, sendNativeHistograms, roundRobinDns };
    const [http, aws] = [httpClient(withoutName(client), owner), sigv4 && sigv4Of(sigv4, owner)];
    const [azure, google] = [azuread && azureadOf(azuread, owner), googleIam && googleIamOf(googleIam, owner)];
    return {
        config: defined({
            ...snakeCase(sent),
            ...http.config,
            ...azure?.config,
            ...{ name: remoteName(declared), headers, sigv4: aws?.config, google_iam: google?.config },
            ...snakeCase(durations({ remoteTimeout })),
            queue_config: queueConfig && queueOf(queueConfig),
            metadata_config: metadataConfig && metadataOf(metadataConfig),
        }),
        secrets: { ...http.secrets, ...azure?.secrets, ...google?.secrets },
        profiles: aws?.profiles ?? {},
    };
}

function remoteReadOf(declared: RemoteRead, owner: string) {
    const { remoteTimeout, requiredMatchers, headers, ...rest } = declared;
    const { url, readRecent, filterExternalLabels, chunkedReadLimit, ...client } = rest;
    const { config, secrets } = httpClient(withoutName(client), owner);
    return {
        config: defined({
            ...snakeCase({ url, readRecent, filterExternalLabels, chunkedReadLimit }),
            ...config,
            ...{ name: remoteName(declared), headers, required_matchers: requiredMatchers },
            ...snakeCase(durations({ remoteTimeout })),
        }),
        secrets,
    };
}

const withoutName = <Client extends object>({ name, ...client }: Client & { readonly name?: unknown }) => client;

function queueOf({ retryOnHttp429, ...queue }: NonNullable<RemoteWrite["queueConfig"]>) {
    const { batchSendDeadline, minBackoff, maxBackoff, sampleAgeLimit, ...same } = queue;
    const times = durations({ batchSendDeadline, minBackoff, maxBackoff, sampleAgeLimit });
    return defined({ ...snakeCase({ ...same, ...times }), retry_on_http_429: retryOnHttp429 });
}

const metadataOf = ({ sendInterval, ...same }: NonNullable<RemoteWrite["metadataConfig"]>) =>
    snakeCase({ ...same, ...durations({ sendInterval }) });

const durations = (times: Readonly<Record<string, number | undefined>>) =>
    Object.fromEntries(
        Object.entries(times).flatMap(([key, time]) => (time === undefined ? [] : [[key, formatDuration(time)]])),
    );
