import type { Silence } from "../probe";
import type { ScrapedTarget } from "./scraped";

/**
 * What `npm run status` finds out about Prometheus.
 * Source: https://prometheus.io/docs/prometheus/latest/querying/api/
 */
export interface Prometheus {
    readonly version: string;
    /** Of an agent no alerts, no rules and no limits of its storage are known: it has none. */
    readonly mode: "server" | "agent";
    readonly reloadConfigSuccess: boolean;
    readonly lastConfigTime: string;
    /** Where the dashboards are that it serves as pages; `null` where it serves none. */
    readonly consoleUrl: string | null;
    /** Which release of the configuration it runs with, and since when; `npm run rollback -- --list` has those before. */
    readonly release: { readonly name: string; readonly since: string } | null;
    readonly targets: readonly ScrapedTarget[];
    /** The jobs that none of these is of: their discovery has found none, or their rules drop all. */
    readonly jobsWithoutTargets: readonly string[];
    /** Without the Watchdog, and all others of severity "none". */
    readonly alerts: readonly Alert[];
    /** The rules that cannot be evaluated. */
    readonly failingRules: readonly { readonly group: string; readonly name: string; readonly lastError: string }[];
    /** How many alerts reached no Alertmanager within the last 10 minutes. */
    readonly notificationsDropped: number;
    readonly storage: Storage;
    /** Where it sends samples to, by `remoteWrite`. */
    readonly sendsTo: readonly Receiver[];
    /** The hosts, by their `instance`, whose kernels tell nothing of what waits: the alerts about that cannot fire. */
    readonly withoutPressure: readonly string[];
}

export interface Receiver {
    readonly name: string;
    /** How much older the newest sample is that it has taken than the newest that there is; `null` where it has taken none. */
    readonly secondsBehind: number | null;
    /** How many samples it has refused since Prometheus was started: they are lost to it. */
    readonly refused: number;
}

export interface Alert {
    readonly state: "firing" | "pending";
    readonly activeAt: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly summary: string;
    /** The silence that keeps it from people, where Alertmanager is on. */
    readonly silencedBy: Silence | null;
}

export interface Storage {
    /** What counts against `retentionSize`: blocks, write-ahead log and the head's chunks. */
    readonly size: number;
    readonly retentionSize: number | null;
    /** As Prometheus writes a duration, e.g. "15d". */
    readonly retentionTime: string | null;
    /** The time of the oldest sample. */
    readonly lowestTimestamp: string | null;
    /** The time of the newest sample, where it is ahead of the clock: no other is stored until then. */
    readonly timestampAhead: string | null;
    /** The file system that the samples are on: what is left of it, and all of it. */
    readonly filesystemFree: number | null;
    readonly filesystemSize: number | null;
    /** Whether node_exporter sees it, so that alerts watch it; `null` where there is none. */
    readonly filesystemWatched: boolean | null;
    /** Less than this share free is wrong: `nodeExporter.host.filesystemFree.warning`. */
    readonly filesystemLimit: number;
    /**
     * When it is full, if it goes on as in the last six hours; `null` where it does not fill up, or where node_exporter did
     * not see it six hours ago.
     */
    readonly filesystemFullAt: string | null;
}
