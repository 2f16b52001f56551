import { defined } from "../../config/render/words";
import type { Access } from "../../config/render/web";
import { toYaml } from "../../config/render/yaml";
import { Secret } from "../../config/schema/secret";
import { secretPath } from "./container";

/** The file with how the sidecar asks Prometheus: a secret as a whole. */
export const accessFile = "prometheus.yml";

/**
 * How the sidecar asks Prometheus, with certificates and a login of its own where Prometheus has them.
 * Source: https://thanos.io/tip/components/sidecar.md/#reverse-proxy (`--prometheus.http-client`)
 */
export function accessFiles({ basicAuth, tlsConfig: tls }: Access): Readonly<Record<string, Secret>> {
    const texts = Object.entries({
        ca: tls && new Secret(tls.ca),
        cert: tls?.cert === undefined ? undefined : new Secret(tls.cert),
        key: tls?.key,
    }).flatMap(([name, secret]) => (secret === undefined ? [] : [[name, `prometheus.${name}.pem`, secret] as const]));
    const content = () =>
        toYaml({
            ...(basicAuth && {
                basic_auth: { username: basicAuth.username, password: basicAuth.password.reveal() },
            }),
            ...(tls && {
                tls_config: defined({
                    ...Object.fromEntries(texts.map(([name, file]) => [`${name}_file`, secretPath(file)])),
                    server_name: tls.serverName,
                }),
            }),
        });
    return {
        [accessFile]: basicAuth?.password.isReadable === false ? new Secret() : new Secret(content()),
        ...Object.fromEntries(texts.map(([, file, secret]) => [file, secret])),
    };
}
