/**
 * What is found out before it is judged. Names are Prometheus', Docker's and Pulumi's own, in camelCase. Times are ISO 8601 in
 * UTC, sizes are bytes. `null` stands for what there is not, or what was not found out.
 */
export interface Facts {
    readonly stack: string;
    /** The Docker endpoint, e.g. "unix:///var/run/docker.sock". */
    readonly dockerHost: string;
    /** When all this was found. */
    readonly time: string;
    /** What could not be found out, and why, a sentence each. */
    readonly unknown: readonly string[];
    /** What is worth knowing, and nothing wrong. */
    readonly notes: readonly string[];
    readonly containers: readonly Container[];
    /** What each part says of itself, under its key: see its status.ts. `null` where it is off, or does not answer. */
    readonly [part: string]: unknown;
    /** What the next `npm run up` would change. `null` where that was not asked, or not found out. */
    readonly differences: readonly Difference[] | null;
}

/** What `npm run status -- --json` prints; docs/status.md has an example. */
export interface Status extends Facts {
    /** 0: all is well. 1: something could not be found out. 2: something is wrong. 3: only `differences`. */
    readonly exitCode: 0 | 1 | 2 | 3;
    /** What is wrong, a sentence each. */
    readonly problems: readonly string[];
}

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
