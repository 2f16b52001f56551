import { isOwnHost, splitHostPort } from "../schema/hosts";
import type { LenientDeclaration } from "../schema/part";
import type { Problem } from "../schema/problems";
import { clusterName } from "../schema/pair";
import { show } from "../schema/problems";
import { certificateMistakes, makingOf } from "./sharedCertificate";

/** What of a pair does not fit its Alertmanager: it has to be there for each other, and to be found. */
export function pairMistakes({ pair, alertmanager, externalLabels = {} }: LenientDeclaration): Problem[] {
    if (pair === undefined) {
        return [];
    }
    const { enabled, bindAddress } = (alertmanager ?? {}) as { enabled?: boolean; bindAddress?: string };
    return [
        ...("replica" in externalLabels
            ? [{ path: ["externalLabels", "replica"], message: "is what pair.replica says; leave it out" }]
            : []),
        ...(enabled === true ? [...missing(pair), ...unfound(pair, bindAddress)] : []),
        ...(enabled === false ? needless(pair) : []),
        ...certificateMistakes(["pair"], clusterName, pair),
    ];
}

type Pair = NonNullable<LenientDeclaration["pair"]>;

const missing = (pair: Pair): Problem[] =>
    Object.entries(needed).flatMap(([key, what]) =>
        key in pair ? [] : [{ path: ["pair", key], message: `is missing; write ${what}` }],
    );

const needless = (pair: Pair): Problem[] =>
    [...Object.keys(needed), "otherAlertmanager"]
        .filter((key) => key in pair)
        .map((key) => ({
            path: ["pair", key],
            message: "is of an Alertmanager, and alertmanager.enabled is false; leave one of the two out",
        }));

function unfound({ address = "10.0.0.5:" }: Pair, bindAddress: string | undefined): Problem[] {
    const message =
        `${show(bindAddress)} is this host alone, and the other one of the pair sends its alerts here too; ` +
        `write ${show(splitHostPort(address).host)}`;
    return bindAddress !== undefined && bindAddress !== "0.0.0.0" && isOwnHost(bindAddress)
        ? [{ path: ["alertmanager", "bindAddress"], message }]
        : [];
}

const ofBoth = `the one that both have, of what this makes: ${makingOf(clusterName)}`;

/** The keys without which two Alertmanagers are no pair, and what to write. */
const needed = {
    address: 'this Docker host\'s address and a port for the other Alertmanager, such as "10.0.0.5:9094"',
    other: 'the other one\'s, such as "10.0.0.6:9094"',
    cert: ofBoth,
    key: ofBoth,
};
