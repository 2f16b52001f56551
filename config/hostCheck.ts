import type { Problem } from "./problems";
import { nearestOf, show } from "./problems";
import type { StackConfig } from "./stackConfig";
import { subnetAt, subnetCount } from "./stackConfig";
import type { Subnet } from "./units";
import { parseSubnet } from "./units";

/**
 * The mistakes that only show on the Docker host: what the declaration wants of it is taken, or not there. A preview asks the
 * host once (components/preflight.ts) and compares here.
 */

/** What there is on a Docker host, apart from the stack itself. */
export interface HostFacts {
    readonly networks: readonly {
        readonly name: string;
        /** In CIDR notation. */
        readonly subnets: readonly string[];
    }[];
    /** Those that run. */
    readonly containers: readonly {
        readonly name: string;
        readonly ports: readonly { readonly address: string; readonly port: number }[];
        /** The names under which it is found on each of its networks. */
        readonly names: Readonly<Record<string, readonly string[]>>;
    }[];
    /** Where programs listen, in containers or not. Absent where the engine lets nobody look, as are the routes. */
    readonly listeners?: readonly { readonly address: string; readonly port: number }[];
    /** The networks that the host has a way to, in CIDR notation. */
    readonly routes?: readonly string[];
}

/** @param ownNetwork Docker's name of the stack's network, e.g. "metrics-stack-dev" */
export function checkAgainstHost(config: StackConfig, ownNetwork: string, host: HostFacts): Problem[] {
    return [
        ...overlappingSubnet(config, ownNetwork, host),
        ...takenRoute(config, host),
        ...missingNetworks(config, ownNetwork, host),
        ...takenPorts(config, host),
        ...unreachableTargets(config, ownNetwork, host),
    ];
}

function overlappingSubnet({ network }: StackConfig, ownNetwork: string, { networks }: HostFacts): Problem[] {
    const others = networks
        .filter(({ name }) => name !== ownNetwork)
        .flatMap(({ name, subnets }) => subnets.map((subnet) => ({ name, subnet })));
    const overlapping = others.find(({ subnet }) => overlap(network.subnet, subnet));
    if (!overlapping) {
        return [];
    }
    const free = Array.from({ length: subnetCount }, (_, place) => subnetAt(place)).find(
        (candidate) => !others.some(({ subnet }) => overlap(candidate, subnet)),
    );
    const { name, subnet } = overlapping;
    const advice = free === undefined ? "another one" : `another one, such as "${free}"`;
    const message = `${show(network.subnet)} overlaps ${subnet} of the Docker network ${name}; write ${advice}`;
    return [{ path: ["network", "subnet"], message }];
}

function overlap(a: string, b: string): boolean {
    const [first, second] = [parseSubnet(a), parseSubnet(b)];
    return first !== undefined && second !== undefined && first.first < end(second) && second.first < end(first);
}

const end = ({ first, prefixLength }: Subnet) => first + 2 ** (32 - prefixLength);

/**
 * A network inside the stack's that the host reaches another way, such as a VPN's. A wider one is no mistake: the host goes on
 * using it for all other addresses.
 */
function takenRoute({ network }: StackConfig, { networks, routes = [] }: HostFacts): Problem[] {
    const ofDocker = networks.flatMap(({ subnets }) => subnets);
    const own = parseSubnet(network.subnet);
    const taken = routes.find(
        (route) =>
            !ofDocker.includes(route) &&
            overlap(route, network.subnet) &&
            (parseSubnet(route)?.prefixLength ?? 0) >= (own?.prefixLength ?? 32),
    );
    const message = `${show(network.subnet)} holds ${taken}, which the Docker host reaches in another way; write another one`;
    return taken === undefined ? [] : [{ path: ["network", "subnet"], message }];
}

function missingNetworks({ network }: StackConfig, ownNetwork: string, { networks }: HostFacts): Problem[] {
    const known = networks.map(({ name }) => name).sort();
    return network.join.flatMap((name, i) => {
        if (name === ownNetwork) {
            const message = `${show(name)} is the stack's own network, which Prometheus is on; leave it out`;
            return [{ path: ["network", "join", i], message }];
        }
        if (known.includes(name)) {
            return [];
        }
        const nearest = nearestOf(name, known);
        const advice = nearest === undefined ? `write one of ${known.join(", ")}` : `did you mean ${nearest}?`;
        return [{ path: ["network", "join", i], message: `${show(name)} is no network of the Docker host; ${advice}` }];
    });
}

function takenPorts(config: StackConfig, { containers, listeners = [] }: HostFacts): Problem[] {
    const wanted = {
        prometheus: config.prometheus,
        nodeExporter: config.nodeExporter && { ...config.nodeExporter, bindAddress: config.network.gateway },
        alertmanager: config.alertmanager,
        grafana: config.grafana,
        webBe: config.webBe,
    };
    return Object.entries(wanted).flatMap(([part, { port, bindAddress } = { port: 0, bindAddress: "" }]) => {
        const isTaken = (other: { address: string; port: number }) =>
            other.port === port && meet(other.address, bindAddress);
        const container = containers.find(({ ports }) => ports.some(isTaken));
        const owner = container ? `the container ${container.name}` : "another program of the Docker host";
        return container || listeners.some(isTaken)
            ? [{ path: [part, "port"], message: `${port} is taken by ${owner}; write another one` }]
            : [];
    });
}

/** Everybody's address meets every other. */
const meet = (a: string, b: string) => a === b || [a, b].some((address) => address === "0.0.0.0" || address === "::");

/** A target that is a container's name on networks that Prometheus is not on: it would never be found. */
function unreachableTargets(config: StackConfig, ownNetwork: string, { containers }: HostFacts): Problem[] {
    const joined = new Set([ownNetwork, ...config.network.join]);
    return config.scrapeJobs.flatMap(({ staticConfigs }, i) =>
        staticConfigs.flatMap(({ targets }, g) =>
            targets.flatMap((target, t) => {
                const host = target.slice(0, target.lastIndexOf(":"));
                const networks = containers.flatMap(({ names }) =>
                    Object.keys(names).filter((network) => names[network]?.includes(host)),
                );
                if (networks.length === 0 || networks.some((network) => joined.has(network))) {
                    return [];
                }
                const message =
                    `${show(target)} is a container on ${networks.join(" and ")}, where Prometheus is not; write ` +
                    `network.join: [${show(networks[0])}], or connect the container: docker network connect ${ownNetwork} ${host}`;
                return [{ path: ["scrapeJobs", i, "staticConfigs", g, "targets", t], message }];
            }),
        ),
    );
}
