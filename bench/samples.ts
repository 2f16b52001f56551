/** A wave of a day with some noise, around 1: what load looks like. */
const wave = (host: number, time: number) =>
    1 + 0.5 * Math.sin((time / 86_400) * 2 * Math.PI + host) + 0.2 * Math.random();

/** What node_exporter exposes and the dashboard Host shows. */
interface Metric {
    readonly name: string;
    readonly kind: "counter" | "gauge";
    /** A gauge's value, or a counter's growth a second. */
    readonly value: number;
    /** Of each series, e.g. 'device="vda"'. @default one series without any */
    readonly labels?: readonly string[];
}

const gigabyte = 2 ** 30;
const disk = ['device="vda"'];
const network = ['device="eth0"'];
const filesystem = ['device="/dev/vda1",fstype="ext4",mountpoint="/"'];
const processors = ["user", "system", "idle", "iowait"].flatMap((mode) =>
    [0, 1].map((cpu) => `cpu="${cpu}",mode="${mode}"`),
);

const counter = (name: string, value: number, labels?: readonly string[]): Metric => ({
    name,
    kind: "counter",
    value,
    labels,
});
const gauge = (name: string, value: number, labels?: readonly string[]): Metric => ({
    name,
    kind: "gauge",
    value,
    labels,
});

const metrics: readonly Metric[] = [
    counter("node_cpu_seconds", 0.2, processors),
    counter("node_disk_io_time_seconds", 0.05, disk),
    counter("node_disk_io_time_weighted_seconds", 0.1, disk),
    counter("node_disk_read_bytes", 1e5, disk),
    counter("node_disk_written_bytes", 4e5, disk),
    counter("node_network_receive_bytes", 2e4, network),
    counter("node_network_transmit_bytes", 3e4, network),
    counter("node_network_receive_errs", 0.01, network),
    counter("node_network_transmit_errs", 0.01, network),
    counter("node_network_receive_packets", 200, network),
    counter("node_network_transmit_packets", 300, network),
    counter("node_pressure_cpu_waiting_seconds", 0.1),
    counter("node_pressure_io_stalled_seconds", 0.01),
    counter("node_pressure_io_waiting_seconds", 0.02),
    counter("node_pressure_memory_stalled_seconds", 0.001),
    counter("node_pressure_memory_waiting_seconds", 0.002),
    gauge("up", 1),
    gauge("scrape_duration_seconds", 0.02),
    gauge("scrape_samples_post_metric_relabeling", 700),
    gauge("node_boot_time_seconds", 1.7e9),
    gauge("node_load1", 0.8),
    gauge("node_memory_MemTotal_bytes", 16 * gigabyte),
    gauge("node_memory_MemAvailable_bytes", 5 * gigabyte),
    gauge("node_memory_MemFree_bytes", 2 * gigabyte),
    gauge("node_memory_Buffers_bytes", gigabyte),
    gauge("node_memory_Cached_bytes", 2 * gigabyte),
    gauge("node_memory_SReclaimable_bytes", gigabyte),
    gauge("node_memory_Slab_bytes", gigabyte),
    gauge("node_filesystem_avail_bytes", 30 * gigabyte, filesystem),
    gauge("node_filesystem_size_bytes", 90 * gigabyte, filesystem),
    gauge("node_filesystem_files", 4e6, filesystem),
    gauge("node_filesystem_files_free", 1e6, filesystem),
    gauge("node_filesystem_readonly", 0, filesystem),
    gauge("node_timex_offset_seconds", 0.001),
    gauge("node_timex_sync_status", 1),
    gauge("node_timex_maxerror_seconds", 0.01),
];

/** A time range of hosts' samples. */
export interface World {
    readonly hosts: number;
    readonly hours: number;
    /** Between two samples, in seconds. */
    readonly interval: number;
}

/**
 * What the hosts of a job would have exposed, in OpenMetrics' text format with times, a metric at a time.
 * @param end when the last sample is, in seconds since 1970
 * Source: https://prometheus.io/docs/specs/om/open_metrics_spec/
 */
export function* hostSamples(job: string, { hosts, hours, interval }: World, end: number): Generator<string> {
    const count = Math.floor((hours * 3600) / interval);
    const times = Array.from({ length: count }, (_, i) => end - (count - 1 - i) * interval);
    for (const { name, kind, value, labels = [""] } of metrics) {
        const series = (host: number) =>
            labels.flatMap((more) => {
                const all = [`job="${job}"`, `instance="host-${host}"`, more].filter((label) => label !== "").join(",");
                let sum = 0;
                return times.map((time) => {
                    sum += value * interval * wave(host, time);
                    const sample = kind === "counter" ? `_total{${all}} ${sum.toPrecision(9)}` : `{${all}} ${value}`;
                    return `${name}${sample} ${time}\n`;
                });
            });
        const lines = Array.from({ length: hosts }, (_, host) => series(host)).flat();
        yield `# TYPE ${name} ${kind}\n${lines.join("")}`;
    }
    yield "# EOF\n";
}
