import type { Receiver } from "./routing";

/** What Alertmanager's metrics and its log say of the messages to a receiver. */

/** Requests to services, by the kinds of Alertmanager's metrics, e.g. "webhook". */
export type Requests = ReadonlyMap<string, { readonly asked: number; readonly failed: number }>;

/** An entry of a receiver that could not be told. */
export interface Failure {
    /** E.g. "webhook[0]". */
    readonly entry: string;
    /** Alertmanager's words. */
    readonly reason: string;
}

/**
 * Source: https://github.com/prometheus/alertmanager/blob/v0.34.1/notify/metrics.go
 * @param metrics as Alertmanager exposes them
 * @param name the receiver, for an Alertmanager that counts them apart
 */
export function requestsIn(metrics: string, name: string): Requests {
    const found = new Map<string, { asked: number; failed: number }>();
    const lines = metrics.matchAll(/^alertmanager_notification_requests_(failed_)?total\{([^}]*)\} (\S+)$/gm);
    for (const [, failed, text = "", count] of lines) {
        const { integration = "", receiver_name: receiver = name } = fieldsOf(text);
        if (receiver === name) {
            const sum = found.get(integration) ?? { asked: 0, failed: 0 };
            found.set(integration, { ...sum, [failed ? "failed" : "asked"]: Number(count) });
        }
    }
    return found;
}

/**
 * Those that the log has of a receiver, each once.
 * Source: https://github.com/prometheus/alertmanager/blob/v0.34.1/notify/retry_stage.go
 */
export function failuresIn(log: string, name: string): Failure[] {
    const found = new Map<string, string>();
    for (const line of log.split("\n")) {
        const { msg = "", receiver, integration, err = "" } = fieldsOf(line);
        if (msg.startsWith("Notify attempt failed") && receiver === name && integration !== undefined) {
            found.set(integration, err);
        }
        if (msg.startsWith("Notify for alerts failed")) {
            for (const part of err.split("\n").filter((each) => each.startsWith(`${name}/`))) {
                const [, entry = "", reason = ""] = /^([^:]*): (.*)$/s.exec(part.slice(name.length + 1)) ?? [];
                found.set(entry, reason);
            }
        }
    }
    return [...found].map(([entry, reason]) => ({ entry, reason }));
}

/** The pairs of a line of the log, or the labels of a metric. */
function fieldsOf(text: string): Readonly<Record<string, string | undefined>> {
    const pairs = text.matchAll(/(\w+)=("(?:\\.|[^"\\])*"|[^\s,]*)/g);
    return Object.fromEntries(
        [...pairs].map(([, name, value = ""]) => [name, value.startsWith('"') ? unquoted(value) : value]),
    );
}

/** Go quotes more than JSON does. */
const unquoted = (text: string) =>
    text.slice(1, -1).replaceAll(/\\(.)/g, (_, character: string) => (character === "n" ? "\n" : character));

/** Whether all that was to be told of a receiver was tried: each entry has taken its message, or failed. */
export function isOver(
    wanted: Receiver["entries"],
    before: Requests,
    now: Requests,
    failures: readonly Failure[],
): boolean {
    return Object.entries(wanted).every(([kind, count]) => {
        const taken = successes(now, kind) - successes(before, kind);
        return taken + failures.filter(({ entry }) => entry.startsWith(`${kind}[`)).length >= count;
    });
}

function successes(requests: Requests, kind: string): number {
    const { asked, failed } = requests.get(kind) ?? { asked: 0, failed: 0 };
    return asked - failed;
}
