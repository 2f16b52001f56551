import { z } from "zod";
import type { Files } from "../../config/render/files";
import type { Problem } from "../../config/schema/problems";
import { Secret, encrypted } from "../../config/schema/secret";
import { dictionary } from "../../config/schema/values";

/**
 * Grafana's own configuration, as it is declared and as a file. A file knows every key; variables only those of the defaults.
 * Source: https://grafana.com/docs/grafana/latest/setup-grafana/configure-grafana/
 */

/** What may be written for a key; what only Pulumi can read is right where a secret belongs. */
type Value = string | number | boolean | Secret;
export type Settings = Readonly<Record<string, Readonly<Record<string, Value>>>>;

const word = z.string().regex(/^[a-zA-Z][\w.-]*$/, {
    error: "is no name of Grafana's configuration; write it as there, such as smtp or auth.generic_oauth",
});

/** Text of such a key is a secret. */
const isSecretName = (key: string) => /(^|_)(password|secret|token|key|connection_string)$/.test(key);

const value = z.custom<string | number | boolean | typeof encrypted>(
    (given) =>
        (typeof given === "string" && !/\p{Cc}|"""/u.test(given)) ||
        ["number", "boolean"].includes(typeof given) ||
        given === encrypted,
    { error: "is no text on one line, number, true or false; write one of these" },
);

export const settingsSchema = dictionary(
    word,
    dictionary(word, value, "keys with values, such as {enabled: true}").transform((keys, context) =>
        Object.fromEntries(
            Object.entries(keys).map(([key, given]): [string, Value] => {
                if (isSecretName(key) && (typeof given === "string" || given === encrypted)) {
                    return [key, new Secret(given === encrypted ? undefined : given)];
                }
                if (given === encrypted) {
                    const message = "is encrypted, and Grafana shows it to whoever may look; write it readable";
                    context.addIssue({ code: "custom", path: [key], message });
                    return [key, ""];
                }
                return [key, given];
            }),
        ),
    ),
    "sections with keys, such as {smtp: {enabled: true}}",
);

const login = "deliveries sign in as admin, with a password; leave it out";
const data = "its database is in a volume of the stack, which backups copy; leave it out";
const log = "what Grafana says of a failure is read from its log; leave it out";

/** The sections and keys that this project sets, or that something here depends on: what to write instead. */
const owned: Readonly<Record<string, string>> = {
    paths: "its folders are volumes of the stack; leave it out",
    database: data,
    "server.protocol": "health checks and deliveries ask by HTTP; put a proxy in front",
    "server.http_addr": "write bindAddress",
    "server.http_port": "write port",
    "server.domain": "write externalUrl",
    "server.enforce_domain": "health checks and deliveries ask by its address; leave it out",
    "server.root_url": "write externalUrl",
    "server.serve_from_sub_path": "a proxy takes the path away; write externalUrl, with its path",
    "security.admin_user": login,
    "security.admin_password": "write adminPassword",
    "security.disable_initial_admin_creation": login,
    "security.secret_key": "it is made with the database, and lies beside it; leave it out",
    "auth.basic.enabled": login,
    "plugins.preinstall": "write plugins",
    "plugins.preinstall_sync": "write plugins",
    "plugins.preinstall_disabled": "write plugins",
    "log.mode": log,
    "log.console.format": log,
};

/** @param settings also where single keys were refused */
export function ownedSettings(settings: Readonly<Record<string, unknown>>): Problem[] {
    return Object.entries(settings).flatMap(([section, keys]) =>
        Object.keys(keys ?? {}).flatMap((key) => {
            const advice = owned[`${section}.${key}`] ?? owned[section];
            return advice === undefined
                ? []
                : [{ path: ["settings", section, key], message: `is not for this stack: ${advice}` }];
        }),
    );
}

/** The file in a release. */
export const iniFile = "grafana.ini";

const secretName = (section: string, key: string) => `setting.${section}.${key}`;

/** @param secretPath where Grafana reads a secret file */
export function renderIni(settings: Settings, secretPath: (file: string) => string): Files {
    const sections = Object.entries(settings).map(([section, keys]) => {
        const lines = Object.entries(keys).map(([key, given]) => {
            const file = `$__file{${secretPath(secretName(section, key))}}`;
            return `${key} = ${given instanceof Secret ? file : quoted(String(given))}`;
        });
        return [`[${section}]`, ...lines.sort(), ""].join("\n");
    });
    return sections.length === 0 ? {} : { [iniFile]: sections.sort().join("\n") };
}

/** Without quotes a comment begins at these. Source: the same page, "Config file locations" */
const quoted = (text: string) => (/^\s|\s$|[#;`"']/.test(text) ? `"""${text}"""` : text);

export const iniSecrets = (settings: Settings): Readonly<Record<string, Secret>> =>
    Object.fromEntries(
        Object.entries(settings).flatMap(([section, keys]) =>
            Object.entries(keys).flatMap(([key, given]) =>
                given instanceof Secret ? [[secretName(section, key), given] as const] : [],
            ),
        ),
    );

/** The variable that says the same, e.g. "GF_AUTH_GENERIC_OAUTH_CLIENT_ID". It would win. */
export const variableOf = (section: string, key: string) =>
    `GF_${`${section}_${key}`.replace(/[.-]/g, "_").toUpperCase()}`;
