import { parse } from "yaml";
import type { Matcher } from "../../components/alertmanager/matcher";
import { matcherSchema } from "../../components/alertmanager/matcher";
import { anchored } from "../../config/schema/re2";
import { parseDuration } from "../../config/schema/units";

/** Whom Alertmanager can tell, and with which labels an alert gets there. */

export type Labels = Readonly<Record<string, string>>;

/** A receiver as it runs. */
export interface Receiver {
    readonly name: string;
    /** How many entries it has of each kind that Alertmanager's metrics know, e.g. webhook: 2. None: it tells nobody. */
    readonly entries: Readonly<Record<string, number>>;
    /** How many of them are told that an alert is over. */
    readonly resolving: Readonly<Record<string, number>>;
}

/** Labels that may reach a receiver, and how long the routes that they take wait between two messages, in milliseconds. */
export interface Way {
    readonly labels: Labels;
    readonly groupInterval: number;
}

interface Route {
    readonly receiver?: string;
    readonly matchers?: readonly string[];
    readonly group_interval?: string;
    readonly routes?: readonly Route[];
}

interface Configuration {
    readonly route: Route;
    readonly receivers: readonly ({ readonly name: string } & Readonly<Record<string, unknown>>)[];
}

/** @param text the configuration with its defaults, as Alertmanager's API gives it */
export const readConfiguration = (text: string) => parse(text) as Configuration;

export function receiversOf({ receivers }: Configuration): Receiver[] {
    return receivers.map(({ name, ...rest }) => {
        const kinds = Object.entries(rest).flatMap(([key, entries]) =>
            key.endsWith("_configs") && Array.isArray(entries) ? [[key.replace("_configs", ""), entries] as const] : [],
        );
        const count = (isCounted: (entry: { send_resolved?: boolean }) => boolean) =>
            Object.fromEntries(
                kinds
                    .map(([kind, entries]) => [kind, entries.filter(isCounted).length] as const)
                    .filter(([, n]) => n > 0),
            );
        return { name, entries: count(() => true), resolving: count((entry) => entry.send_resolved === true) };
    });
}

/** The severities that an alert has whose routes ask for none, the most usual one first. */
const severities = ["warning", "critical", "info"];

/** Alertmanager's own. Source: https://prometheus.io/docs/alerting/latest/configuration/#route */
const standardInterval = "5m";

/**
 * What may reach a receiver: for each route that ends there the labels that it asks for. Whether they do, with the routes beside
 * it, is for Alertmanager's own tool to say.
 * @param given labels that the alert has whatever the routes ask for
 */
export function waysTo(name: string, { route }: Configuration, given: Labels): Way[] {
    return routesOf(route)
        .filter(({ receiver }) => receiver === name)
        .flatMap(({ matchers, groupInterval }) =>
            severities.flatMap((severity) => {
                const labels = satisfying(matchers, { alertname: "AlertTest", severity }, given);
                return labels === undefined ? [] : [{ labels, groupInterval }];
            }),
        )
        .filter(({ labels }, i, all) => all.findIndex((other) => isSame(labels, other.labels)) === i);
}

const isSame = (a: Labels, b: Labels) => JSON.stringify(a) === JSON.stringify(b);

interface WholeRoute {
    readonly receiver: string;
    /** Those of the routes that it is in, too. */
    readonly matchers: readonly Matcher[];
    readonly groupInterval: number;
}

/** Every route with what it has of those that it is in. */
function routesOf(route: Route, above?: WholeRoute): WholeRoute[] {
    const own = (route.matchers ?? []).flatMap((written) => matcherSchema.safeParse(written).data ?? []);
    const whole = {
        receiver: route.receiver ?? above?.receiver ?? "",
        matchers: [...(above?.matchers ?? []), ...own],
        groupInterval: route.group_interval
            ? (parseDuration(route.group_interval) ?? 0)
            : (above?.groupInterval ?? parseDuration(standardInterval) ?? 0),
    };
    return [whole, ...(route.routes ?? []).flatMap((each) => routesOf(each, whole))];
}

/** @returns undefined where one is not satisfied */
function satisfying(matchers: readonly Matcher[], usual: Labels, given: Labels): Labels | undefined {
    const labels: Record<string, string> = { ...usual, ...given };
    for (const matcher of matchers.filter(({ label }) => !(label in given))) {
        if (!matches(matcher, labels[matcher.label] ?? "")) {
            labels[matcher.label] = samples(matcher).find((value) => matches(matcher, value)) ?? "";
        }
    }
    return matchers.every((matcher) => matches(matcher, labels[matcher.label] ?? "")) ? labels : undefined;
}

/** Values that may match: of an expression its alternatives, without what may be anything. */
function samples({ label, operator, value }: Matcher): string[] {
    const alternatives = value.replaceAll(/\?:|[()^$]/g, "").replaceAll(/\.[*+]/g, "");
    switch (operator) {
        case "=":
            return [value];
        case "=~":
            return [...alternatives.split("|").filter(Boolean), alternatives, "test"];
        default:
            return label === "severity" ? severities : ["test"];
    }
}

function matches({ operator, value }: Matcher, label: string): boolean {
    const isEqual = operator.endsWith("~") ? anchored(value)?.match(label) !== undefined : label === value;
    return isEqual !== operator.startsWith("!");
}
