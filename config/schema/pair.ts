import type { z } from "zod";
import { hostPortMistake, listeningAt, splitHostPort } from "./hosts";
import { show } from "./problems";
import { certificates, privateKey } from "./tls";
import { object, text } from "./values";

const port = 9094;

/** The name that both of a pair have in their certificate, wherever they are. */
export const clusterName = "alertmanager";

const address = (example: string, what: string) =>
    text(/\S/, what, `one, such as "${example}"`).refine((value) => hostPortMistake(value, example) === undefined, {
        error: ({ input }) => `${show(input)} ${hostPortMistake(String(input), example)}`,
    });

/** Alertmanager says this address to the other one, and takes no name for it. */
const ownAddress = address(`10.0.0.5:${port}`, "an address").refine((value) => /^\d+\.\d+\.\d+\.\d+:\d+$/.test(value), {
    error: ({ input }) =>
        `${show(input)} is not an IPv4 address with a port; write that of this Docker host, such as "10.0.0.5:${port}"`,
});

/**
 * Two stacks with the same jobs on two hosts.
 * Source: https://prometheus.io/docs/alerting/latest/high_availability/
 */
export const pairSchema = object({
    replica: text(/^[^\p{Cc}]+$/u, "a name", 'one that the other stack does not have, such as "a"').describe(
        "The name of this one: the label `replica` of what it sends on, but not of its alerts.",
    ),
    address: ownAddress
        .optional()
        .describe("Address and port of this Docker host on which the other one's Alertmanager finds this one's."),
    other: address(`10.0.0.6:${port}`, "host:port").optional().describe("The same of the other one."),
    otherAlertmanager: address("10.0.0.6:9093", "host:port")
        .optional()
        .meta({ description: "Where the other one's Alertmanager takes alerts.", derived: "port 9093 of `other`" }),
    cert: certificates
        .optional()
        .describe(
            `Certificate with which both Alertmanagers prove to each other who they are, for the name \`${clusterName}\`.`,
        ),
    key: privateKey.optional().describe("Its private key."),
})
    .optional()
    .describe("The other stack with the same jobs, of a pair that sends each alert once: docs/fleets.md.");

export type Pair = z.output<typeof pairSchema>;

/** Where both Alertmanagers of a pair are, as this one knows them. @returns undefined where there is none of them */
export function clusterOf(pair: Pair) {
    const { address: own, other, cert, key } = pair ?? {};
    if (own === undefined || other === undefined || cert === undefined || key === undefined) {
        return undefined;
    }
    return {
        ...{ ...listeningAt(own), other, cert, key },
        otherAlertmanager: pair?.otherAlertmanager ?? `${splitHostPort(other).host}:9093`,
    };
}
