import type { DeclaredPart, LenientDeclaration } from "../schema/part";
import { commonKeys, listenersOf } from "../schema/part";
import type { Problem } from "../schema/problems";
import { show } from "../schema/problems";
import { formatIpv4, isHostAddress, parseIpv4, parseSubnet } from "../schema/units";

/** @param parts those that are on */
export function networkMistakes(declared: LenientDeclaration, parts: readonly DeclaredPart[]): Problem[] {
    const network = declared.network ?? {};
    return [
        ...gateway(network),
        ...listedTwice(network.join ?? [], ["network", "join"]),
        ...publishedPorts(declared, network, parts),
    ];
}

type Network = NonNullable<LenientDeclaration["network"]>;

function gateway(network: Network): Problem[] {
    const { subnet, gateway: address } = network;
    if ("gateway" in network && !("subnet" in network)) {
        return [{ path: ["network", "subnet"], message: "is missing; write the subnet that the gateway belongs to" }];
    }
    const parsed = subnet === undefined ? undefined : parseSubnet(subnet);
    const host = address === undefined ? undefined : parseIpv4(address);
    const message = `${show(address)} is not a host of ${subnet}; write one of its addresses`;
    return parsed && host !== undefined && !isHostAddress(parsed, host)
        ? [{ path: ["network", "gateway"], message }]
        : [];
}

/** What a list names more than once, such as networks. @param place of the list */
export const listedTwice = (names: readonly (string | undefined)[], place: Problem["path"]): Problem[] =>
    names.flatMap((name, i) =>
        name === undefined || names.indexOf(name) === i
            ? []
            : [{ path: [...place, i], message: `${show(name)} is in the list twice; write it once` }],
    );

/** Each address and port of the Docker host has one listener; 0.0.0.0 is every address. */
function publishedPorts(
    declared: LenientDeclaration,
    { subnet, gateway: given }: Network,
    parts: readonly DeclaredPart[],
): Problem[] {
    const first = parseSubnet(subnet ?? "")?.first;
    // Where neither is declared, the gateway is nobody else's address.
    const gateway = given ?? (first === undefined ? "the gateway" : formatIpv4(first + 1));
    const general = { ...declared, network: { gateway } };
    const all = parts.flatMap((part) => listenersOf(part, commonKeys(declared, part), general));
    return all.flatMap(({ address, port, path }, i) => {
        const first = all.slice(0, i).find((other) => other.port === port && sameAddress(other.address, address));
        const message = `${port} is already the port of ${first?.owner}; write another one`;
        return first === undefined ? [] : [{ path, message }];
    });
}

const sameAddress = (a: string, b: string) => a === b || a === "0.0.0.0" || b === "0.0.0.0";
