import { BlockList, isIPv4, isIPv6 } from "node:net";

/** Hosts as they are written in addresses, such as a target's: names, IPv4 addresses, and IPv6 addresses in brackets. */

/** Names of DNS; Docker's have underscores too. */
const hostName = /^\w([\w-]*\w)?(\.\w([\w-]*\w)?)*\.?$/;

/** @returns what is wrong with a host, in the words of the fix; undefined for one that may be */
export function hostMistake(host: string): string | undefined {
    const isValid = host.startsWith("[")
        ? isIPv6(host.slice(1, -1)) && !host.includes("%")
        : /^[\d.]+$/.test(host)
          ? isIPv4(host)
          : hostName.test(host);
    if (!isValid) {
        return 'has no valid host; write a name, an IPv4 address, or an IPv6 address in brackets, such as "[2001:db8::5]"';
    }
    return isTooLong(host)
        ? "has a name that is longer than DNS allows; write one of at most 253 letters, and at most 63 between two dots"
        : undefined;
}

/** Source: https://www.rfc-editor.org/rfc/rfc1035#section-2.3.4 (255 octets, of which a name in letters has 253) */
const isTooLong = (name: string) =>
    name.replace(/\.$/, "").length > 253 || name.split(".").some((label) => label.length > 63);

/** What is wrong with host:port, in the words of the fix. @param example a right one */
export function hostPortMistake(value: string, example: string): string | undefined {
    const [, host, port = ""] = /^([\w.-]+|\[.*\]):(\d+)$/.exec(value) ?? [];
    if (host === undefined) {
        const examplePort = example.slice(example.lastIndexOf(":"));
        return /^[\w.-]+$/.test(value)
            ? `has no port; write host:port, such as "${value}${examplePort}"`
            : `is not host:port; write one, such as "${example}" or "[2001:db8::5]${examplePort}"`;
    }
    const isPort = /^[1-9]/.test(port) && Number(port) <= 65535;
    return hostMistake(host) ?? (isPort ? undefined : "has a port outside 1 to 65535; write host:port");
}

/** The names that mean the machine itself. Source: https://www.rfc-editor.org/rfc/rfc6761#section-6.3, and Docker's /etc/hosts */
const ownName = /^(?:(?:.*\.)?localhost(?:\.localdomain)?|ip6-(?:localhost|loopback))\.?$/i;

const ownAddresses = new BlockList();
ownAddresses.addSubnet("127.0.0.0", 8, "ipv4");
ownAddresses.addAddress("0.0.0.0", "ipv4");
ownAddresses.addAddress("::1", "ipv6");
ownAddresses.addAddress("::", "ipv6");

/** True for loopback and for the unspecified address: whoever asks there, asks itself. A container too. */
export function isOwnHost(host: string): boolean {
    const address = host.replace(/^\[(.*)\]$/, "$1");
    return isIPv4(address)
        ? ownAddresses.check(address)
        : isIPv6(address)
          ? ownAddresses.check(address, "ipv6")
          : ownName.test(host);
}

/** Takes host:port apart; the port has its colon. */
export function splitHostPort(address: string): { host: string; port: string } {
    const end = address.lastIndexOf(":");
    return { host: address.slice(0, end), port: address.slice(end) };
}

/** Where somebody listens whose address is host:port. */
export function listeningAt(hostPort: string): { address: string; port: number } {
    const { host, port } = splitHostPort(hostPort);
    return { address: host, port: Number(port.slice(1)) };
}

/**
 * What is wrong with an address that leads a container to itself. @returns undefined for any other
 * @param port with its colon, or nothing
 * @param whose the container, e.g. "Prometheus'"
 */
export function loopbackMistake({ host, port }: { host: string; port: string }, whose: string): string | undefined {
    return isOwnHost(host)
        ? `is ${whose} own container to itself; write "host.docker.internal${port}" for a service of the Docker host, ` +
              `or the name of a container, such as "web${port}"`
        : undefined;
}

/** The machine behind a Docker endpoint: "ssh://admin@web-1:22" and "tcp://web-1:2376" are "web-1". @returns undefined for this one */
export function remoteHost(endpoint: string | undefined): string | undefined {
    const [, host] = /^(?:ssh|tcp):\/\/(?:[^@/]*@)?(\[[^\]]*\]|[^:/]+)/i.exec(endpoint ?? "") ?? [];
    return host === undefined || isOwnHost(host) ? undefined : host.toLowerCase().replace(/\.$/, "");
}
