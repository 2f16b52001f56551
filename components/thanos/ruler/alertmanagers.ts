import { alertingOf } from "../../../config/render/alerting";
import { defined } from "../../../config/render/words";
import { toYaml } from "../../../config/render/yaml";
import type { Alerting } from "../../../config/schema/alerting";
import type { HttpClient } from "../../../config/schema/httpClient";
import { Secret } from "../../../config/schema/secret";
import { formatDuration } from "../../../config/schema/units";
import type { AlertmanagerGroup } from "../../part";
import { secretPath } from "../container";

/** The file with whom the ruler tells, and that with what becomes of the labels. It reads both when it starts, as its secrets. */
export const alertmanagersFile = "alertmanagers.yml";
export const relabelingFile = "alertRelabeling.yml";

type Files = Readonly<Record<string, Secret>>;

/** Alertmanagers that are asked in the same way. */
interface Group {
    readonly targets: readonly string[];
    readonly scheme?: string | undefined;
    readonly pathPrefix?: string | undefined;
    readonly timeout?: number | undefined;
    readonly client: Pick<HttpClient, "basicAuth" | "authorization" | "tlsConfig" | "proxyUrl">;
}

/** What Thanos knows of how an Alertmanager elsewhere is found and asked. */
export const knownKeys = [
    ...(["staticConfigs", "scheme", "pathPrefix", "timeout"] as const),
    ...(["basicAuth", "authorization", "tlsConfig", "proxyUrl"] as const),
];

/**
 * Whom the ruler sends alerts to: those whom Prometheus sends its own to.
 * Source: https://thanos.io/tip/components/rule.md/#alertmanager
 * @param own the stack's own
 */
export function alertingFiles(own: readonly AlertmanagerGroup[], alerting: Alerting): Files {
    const groups: Group[] = [
        ...own.map(({ targets, access = { scheme: "http" } }) => ({ targets, scheme: access.scheme, client: access })),
        ...alerting.alertmanagers.map(({ staticConfigs, scheme, pathPrefix, timeout, ...client }) => ({
            targets: staticConfigs.flatMap(({ targets }) => targets),
            ...{ scheme, pathPrefix, timeout, client },
        })),
    ];
    const all = groups.map((group, i) => groupOf(group, `alertmanager${i}`));
    const { alert_relabel_configs: relabeling } = alertingOf(alerting).config;
    return {
        [alertmanagersFile]: new Secret(toYaml({ alertmanagers: all.map(({ config }) => config) })),
        ...(relabeling !== undefined && { [relabelingFile]: new Secret(toYaml(relabeling)) }),
        ...Object.assign({}, ...all.map(({ files }) => files)),
    };
}

/** @param owner what the names of its files begin with */
function groupOf({ targets, scheme, pathPrefix, timeout, client }: Group, owner: string) {
    const { basicAuth, authorization, tlsConfig: tls, proxyUrl } = client;
    const texts = {
        password: basicAuth?.password,
        credentials: authorization?.credentials,
        "ca.pem": tls?.ca,
        "cert.pem": tls?.cert,
        "key.pem": tls?.key,
    };
    const place = (file: keyof typeof texts) =>
        texts[file] === undefined ? undefined : secretPath(`${owner}.${file}`);
    return {
        config: defined({
            ...{ static_configs: targets, scheme, path_prefix: pathPrefix },
            timeout: timeout && formatDuration(timeout),
            http_config: defined({
                basic_auth: basicAuth && { username: basicAuth.username, password_file: place("password") },
                bearer_token_file: place("credentials"),
                tls_config:
                    tls &&
                    defined({
                        ...{ ca_file: place("ca.pem"), cert_file: place("cert.pem"), key_file: place("key.pem") },
                        ...{ server_name: tls.serverName, insecure_skip_verify: tls.insecureSkipVerify },
                    }),
                proxy_url: proxyUrl,
            }),
        }),
        files: Object.fromEntries(
            Object.entries(texts).flatMap(([file, text]) =>
                text === undefined ? [] : [[`${owner}.${file}`, typeof text === "string" ? new Secret(text) : text]],
            ),
        ),
    };
}
