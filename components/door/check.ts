import type { Lenient } from "../../config/schema/lenient";
import type { LenientDeclaration } from "../../config/schema/part";
import type { Problem } from "../../config/schema/problems";
import { at, show } from "../../config/schema/problems";
import { keyMistakes, isFor } from "../../config/schema/tls";
import type { DoorSettings } from "./settings";

type Settings = Lenient<DoorSettings>;

/** The mistakes of a door that only show when its keys are seen together. */
export function checkDoor({ door, prometheus, thanos }: LenientDeclaration): Problem[] {
    const settings = (door ?? {}) as Settings;
    if (settings.enabled !== true) {
        return [];
    }
    const problems = [
        ...missing(settings),
        ...needless(settings, prometheus as Receiving | undefined, thanos as { readonly receive?: object } | undefined),
        ...wrongIssuer(settings),
        ...wrongCertificate(settings),
    ];
    return problems.map((each) => at(["door"], each));
}

/** A key that was refused is there all the same. */
function missing(settings: Settings): Problem[] {
    const wrong = (key: string, message: string) => [{ path: [key], message }];
    const [hasUsers, asks] = ["users" in settings, "forwardAuth" in settings];
    return [
        ...("name" in settings
            ? []
            : wrong("name", 'is missing; write the name that people open, such as "metrics.example.com"')),
        ...(hasUsers || asks
            ? []
            : wrong("users", "is missing; write who may log in: a name with the hash of a password")),
        ...(hasUsers && asks
            ? wrong("users", "stands beside forwardAuth, which decides who gets in; write one of the two")
            : []),
    ];
}

interface Receiving {
    readonly receive?: { readonly remoteWrite?: boolean; readonly otlp?: boolean };
}

function needless(
    { senders = {} }: Settings,
    { receive = {} }: Receiving = {},
    thanos: { readonly receive?: object } = {},
): Problem[] {
    const message =
        "have nobody to send to; write prometheus: {receive: {remoteWrite: true}} or {otlp: true} too, or thanos: {receive: {}}";
    const isTaken = [receive.remoteWrite, receive.otlp, thanos.receive !== undefined].includes(true);
    return Object.keys(senders).length > 0 && !isTaken ? [{ path: ["senders"], message }] : [];
}

/** Names that no public authority knows. Source: https://www.iana.org/assignments/special-use-domain-names */
const privateName = /^[^.]+$|\.(?:alt|arpa|example|internal|invalid|lan|local|localdomain|localhost|onion|test)$/;

function wrongIssuer({ name, tls = {} }: Settings): Problem[] {
    const { issuer, email, cert } = tls ?? {};
    const wrong = (key: string, message: string) => [{ path: ["tls", key], message }];
    if (issuer === "internal" && email !== undefined) {
        return wrong("email", "is for Let's Encrypt; leave it out, or write issuer: acme");
    }
    if (issuer !== "acme") {
        return [];
    }
    if (cert !== undefined) {
        return wrong("issuer", "is acme beside a certificate of your own; write one of the two");
    }
    return name !== undefined && privateName.test(name)
        ? wrong("issuer", `is acme, and nobody outside knows the name ${show(name)}; write internal, or a public name`)
        : [];
}

function wrongCertificate({ name, tls }: Settings): Problem[] {
    const declared = tls ?? {};
    const { cert, key } = declared;
    if ("cert" in declared !== "key" in declared) {
        const [there, lacking] = "cert" in declared ? ["cert", "key"] : ["key", "cert"];
        return [{ path: ["tls", lacking ?? ""], message: `is missing; ${there} needs it` }];
    }
    if (cert === undefined) {
        return [];
    }
    return [
        ...(name !== undefined && isFor(cert, name) === false
            ? [{ path: ["tls", "cert"], message: `is not for ${show(name)}; write one that has this name` }]
            : []),
        ...keyMistakes(["tls"], { cert, key }),
    ];
}
