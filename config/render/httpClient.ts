import type { HttpClient } from "../schema/httpClient";
import type { OAuth2 } from "../schema/oauth2";
import { Secret } from "../schema/secret";
import { secretPath } from "./paths";
import { defined, snakeCase } from "./words";

/** The secret values by the names of their files. */
export type SecretFiles = Readonly<Record<string, Secret>>;

/** A piece of the configuration in Prometheus' own words, and the files that it names in place of secrets. */
export interface WithSecrets {
    readonly config: Readonly<Record<string, unknown>>;
    readonly secrets: SecretFiles;
}

/** Where the program finds a secret file. */
export type PlaceOf = (file: string) => string;

/**
 * How somebody is asked over HTTP.
 * @param owner what the names of its secret files begin with, e.g. the job's name
 */
export function httpClient(client: HttpClient, owner: string, placeOf: PlaceOf = secretPath): WithSecrets {
    const { basicAuth, authorization, oauth2, tlsConfig, httpHeaders, ...same } = client;
    const tls = tlsConfig && tlsOf(tlsConfig, owner, placeOf);
    const token = oauth2 && oauth2Of(oauth2, `${owner}@oauth2`, placeOf);
    const headers = httpHeaders && headersOf(httpHeaders, owner, placeOf);
    return {
        config: defined({
            ...snakeCase(same),
            basic_auth: basicAuth && {
                username: basicAuth.username,
                password_file: placeOf(`${owner}.password`),
            },
            authorization: authorization && {
                type: authorization.type,
                credentials_file: placeOf(`${owner}.credentials`),
            },
            oauth2: token?.config,
            tls_config: tls?.config,
            http_headers: headers?.config,
        }),
        secrets: {
            ...(basicAuth && { [`${owner}.password`]: basicAuth.password }),
            ...(authorization && { [`${owner}.credentials`]: authorization.credentials }),
            ...tls?.secrets,
            ...token?.secrets,
            ...headers?.secrets,
        },
    };
}

/** No secret, but promtool accepts a key file only beside a certificate file. */
const publicFile = (text: string) => new Secret(text);

export function tlsOf(
    { key, cert, ...same }: NonNullable<HttpClient["tlsConfig"]>,
    owner: string,
    placeOf: PlaceOf = secretPath,
): WithSecrets {
    return {
        config: defined({
            ...snakeCase(same),
            key_file: key && placeOf(`${owner}.key`),
            cert_file: cert && placeOf(`${owner}.cert`),
        }),
        secrets: {
            ...(key && { [`${owner}.key`]: key }),
            ...(cert !== undefined && { [`${owner}.cert`]: publicFile(cert) }),
        },
    };
}

function oauth2Of(oauth2: OAuth2, owner: string, placeOf: PlaceOf): WithSecrets {
    const { clientSecret, clientCertificateKey, tlsConfig, endpointParams, claims, ...same } = oauth2;
    const tls = tlsConfig && tlsOf(tlsConfig, owner, placeOf);
    const files = { client_secret: clientSecret, client_certificate_key: clientCertificateKey };
    const secrets = Object.entries(files).flatMap(([key, secret]) =>
        secret ? [{ key, file: `${owner}.${key}`, secret }] : [],
    );
    return {
        config: {
            ...snakeCase(same),
            // Their names are the server's.
            ...defined({ endpoint_params: endpointParams, claims, tls_config: tls?.config }),
            ...Object.fromEntries(secrets.map(({ key, file }) => [`${key}_file`, placeOf(file)])),
        },
        secrets: { ...Object.fromEntries(secrets.map(({ file, secret }) => [file, secret])), ...tls?.secrets },
    };
}

function headersOf(headers: NonNullable<HttpClient["httpHeaders"]>, owner: string, placeOf: PlaceOf): WithSecrets {
    const sorted = Object.entries(headers).sort(([a], [b]) => (a < b ? -1 : 1));
    const named = sorted.map(([name, { values, secrets = [] }], h) => {
        const files = secrets.map((secret, s) => [`${owner}@header${h}.${s}`, secret] as const);
        const paths = files.length > 0 ? files.map(([file]) => placeOf(file)) : undefined;
        return { name, config: defined({ values, files: paths }), files };
    });
    return {
        config: Object.fromEntries(named.map(({ name, config }) => [name, config])),
        secrets: Object.fromEntries(named.flatMap(({ files }) => files)),
    };
}
