import type { Problem } from "../schema/problems";
import { show } from "../schema/problems";
import { formatIpv4, isHostAddress, parseIpv4, parseSubnet } from "../schema/units";
import type { Declaration } from "./read";

export function networkMistakes(read: Declaration): Problem[] {
    return [...gateway(read.network), ...joinedTwice(read.network), ...publishedPorts(read)];
}

function gateway({ subnet, gateway: address }: Declaration["network"]): Problem[] {
    const network = subnet === undefined ? undefined : parseSubnet(subnet);
    const host = address === undefined ? undefined : parseIpv4(address);
    if (address !== undefined && subnet === undefined) {
        return [{ path: ["network", "subnet"], message: "is missing; write the subnet that the gateway belongs to" }];
    }
    return network && host !== undefined && !isHostAddress(network, host)
        ? [
              {
                  path: ["network", "gateway"],
                  message: `${show(address)} is not a host of ${subnet}; write one of its addresses`,
              },
          ]
        : [];
}

function joinedTwice({ join }: Declaration["network"]): Problem[] {
    return join.flatMap((name, i) =>
        name === undefined || join.indexOf(name) === i
            ? []
            : [{ path: ["network", "join", i], message: `${show(name)} is in the list twice; write it once` }],
    );
}

/** Each address and port of the Docker host has one listener; 0.0.0.0 is every address. */
function publishedPorts(read: Declaration): Problem[] {
    const { subnet, gateway: declared } = read.network;
    const first = parseSubnet(subnet ?? "")?.first;
    const listeners = [
        // node_exporter listens on the gateway: where neither is declared, it is nobody else's address.
        { part: "nodeExporter", address: declared ?? (first === undefined ? "the gateway" : formatIpv4(first + 1)) },
        ...(["prometheus", "alertmanager", "grafana", "webBe"] as const).map((part) => ({
            part,
            address: read[part].bindAddress,
        })),
    ] as const;
    const taken: { part: string; port: number; address: string }[] = [];
    return listeners.flatMap(({ part, address }) => {
        const { enabled, port } = read[part];
        if (!enabled || port === undefined || address === undefined) {
            return [];
        }
        const owner = taken.find((other) => other.port === port && sameAddress(other.address, address));
        taken.push({ part, port, address });
        return owner === undefined
            ? []
            : [{ path: [part, "port"], message: `${port} is already the port of ${owner.part}; write another one` }];
    });
}

const sameAddress = (a: string, b: string) => a === b || a === "0.0.0.0" || b === "0.0.0.0";
