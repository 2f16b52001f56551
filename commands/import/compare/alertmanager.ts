import { inEntry, isAskedOtherwise } from "../alertmanager/receivers";
import type { Matcher } from "../alertmanager/matchers";
import { matchersIn } from "../alertmanager/matchers";
import { routeName, watchdogRoute } from "../alertmanager/routes";
import { assumed, kindSchema, renamed } from "../alertmanager/schema";
import type { Schema } from "../words";
import { isGosNothing, keyIn, shapeOf } from "../words";
import type { Understood, Values } from "./canonical";
import { isValues } from "./canonical";

/**
 * What Alertmanager understands of a configuration, each piece under a name of its own: what is said once for all stands where it
 * holds, with Alertmanager's defaults, whatever way it is written in. Two files mean the same where this is the same.
 * Source: https://prometheus.io/docs/alerting/latest/configuration/
 */
export function understoodAlertmanager(config: unknown): Understood {
    const understood: Understanding = new Map();
    const given = object(config);
    const global = object(given.global);
    understood.set("global: resolve_timeout", timeOf(global.resolve_timeout ?? "5m"));
    routeInto(understood, object(given.route), rootDefaults, "route");
    list(given.receivers).forEach((receiver) => receiverInto(understood, object(receiver), global));
    list(given.inhibit_rules).forEach((rule) => inhibitionInto(understood, object(rule)));
    for (const each of [...list(given.time_intervals), ...list(given.mute_time_intervals)].map(object)) {
        intervalsInto(understood, list(each.time_intervals), `time interval ${JSON.stringify(each.name)}`);
    }
    return understood;
}

type Understanding = Map<string, unknown>;

const object = (value: unknown): Values => (isValues(value) ? value : {});
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const texts = (value: unknown): string[] => list(value).map(String);

/** Source: https://prometheus.io/docs/alerting/latest/configuration/#route */
const rootDefaults: Values = { group_by: [], group_wait: "30s", group_interval: "5m", repeat_interval: "4h" };

/** A route has of the one around it what it does not say itself. */
function routeInto(understood: Understanding, route: Values, above: Values, name: string): void {
    const given = Object.fromEntries(Object.entries(route).filter(([, value]) => value !== null));
    const { receiver, group_by, group_wait, group_interval, repeat_interval } = { ...above, ...given };
    const set = (key: string, value: unknown) => understood.set(`${name}: ${key}`, value);
    understood.set(name, true);
    set("receiver", receiver);
    set("group_by", texts(group_by).sort().join(", "));
    set("group_wait", timeOf(group_wait));
    set("group_interval", timeOf(group_interval));
    set("repeat_interval", timeOf(repeat_interval));
    set("mute_time_intervals", texts(given.mute_time_intervals).sort().join(", "));
    set("active_time_intervals", texts(given.active_time_intervals).sort().join(", "));
    set("continue", name !== "route" && given.continue === true);
    let before = "";
    for (const child of list(given.routes).map(object)) {
        const childName = free(understood, routeName(name, matchersOf(child, "")));
        routeInto(understood, child, { receiver, group_by, group_wait, group_interval, repeat_interval }, childName);
        // Where the Watchdog's stands is all the same to other alerts.
        if (childName !== watchdogRoute) {
            understood.set(`${childName}: comes after`, before);
            before = childName;
        }
    }
}

/** The name, or one with a number behind it where there is one of that name. */
function free(understood: Understanding, name: string, count = 1): string {
    const numbered = count === 1 ? name : `${name} (${count})`;
    return understood.has(numbered) ? free(understood, name, count + 1) : numbered;
}

/** @param side what the words begin with, e.g. "source_" */
function matchersOf(given: Values, side: string): Matcher[] {
    const pairs = (word: string, operator: string) =>
        Object.entries(object(given[side + word])).map(([label, value]) => ({
            label,
            operator,
            value: String(value ?? ""),
        }));
    return [
        ...pairs("match", "="),
        ...pairs("match_re", "=~"),
        ...texts(given[`${side}matchers`]).flatMap(
            (line) => matchersIn(line) ?? [{ label: line, operator: "", value: "" }],
        ),
    ];
}

function inhibitionInto(understood: Understanding, rule: Values): void {
    const meant = (side: string) => routeName("route", matchersOf(rule, side)).slice("route ".length);
    const name = free(understood, `inhibition of ${meant("target_")} by ${meant("source_")}`);
    understood.set(name, true);
    understood.set(`${name}: equal`, texts(rule.equal).sort().join(", "));
    if (typeof rule.name === "string") {
        understood.set(`${name}: name`, rule.name);
    }
}

/** Source of what `global` means: https://github.com/prometheus/alertmanager/blob/v0.34.1/config/config.go (Config.UnmarshalYAML) */
function receiverInto(understood: Understanding, receiver: Values, global: Values): void {
    const name = `receiver ${JSON.stringify(receiver.name)}`;
    understood.set(name, true);
    for (const [label, value] of Object.entries(object(receiver.labels))) {
        understood.set(`${name}: labels.${label}`, value);
    }
    for (const [key, entries] of Object.entries(receiver)) {
        const [, kind] = /^(.+)_configs$/.exec(key) ?? [];
        if (kind !== undefined) {
            list(entries).forEach((entry, i) =>
                settingsInto(
                    understood,
                    complete(object(entry), kind, global),
                    kindSchema(kind),
                    `${name}: ${kind}[${i}]`,
                ),
            );
        }
    }
}

