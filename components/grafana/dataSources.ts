import { z } from "zod";
import { dataSourceUid } from "../../config/render/dashboards";
import type { Access } from "../../config/render/web";
import { hostMistake, loopbackMistake } from "../../config/schema/hosts";
import type { Lenient } from "../../config/schema/lenient";
import type { Problem } from "../../config/schema/problems";
import { show } from "../../config/schema/problems";
import { Secret } from "../../config/schema/secret";
import { dictionary, listOf, object, secretText, text, toggle, webUrl } from "../../config/schema/values";

/**
 * Data sources beside the stack's own Prometheus, as Grafana's provisioning files have them.
 * Source: https://grafana.com/docs/grafana/latest/administration/provisioning/#data-sources
 */

/** What the stack's own one is called, by people and by dashboards. */
export const ownName = "Prometheus";
const itself = { name: ownName, uid: dataSourceUid };

const anyKey = z.string().regex(/^[a-zA-Z][\w.-]*$/, { error: "is no key of Grafana's; write it as there" });

const aSecret = "is no secret text; write one";

const url = webUrl('one, such as "http://loki:3100"');

/** How Grafana asks one. */
const asking = {
    basicAuth: toggle.optional().meta({ description: "Ask with a user and a password.", derived: "`false`" }),
    basicAuthUser: text(/^[^\p{Cc}]+$/u, "a user's name", "one")
        .optional()
        .describe("That user."),
    withCredentials: toggle.optional().meta({ description: "Send the browser's cookies.", derived: "`false`" }),
    jsonData: dictionary(anyKey, z.unknown(), "keys with values, such as {maxLines: 1000}")
        .optional()
        .describe("What else its plugin takes."),
    secureJsonData: dictionary(
        anyKey,
        // Grafana replaces `$NAME` in what the file holds, too: pkg/services/provisioning/values/values.go
        secretText(aSecret)
            .refine((value) => value.satisfies((secret) => secret !== "" && secret === secret.trim()), {
                error: aSecret,
            })
            .refine((value) => value.satisfies((secret) => !secret.includes("$")), {
                error: "has a $, which Grafana takes for the name of a variable; take another secret",
            }),
        "keys with secrets, such as {basicAuthPassword: ...}",
    )
        .optional()
        .describe("What of it is secret, such as `basicAuthPassword`; delivered as files."),
};

const dataSource = object({
    name: text(/^\S(.*\S)?$/, "a name", 'text on one line, such as "Loki"').describe("What people call it."),
    type: text(/^[a-z\d][\w-]*$/, "a kind of data source", 'the id of its plugin, such as "loki"').describe(
        "The id of its plugin: `loki`, `tempo`, `prometheus`, `postgres`.",
    ),
    uid: text(/^[\w-]{1,40}$/, "a uid", "one of up to 40 letters, digits, - and _")
        .optional()
        .meta({ description: "What dashboards call it.", derived: "from the name" }),
    url: url.optional().describe("Where Grafana's container finds it."),
    user: text(/^[^\p{Cc}]+$/u, "a user's name", "one")
        .optional()
        .describe("The user, of a database for instance."),
    database: text(/^[^\p{Cc}]+$/u, "a name", "one")
        .optional()
        .describe("The database."),
    ...asking,
}).meta({ id: "dataSource" });

export const dataSourcesSchema = listOf(
    dataSource,
    'a list, such as [{name: "Loki", type: "loki", url: "http://loki:3100"}]',
)
    .default([])
    .describe("Data sources beside the stack's own Prometheus.");

export type DataSource = z.output<typeof dataSource>;

export const dashboardSourceSchema = object({
    url: url.describe(
        "What the stack's dashboards ask in place of its Prometheus or Thanos, such as a Mimir, Cortex or VictoriaMetrics: where Grafana's " +
            "container finds it, with the path below which it has Prometheus' API.",
    ),
    ...asking,
})
    .optional()
    .describe("What the stack's dashboards ask in place of its Prometheus or Thanos.");

/** It has the name and the uid of the stack's own: the dashboards stay as they are. */
export const inPlaceOfOwn = (source: NonNullable<z.output<typeof dashboardSourceSchema>>): DataSource => ({
    ...source,
    ...itself,
    type: "prometheus",
});

/** What dashboards call it. */
export const uidOf = ({ uid, name }: { readonly uid?: string | undefined; readonly name: string }) =>
    uid ??
    name
        .toLowerCase()
        .replace(/[^a-z\d]+/g, "-")
        .slice(0, 40);

