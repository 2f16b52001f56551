import type { Lenient } from "../../config/schema/lenient";
import type { LenientDeclaration } from "../../config/schema/part";
import type { Problem } from "../../config/schema/problems";
import { nearestOf, show } from "../../config/schema/problems";
import type { AlertmanagerSettings, Receiver } from "./settings";

const ways = ["email", "pagerduty", "slack", "webhook"] as const;

type Declared = Lenient<AlertmanagerSettings>;
type DeclaredReceiver = Lenient<Receiver>;

/** The mistakes that only show when receivers and routes are seen together. */
export function checkReceivers(declared: Declared): Problem[] {
    const receivers = (declared.receivers ?? []).map((receiver) => receiver ?? {});
    return "receivers" in declared && declared.receivers === undefined
        ? [] // What was refused as a whole has no names.
        : [
              ...nobody(declared, receivers),
              ...repeatedNames(receivers),
              ...receivers.flatMap(incomplete),
              ...receivers.flatMap((receiver, i) => tooNew(receiver, i, declared.image)),
              ...unknownReceivers(declared, receivers),
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

function repeatedNames(receivers: readonly DeclaredReceiver[]): Problem[] {
    return receivers.flatMap(({ name: given }, i) => {
        const first = receivers.findIndex((receiver) => receiver.name === given);
        const message = `${show(given)} is already the name of receivers[${first}]; write a name of its own`;
        return given === undefined || first === i ? [] : [{ path: ["alertmanager", "receivers", i, "name"], message }];
    });
}

function incomplete(receiver: DeclaredReceiver, i: number): Problem[] {
    const path = ["alertmanager", "receivers", i];
    const { email = {} } = receiver;
    if ("authUsername" in email !== "authPassword" in email) {
        const missing = "authUsername" in email ? "authPassword" : "authUsername";
        const message = "is missing; write authUsername and authPassword together";
        return [{ path: [...path, "email", missing], message }];
    }
    const message = `reaches nobody; write at least one of ${ways.join(", ")}`;
    return receiver.name === undefined || ways.some((way) => way in receiver) ? [] : [{ path, message }];
}

/** Alertmanager refuses a key that it does not know. Source: https://github.com/prometheus/alertmanager/blob/main/CHANGELOG.md */
function tooNew({ email = {} }: DeclaredReceiver, i: number, image: string | undefined): Problem[] {
    const [, major, minor] = /:v?(\d+)\.(\d+)/.exec(image ?? "") ?? [];
    const isOlder = major === "0" && Number(minor) < 31;
    const message = `is read by Alertmanager 0.31 and newer, not by ${show(image)}; leave it out, or write a newer image`;
    return isOlder && "forceImplicitTls" in email
        ? [{ path: ["alertmanager", "receivers", i, "email", "forceImplicitTls"], message }]
        : [];
}

function unknownReceivers(
    { routes = [], watchdogReceiver }: Declared,
    receivers: readonly DeclaredReceiver[],
): Problem[] {
    const known = receivers.flatMap((receiver) => receiver.name ?? []);
    return [
        ...routes.map((route, i) => ({ path: ["routes", i, "receiver"], receiver: route?.receiver })),
        { path: ["watchdogReceiver"], receiver: watchdogReceiver },
    ].flatMap(({ path, receiver }) => {
        if (receiver === undefined || known.includes(receiver)) {
            return [];
        }
        const nearest = nearestOf(receiver, known);
        const advice = nearest === undefined ? `write one of ${known.join(", ")}` : `did you mean ${nearest}?`;
        return [{ path: ["alertmanager", ...path], message: `${show(receiver)} is no receiver; ${advice}` }];
    });
}
