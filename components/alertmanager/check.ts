import type { Lenient } from "../../config/schema/lenient";
import type { LenientDeclaration } from "../../config/schema/part";
import type { Problem } from "../../config/schema/problems";
import { instead, show } from "../../config/schema/problems";
import type { Receiver } from "./receivers";
import { kindNames } from "./receivers";
import type { Route } from "./routes";
import type { AlertmanagerSettings } from "./settings";

export type Declared = Lenient<AlertmanagerSettings>;
type DeclaredReceiver = Lenient<Receiver>;

/** The mistakes that only show when receivers, routes and times are seen together. */
export function checkReceivers(declared: Declared): Problem[] {
    const receivers = (declared.receivers ?? []).map((receiver) => receiver ?? {});
    return "receivers" in declared && declared.receivers === undefined
        ? [] // What was refused as a whole has no names.
        : [
              ...nobody(declared, receivers),
              ...repeatedNames(["receivers"], receivers),
              ...repeatedNames(["timeIntervals"], declared.timeIntervals ?? []),
              ...receivers.flatMap(incomplete),
              ...receivers.flatMap((receiver, i) => mailMistakes(receiver, i, declared)),
              ...unknownNames(declared, receivers),
          ];
}

/** Everybody who is told of alerts has to be a person: a watchdog's receiver only listens for silence. */
function nobody({ enabled, watchdogReceiver }: Declared, receivers: readonly DeclaredReceiver[]): Problem[] {
    if (enabled !== true) {
        return [];
    }
    if (receivers.length === 0) {
        const message = 'is empty; write at least one, such as [{name: "team", email: {...}}]';
        return [{ path: ["alertmanager", "receivers"], message }];
    }
    const first = receivers[0]?.name;
    const message = `${show(first)} is the watchdogReceiver; write first the receiver that people read`;
    return first !== undefined && first === watchdogReceiver
        ? [{ path: ["alertmanager", "receivers", 0, "name"], message }]
        : [];
}

/** Without the Watchdog its receiver takes the silence for a broken stack. */
export function checkWatchdog({ alerts, alertmanager }: LenientDeclaration): Problem[] {
    const { enabled, watchdogReceiver } = (alertmanager ?? {}) as Declared;
    const place = (alerts?.disabled ?? []).indexOf("Watchdog");
    const message =
        `"Watchdog" is what alertmanager.watchdogReceiver ${show(watchdogReceiver)} waits for, and without it that raises an alarm; ` +
        "leave one of the two out";
    return enabled !== true || watchdogReceiver === undefined || place === -1
        ? []
        : [{ path: ["alerts", "disabled", place], message }];
}

/** @param place of a list of things that have names */
function repeatedNames(place: Problem["path"], all: readonly ({ name?: string | undefined } | undefined)[]): Problem[] {
    const names = all.map((each) => each?.name);
    return names.flatMap((name, i) => {
        const first = names.indexOf(name);
        const message = `${show(name)} is already the name of {other}; write a name of its own`;
        const list = ["alertmanager", ...place];
        return name === undefined || first === i
            ? []
            : [{ path: [...list, i, "name"], message, other: [...list, first] }];
    });
}

function incomplete(receiver: DeclaredReceiver, i: number): Problem[] {
    const path = ["alertmanager", "receivers", i];
    const ways = kindNames.filter((kind) => kind in receiver);
    if (receiver.silent === true && ways.length > 0) {
        const message = `is true, and the receiver tells by ${ways.join(" and ")}; leave out one of the two`;
        return [{ path: [...path, "silent"], message }];
    }
    const message =
        "reaches nobody; write a way to tell somebody, such as email, slack or webhook, or silent: true where that is meant";
    return receiver.name === undefined || ways.length > 0 || "silent" in receiver ? [] : [{ path, message }];
}

function mailMistakes({ email }: DeclaredReceiver, i: number, { smtp, image }: Declared): Problem[] {
    const isList = Array.isArray(email);
    const entries = (email === undefined ? [] : [email].flat()) as (Mail | undefined)[];
    return entries.flatMap((entry = {}, n) => {
        const path = ["alertmanager", "receivers", i, "email", ...(isList ? [n] : [])];
        const all = { ...smtp, ...entry };
        return [
            ...(["from", "smarthost"] as const)
                .filter((key) => !(key in all))
                .map((key) => ({
                    path: [...path, key],
                    message: `is missing; write it here, or once for all in alertmanager.smtp.${key}`,
                })),
            ...halfALogin(all).map((key) => ({
                path: [...path, key],
                message: "is missing; write authUsername and authPassword together",
            })),
            ...tooNew(entry, image).map((message) => ({ path: [...path, "forceImplicitTls"], message })),
        ];
    });
}

type Mail = Lenient<NonNullable<AlertmanagerSettings["smtp"]>>;

/** With CRAM-MD5 a secret takes the place of the password. */
function halfALogin(mail: Mail): string[] {
    const hasSecret = "authPassword" in mail || "authSecret" in mail;
    return "authUsername" in mail === hasSecret ? [] : [hasSecret ? "authUsername" : "authPassword"];
}

/** Alertmanager refuses a key that it does not know. Source: https://github.com/prometheus/alertmanager/blob/main/CHANGELOG.md */
function tooNew(mail: Mail, image: string | undefined): string[] {
    const [, major, minor] = /:v?(\d+)\.(\d+)/.exec(image ?? "") ?? [];
    const isOlder = major === "0" && Number(minor) < 31;
    return isOlder && "forceImplicitTls" in mail
        ? [`is read by Alertmanager 0.31 and newer, not by ${show(image)}; leave it out, or write a newer image`]
        : [];
}

function unknownNames(
    { routes = [], watchdogReceiver, timeIntervals = [] }: Declared,
    receivers: readonly DeclaredReceiver[],
): Problem[] {
    const known = {
        receiver: receivers.flatMap((receiver) => receiver.name ?? []),
        "time interval": timeIntervals.flatMap((each) => each?.name ?? []),
    };
    return [
        ...namesIn(routes as DeclaredRoutes, ["routes"]),
        { path: ["watchdogReceiver"], name: watchdogReceiver, what: "receiver" as const },
    ].flatMap(({ path, name, what }) => {
        if (name === undefined || known[what].includes(name)) {
            return [];
        }
        const advice = known[what].length === 0 ? "declare it" : instead(name, known[what]);
        return [{ path: ["alertmanager", ...path], message: `${show(name)} is no ${what}; ${advice}` }];
    });
}

type DeclaredRoutes = readonly (Lenient<Route> | undefined)[];

/** What routes name, those within included. */
function namesIn(
    routes: DeclaredRoutes,
    place: Problem["path"],
): { path: Problem["path"]; name: string | undefined; what: "receiver" | "time interval" }[] {
    return routes.flatMap((route = {}, i) => [
        { path: [...place, i, "receiver"], name: route.receiver, what: "receiver" as const },
        ...(["muteTimeIntervals", "activeTimeIntervals"] as const).flatMap((key) =>
            (route[key] ?? []).map((name, n) => ({
                path: [...place, i, key, n],
                name,
                what: "time interval" as const,
            })),
        ),
        ...namesIn((route.routes ?? []) as DeclaredRoutes, [...place, i, "routes"]),
    ]);
}
