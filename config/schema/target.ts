import { isIPv4, isIPv6 } from "node:net";

/** What is wrong with a target, in the words of the fix. @returns undefined for host:port. */
export function targetMistake(value: string): string | undefined {
    if (/^[a-z][a-z0-9+.-]*:\/\//i.test(value)) {
        return "has a scheme; write only host:port, and the scheme in the job's scheme";
    }
    if (value.includes("/")) {
        return "has a path; write only host:port, and the path in the job's metricsPath";
    }
    const [, host, port] = /^([\w.-]+|\[.*\]):(\d+)$/.exec(value) ?? [];
    if (host === undefined) {
        return /^[\w.-]+$/.test(value)
            ? // Prometheus 2 added :80 or :443, Prometheus 3 adds nothing: without a port, `instance` depends on the version.
              `has no port; write host:port, such as "${value}:8000"`
            : 'is not host:port; write one, such as "web:8000" or "[::1]:8000"';
    }
    if (!isHost(host)) {
        return 'has no valid host; write a name, an IPv4 address, or an IPv6 address in brackets, such as "[::1]:8000"';
    }
    return /^[1-9]/.test(port ?? "") && Number(port) <= 65535
        ? undefined
        : "has a port outside 1 to 65535; write host:port";
}

/** A name of DNS (Docker's have underscores too), or an address. */
const isHost = (host: string) =>
    host.startsWith("[")
        ? isIPv6(host.slice(1, -1)) && !host.includes("%")
        : /^[\d.]+$/.test(host)
          ? isIPv4(host)
          : /^\w([\w-]*\w)?(\.\w([\w-]*\w)?)*\.?$/.test(host);