/** An entry with what holds for it because it says nothing. */
function complete(entry: Values, kind: string, global: Values): Values {
    const has = (...words: string[]) => words.some((word) => (entry[word] ?? entry[`${word}_file`]) !== undefined);
    const hasToken = object(entry.http_config).authorization !== undefined;
    const prefix = kind === "email" ? "smtp_" : `${kind}_`;
    const isForAll = (word: string) => (global[prefix + word] ?? global[`${prefix}${word}_file`]) !== undefined;
    const ofAll = Object.entries(global).flatMap(([word, value]) => {
        const key = word.slice(prefix.length);
        const isOurs = word.startsWith(prefix) && !has(key.replace(/_file$/, ""));
        return isOurs && !isAskedOtherwise(kind, key, has, hasToken, isForAll) ? [[inEntry[key] ?? key, value]] : [];
    });
    const given = Object.entries(entry).filter(([, value]) => value !== null);
    const all = {
        ...(kind === "email" ? { require_tls: true } : { http_config: global.http_config }),
        send_resolved: true,
        ...assumed[kind],
        ...Object.fromEntries(ofAll),
        ...Object.fromEntries(given),
    };
    return Object.fromEntries(Object.entries(all).map(([word, value]) => [renamed[kind]?.[word] ?? word, value]));
}

/** What is set of an entry, key by key. Of a secret, that it is there. */
function settingsInto(understood: Understanding, value: unknown, schema: Schema | undefined, place: string): void {
    const { keys, names, items, isSecret } = schema ? shapeOf(schema) : {};
    if (isUnset(value, schema)) {
        return;
    }
    if (isSecret) {
        understood.set(place, "[secret]");
    } else if (Array.isArray(value)) {
        value.forEach((each, i) => settingsInto(understood, each, items, `${place}[${i}]`));
    } else if (typeof value === "object" && value !== null) {
        for (const [word, inside] of Object.entries(withToken(value as Values))) {
            const { key, inFile } = keyIn(word, keys);
            const inner = keys?.[key] ?? names;
            const isText = inFile && !(inner && shapeOf(inner).isSecret);
            settingsInto(
                understood,
                isText ? text : inside,
                inner,
                `${place}.${inFile ? word.replace(/_file$/, "") : word}`,
            );
        }
    } else {
        understood.set(place, String(value).includes("-----BEGIN ") ? text : timeOf(value));
    }
}

/** Stands for a text that may be in a file. */
const text = "[the text of a file]";

/** Nothing, or a limit that is none. */
const isUnset = (value: unknown, schema: Schema | undefined) =>
    value === null || value === undefined || (schema !== undefined && isGosNothing(value, schema));

/** An old way to say it, and what the type of a token is where nothing else is said. */
function withToken({ bearer_token, bearer_token_file, authorization, ...rest }: Values): Values {
    const token = bearer_token ?? bearer_token_file ?? undefined;
    const given = token === undefined ? authorization : { credentials: token };
    return given === undefined || given === null
        ? rest
        : { ...rest, authorization: { type: "Bearer", ...object(given) } };
}

const units: Readonly<Record<string, number>> = {
    y: 365 * 24 * 60,
    w: 7 * 24 * 60,
    d: 24 * 60,
    h: 60,
    m: 1,
    s: 1 / 60,
    ms: 1 / 60_000,
};

/** A duration as minutes, as Prometheus writes it or as Go does: "90m" is "1h30m0s". Anything else is what it is. */
function timeOf(value: unknown): unknown {
    if (typeof value !== "string" || !/^(\d+(\.\d+)?(ms|[ywdhms]))+$/.test(value)) {
        return value;
    }
    const minutes = [...value.matchAll(/(\d+(?:\.\d+)?)(ms|[ywdhms])/g)].reduce(
        (sum, [, count, unit = ""]) => sum + Number(count) * (units[unit] ?? 0),
        0,
    );
    return `${minutes} minutes`;
}

const months = [
    ...["january", "february", "march", "april", "may", "june"],
    ...["july", "august", "september", "october", "november", "december"],
];

/** Source: https://prometheus.io/docs/alerting/latest/configuration/#time_interval */
function intervalsInto(understood: Understanding, intervals: readonly unknown[], name: string): void {
    understood.set(name, true);
    intervals.map(object).forEach((interval, i) => {
        const times = list(interval.times).map(object);
        const set = (key: string, values: readonly string[]) =>
            understood.set(`${name}: ${key}[${i}]`, values.join(", "));
        set(
            "times",
            times.map(({ start_time, end_time }) => `${String(start_time)} to ${String(end_time)}`),
        );
        for (const key of ["weekdays", "days_of_month", "months", "years"]) {
            set(key, texts(interval[key]).map(rangeOf));
        }
        set("location", [String(interval.location ?? "UTC")]);
    });
}

/** "May:May" is "5". */
function rangeOf(range: string): string {
    const ends = range
        .toLowerCase()
        .split(":")
        .map((end) => (months.includes(end) ? String(months.indexOf(end) + 1) : end));
    return [...new Set(ends)].join(":");
}
