import type { Node } from "yaml";
import { isMap, isNode, isSeq, Pair, Scalar, YAMLMap } from "yaml";
import type { Beside, Converted } from "../converted";
import { merged } from "../converted";
import type { Note } from "../notes";
import { note } from "../notes";
import type { Source } from "../source";
import { keyOf, mapsIn, textOf } from "../source";
import { declare, rename } from "../words";
import { inside, readdress } from "./addresses";
import { placeholdersIn } from "./placeholders";
import { convertReceivers, defaultsIn, isOfKind, saidTwice } from "./receivers";
import { convertInhibition, ownRoutes, rootRoute } from "./routes";
import { schema } from "./schema";
import { convertTemplates, usedTemplates } from "./templates";
import type { Turning } from "./turning";

/**
 * Turns an alertmanager.yml into the key `alertmanager`, in the file's own words and order. What all receivers have in common stands
 * with each of them, and the receiver of the first route comes first.
 * Source: https://prometheus.io/docs/alerting/latest/configuration/
 */
export function importAlertmanager({ root, file, text }: Source, beside: Beside): Converted {
    const notes: Note[] = [];
    const files: Record<string, string> = {};
    const declaration = new YAMLMap();
    if (!isMap(root)) {
        const words = "holds no keys; it is no alertmanager.yml";
        return { declaration, files, notes: [{ kind: "lost", file, what: "the file", words }] };
    }
    const turning: Turning = {
        ...beside,
        say: (said) => void notes.push(said),
        add: (path, content) => void (files[path] = content),
        defaults: defaultsIn(root.get("global", true)),
        first: textOf(root.getIn(["route", "receiver"], true)) ?? "",
        templates: usedTemplates(text),
        mailers: entriesWith(root, (kind) => kind === "email"),
    };
    const asked = entriesWith(root, (kind, entry) => kind !== "email" && !entry.has("http_config"));
    readdress(turning.defaults.http, inside(asked, ".http_config"), turning.say);
    notes.push(...withoutFirst(root, file, turning.first));
    const sections = new YAMLMap();
    sections.items = root.items.flatMap((pair) => sectionOf(pair, turning));
    const settings = merged(new YAMLMap(), sections);
    notes.push(...ownRoutes(file, settings.get("routes", true)));
    settings.items.unshift(
        new Pair(new Scalar("enabled"), new Scalar(true)),
        new Pair(new Scalar("inhibitWarnings"), new Scalar(false)),
    );
    declaration.add(new Pair(new Scalar("alertmanager"), settings));
    return { declaration, files, notes };
}

/** Nobody loads a file in which it is not said who hears of what no route is for. */
function withoutFirst(root: YAMLMap, file: string, first: string): Note[] {
    const names = mapsIn(root.get("receivers", true)).map((each) => textOf(each.get("name", true)));
    const words =
        first === ""
            ? "is missing, so that no Alertmanager loads the file; write the name of a receiver there"
            : `names ${JSON.stringify(first)}, which is no receiver, so that no Alertmanager loads the file; write one of receivers`;
    return names.includes(first)
        ? []
        : [{ ...note("lost", root.getIn(["route", "receiver"], true), "route.receiver", words), file }];
}

/** A section of the file as it is declared. */
function sectionOf(pair: Pair, turning: Turning): Pair[] {
    const { key, value } = pair;
    const what = keyOf(pair);
    switch (what) {
        case "global":
            return declared(globalPairs(pair, turning), what, turning);
        case "route":
            if (isMap(value)) {
                rootRoute(value, turning);
            }
            return declared(unfolded(pair), what, turning);
        case "receivers":
            if (isSeq(value)) {
                convertReceivers(value, turning);
            }
            return isSeq(value) ? [pair] : [];
        case "inhibit_rules":
            mapsIn(value).forEach(convertInhibition);
            return declared([pair], what, turning);
        case "mute_time_intervals":
        case "time_intervals":
            rename(pair, "time_intervals");
            return declared([pair], what, turning);
        case "templates":
            return convertTemplates(pair, turning);
        default:
            turning.say(note("lost", key, what, "is no key of alertmanager.yml that can be declared; leave it out"));
            return [];
    }
}

/** Pairs in the words of the declaration. */
function declared(pairs: Pair[], what: string, turning: Turning): Pair[] {
    const map = new YAMLMap();
    map.items = pairs;
    declare(map, schema, { ...turning, what });
    placeholdersIn(map, what).forEach(turning.say);
    return map.items;
}

/** What `global` says of all, but for what stands with the receivers. */
function globalPairs(pair: Pair, turning: Turning): Pair[] {
    const smtp = new YAMLMap();
    if (isMap(pair.value)) {
        saidTwice(pair.value, "global").forEach(turning.say);
    }
    const pairs = unfolded(pair).flatMap((each) => {
        const word = keyOf(each);
        if (word.startsWith("smtp_")) {
            const isFirst = smtp.items.length === 0;
            rename(each, word.slice("smtp_".length));
            smtp.items.push(each);
            return isFirst ? [new Pair(new Scalar("smtp"), smtp)] : [];
        }
        if (word !== "resolve_timeout" && word !== "http_config" && !isOfKind(word)) {
            turning.say(
                note("lost", each.key, `global.${word}`, "is no key that a current Alertmanager knows; leave it out"),
            );
        }
        return word === "resolve_timeout" ? [each] : [];
    });
    readdress(smtp, turning.mailers, turning.say);
    return pairs;
}

/** What the comparison calls the entries that have a setting of `global`. */
function entriesWith(root: YAMLMap, has: (kind: string, entry: YAMLMap) => boolean): string[] {
    return mapsIn(root.get("receivers", true)).flatMap((receiver) =>
        receiver.items.flatMap((pair) => {
            const kind = keyOf(pair).replace(/_configs$/, "");
            const place = (i: number) =>
                `receiver ${JSON.stringify(textOf(receiver.get("name", true)))}: ${kind}[${i}]`;
            return mapsIn(pair.value).flatMap((entry, i) => (has(kind, entry) ? [place(i)] : []));
        }),
    );
}

/** The pairs of a map that is none any more: what stands above it stays with the first of them. */
function unfolded({ key, value }: Pair): Pair[] {
    const pairs = isMap(value) ? value.items : [];
    const first = pairs[0]?.key;
    if (isNode(first) && isMap(value)) {
        const above = [(key as Node).commentBefore, value.commentBefore, first.commentBefore];
        first.commentBefore = above.filter(Boolean).join("\n") || null;
    }
    return pairs;
}
