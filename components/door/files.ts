import type { Files } from "../../config/render/files";
import { Secret } from "../../config/schema/secret";
import { limits } from "../caddy";
import type { Site } from "../part";
import { adminAddress, configFile, containerPort, secretsFolder } from "./container";
import { askAt, login } from "./login";
import { routes } from "./routes";
import type { DoorSettings } from "./settings";

/**
 * Caddy's configuration, in its own form: what is live can be compared with it as it stands.
 * Source: https://caddyserver.com/docs/json/
 */

type Declared = Required<Pick<DoorSettings, "name" | "users" | "senders" | "tls">> & Pick<DoorSettings, "forwardAuth">;

/** The base of every address, e.g. "https://metrics.example.com:8443". */
export const doorUrl = ({ name, port }: { readonly name: string; readonly port: number }) =>
    new URL(`https://${name}:${port}`).origin;

const passwordFile = (kind: "user" | "sender") => (name: string) => `${kind}-${name}`;
const [userFile, senderFile] = [passwordFile("user"), passwordFile("sender")];
const [certFile, keyFile] = ["tls-cert.pem", "tls-key.pem"];

export const renderDoor = (settings: Declared, sites: readonly Site[]): Files => ({
    [configFile]: `${JSON.stringify(config(settings, sites), undefined, 4)}\n`,
});

/** The files that are delivered apart, and that nobody but Caddy can read. */
export const doorSecrets = ({
    users,
    senders,
    tls,
}: Pick<Declared, "users" | "senders" | "tls">): Readonly<Record<string, Secret>> => ({
    ...Object.fromEntries(Object.entries(users).map(([user, hash]) => [userFile(user), hash])),
    ...Object.fromEntries(Object.entries(senders).map(([sender, hash]) => [senderFile(sender), hash])),
    // Both, so that one replaces the other at the same moment.
    ...(tls.cert !== undefined && tls.key && { [certFile]: new Secret(tls.cert), [keyFile]: tls.key }),
});

const config = ({ name, users, senders, forwardAuth, tls }: Declared, sites: readonly Site[]) => ({
    admin: { listen: adminAddress, config: { persist: false } },
    apps: {
        http: {
            https_port: containerPort,
            servers: {
                door: {
                    listen: [`:${containerPort}`],
                    // Nothing but TCP is published, and HTTP/3 is UDP.
                    protocols: ["h1", "h2"],
                    // Whoever asks for one name in TLS and for another in HTTP is refused.
                    strict_sni_host: true,
                    ...limits,
                    ...(tls.cert === undefined
                        ? { automatic_https: { disable_redirects: true } }
                        : { automatic_https: { disable: true }, tls_connection_policies: [{}] }),
                    logs: {},
                    routes: routes({
                        ...{ name, sites, isTrusted: isTrusted(tls) },
                        login: forwardAuth === undefined ? login(accounts(users, userFile)) : askAt(forwardAuth),
                        ...(Object.keys(senders).length > 0 && { ofSenders: login(accounts(senders, senderFile)) }),
                    }),
                },
            },
        },
        ...certificate(name, tls),
    },
});

/** The hash stays in its file: what is live can be read without it. */
const accounts = (names: object, fileOf: (name: string) => string) =>
    Object.keys(names).map((username) => ({ username, password: `{file.${secretsFolder}/${fileOf(username)}}` }));

/** A browser that is told to insist on a certificate has to be able to check it. */
const isTrusted = ({ issuer, cert }: DoorSettings["tls"]) => cert !== undefined || issuer === "acme";

function certificate(name: string, { issuer, email, cert }: DoorSettings["tls"]): object {
    if (cert !== undefined) {
        const pair = { certificate: `${secretsFolder}/${certFile}`, key: `${secretsFolder}/${keyFile}` };
        return { tls: { certificates: { load_files: [pair] } } };
    }
    // Without the name Caddy would choose the issuer by what it takes the name for.
    const issuedBy = (by: object) => ({ tls: { automation: { policies: [{ subjects: [name], issuers: [by] }] } } });
    return issuer === "internal"
        ? { ...issuedBy({ module: "internal" }), pki: { certificate_authorities: { local: { install_trust: false } } } }
        : // The other challenge comes by HTTP, on a port that is not published.
          issuedBy({ module: "acme", ...(email !== undefined && { email }), challenges: { http: { disabled: true } } });
}
