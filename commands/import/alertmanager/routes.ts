import type { YAMLMap } from "yaml";
import { isMap, isSeq, Pair, Scalar, YAMLSeq } from "yaml";
import { labelName } from "../../../config/schema/labels";
import type { Note } from "../notes";
import { note } from "../notes";
import { keyOf, mapsIn, taken, textOf } from "../source";
import { isNothing, rename } from "../words";
import type { Matcher } from "./matchers";
import { joined, matchersIn, writtenMatcher } from "./matchers";
import type { Turning } from "./turning";

/**
 * Routes, and which alerts silence others.
 * Source: https://prometheus.io/docs/alerting/latest/configuration/#route-related-settings
 */

/** What only routes within may say. */
const ofOthers = ["match", "match_re", "matchers", "mute_time_intervals", "active_time_intervals"];

/** The keys of the route that all alerts enter: they stand beside the receivers. */
export function rootRoute(route: YAMLMap, turning: Turning): void {
    taken(route, "receiver");
    taken(route, "continue");
    refuseLabels(route, "route", turning);
    route.items = route.items.filter(({ value }) => !isNothing(value));
    for (const pair of route.items.filter((each) => ofOthers.includes(keyOf(each)))) {
        const words = "stands in the first route, which is for all alerts: no Alertmanager loads that; leave it out";
        turning.say(note("lost", pair.key, keyOf(pair), words));
    }
    const routes = route.get("routes", true);
    for (const each of mapsIn(routes)) {
        convertRoute(each, "route", turning);
    }
    if (isSeq(routes)) {
        withoutWatchdog(route, routes, turning);
    }
    if (!route.has("group_by")) {
        route.add(new Pair(new Scalar("group_by"), new YAMLSeq()));
    }
}

function convertRoute(route: YAMLMap, above: string, turning: Turning): void {
    refuseLabels(route, above, turning);
    const place = route.items[0]?.key;
    const equal = route.items.find((pair) => keyOf(pair) === "match");
    if (equal && areLabels(equal.value)) {
        rename(equal, "labels");
    }
    join(route, { equal: "match", regex: "match_re", matchers: "matchers" });
    const name = routeName(above, meantBy(route));
    turning.say(note("moved", place, name));
    mapsIn(route.get("routes", true)).forEach((each) => convertRoute(each, name, turning));
}

/** Those that a route gives. What is called so here is what an alert has to have. */
function refuseLabels(route: YAMLMap, what: string, { say }: Turning): void {
    const labels = taken(route, "labels");
    if (labels) {
        const words =
            "labels that a route gives cannot be declared; leave them out, and write them into the messages' texts";
        say(note("lost", labels.key, `${what}: labels`, words));
    }
}

/** Texts that may be those of labels: an alert without a label has it with no text. */
const areLabels = (node: unknown) =>
    isMap(node) &&
    node.items.every(
        (pair) => labelName.test(keyOf(pair)) && !keyOf(pair).startsWith("__") && Boolean(textOf(pair.value)),
    );

/** Puts matchers in place of the ways in which they were written. */
export function join(map: YAMLMap, words: Readonly<Record<"equal" | "regex" | "matchers", string>>): void {
    const pairOf = (word: string) => map.items.find((pair) => keyOf(pair) === word);
    const [equal, regex, matchers] = [pairOf(words.equal), pairOf(words.regex), pairOf(words.matchers)];
    const [first, ...others] = map.items.filter((pair) => [equal, regex, matchers].includes(pair));
    if (first) {
        first.value = joined({ equal, regex, matchers });
        rename(first, words.matchers);
        map.items = map.items.filter((pair) => !others.includes(pair));
    }
}

/** Which alerts a declared route is for. */
const meantBy = (route: YAMLMap): Matcher[] =>
    route.items.flatMap((pair) =>
        keyOf(pair) === "labels" && isMap(pair.value)
            ? pair.value.items.map((each) => ({ label: keyOf(each), operator: "=", value: textOf(each.value) ?? "" }))
            : keyOf(pair) === "matchers" && isSeq(pair.value)
              ? pair.value.items.flatMap((each) => matchersIn(textOf(each) ?? "") ?? [])
              : [],
    );

/** What a route is called: by the alerts that it is for. */
export function routeName(above: string, matchers: readonly Matcher[]): string {
    const meant = matchers.map(writtenMatcher).sort().join(" ") || "all";
    return above === "route" ? `route ${meant}` : `${above} > ${meant}`;
}

/** The stack has a route of its own for the Watchdog, before all others: who heard of it is its receiver. */
function withoutWatchdog(root: YAMLMap, routes: YAMLSeq, turning: Turning): void {
    const isWatchdogs = (route: unknown) => isMap(route) && routeName("route", meantBy(route)) === watchdogRoute;
    const found = routes.items.find(isWatchdogs);
    if (!isMap(found)) {
        return;
    }
    routes.items = routes.items.filter((route) => route !== found);
    const receiver = found.get("receiver", true);
    const name = textOf(receiver) ?? turning.first;
    const [kind, words] =
        name === turning.first
            ? ([
                  "decide",
                  "the stack's Watchdog is for a receiver that waits for it, which cannot be the first: write another one in watchdogReceiver",
              ] as const)
            : (["changed", `${name} is the watchdogReceiver: it hears of the Watchdog every five minutes`] as const);
    if (kind === "changed") {
        root.add(new Pair(new Scalar("watchdog_receiver"), receiver));
    }
    turning.say(note(kind, found.items[0]?.key, watchdogRoute, words, [watchdogRoute]));
}

export const watchdogRoute = 'route alertname="Watchdog"';
export const infoRoute = 'route severity="info"';

/** Turns a rule in place. */
export function convertInhibition(rule: YAMLMap): void {
    for (const side of ["source", "target"]) {
        join(rule, { equal: `${side}_match`, regex: `${side}_match_re`, matchers: `${side}_matchers` });
    }
}

/** What the stack routes by itself. @param routes those that are declared */
export function ownRoutes(file: string, routes: unknown): Note[] {
    const namesakes = mapsIn(routes).filter((route) => routeName("route", meantBy(route)) === infoRoute).length;
    const info = namesakes === 0 ? infoRoute : `${infoRoute} (${namesakes + 1})`;
    const changed = (what: string, words: string): Note => ({ kind: "changed", file, what, words, differs: [what] });
    return [
        changed(
            watchdogRoute,
            "every stack has it: without a watchdogReceiver nobody hears of the alert that always fires",
        ),
        changed(
            info,
            "every stack has it, behind all others: what is good to know is told an hour apart at most, and again after a day",
        ),
        changed('receiver "/dev/null"', "every stack has it: it tells nobody"),
    ];
}
