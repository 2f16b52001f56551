/**
 * The dashboards, in Grafana's classic JSON: the newer schema is refused by file provisioning in Grafana 13.0.
 * Source: https://grafana.com/docs/grafana/latest/visualizations/dashboards/build-dashboards/view-dashboard-json-model/
 */

/** The data source that all dashboards use. A uid that changes under an existing name is refused by Grafana: it is fixed. */
export const dataSourceUid = "metrics-stack-prometheus";

const dataSource = { type: "prometheus", uid: dataSourceUid };
const host = 'job="node_exporter", instance=~"$instance"';
const application = 'job=~"$job"';

interface Query {
    readonly expr: string;
    readonly legend: string;
}

interface Panel {
    readonly title: string;
    readonly description: string;
    /** Grafana's unit id, e.g. "percentunit" (0 to 1), "bytes", "reqps", "s". */
    readonly unit: string;
    readonly queries: readonly Query[];
}

export const hostDashboard = dashboard(
    "metrics-stack-host",
    "Host",
    variable("instance", 'label_values(up{job="node_exporter"}, instance)'),
    [
        {
            title: "CPU",
            description:
                "Share of all cores that is busy. Waiting for disks and time taken by other machines do not count as busy.",
            unit: "percentunit",
            queries: [
                {
                    expr: `1 - avg without(cpu) (sum without(mode) (rate(node_cpu_seconds_total{mode=~"idle|iowait|steal", ${host}}[$__rate_interval])))`,
                    legend: "{{instance}}",
                },
            ],
        },
        {
            title: "Load per core",
            description: "Processes that run or wait, for each core. Above 1 for long, work is queueing.",
            unit: "short",
            queries: [
                {
                    expr: `node_load1{${host}} / on(instance) count by(instance) (node_cpu_seconds_total{mode="idle", ${host}})`,
                    legend: "{{instance}}",
                },
            ],
        },
        {
            title: "Memory",
            description: "Share of the memory that is in use and cannot be freed at once.",
            unit: "percentunit",
            queries: [
                {
                    expr: `1 - node_memory_MemAvailable_bytes{${host}} / node_memory_MemTotal_bytes{${host}}`,
                    legend: "{{instance}}",
                },
            ],
        },
        {
            title: "Memory pressure",
            description:
                "Share of time in which all processes (stalled) or some (waiting) were held up for lack of memory.",
            unit: "percentunit",
            queries: [
                {
                    expr: `rate(node_pressure_memory_stalled_seconds_total{${host}}[$__rate_interval])`,
                    legend: "stalled",
                },
                {
                    expr: `rate(node_pressure_memory_waiting_seconds_total{${host}}[$__rate_interval])`,
                    legend: "waiting",
                },
            ],
        },
        {
            title: "Filesystems",
            description: "Share of each filesystem that is used.",
            unit: "percentunit",
            queries: [
                {
                    expr: `1 - node_filesystem_avail_bytes{fstype!~"tmpfs|overlay|squashfs", ${host}} / node_filesystem_size_bytes{fstype!~"tmpfs|overlay|squashfs", ${host}}`,
                    legend: "{{mountpoint}}",
                },
            ],
        },
        {
            title: "Network",
            description: "Bits received and sent a second. Containers' own devices are left out.",
            unit: "bps",
            queries: [
                {
                    expr: `rate(node_network_receive_bytes_total{${host}}[$__rate_interval]) * 8`,
                    legend: "{{device}} in",
                },
                {
                    expr: `rate(node_network_transmit_bytes_total{${host}}[$__rate_interval]) * 8`,
                    legend: "{{device}} out",
                },
            ],
        },
    ],
);

export const applicationDashboard = dashboard(
    "metrics-stack-application",
    "Application",
    variable("job", "label_values(http_requests_total, job)"),
    [
        {
            title: "Requests",
            description: "Requests a second, by path.",
            unit: "reqps",
            queries: [
                {
                    expr: `sum by(job, path) (rate(http_requests_total{${application}}[$__rate_interval]))`,
                    legend: "{{path}}",
                },
            ],
        },
        {
            title: "Errors",
            description: "Share of requests that were answered with a status of 500 or above.",
            unit: "percentunit",
            queries: [
                {
                    expr: `(sum by(job) (rate(http_requests_total{status=~"5..", ${application}}[$__rate_interval])) or 0 * sum by(job) (rate(http_requests_total{${application}}[$__rate_interval]))) / sum by(job) (rate(http_requests_total{${application}}[$__rate_interval]))`,
                    legend: "{{job}}",
                },
            ],
        },
        {
            title: "Latency (95th percentile)",
            description: "95 of 100 requests were answered faster than this, by path.",
            unit: "s",
            queries: [
                {
                    expr: `histogram_quantile(0.95, sum by(le, job, path) (rate(http_request_duration_seconds_bucket{${application}}[$__rate_interval])))`,
                    legend: "{{path}}",
                },
            ],
        },
    ],
);

function dashboard(uid: string, title: string, template: object, panels: readonly Panel[]): object {
    return {
        uid,
        id: null,
        title,
        tags: ["metrics-stack"],
        schemaVersion: 39,
        editable: false,
        refresh: "30s",
        time: { from: "now-1h", to: "now" },
        templating: { list: [template] },
        annotations: { list: [] },
        panels: panels.map(timeSeries),
    };
}

function timeSeries({ title, description, unit, queries }: Panel, index: number): object {
    return {
        id: index + 1,
        type: "timeseries",
        title,
        description,
        datasource: dataSource,
        gridPos: { x: 12 * (index % 2), y: 8 * Math.floor(index / 2), w: 12, h: 8 },
        fieldConfig: { defaults: { unit, min: 0 }, overrides: [] },
        options: { legend: { displayMode: "list", placement: "bottom" }, tooltip: { mode: "multi", sort: "desc" } },
        targets: queries.map(({ expr, legend }, i) => ({
            refId: String.fromCharCode("A".charCodeAt(0) + i),
            datasource: dataSource,
            expr,
            legendFormat: legend,
        })),
    };
}

function variable(name: string, query: string): object {
    return {
        name,
        type: "query",
        datasource: dataSource,
        query: { query, refId: name },
        refresh: 2,
        includeAll: true,
        multi: true,
        current: { text: "All", value: "$__all" },
    };
}
