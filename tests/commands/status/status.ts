import type { Container, Facts } from "../../../commands/status/facts";
import type { Alert, Prometheus } from "../../../components/prometheus/facts";
import type { ScrapedTarget } from "../../../components/prometheus/scraped";

/** A stack at its best: the example of docs/status.md. */
export const healthy: Facts & { readonly prometheus: Prometheus } = {
    stack: "dev",
    dockerHost: "unix:///var/run/docker.sock",
    time: "2026-03-01T12:00:00.000Z",
    unknown: [],
    notes: [],
    containers: [
        container("grafana", "grafana/grafana:13.1.3", { memoryUsage: 128_094_208, memoryLimit: 536_870_912 }),
        container("node-exporter", "prom/node-exporter:v1.12.1", { memoryUsage: 9_248_768, memoryLimit: 134_217_728 }),
        container("prometheus"),
    ],
    prometheus: {
        version: "3.13.5",
        mode: "server",
        reloadConfigSuccess: true,
        lastConfigTime: "2026-02-27T12:00:00Z",
        consoleUrl: "http://127.0.0.1:9090/consoles/overview.html",
        release: { name: "865a2f1fc29b", since: "2026-02-27T12:00:00Z" },
        targets: [
            target("node_exporter", "172.28.154.1:9100"),
            target("prometheus", "localhost:9090"),
            target("shop", "shop:8000"),
        ],
        jobsWithoutTargets: [],
        alerts: [],
        failingRules: [],
        notificationsDropped: 0,
        storage: {
            size: 3_221_225_472,
            retentionSize: 53_687_091_200,
            retentionTime: "15d",
            lowestTimestamp: "2026-02-19T12:00:00.000Z",
            filesystemFree: 64_424_509_440,
            filesystemSize: 107_374_182_400,
            filesystemWatched: true,
            filesystemLimit: 0.05,
            filesystemFullAt: null,
            timestampAhead: null,
        },
        sendsTo: [],
        withoutPressure: [],
    },
    alertmanager: null,
    grafana: { version: "13.1.3", database: "ok" },
    differences: [],
};

/** The same with something else known of Prometheus. */
export const withPrometheus = (changes: Partial<Prometheus>): typeof healthy => ({
    ...healthy,
    prometheus: { ...healthy.prometheus, ...changes },
});

export function container(
    role: string,
    image = "prom/prometheus:v3.13.5",
    changes: Partial<Container> = {},
): Container {
    return {
        name: `metrics-stack-dev-${role}`,
        image,
        status: "running",
        health: "healthy",
        startedAt: "2026-02-25T12:00:00.000Z",
        finishedAt: null,
        exitCode: null,
        oomKilled: false,
        restartCount: 0,
        memoryUsage: 60_895_232,
        memoryLimit: 2_147_483_648,
        ports: [],
        lastWords: [],
        ...changes,
    };
}

export function target(scrapePool: string, address: string, lastError = ""): ScrapedTarget {
    const scrapeUrl = `http://${address}/metrics`;
    return {
        ...{ scrapePool, scrapeUrl, health: lastError === "" ? "up" : "down" },
        lastError: lastError === "" ? "" : `Get "${scrapeUrl}": ${lastError}`,
    };
}

export function alert(alertname: string, severity: string, changes: Partial<Alert> = {}): Alert {
    return {
        state: "firing",
        activeAt: "2026-03-01T11:51:00.000Z",
        labels: { alertname, severity, job: "shop", instance: "shop:8000" },
        summary: "shop:8000 of shop is down",
        silencedBy: null,
        ...changes,
    };
}

export const silence = {
    id: "1",
    createdBy: "somebody",
    comment: "maintenance",
    endsAt: "2026-03-01T14:00:00.000Z",
};
