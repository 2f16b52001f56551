import { createHash } from "node:crypto";
import type { Azuread, GoogleIam, Sigv4 } from "../schema/cloudLogins";
import { azureClouds } from "../schema/cloudLogins";
import { Secret } from "../schema/secret";
import type { SecretFiles, WithSecrets } from "./httpClient";
import { secretPath } from "./paths";
import { defined, snakeCase } from "./words";

/** How clouds know Prometheus, in its own words, and the files that are named in place of secrets. */

/** A secret that is read once, while a configuration is loaded: its file has another name when it is another one. */
function readOnce(file: string, secret: Secret): string {
    const checksum = secret.isReadable ? createHash("sha256").update(secret.reveal()).digest("hex").slice(0, 8) : "";
    return `${file}.${checksum}`;
}

/** Keys of AWS by the names of their profiles. */
export type AwsProfiles = Readonly<Record<string, { readonly accessKey: string; readonly secretKey: Secret }>>;

/** Prometheus reads a key of AWS from no file but from that of AWS' own library. */
export function sigv4Of({ accessKey, secretKey, ...same }: Sigv4, owner: string) {
    const profile = accessKey === undefined || secretKey === undefined ? undefined : readOnce(owner, secretKey);
    return {
        config: defined({ ...snakeCase(same), profile }),
        profiles: (profile === undefined ? {} : { [profile]: { accessKey, secretKey } }) as AwsProfiles,
    };
}

/** The file of these keys. */
export const awsCredentials = "aws.credentials";

/** Has AWS' library find its file. Source: https://docs.aws.amazon.com/sdkref/latest/guide/file-location.html */
export const awsEnvironment = `AWS_SHARED_CREDENTIALS_FILE=${secretPath(awsCredentials)}`;

/** The one file with all profiles. Source: https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html */
export function awsFile(profiles: AwsProfiles): SecretFiles {
    const all = Object.entries(profiles);
    const text = () =>
        all.map(([name, { accessKey, secretKey }]) =>
            [`[${name}]`, `aws_access_key_id = ${accessKey}`, `aws_secret_access_key = ${secretKey.reveal()}`, ""].join(
                "\n",
            ),
        );
    const isReadable = all.every(([, { secretKey }]) => secretKey.isReadable);
    return all.length === 0 ? {} : { [awsCredentials]: isReadable ? new Secret(text().join("")) : new Secret() };
}

export function googleIamOf({ credentials }: GoogleIam, owner: string): WithSecrets {
    if (credentials === undefined) {
        return { config: {}, secrets: {} };
    }
    const file = readOnce(`${owner}.google`, credentials);
    return { config: { credentials_file: secretPath(file) }, secrets: { [file]: credentials } };
}

/**
 * Whom a cloud's tokens are from, and what they are for.
 * Source: https://github.com/prometheus/prometheus/blob/v3.13.5/storage/remote/azuread/azuread.go
 */
const azure: Readonly<Record<(typeof azureClouds)[number], { readonly login: string; readonly scope: string }>> = {
    AzurePublic: { login: "https://login.microsoftonline.com", scope: "https://monitor.azure.com//.default" },
    AzureGovernment: { login: "https://login.microsoftonline.us", scope: "https://monitor.azure.us//.default" },
    AzureChina: { login: "https://login.chinacloudapi.cn", scope: "https://monitor.azure.cn//.default" },
};

/**
 * The secret of an application stands in `azuread` itself, and in `oauth2` in a file: the token is the same.
 * Source: https://learn.microsoft.com/en-us/entra/identity-platform/v2-oauth2-client-creds-grant-flow
 */
export function azureadOf({ oauth, certificate, ...same }: Azuread, owner: string): WithSecrets {
    const { cloud = azureClouds[0], scope = azure[cloud].scope } = same;
    if (oauth) {
        const file = `${owner}.client_secret`;
        const { clientId, clientSecret, tenantId } = oauth;
        const token = {
            client_id: clientId,
            client_secret_file: secretPath(file),
            token_url: `${azure[cloud].login}/${tenantId}/oauth2/v2.0/token`,
            scopes: [scope],
        };
        return { config: { oauth2: token }, secrets: { [file]: clientSecret } };
    }
    const files = certificate && {
        certificate_path: new Secret(certificate.certificate),
        certificate_key_path: certificate.certificateKey,
    };
    const named = Object.entries(files ?? {}).map(([key, text]) => ({
        key,
        file: readOnce(`${owner}.${key}`, text),
        text,
    }));
    const { clientId, tenantId, sendCertificateChain } = certificate ?? {};
    const own = certificate && {
        ...snakeCase({ clientId, tenantId, sendCertificateChain }),
        ...Object.fromEntries(named.map(({ key, file }) => [key, secretPath(file)])),
    };
    return {
        config: { azuread: defined({ ...snakeCase(same), certificate: own }) },
        secrets: Object.fromEntries(named.map(({ file, text }) => [file, text])),
    };
}
