import { Secret } from "../../config/schema/secret";
import { firstOf } from "../../config/schema/tls";
import type { Site } from "../part";
import { secretsFolder } from "./container";

/** How the door asks a site that has a certificate and users of its own. Who is behind the door has logged in at the door. */

const fileOf = ({ path }: Site, what: string) => `site${path.replaceAll("/", "-")}.${what}`;

/** What it shows there, in files: what is live can be read without it. */
export const siteSecrets = (sites: readonly Site[]): Readonly<Record<string, Secret>> =>
    Object.assign({}, ...sites.map(secretsOf)) as Readonly<Record<string, Secret>>;

function secretsOf(site: Site): Readonly<Record<string, Secret>> {
    const { basicAuth, tlsConfig: tls } = site.access ?? {};
    return {
        ...(basicAuth && { [fileOf(site, "authorization")]: header(basicAuth) }),
        ...(tls?.cert !== undefined &&
            tls.key && { [fileOf(site, "cert")]: new Secret(tls.cert), [fileOf(site, "key")]: tls.key }),
    };
}

/** Source: https://www.rfc-editor.org/rfc/rfc7617#section-2 */
const header = ({ username, password }: { readonly username: string; readonly password: Secret }) =>
    password.isReadable
        ? new Secret(`Basic ${Buffer.from(`${username}:${password.reveal()}`).toString("base64")}`)
        : new Secret();

/** Source: https://caddyserver.com/docs/json/apps/http/servers/routes/handle/reverse_proxy/transport/http/tls/ */
export function upstream(site: Site): { readonly tls?: object; readonly authorization?: string } {
    const { basicAuth, tlsConfig: tls } = site.access ?? {};
    const place = (what: string) => `${secretsFolder}/${fileOf(site, what)}`;
    return {
        ...(tls && {
            tls: {
                server_name: tls.serverName,
                ca: { provider: "inline", trusted_ca_certs: [firstOf(tls.ca)] },
                ...(tls.cert !== undefined && {
                    client_certificate_file: place("cert"),
                    client_certificate_key_file: place("key"),
                }),
            },
        }),
        ...(basicAuth && { authorization: `{file.${place("authorization")}}` }),
    };
}
