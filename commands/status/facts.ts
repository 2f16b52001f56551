/**
 * What `npm run status -- --json` prints; docs/status.md has an example. Names are Prometheus', Docker's and Pulumi's own, in
 * camelCase. Times are ISO 8601 in UTC, sizes are bytes. `null` stands for what there is not, or what was not found out.
 */
export interface Status {
    readonly stack: string;
    /** The Docker endpoint, e.g. "unix:///var/run/docker.sock". */
    readonly dockerHost: string;
    /** When all this was found. */
    readonly time: string;
    /** 0: all is well. 1: something could not be found out. 2: something is wrong. 3: only `differences`. */
    readonly exitCode: 0 | 1 | 2 | 3;
    /** What is wrong, a sentence each. */
    readonly problems: readonly string[];
    /** What could not be found out, and why, a sentence each. */
    readonly unknown: readonly string[];
    /** What is worth knowing, and nothing wrong. */
    readonly notes: readonly string[];
    readonly containers: readonly Container[];
    /** `null` where it does not answer. */
    readonly prometheus: Prometheus | null;
    /** `null` where it is off, or does not answer. */
    readonly alertmanager: Alertmanager | null;
    /** As above. */
    readonly grafana: Grafana | null;
    /** What the next `npm run up` would change. `null` where that was not asked, or not found out. */
    readonly differences: readonly Difference[] | null;
}

/** What is found out before it is judged. */
export type Facts = Omit<Status, "exitCode" | "problems">;

/** Source: https://docs.docker.com/reference/api/engine/ (ContainerInspect) */
export interface Container {
    /** Docker's name, e.g. "metrics-stack-dev-prometheus". */
    readonly name: string;
    readonly image: string;
    readonly status: "created" | "running" | "paused" | "restarting" | "removing" | "exited" | "dead";
    readonly health: "starting" | "healthy" | "unhealthy" | null;
    readonly startedAt: string;
    /** When it ended last. */
    readonly finishedAt: string | null;
    /** With which status it ended; `null` while it runs. */
    readonly exitCode: number | null;
    /** Whether it was killed for lack of memory when it ended last. */
    readonly oomKilled: boolean;
    readonly restartCount: number;
    /** What it uses now, without the page cache; as `docker stats` counts. */
    readonly memoryUsage: number | null;
    readonly memoryLimit: number | null;
    /** Published ports, e.g. "127.0.0.1:9090->9090/tcp". */
    readonly ports: readonly string[];
    /** Of one that is not well: what Docker, its health check and its log said last. */
    readonly lastWords: readonly string[];
}

/** Source: https://prometheus.io/docs/prometheus/latest/querying/api/ */
export interface Prometheus {
    readonly version: string;
    readonly reloadConfigSuccess: boolean;
    readonly lastConfigTime: string;
    /** Which release of the configuration it runs with, and since when; `npm run rollback -- --list` has those before. */
    readonly release: { readonly name: string; readonly since: string } | null;
    readonly targets: readonly Target[];
    /** Without the Watchdog, and all others of severity "none". */
    readonly alerts: readonly Alert[];
    /** The rules that cannot be evaluated. */
    readonly failingRules: readonly { readonly group: string; readonly name: string; readonly lastError: string }[];
    /** How many alerts reached no Alertmanager within the last 10 minutes. */
    readonly notificationsDropped: number;
    readonly storage: Storage;
}

export interface Target {
    readonly scrapePool: string;
    readonly scrapeUrl: string;
    readonly health: "up" | "down" | "unknown";
    readonly lastError: string;
}

export interface Alert {
    readonly state: "firing" | "pending";
    readonly activeAt: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly summary: string;
    /** The silence that keeps it from people, where Alertmanager is on. */
    readonly silencedBy: Silence | null;
}

export interface Silence {
    readonly id: string;
    readonly createdBy: string;
    readonly comment: string;
    readonly endsAt: string;
}

export interface Storage {
    /** What counts against `retentionSize`: blocks, write-ahead log and the head's chunks. */
    readonly size: number;
    readonly retentionSize: number | null;
    /** As Prometheus writes a duration, e.g. "15d". */
    readonly retentionTime: string | null;
    /** The time of the oldest sample. */
    readonly lowestTimestamp: string | null;
    /** The file system that the samples are on: what is left of it, and all of it. */
    readonly filesystemFree: number | null;
    readonly filesystemSize: number | null;
    /**
     * When it is full, if it goes on as in the last six hours; `null` where it does not fill up, or where node_exporter did
     * not see it six hours ago.
     */
    readonly filesystemFullAt: string | null;
}

/** Source: https://github.com/prometheus/alertmanager/blob/main/api/v2/openapi.yaml */
export interface Alertmanager {
    readonly version: string;
    readonly activeSilences: number;
}

/** Source: https://grafana.com/docs/grafana/latest/developers/http_api/other/#health-api */
export interface Grafana {
    readonly version: string;
    /** "ok", or what is wrong with it. */
    readonly database: string;
}

export interface Difference {
    /** What Pulumi would do: "create", "update", "replace" or "delete". */
    readonly op: string;
    /** The resource's name, e.g. "prometheus-config-stage". */
    readonly resource: string;
    readonly type: string;
    /** Which of its inputs differ, e.g. ["stdin"]. */
    readonly diffReasons: readonly string[];
    /** Why, in words; empty where it only follows from another difference. */
    readonly reason: string;
}
