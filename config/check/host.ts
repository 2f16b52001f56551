import type { Adopter, VolumeFacts } from "./dataVolumes";
import { checkDataVolumes } from "./dataVolumes";
import type { Problem } from "../schema/problems";
import { splitHostPort } from "../schema/hosts";
import { isVolume } from "../schema/part";
import { instead, show } from "../schema/problems";
import { targetsOf, writesAddress } from "./targets";
import type { StackConfig } from "../schema/stack";
import type { Subnet } from "../schema/units";
import { parseSubnet, subnetAt, subnetCount } from "../schema/units";

/**
 * The mistakes that only show on the Docker host: what the declaration wants of it is taken, or not there. A preview asks the
 * host once (components/preflight.ts) and compares here.
 */

export interface Listener {
    readonly address: string;
    readonly port: number;
}

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
        readonly ports: readonly Listener[];
        /** The names under which it is found on each of its networks. */
        readonly names: Readonly<Record<string, readonly string[]>>;
    }[];
    readonly volumes: readonly VolumeFacts[];
    /** The containers that were started under the names of the stack's own, whoever made them. @default none */
    readonly own?: readonly { readonly name: string; readonly id: string }[];
    /** Where programs listen, in containers or not. Absent where the engine lets nobody look, as are the routes. */
    readonly listeners?: readonly Listener[];
    /** The networks that the host has a way to, in CIDR notation. */
    readonly routes?: readonly string[];
    /** False where / is a private mount of the host, which a container sees as it was when it started. Absent as those. */
    readonly sharedRoot?: boolean;
}

/** What somebody else has made, and a part of the stack uses. */
export interface Used {
    readonly name: string;
    /** Its place in the declaration. */
    readonly path: Problem["path"];
}

/** The volumes among what a part mounts of somebody else. @param path of the part in the declaration */
export const usedVolumes = (mounts: readonly { readonly source: string }[], path: Problem["path"]): Used[] =>
    mounts.flatMap(({ source }, i) =>
        isVolume(source) ? [{ name: source, path: [...path, "mounts", i, "source"] }] : [],
    );

/** Where a part listens. */
export interface WantedListener extends Listener {
    /** The part's place in the stack file, e.g. "grafana". */
    readonly owner: string;
    /** That of its port, e.g. ["grafana", "port"]. */
    readonly path: Problem["path"];
}

/** What a stack wants of its Docker host. */
export interface Wanted {
    /** Docker's name of the stack's network, e.g. "metrics-stack-dev". */
    readonly ownNetwork: string;
    /** The volumes of the stack's own. */
    readonly ownVolumes: readonly string[];
    /** Those of its parts that keep something in a volume of the stack's own. */
    readonly keepers: readonly {
        /** Where it stands in the stack file, e.g. ["prometheus"]. */
        readonly path: Problem["path"];
        readonly role: string;
        readonly holds: string;
        readonly volume: string;
    }[];
    /** Where its parts listen. */
    readonly listeners: readonly WantedListener[];
    /** The networks of somebody else that its parts join. */
    readonly networks: readonly Used[];
    /** The volumes of somebody else that its parts mount. */
    readonly volumes: readonly Used[];
    /** The sockets of the Docker engine on its host that its parts ask. */
    readonly sockets: readonly Used[];
    readonly adopters: readonly Adopter[];
}

export function checkAgainstHost(config: StackConfig, wanted: Wanted, host: HostFacts): Problem[] {
    const { ownVolumes, listeners, adopters } = wanted;
    return [
        ...overlappingSubnet(config, wanted.ownNetwork, host),
        ...takenRoute(config, host),
        ...missingNetworks(wanted, host),
        ...missingVolumes(wanted, host),
        ...takenPorts(listeners, host),
        ...unreachableTargets(config, wanted.ownNetwork, host),
        ...ipv6Targets(config, wanted.ownNetwork, host),
        ...checkDataVolumes(adopters, ownVolumes, host.volumes),
    ];
}

