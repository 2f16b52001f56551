import { isOwnHost } from "../schema/hosts";
import type { LenientDeclaration } from "../schema/part";
import type { Problem } from "../schema/problems";
import { clusterName } from "../schema/pair";
import { show } from "../schema/problems";
import { belongTogether, namesOf } from "../schema/tls";

/** What of a pair does not fit its Alertmanager: it has to be there for each other, and to be found. */
export function pairMistakes({ pair, alertmanager, externalLabels }: LenientDeclaration): Problem[] {
    if (pair === undefined) {
        return [];
    }
    const { enabled, bindAddress } = (alertmanager ?? {}) as { enabled?: boolean; bindAddress?: string };
    const given = (["address", "other", "otherAlertmanager", "cert", "key"] as const).filter((key) => key in pair);
    const missing = (["address", "other", "cert", "key"] as const).filter((key) => !(key in pair));
    const own = pair.address?.slice(0, pair.address.lastIndexOf(":"));
    const unfound =
        `${show(bindAddress)} is this host alone, and the other one of the pair sends its alerts here too; ` +
        `write ${show(own ?? "10.0.0.5")}`;
    return [
        ...(externalLabels && "replica" in externalLabels
            ? [{ path: ["externalLabels", "replica"], message: "is what pair.replica says; leave it out" }]
            : []),
        ...(enabled === true
            ? missing.map((key) => ({ path: ["pair", key], message: `is missing; write ${missingWords[key]}` }))
            : []),
        ...certificateMistakes(pair),
        ...(enabled === false
            ? given.map((key) => ({
                  path: ["pair", key],
                  message: "is of an Alertmanager, and alertmanager.enabled is false; leave one of the two out",
              }))
            : []),
        ...(enabled === true && bindAddress !== undefined && bindAddress !== "0.0.0.0" && isOwnHost(bindAddress)
            ? [{ path: ["alertmanager", "bindAddress"], message: unfound }]
            : []),
    ];
}

/** Makes what both of a pair have. */
const command =
    "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 3650 " +
    `-subj /CN=${clusterName} -addext subjectAltName=DNS:${clusterName} -keyout key.pem -out cert.pem`;

function certificateMistakes({ cert, key }: NonNullable<LenientDeclaration["pair"]>): Problem[] {
    const isOurs = cert === undefined || namesOf(cert)?.includes(clusterName) !== false;
    const isPair = cert === undefined || key === undefined || belongTogether(cert, key) !== false;
    return [
        ...(isOurs
            ? []
            : [
                  {
                      path: ["pair", "cert"],
                      message: `is not for ${clusterName}; write one that this makes: ${command}`,
                  },
              ]),
        ...(isPair
            ? []
            : [{ path: ["pair", "key"], message: "is not the key of cert; write the key that belongs to it" }]),
    ];
}

const missingWords = {
    address: 'this Docker host\'s address and a port for the other Alertmanager, such as "10.0.0.5:9094"',
    other: 'the other one\'s, such as "10.0.0.6:9094"',
    cert: `the one that both have, of what this makes: ${command}`,
    key: `the one that both have, of what this makes: ${command}`,
} as const;
