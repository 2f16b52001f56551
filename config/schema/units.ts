import { isIPv4 } from "node:net";

/** Durations, sizes and addresses in the notations of Prometheus and Docker. */

const durationUnits = { y: 31_536_000_000, w: 604_800_000, d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000, ms: 1 };
/** What a duration looks like: "90s", "1h30m", but not zero. */
export const durationForm =
    /^(?=.*[1-9])(?:(\d+)y)?(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/;

/** Prometheus counts nanoseconds in 64 bits: 292 years. */
const longestDuration = Math.floor(2 ** 63 / 1e6);

/**
 * Reads a Prometheus duration ("90s", "1h30m") as milliseconds.
 * @returns undefined if it is not one, is longer than Prometheus can hold, or is zero: Prometheus reads a scrape interval of
 * 0s as "use the global value".
 * Source: https://prometheus.io/docs/prometheus/latest/configuration/configuration/ (placeholder `<duration>`)
 */
export function parseDuration(text: string): number | undefined {
    const amounts = durationForm.exec(text)?.slice(1) ?? [];
    const total = Object.values(durationUnits).reduce((sum, unit, i) => sum + unit * Number(amounts[i] ?? 0), 0);
    return total > 0 && total < longestDuration ? total : undefined;
}

/**
 * Writes milliseconds as Prometheus itself prints a duration (60000 is "1m", 36 h is "1d12h", 14 d is "2w"), so that the
 * live configuration can be compared with the declared one as text.
 * Source: https://pkg.go.dev/github.com/prometheus/common/model#Duration.String
 */
export function formatDuration(milliseconds: number): string {
    let rest = milliseconds;
    let text = "";
    for (const [unit, size] of Object.entries(durationUnits)) {
        const onlyIfExact = unit === "y" || unit === "w";
        if (rest < size || (onlyIfExact && rest % size !== 0)) {
            continue;
        }
        text += `${Math.floor(rest / size)}${unit}`;
        rest %= size;
    }
    return text || "0s";
}

/** What a size looks like: "512MB", but not zero. */
export const sizeForm = /^(?=.*[1-9])(\d+)([KMGTPE]?B)$/;
const sizeUnits = ["B", "KB", "MB", "GB", "TB", "PB", "EB"];

/**
 * Reads a size ("512MB") as bytes; units are powers of two.
 * @returns undefined if it is not one, is zero, or does not fit into the 63 bits that Prometheus and Docker have for it.
 * Source: https://prometheus.io/docs/prometheus/latest/storage/ (`--storage.tsdb.retention.size`)
 */
export function parseSize(text: string): number | undefined {
    const [, amount, unit] = sizeForm.exec(text) ?? [];
    if (amount === undefined || unit === undefined) {
        return undefined;
    }
    const bytes = Number(amount) * 1024 ** sizeUnits.indexOf(unit);
    return bytes > 0 && bytes < 2 ** 63 && Number.isSafeInteger(Number(amount)) ? bytes : undefined;
}

/** Writes bytes as Prometheus prints a size limit: 10 * 1024 * 1024 is "10MiB", 1536 * 1024 is "1MiB512KiB". */
export function formatSize(bytes: number): string {
    let rest = bytes;
    let text = "";
    for (let power = sizeUnits.length - 1; power >= 0; power--) {
        const amount = Math.floor(rest / 1024 ** power);
        if (amount > 0) {
            text += `${amount}${sizeUnits[power]?.replace("B", power > 0 ? "iB" : "B")}`;
        }
        rest %= 1024 ** power;
    }
    return text;
}

/** An IPv4 network: its first address and its size as a prefix length. */
export interface Subnet {
    readonly first: number;
    readonly prefixLength: number;
}

/** Reads "172.28.0.1" as a number. @returns undefined if it is not an IPv4 address. */
export function parseIpv4(text: string): number | undefined {
    return isIPv4(text) ? text.split(".").reduce((sum, byte) => sum * 256 + Number(byte), 0) : undefined;
}

export function formatIpv4(address: number): string {
    return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join(".");
}

/** Reads "172.28.0.0/24". @returns undefined unless it is the first address of a network, and the length of its prefix. */
export function parseSubnet(text: string): Subnet | undefined {
    const [address = "", length = ""] = text.split("/");
    const first = parseIpv4(address);
    const prefixLength = /^(0|[1-9]\d?)$/.test(length) ? Number(length) : NaN;
    const valid = first !== undefined && prefixLength <= 32 && first % 2 ** (32 - prefixLength) === 0;
    return valid ? { first, prefixLength } : undefined;
}

/** True for a network that the stack's containers can be in: not loopback, not multicast, and with room for all of them. */
export function isStackSubnet({ first, prefixLength }: Subnet): boolean {
    const firstByte = Math.floor(first / 2 ** 24);
    return prefixLength >= 8 && prefixLength <= 29 && firstByte > 0 && firstByte !== 127 && firstByte < 224;
}

/** True for the addresses that a host of the subnet may have: not the first (network) and not the last (broadcast). */
export function isHostAddress(subnet: Subnet, address: number): boolean {
    const last = subnet.first + 2 ** (32 - subnet.prefixLength) - 1;
    return address > subnet.first && address < last;
}

/** How many networks the stacks' defaults are chosen from. */
export const subnetCount = 768;

/** One of them. @param place from 0 to subnetCount - 1 */
export const subnetAt = (place: number) => `172.${28 + Math.floor(place / 256)}.${place % 256}.0/24`;