function overlappingSubnet({ network }: StackConfig, ownNetwork: string, host: HostFacts): Problem[] {
    const others = host.networks
        .filter(({ name }) => name !== ownNetwork)
        .flatMap(({ name, subnets }) => subnets.map((subnet) => ({ name, subnet })));
    const overlapping = others.find(({ subnet }) => overlap(network.subnet, subnet));
    if (!overlapping) {
        return [];
    }
    const { name, subnet } = overlapping;
    const message = `${show(network.subnet)} overlaps ${subnet} of the Docker network ${name}; write ${freeSubnet(host)}`;
    return [{ path: ["network", "subnet"], message }];
}

/** True for two networks in CIDR notation that have an address in common. */
export function overlap(a: string, b: string): boolean {
    const [first, second] = [parseSubnet(a), parseSubnet(b)];
    return first !== undefined && second !== undefined && first.first < end(second) && second.first < end(first);
}

const end = ({ first, prefixLength }: Subnet) => first + 2 ** (32 - prefixLength);

/**
 * A network inside the stack's that the host reaches another way, such as a VPN's. A wider one is no mistake: the host goes on
 * using it for all other addresses.
 */
function takenRoute({ network }: StackConfig, host: HostFacts): Problem[] {
    const { networks, routes = [] } = host;
    const ofDocker = networks.flatMap(({ subnets }) => subnets);
    const own = parseSubnet(network.subnet);
    const taken = routes.find(
        (route) =>
            !ofDocker.includes(route) &&
            overlap(route, network.subnet) &&
            (parseSubnet(route)?.prefixLength ?? 0) >= (own?.prefixLength ?? 32),
    );
    const message = `${show(network.subnet)} holds ${taken}, which the Docker host reaches in another way; write ${freeSubnet(host)}`;
    return taken === undefined ? [] : [{ path: ["network", "subnet"], message }];
}

/** What to write for a subnet: one of the defaults that nothing of the host is in the way of. */
export function freeSubnet({ networks, routes = [] }: Pick<HostFacts, "networks" | "routes">): string {
    // The ways to everywhere and to all private addresses are no network's own.
    const taken = [
        ...networks.flatMap(({ subnets }) => subnets),
        ...routes.filter((route) => !/\/\d$|\/1[0-2]$/.test(route)),
    ];
    const free = Array.from({ length: subnetCount }, (_, place) => subnetAt(place)).find(
        (candidate) => !taken.some((subnet) => overlap(candidate, subnet)),
    );
    return free === undefined ? "another one" : `another one, such as "${free}"`;
}

function missingNetworks({ networks: wanted, ownNetwork }: Wanted, { networks }: HostFacts): Problem[] {
    const known = networks.map(({ name }) => name).sort();
    return wanted.flatMap(({ name, path }) => {
        if (name === ownNetwork) {
            const who = path[0] === "network" ? "Prometheus" : "it";
            return [{ path, message: `${show(name)} is the stack's own network, which ${who} is on; leave it out` }];
        }
        if (known.includes(name)) {
            return [];
        }
        return [{ path, message: `${show(name)} is no network of the Docker host; ${instead(name, known)}` }];
    });
}

/** Docker would make one that is not there, and its container find nothing in it. */
function missingVolumes({ volumes: wanted }: Wanted, { volumes }: HostFacts): Problem[] {
    return wanted.flatMap(({ name, path }) => {
        const known = volumes.map((each) => each.name);
        const advice = instead(name, known, `make it: docker volume create ${name}`);
        return known.includes(name)
            ? []
            : [{ path, message: `${show(name)} is no volume of the Docker host; ${advice}` }];
    });
}

/** Every part's port that somebody else has, each with one that nobody has. */
function takenPorts(wanted: Wanted["listeners"], { containers, listeners = [] }: HostFacts): Problem[] {
    const spokenFor = [...containers.flatMap(({ ports }) => ports), ...listeners, ...wanted];
    return wanted.flatMap((each) => {
        const isTaken = (other: Listener) => other.port === each.port && meet(other.address, each.address);
        const container = containers.find(({ ports }) => ports.some(isTaken));
        if (!container && !listeners.some(isTaken)) {
            return [];
        }
        const free = freePort(each, spokenFor);
        spokenFor.push({ address: each.address, port: free });
        const owner = container ? `the container ${container.name}` : "another program of the Docker host";
        return [
            {
                path: each.path,
                message: `${each.port} is taken by ${owner}; write another one, such as ${free}`,
            },
        ];
    });
}

