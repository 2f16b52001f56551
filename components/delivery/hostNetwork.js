// @ts-check

// What the kernel of the Docker host says of its network, in the form of /proc/net: numbers are hexadecimal, and addresses have
// their bytes in reverse. Source: https://www.kernel.org/doc/html/latest/networking/proc_net_tcp.html

/** The state of a socket that waits for connections. */
const listen = "0A";
const everyAddressOfIpv6 = "0".repeat(32);

/**
 * Who listens where.
 * @param {string} tables with /proc/net/tcp and /proc/net/tcp6; what else is there is passed over
 * @returns {{ address: string, port: number }[]} IPv4 addresses, and "::" for whoever listens on every address
 */
function listeners(tables) {
    const all = rows(tables).flatMap(([, local = "", , state]) => {
        const [address = "", port = ""] = local.split(":");
        const readable = address.length === 8 || address === everyAddressOfIpv6;
        return state === listen && readable
            ? [{ address: address.length === 8 ? ipv4(address) : "::", port: Number.parseInt(port, 16) }]
            : [];
    });
    // The kernel gives nobody both at once: where somebody has the port by IPv4, whoever has it on every address has it by IPv6
    // only (https://man7.org/linux/man-pages/man7/ipv6.7.html, IPV6_V6ONLY). Alone it may be both, which the table does not say.
    return all.filter(
        ({ address, port }) => address !== "::" || !all.some((other) => other.port === port && other.address !== "::"),
    );
}

/**
 * The networks that the host has a way to.
 * @param {string} tables with /proc/net/route; what else is there is passed over
 * @returns {string[]} in CIDR notation, e.g. "10.8.0.0/24"
 */
function routes(tables) {
    return rows(tables).flatMap(([, destination = "", , , , , , mask = ""]) => {
        const ones = [...Number.parseInt(mask, 16).toString(2)].filter((bit) => bit === "1").length;
        return /^[0-9A-F]{8}$/.test(destination) ? [`${ipv4(destination)}/${ones}`] : [];
    });
}

/** @param {string} table */
const rows = (table) => table.split("\n").map((line) => line.trim().split(/\s+/));

/** @param {string} reversed e.g. "0100007F" */
const ipv4 = (reversed) =>
    [...(reversed.match(/../g) ?? [])]
        .reverse()
        .map((byte) => Number.parseInt(byte, 16))
        .join(".");

module.exports = { listeners, routes };
