import { createHash } from "node:crypto";
import type { PlaceOf, WithSecrets } from "../../config/render/httpClient";
import { httpClient, tlsOf } from "../../config/render/httpClient";
import { defined, snakeCase, snakeCaseWord } from "../../config/render/words";
import type { HttpClient } from "../../config/schema/httpClient";
import { Secret } from "../../config/schema/secret";
import type { KindName, Receiver } from "./receivers";
import { kindNames } from "./receivers";
import type { AlertmanagerSettings } from "./settings";

/** Receivers in Alertmanager's own words, and the files that they name in place of secrets. */

type Smtp = AlertmanagerSettings["smtp"];

/** An entry of a receiver, of whatever kind. */
type Entry = Readonly<Record<string, unknown>> & {
    readonly httpConfig?: HttpClient;
    readonly tlsConfig?: HttpClient["tlsConfig"];
};

/** Keys of Alertmanager's that are called otherwise here. */
const renamed: Partial<Record<KindName, Readonly<Record<string, string>>>> = { slack: { webhookUrl: "apiUrl" } };

/** Keys with names that are somebody else's. */
const verbatim = new Set(["attributes", "customFields", "details", "fields", "headers", "payload"]);

/** What the names of secret files end in, where it is shorter than the key. */
const ends: Readonly<Record<string, string>> = { authPassword: "password", routingKey: "key", webhookUrl: "url" };

/** @param smtp what all e-mail has in common */
export function messagesOf(receiver: Receiver, smtp: Smtp, placeOf: PlaceOf): WithSecrets {
    const lists = kindNames.flatMap((kind) => {
        const given = receiver[kind];
        const all = given === undefined ? [] : [given].flat();
        const entries = all.map((entry, i) => {
            const owner = `${fileName(receiver.name)}.${kind}${i === 0 ? "" : i + 1}`;
            return entryOf(
                kind,
                kind === "email" ? withServer(entry as Entry, smtp) : (entry as Entry),
                owner,
                placeOf,
            );
        });
        return entries.length === 0 ? [] : [{ key: `${kind}_configs`, entries }];
    });
    return {
        config: defined({
            name: receiver.name,
            labels: receiver.labels,
            ...Object.fromEntries(lists.map(({ key, entries }) => [key, entries.map(({ config }) => config)])),
        }),
        secrets: Object.fromEntries(
            lists.flatMap(({ entries }) => entries.flatMap(({ secrets }) => Object.entries(secrets))),
        ),
    };
}

function entryOf(
    kind: KindName,
    { httpConfig, tlsConfig, ...rest }: Entry,
    owner: string,
    placeOf: PlaceOf,
): WithSecrets {
    const http = httpConfig && httpClient(httpConfig, owner, placeOf);
    const tls = tlsConfig && tlsOf(tlsConfig, owner, placeOf);
    const secrets: Record<string, Secret> = {};
    const config: Record<string, unknown> = {};
    for (const [key, value] of Object.entries(rest)) {
        const theirs = renamed[kind]?.[key] ?? key;
        if (value instanceof Secret) {
            const file = `${owner}-${ends[key] ?? snakeCaseWord(key).replaceAll("_", "-")}`;
            secrets[file] = value;
            config[`${snakeCaseWord(theirs)}_file`] = placeOf(file);
        } else if (value !== undefined) {
            config[snakeCaseWord(theirs)] = verbatim.has(key) ? value : snakeCase({ value }).value;
        }
    }
    return {
        config: withLogin(defined({ ...config, tls_config: tls?.config, http_config: http?.config })),
        secrets: { ...secrets, ...http?.secrets, ...tls?.secrets },
    };
}

/** A webhook's credentials belong to the way in which it is asked. */
function withLogin({ credentials_file, http_config, ...config }: Record<string, unknown>): Record<string, unknown> {
    const login = credentials_file === undefined ? {} : { authorization: { type: "Bearer", credentials_file } };
    const client = { ...(http_config as object | undefined), ...login };
    return { ...config, ...(Object.keys(client).length > 0 && { http_config: client }) };
}

/** What all mails have in common, where the receiver says nothing else. */
function withServer(email: Entry, smtp: Smtp): Entry {
    const { sendResolved, to, from, smarthost, hello, requireTls = true, ...rest }: Entry = { ...smtp, ...email };
    return { sendResolved, to, from, smarthost, hello, requireTls, ...rest };
}

/** A name that a file can have; one that is no file's gets a few letters that tell it from others like it. */
function fileName(receiver: string): string {
    const plain = receiver.replace(/[^\w.-]/g, "_").replace(/^[^\w]/, "_");
    return plain === receiver
        ? receiver
        : `${plain}-${createHash("sha256").update(receiver).digest("hex").slice(0, 8)}`;
}