/** The next port that nobody has on an address. */
export function freePort({ address, port }: Listener, taken: readonly Listener[]): number {
    const isFree = (candidate: number) =>
        !taken.some((other) => other.port === candidate && meet(other.address, address));
    const above = Array.from({ length: 65_535 - port }, (_, i) => port + 1 + i).find(isFree);
    return above ?? Array.from({ length: 64_511 }, (_, i) => 1024 + i).find(isFree) ?? port;
}

/** Everybody's address meets every other. */
export const meet = (a: string, b: string) =>
    a === b || [a, b].some((address) => address === "0.0.0.0" || address === "::");

/** A target that is a container's name on networks that Prometheus is not on: it would never be found. */
function unreachableTargets(config: StackConfig, ownNetwork: string, { containers }: HostFacts): Problem[] {
    const joined = new Set([ownNetwork, ...config.network.join.filter((name) => name !== defaultBridge)]);
    const networksOf = networksByName(containers);
    return allTargets(config).flatMap(({ target, path }) => {
        const { host, port } = splitHostPort(target);
        const networks = networksOf.get(host) ?? [];
        if (networks.length === 0 || networks.some((network) => joined.has(network))) {
            return [];
        }
        const message =
            `${show(target)} is a container on ${networks.join(" and ")}, where Prometheus ` +
            (networks.includes("host")
                ? `is not; write "host.docker.internal${port}": it listens there as any service of the Docker host does`
                : reconnected(host, networks, ownNetwork));
        return [{ path, message }];
    });
}

/** Docker finds no container by its name there: https://docs.docker.com/engine/network/drivers/bridge/#use-the-default-bridge-network */
const defaultBridge = "bridge";

function reconnected(container: string, networks: readonly string[], ownNetwork: string): string {
    const connect = `docker network connect ${ownNetwork} ${container}`;
    const shared = networks.find((network) => network !== defaultBridge);
    return shared === undefined
        ? `finds nobody by name; connect the container: ${connect}`
        : `is not; write network.join: [${show(shared)}], or connect the container: ${connect}`;
}

/** The declared targets of all jobs, each with its place. */
const allTargets = ({ scrapeJobs }: StackConfig) =>
    scrapeJobs.flatMap((job, i) =>
        targetsOf(job).map(({ target, path }) => ({ job, target, path: ["scrapeJobs", i, ...path] })),
    );

/** Where none of Prometheus' networks has IPv6, there is no way to such an address. A proxy may have one. */
function ipv6Targets(config: StackConfig, ownNetwork: string, { networks }: HostFacts): Problem[] {
    const own = networks.filter(({ name }) => name === ownNetwork || config.network.join.includes(name));
    if (own.some(({ subnets }) => subnets.some((subnet) => subnet.includes(":")))) {
        return [];
    }
    return allTargets(config).flatMap(({ job, target, path }) => {
        const isMeant = job.proxyUrl !== undefined || writesAddress(job);
        const message =
            `${show(target)} is an IPv6 address, and none of Prometheus' networks has IPv6; write an IPv4 address or a name ` +
            "that has one, or network.join with a network made by docker network create --ipv6";
        return target.startsWith("[") && !isMeant ? [{ path, message }] : [];
    });
}

/** The networks on which each name of a container is found, one for each container. */
function networksByName(containers: HostFacts["containers"]): ReadonlyMap<string, readonly string[]> {
    const found = new Map<string, string[]>();
    for (const { names } of containers) {
        for (const [network, ofNetwork] of Object.entries(names)) {
            for (const name of new Set(ofNetwork)) {
                found.set(name, [...(found.get(name) ?? []), network]);
            }
        }
    }
    return found;
}
