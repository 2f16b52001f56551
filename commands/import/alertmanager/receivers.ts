import type { Node, YAMLMap, YAMLSeq } from "yaml";
import { isMap, isNode, isSeq, Pair, Scalar } from "yaml";
import type { Note } from "../notes";
import { note } from "../notes";
import { keyOf, mapsIn, textOf } from "../source";
import { declare, isNothing, rename, shapeOf } from "../words";
import { readdress } from "./addresses";
import { placeholdersIn } from "./placeholders";
import { assumed, kindSchema, receiverSchema, renamed } from "./schema";
import type { Defaults, Turning } from "./turning";

/**
 * Receivers. What `global` says for all of a kind stands with each entry of it.
 * Source: https://prometheus.io/docs/alerting/latest/configuration/#receiver
 */

/** Keys of `global` that are called otherwise in an entry. */
export const inEntry: Readonly<Record<string, string>> = { api_corp_id: "corp_id" };

export const isOfKind = (word: string) => kindSchema(kindIn(word)) !== undefined;
const kindIn = (word: string) => word.replace(/_.*/, "");

/** @param global the map of that name, or what stands in its place */
export function defaultsIn(global: unknown): Defaults {
    const kinds: Record<string, Record<string, Node>> = {};
    for (const { key, value } of isMap(global) ? global.items : []) {
        const word = String(key);
        const [kind, rest] = [kindIn(word), word.replace(/^[^_]*_/, "")];
        if (isOfKind(word) && isNode(value)) {
            (kinds[kind] ??= {})[inEntry[rest] ?? rest] = value;
        }
    }
    const http = isMap(global) ? global.get("http_config", true) : undefined;
    return { kinds, http: isMap(http) ? http : undefined };
}

/** Turns the receivers in place, and puts first the one that hears of everything that no route sends elsewhere. */
export function convertReceivers(list: YAMLSeq, turning: Turning): void {
    mapsIn(list).forEach((receiver) => convertReceiver(receiver, turning));
    const place = list.items.findIndex((each) => nameOf(each) === turning.first);
    const [before] = list.items;
    if (place > 0 && isNode(before)) {
        before.commentBefore = above(list, before);
        list.commentBefore = null;
        const [first] = list.items.splice(place, 1);
        if (isNode(first)) {
            [first.spaceBefore, before.spaceBefore] = [before.spaceBefore ?? false, true];
        }
        list.items.unshift(first);
    }
}

/** What stands above a list is about its first item. */
const above = (...nodes: readonly Node[]) =>
    nodes.flatMap(({ commentBefore }) => commentBefore ?? []).join("\n") || null;

const nameOf = (receiver: unknown) => (isMap(receiver) ? (textOf(receiver.get("name", true)) ?? "") : "");

function convertReceiver(receiver: YAMLMap, turning: Turning): void {
    const what = `receiver "${nameOf(receiver)}"`;
    const place = receiver.items[0]?.key;
    receiver.items = receiver.items.filter((pair) => {
        const [, kind] = /^(.+)_configs$/.exec(keyOf(pair)) ?? [];
        return kind === undefined || convertEntries(pair, kind, what, turning);
    });
    const isSilent = receiver.items.every((pair) => ["name", "labels"].includes(keyOf(pair)));
    if (isSilent) {
        receiver.add(new Pair(new Scalar("silent"), new Scalar(true)));
    }
    turning.say(note("moved", place, what, isSilent ? "tells nobody, as before" : undefined));
    declare(receiver, receiverSchema, { ...turning, what });
    placeholdersIn(receiver, what).forEach(turning.say);
}

/** A value and a file that holds it: Alertmanager refuses to choose. */
export const saidTwice = (map: YAMLMap, what: string): Note[] =>
    map.items.flatMap(({ key, value }) => {
        const word = String(key).replace(/_file$/, "");
        const words = `stands beside ${word}, and no Alertmanager loads both; leave out one of the two`;
        const isTwice = word !== String(key) && !isNothing(value) && !isNothing(map.get(word, true) ?? null);
        return isTwice ? [note("lost", key, `${what}: ${String(key)}`, words)] : [];
    });

/** @returns whether there are any; what is no list is refused later, with its line */
function convertEntries(pair: Pair, kind: string, what: string, { defaults, say }: Turning): boolean {
    const list = pair.value;
    if (!isSeq(list)) {
        return !isNothing(list);
    }
    const entries = mapsIn(list);
    entries.forEach((entry, i) => {
        saidTwice(entry, what).forEach(say);
        complete(entry, kind, defaults);
        readdress(entry, [`${what}: ${kind}[${i}]`], say);
        for (const [theirs, ours] of Object.entries(renamed[kind] ?? {})) {
            const called = entry.items.find((each) => keyOf(each) === theirs);
            if (called) {
                rename(called, ours);
            }
        }
    });
    rename(pair, kind);
    const [only, ...others] = entries;
    if (only && others.length === 0) {
        only.commentBefore = above(list, only);
        pair.value = only;
    }
    return only !== undefined;
}

/** Has an entry say what holds for it because it says nothing. */
function complete(entry: YAMLMap, kind: string, { kinds, http }: Defaults): void {
    const has = (word: string) => entry.has(word) || entry.has(`${word}_file`);
    const hasToken = entry.hasIn(["http_config", "authorization"]);
    const add = (word: string, value: unknown) => void entry.add(new Pair(new Scalar(word), value));
    entry.items = entry.items.filter(({ value }) => !isNothing(value));
    const ofAll = kinds[kind] ?? {};
    const isForAll = (word: string) => Object.hasOwn(ofAll, word) || Object.hasOwn(ofAll, `${word}_file`);
    const missing = Object.entries(ofAll).filter(
        ([word]) => !has(word.replace(/_file$/, "")) && !isAskedOtherwise(kind, word, has, hasToken, isForAll),
    );
    missing.forEach(([word, value]) => {
        add(word, value);
    });
    if (http && !has("http_config") && hasHttp(kind)) {
        add("http_config", http.clone());
    }
    for (const [word, value] of Object.entries(assumed[kind] ?? {})) {
        if (!has(word)) {
            add(word, new Scalar(value));
        }
    }
}

const hasHttp = (kind: string) => {
    const found = kindSchema(kind);
    return found !== undefined && Object.hasOwn(shapeOf(found).keys ?? {}, "httpConfig");
};

/**
 * Slack is asked by a webhook or by the token of an app, and an entry that says one has no need of the other's default.
 * Source: https://github.com/prometheus/alertmanager/blob/v0.34.1/config/config.go (Config.UnmarshalYAML)
 * @param has whether the entry says something
 * @param hasToken whether it says how it is authorized
 * @param isForAll whether `global` says something
 */
export function isAskedOtherwise(
    kind: string,
    word: string,
    has: (word: string) => boolean,
    hasToken: boolean,
    isForAll: (word: string) => boolean,
): boolean {
    const isByApp = has("app_token") || (isForAll("app_token") && !hasToken && !has("api_url"));
    return kind === "slack" && (/^app_token/.test(word) ? !isByApp : /^api_url/.test(word) && isByApp);
}
