import { createHash } from "node:crypto";
import { encodeBase64, hashSync } from "bcryptjs";
import { Secret } from "../schema/secret";
import { serverNameOf } from "../schema/tls";
import type { Web } from "../schema/web";
import { stackUser } from "../schema/web";
import type { SecretFiles } from "./httpClient";
import { defined, snakeCase } from "./words";
import { toYaml } from "./yaml";

/** What the program reads at every request and handshake: another user or certificate needs no restart. */
export const webFile = "@web.yml";

/**
 * How the stack asks it from inside of its container, as promtool's `--http.config.file` has it. There is nobody else to be taken
 * for it, so that not even a certificate that has ended keeps its successor out.
 */
export const askingFile = "@web.asking.yml";

/**
 * Both files, each a secret as a whole: the hashes of passwords stand in the first, and nowhere else.
 * Source: https://prometheus.io/docs/prometheus/latest/configuration/https/
 * @param stack the stack's name, for the salt of its own hash
 */
export function webFiles(web: Web, stack: string): SecretFiles {
    const { tlsServerConfig: tls, httpServerConfig: http, basicAuthUsers: users, itself = {} } = web;
    const { cert, key, ...sameTls } = tls ?? {};
    const needed = [key, itself.password, itself.key, ...Object.values(users ?? {})];
    const isReadable = needed.every((each) => each?.isReadable !== false);
    const file = (content: () => object) => (isReadable ? new Secret(toYaml(content())) : new Secret());
    const hashes = () => ({ ...revealed(users), [stackUser]: hashed(itself.password?.reveal() ?? "", stack) });
    return {
        [webFile]: file(() =>
            defined({
                tls_server_config: tls && {
                    ...snakeCase(sameTls),
                    ...{ cert, key: key?.reveal() },
                    ...(tls.clientCa !== undefined && { client_auth_type: "RequireAndVerifyClientCert" }),
                },
                // Headers have their own spelling.
                http_server_config:
                    http && defined({ http2: http.http2, headers: http.headers && defined(http.headers) }),
                basic_auth_users: users && hashes(),
            }),
        ),
        [askingFile]: file(() =>
            defined({
                basic_auth: users && { username: stackUser, password: itself.password?.reveal() },
                tls_config:
                    tls && defined({ insecure_skip_verify: true, cert: itself.cert, key: itself.key?.reveal() }),
            }),
        ),
    };
}

const revealed = (secrets: Readonly<Record<string, Secret>> = {}) =>
    Object.fromEntries(Object.entries(secrets).map(([name, secret]) => [name, secret.reveal()]));

/** The same for the same: it is no difference. The salt is the stack's, and tells nothing of the password. */
function hashed(password: string, stack: string): string {
    const salt = createHash("sha256").update(`metrics-stack ${stack}`).digest().subarray(0, 16);
    return hashSync(password, `$2b$10$${encodeBase64(salt, salt.length)}`);
}

/** How somebody asks who is not in its container. */
export interface Access {
    readonly scheme: "http" | "https";
    /** Who asks trusts this certificate and no authority, and asks for a name that it has. */
    readonly tlsConfig?: {
        readonly ca: string;
        readonly serverName: string;
        readonly cert?: string | undefined;
        readonly key?: Secret | undefined;
    };
    readonly basicAuth?: { readonly username: string; readonly password: Secret };
}

export function accessTo(web: Web | undefined): Access {
    const { tlsServerConfig: tls, basicAuthUsers: users, itself } = web ?? {};
    return {
        scheme: tls ? "https" : "http",
        ...(tls && {
            tlsConfig: {
                ...{ ca: tls.cert, serverName: serverNameOf(tls.cert) ?? "" },
                ...(itself?.cert !== undefined && { cert: itself.cert, key: itself.key }),
            },
        }),
        ...(users && itself?.password && { basicAuth: { username: stackUser, password: itself.password } }),
    };
}
