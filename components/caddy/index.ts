import type { PartImage } from "../part";

/** The program that both the door and Docker's proxy run. Source: https://caddyserver.com/docs/ */

export const standardImage = "caddy:2.11.9";

export const caddyImage: PartImage = {
    standard: standardImage,
    fromPackages: async (reference) => (await import("./image")).importCaddy(reference),
};

/**
 * The program in the official image is marked with this right, and Linux starts it for nobody who may not have it.
 * Source: https://man7.org/linux/man-pages/man7/capabilities.7.html, "capability-dumb binaries"
 */
export const capabilities = { drops: ["ALL"], adds: ["CAP_NET_BIND_SERVICE"] };

/**
 * How long a client may take, and how much it may send before its request counts. The least rate is what ends a request that
 * trickles, the idle times one that stalls; an answer may take as long as it takes whoever gives it.
 */
export const limits = {
    read_header_timeout: "10s",
    read_idle_timeout: "10s",
    read_min_rate: 1024,
    write_idle_timeout: "1m",
    idle_timeout: "2m",
    max_header_bytes: 16 * 1024,
};
