import { hostPortMistake, loopbackMistake, splitHostPort } from "../schema/hosts";
import type { LenientDeclaration } from "../schema/part";
import type { Problem } from "../schema/problems";
import { at, show } from "../schema/problems";
import { clientMistakes } from "./jobs";
import type { DeclaredJob } from "./targets";

/** What is wrong with where Prometheus sends its traces. */
export function tracingMistakes({ tracing }: LenientDeclaration): Problem[] {
    const { endpoint, insecure, tlsConfig } = tracing ?? {};
    const address =
        endpoint === undefined
            ? undefined
            : (hostPortMistake(endpoint, "collector:4317") ?? loopbackMistake(splitHostPort(endpoint), "Prometheus'"));
    const noEffect = "has no effect with insecure: true; write one of the two";
    return [
        ...(address === undefined ? [] : [{ path: ["endpoint"], message: `${show(endpoint)} ${address}` }]),
        ...(tlsConfig && insecure ? [{ path: ["tlsConfig"], message: noEffect }] : []),
        ...clientMistakes({ tlsConfig, scheme: "https" } as DeclaredJob),
    ].map((mistake) => at(["tracing"], mistake));
}