/** What does not go together of several, and with the stack's own. */
export function dataSourceMistakes(declared: Lenient<DataSource[]>): Problem[] {
    const names = new Set([ownName.toLowerCase()]);
    const uids = new Set<string>([dataSourceUid]);
    return declared.flatMap((source, i) => {
        const { name, url } = source ?? {};
        if (name === undefined) {
            return [];
        }
        const uid = uidOf({ ...source, name });
        const problems: Problem[] = [
            ...(names.has(name.toLowerCase()) ? [{ path: ["name"], message: taken(name) }] : []),
            ...(uids.has(uid) ? [{ path: ["uid"], message: taken(uid) }] : []),
            ...addressMistakes(url),
        ];
        names.add(name.toLowerCase());
        uids.add(uid);
        return problems.map(({ path, message }) => ({ path: ["dataSources", i, ...path], message }));
    });
}

const taken = (word: string) => `${show(word)} is taken; write another one`;

/** What is wrong with where Grafana is to ask. */
export function addressMistakes(url: string | undefined): Problem[] {
    if (url === undefined) {
        return [];
    }
    const { hostname, port, username } = new URL(url);
    const mistake =
        username === ""
            ? (hostMistake(hostname) ?? loopbackMistake({ host: hostname, port: port && `:${port}` }, "Grafana's"))
            : "has a login in it; write basicAuth: true, basicAuthUser, and basicAuthPassword in secureJsonData";
    return mistake === undefined ? [] : [{ path: ["url"], message: `${show(url)} ${mistake}` }];
}

const secretName = (source: Pick<DataSource, "uid" | "name">, key: string) => `datasource.${uidOf(source)}.${key}`;

export const dataSourceSecrets = (declared: readonly DataSource[]): Readonly<Record<string, Secret>> =>
    Object.fromEntries(
        declared.flatMap((source) =>
            Object.entries(source.secureJsonData ?? {}).map(
                ([key, secret]) => [secretName(source, key), secret] as const,
            ),
        ),
    );

/** @param secretPath where Grafana reads a secret file */
export function renderDataSource(source: DataSource, secretPath: (file: string) => string): object {
    const { name, type, jsonData, secureJsonData, ...rest } = source;
    const secrets = Object.keys(secureJsonData ?? {}).map((key) => [
        key,
        `$__file{${secretPath(secretName(source, key))}}`,
    ]);
    return {
        ...literal({ name, type, ...rest }),
        ...{ uid: uidOf(source), access: "proxy", isDefault: false, editable: false },
        ...(jsonData && { jsonData: literal(jsonData) }),
        ...(secrets.length > 0 && { secureJsonData: Object.fromEntries(secrets) }),
    };
}

/** What the stack's own Prometheus is asked with, where it has a certificate or users of its own. */
const accessKeys = ({ basicAuth, tlsConfig: tls }: Partial<Access>): Readonly<Record<string, Secret>> => ({
    ...(tls && { tlsCACert: new Secret(tls.ca) }),
    ...(tls?.cert !== undefined && tls.key && { tlsClientCert: new Secret(tls.cert), tlsClientKey: tls.key }),
    ...(basicAuth && { basicAuthPassword: basicAuth.password }),
});

/** Certificates too, though they are no secret: another file of them is another data source. */
export const accessSecrets = (access: Partial<Access> = {}): Readonly<Record<string, Secret>> =>
    Object.fromEntries(Object.entries(accessKeys(access)).map(([key, secret]) => [secretName(itself, key), secret]));

/** Source: https://grafana.com/docs/grafana/latest/administration/provisioning/#json-data */
export function renderAccess(access: Partial<Access> = {}, secretPath: (file: string) => string) {
    const { basicAuth, tlsConfig: tls } = access;
    const keys = Object.keys(accessKeys(access));
    const secure = Object.fromEntries(keys.map((key) => [key, `$__file{${secretPath(secretName(itself, key))}}`]));
    return {
        jsonData: {
            ...(tls && { tlsAuthWithCACert: true, serverName: tls.serverName }),
            ...(tls?.cert !== undefined && { tlsAuth: true }),
        },
        beside: {
            ...(basicAuth && { basicAuth: true, basicAuthUser: basicAuth.username }),
            ...(keys.length > 0 && { secureJsonData: secure }),
        },
    };
}

/** Grafana expands `$VARIABLE` in provisioning files, and reads `$$` as `$`. */
export function literal<Value>(value: Value): Value {
    const inside = (each: unknown): unknown =>
        typeof each === "string"
            ? each.replaceAll("$", "$$$$")
            : Array.isArray(each)
              ? each.map(inside)
              : typeof each === "object" && each !== null
                ? Object.fromEntries(Object.entries(each).map(([key, one]) => [key, inside(one)]))
                : each;
    return inside(value) as Value;
}
