import type { SecretFiles } from "../../config/render/httpClient";
import { defined } from "../../config/render/words";
import { Secret } from "../../config/schema/secret";
import type { Site } from "../part";
import { secretPath } from "./container";
import type { CollectorExporter } from "./settings";

/** Who the collector sends to. */
export type Receiver = Omit<CollectorExporter, "name" | "tlsConfig"> & {
    readonly name: string;
    readonly tlsConfig?: Partial<NonNullable<CollectorExporter["tlsConfig"]>> | undefined;
};

/** Where Prometheus takes what is pushed. Source: https://prometheus.io/docs/prometheus/latest/querying/api/#otlp-receiver */
const otlp = "/api/v1/otlp";

/** The stack's Prometheus first, where it takes what is pushed. */
export const receiversOf = (exporters: readonly CollectorExporter[], sites: readonly Site[]): Receiver[] => [
    ...sites
        .filter(({ withoutLogin }) => withoutLogin?.pushed?.includes(`${otlp}/v1/metrics`))
        .map(({ address, access }): Receiver => {
            const { scheme, basicAuth, tlsConfig } = access ?? { scheme: "http" };
            return { name: "prometheus", endpoint: `${scheme}://${address}${otlp}`, basicAuth, tlsConfig };
        }),
    ...exporters,
];

/** The collector's name of one, by which it names its metrics and the file with what waits. */
export const exporterId = ({ name }: Pick<Receiver, "name">) => `otlp_http/${name}`;

/** The secret values, by their files: each begins with the receiver's name. */
export const receiverSecrets = (receivers: readonly Receiver[]): SecretFiles =>
    Object.assign({}, ...receivers.map(secretsOf)) as SecretFiles;

const secretsOf = ({ name, basicAuth, authorization, tlsConfig: { cert, key } = {} }: Receiver): SecretFiles => ({
    ...(basicAuth && { [`${name}.login`]: encoded(basicAuth) }),
    ...(authorization && { [`${name}.login`]: authorization.credentials }),
    ...(cert !== undefined && key && { [`${name}.cert`]: new Secret(cert), [`${name}.key`]: key }),
});

/** Source: https://www.rfc-editor.org/rfc/rfc7617#section-2 */
const encoded = ({ username, password }: { readonly username: string; readonly password: Secret }) =>
    password.isReadable ? new Secret(Buffer.from(`${username}:${password.reveal()}`).toString("base64")) : new Secret();

/**
 * The extension that adds a receiver's header Authorization: it reads what follows the scheme from a file, before anything is sent.
 * Source: https://github.com/open-telemetry/opentelemetry-collector-contrib/tree/main/extension/bearertokenauthextension
 */
export const loginOf = ({ name, basicAuth, authorization }: Receiver): Record<string, object> =>
    basicAuth || authorization
        ? {
              [`bearertokenauth/${name}`]: {
                  scheme: authorization?.type ?? "Basic",
                  filename: secretPath(`${name}.login`),
                  ...{ wait_for_token_file: true, retry_on_failure: { enabled: true, interval: "1s" } },
              },
          }
        : {};

/** How it is asked. Source: https://github.com/open-telemetry/opentelemetry-collector/tree/main/config/confighttp */
export function clientOf(receiver: Receiver): object {
    const { name, endpoint, headers, tlsConfig: tls } = receiver;
    const [authenticator] = Object.keys(loginOf(receiver));
    return defined({
        endpoint,
        headers,
        auth: authenticator && { authenticator },
        tls:
            tls &&
            defined({
                ca_pem: tls.ca,
                ...(tls.cert !== undefined && {
                    cert_file: secretPath(`${name}.cert`),
                    key_file: secretPath(`${name}.key`),
                }),
                server_name_override: tls.serverName,
                insecure_skip_verify: tls.insecureSkipVerify,
                min_version: version(tls.minVersion),
                max_version: version(tls.maxVersion),
            }),
    });
}

/** "1.2" of "TLS12". */
const version = (name: string | undefined) => name?.replace(/^TLS(\d)(\d)$/, "$1.$2");
