import type { AlertRule } from "../../../../config/render/rules/rule";

/** A rule with a state that it is for, and one that is fine. Values are as `values` in everyInterval.ts reads them. */
export interface Steady {
    /** The job of the targets. */
    readonly target: string;
    readonly alert: string;
    readonly severity: AlertRule["severity"];
    /** The series of a target in that state, by name; `job` is the alert's, where it names no instance. */
    readonly broken: Readonly<Record<string, string>>;
    readonly fine: Readonly<Record<string, string>>;
}

type State = Steady["broken"];
const of =
    (target: string) =>
    (alert: string, severity: Steady["severity"], broken: State, fine: State): Steady => ({
        ...{ target, alert, severity, broken, fine },
    });
/** Its targets are up, unless they say otherwise. */
const shop: ReturnType<typeof of> = (alert, severity, broken, fine) =>
    of("shop")(alert, severity, { up: "1", ...broken }, { up: "1", ...fine });
const [node, sites, prometheus, alertmanager] = [of("node"), of("sites"), of("prometheus"), of("alertmanager")];
const docker: ReturnType<typeof of> = (alert, severity, broken, fine) =>
    of("docker")(alert, severity, { up: "1", ...broken }, { up: "1", ...fine });

const thanos: ReturnType<typeof of> = (alert, severity, broken, fine) =>
    of("thanos")(alert, severity, { up: "1", ...broken }, { up: "1", ...fine });

const requests = (status: number, path = "/") => `http_requests_total{path="${path}", status="${status}"}`;
const bucket = (le: string) => `http_request_duration_seconds_bucket{path="/", le="${le}"}`;
const traffic = { [requests(200)]: "0+1" };

const targets = [
    shop("TargetDown", "critical", { up: "0" }, { up: "1" }),
    // No target of the others has an `up` here.
    of("shop")("TargetMissing", "critical", { job: "node" }, { job: "shop", up: "0" }),
    shop("TargetFlapping", "warning", { up: "1 1 1 0" }, { up: "1" }),
    shop("TargetFlapping", "critical", { up: "0 0 1" }, { up: "1 1 1 0" }),
    shop(
        "TargetRestarting",
        "warning",
        { process_start_time_seconds: "1000+1" },
        { process_start_time_seconds: "1000" },
    ),
    shop(
        "TargetNearSampleLimit",
        "warning",
        { scrape_samples_post_metric_relabeling: "95" },
        { scrape_samples_post_metric_relabeling: "80" },
    ),
];

const applications = [
    shop(
        "ApplicationErrors",
        "critical",
        { ...traffic, [requests(500)]: "0+0.1" },
        { ...traffic, [requests(500)]: "0+0.01" },
    ),
    shop(
        "ApplicationSlow",
        "warning",
        { [bucket("1")]: "0", [bucket("2.5")]: "0+1", [bucket("+Inf")]: "0+1" },
        {
            ...{ [bucket("1")]: "0+1", [bucket("2.5")]: "0+1", [bucket("+Inf")]: "0+1" },
        },
    ),
    shop("ApplicationNoTraffic", "warning", { [requests(200)]: "7" }, traffic),
    shop("ApplicationMetricsMissing", "info", { http_server_duration_count: "5+1" }, traffic),
];

const day = 86_400;
const [success, end] = ["probe_success", "probe_ssl_earliest_cert_expiry"];
const probes = [
    sites("ProbeFailing", "critical", { [success]: "0" }, { [success]: "1" }),
    sites(
        "ProbeSlow",
        "warning",
        { [success]: "1", probe_duration_seconds: "3" },
        { [success]: "1", probe_duration_seconds: "0.5" },
    ),
    // The times of these tests begin at 0.
    sites("ProbeCertificateEnding", "warning", { [end]: String(10 * day) }, { [end]: String(30 * day) }),
    sites("ProbeCertificateEnding", "critical", { [end]: String(2 * day) }, { [end]: String(10 * day) }),
];

const ofContainer = (values: State) =>
    Object.fromEntries(Object.entries(values).map(([name, value]) => [`container_${name}{name="shop"}`, value]));
const containers = [
    docker(
        "ContainerKilledForMemory",
        "warning",
        ofContainer({ oom_events_total: "0+0.01" }),
        ofContainer({ oom_events_total: "3" }),
    ),
    docker(
        "ContainerMemoryNearLimit",
        "warning",
        ofContainer({ memory_working_set_bytes: "95", spec_memory_limit_bytes: "100" }),
        ofContainer({ memory_working_set_bytes: "80", spec_memory_limit_bytes: "100" }),
    ),
    docker(
        "ContainerThrottled",
        "info",
        ofContainer({ cpu_cfs_throttled_periods_total: "0+5", cpu_cfs_periods_total: "0+10" }),
        ofContainer({ cpu_cfs_throttled_periods_total: "0+1", cpu_cfs_periods_total: "0+10" }),
    ),
    docker(
        "ContainerRestarting",
        "warning",
        ofContainer({ start_time_seconds: "1000+1" }),
        ofContainer({ start_time_seconds: "1000" }),
    ),
    docker(
        "ContainerGone",
        "warning",
        ofContainer({ last_seen: "7200 ends", start_time_seconds: "0" }),
        ofContainer({ last_seen: "7200", start_time_seconds: "0" }),
    ),
];

/** A part of what is counted fails: a tenth of it, or nothing. */
const partly = (failed: string, all: string): [broken: State, fine: State] => [
    { [failed]: "0+0.1", [all]: "0+0.9" },
    { [failed]: "0", [all]: "0+0.9" },
];
const asked = (code: number, handler = "query") => `http_requests_total{handler="${handler}", code="${code}"}`;
const ofStore = (code: string) => `grpc_server_handled_total{grpc_service="thanos.Store", grpc_code="${code}"}`;
const queried = (le: string) => `http_request_duration_seconds_bucket{handler="query", le="${le}"}`;
const onBucket = (name: string) => `thanos_objstore_bucket_${name}{operation="get"}`;
const forwarded = (result: string) => `thanos_receive_forward_requests_total{result="${result}"}`;
const connected = (kind: string) => `thanos_store_nodes_grpc_connections{store_type="${kind}"}`;
const thanosComponents = [
    thanos("ThanosQueryErrors", "critical", ...partly(asked(503), asked(200))),
    thanos(
        "ThanosQuerySlow",
        "warning",
        { [queried("30")]: "0", [queried("60")]: "0+1", [queried("+Inf")]: "0+1" },
        { [queried("30")]: "0+1", [queried("60")]: "0+1", [queried("+Inf")]: "0+1" },
    ),
    thanos(
        "ThanosStoreLost",
        "warning",
        { [connected("sidecar")]: "1", [connected("store")]: "1 ends" },
        { [connected("sidecar")]: "1", [connected("store")]: "1" },
    ),
    thanos("ThanosStoreFailing", "warning", ...partly(ofStore("Unavailable"), ofStore("OK"))),
    thanos(
        "ThanosBucketFailing",
        "warning",
        { [onBucket("operation_failures_total")]: "0+0.1", [onBucket("operations_total")]: "0+1" },
        { [onBucket("operation_failures_total")]: "0", [onBucket("operations_total")]: "0+1" },
    ),
    thanos(
        "ThanosSidecarWithoutPrometheus",
        "critical",
        { thanos_sidecar_prometheus_up: "0" },
        { thanos_sidecar_prometheus_up: "1" },
    ),
    thanos(
        "ThanosNotShipping",
        "warning",
        { thanos_shipper_dir_syncs_total: "7" },
        { thanos_shipper_dir_syncs_total: "0+1" },
    ),
    thanos("ThanosCompactorHalted", "warning", { thanos_compact_halted: "1" }, { thanos_compact_halted: "0" }),
    thanos(
        "ThanosCompactorBehind",
        "warning",
        { thanos_compact_iterations_total: "7", thanos_compact_halted: "0" },
        { thanos_compact_iterations_total: "0+0.003", thanos_compact_halted: "0" },
    ),
    thanos("ThanosReceiveErrors", "critical", ...partly(asked(503, "receive"), asked(200, "receive"))),
    thanos("ThanosReceiveForwardsFailing", "warning", ...partly(forwarded("error"), forwarded("success"))),
    thanos(
        "ThanosReceiveReloadFailed",
        "warning",
        { thanos_receive_config_last_reload_successful: "0" },
        { thanos_receive_config_last_reload_successful: "1" },
    ),
    thanos(
        "ThanosRulerStalled",
        "critical",
        {
            thanos_rule_config_last_reload_successful: "1",
            prometheus_rule_group_interval_seconds: "15",
            prometheus_rule_group_last_evaluation_timestamp_seconds: "0",
        },
        {
            thanos_rule_config_last_reload_successful: "1",
            prometheus_rule_group_interval_seconds: "15",
            prometheus_rule_group_last_evaluation_timestamp_seconds: "0+1",
        },
    ),
    thanos(
        "ThanosRulerWithoutRules",
        "critical",
        { thanos_rule_config_last_reload_successful: "1" },
        { thanos_rule_config_last_reload_successful: "1", thanos_rule_loaded_rules: "3" },
    ),
    thanos(
        "ThanosRulerReloadFailed",
        "warning",
        { thanos_rule_config_last_reload_successful: "0" },
        { thanos_rule_config_last_reload_successful: "1" },
    ),
    thanos(
        "ThanosRulerSendErrors",
        "warning",
        { thanos_alert_sender_errors_total: "0+0.01" },
        { thanos_alert_sender_errors_total: "3" },
    ),
    thanos(
        "ThanosRulerPartial",
        "warning",
        { thanos_rule_evaluation_with_warnings_total: "0+0.01" },
        { thanos_rule_evaluation_with_warnings_total: "3" },
    ),
    thanos(
        "ThanosRulerDropsAlerts",
        "critical",
        { thanos_alert_queue_alerts_dropped_total: "0", thanos_alert_sender_alerts_dropped_total: "0+0.01" },
        { thanos_alert_queue_alerts_dropped_total: "0", thanos_alert_sender_alerts_dropped_total: "3" },
    ),
    thanos(
        "ThanosRulerFailures",
        "critical",
        { prometheus_rule_evaluation_failures_total: "0+0.01" },
        { prometheus_rule_evaluation_failures_total: "3" },
    ),
];

const onDisk = 'device="/dev/sda1", fstype="ext4", mountpoint="/"';
const filesystem = (free: string, all: string) => (left: string) => ({
    [`${free}{${onDisk}}`]: left,
    [`${all}{${onDisk}}`]: "100",
    [`node_filesystem_readonly{${onDisk}}`]: "0",
});
const resources = {
    Space: filesystem("node_filesystem_avail_bytes", "node_filesystem_size_bytes"),
    Inodes: filesystem("node_filesystem_files_free", "node_filesystem_files"),
};
const cpu = (idle: string) => ({ 'node_cpu_seconds_total{cpu="0", mode="idle"}': idle });
const network = (errors: string) => ({
    'node_network_receive_errs_total{device="eth0"}': errors,
    'node_network_transmit_errs_total{device="eth0"}': "0",
    'node_network_receive_packets_total{device="eth0"}': "0+1",
    'node_network_transmit_packets_total{device="eth0"}': "0+1",
});
const memory = (available: string) => ({
    node_memory_MemAvailable_bytes: available,
    node_memory_MemTotal_bytes: "100",
});
const rate = (metric: string) => (perSecond: number) => ({ [metric]: `0+${perSecond}` });
const [cpuWaiting, memoryStalled, ioStalled, queue] = [
    rate("node_pressure_cpu_waiting_seconds_total"),
    rate("node_pressure_memory_stalled_seconds_total"),
    rate("node_pressure_io_stalled_seconds_total"),
    rate('node_disk_io_time_weighted_seconds_total{device="sda"}'),
];

const hosts = [
    ...Object.entries(resources).flatMap(([name, left]) => [
        node(`HostFilesystem${name}RunningOut`, "warning", left("39-0.0005"), left("39-0.00001")),
        node(`HostFilesystem${name}RunningOut`, "critical", left("19-0.0007"), left("19-0.00001")),
        node(`HostFilesystem${name}Low`, "warning", left("4"), left("6")),
        node(`HostFilesystem${name}Low`, "critical", left("2"), left("4")),
    ]),
    node(
        "HostFilesystemReadOnly",
        "critical",
        { [`node_filesystem_readonly{${onDisk}}`]: "0 then 1" },
        { [`node_filesystem_readonly{${onDisk}}`]: "1" },
    ),
    node("HostCpuBusy", "info", cpu("0+0.05"), cpu("0+0.5")),
    node("HostLoadHigh", "warning", { node_load1: "5", ...cpu("0+0.5") }, { node_load1: "1", ...cpu("0+0.5") }),
    node("HostCpuWaiting", "warning", cpuWaiting(0.95), cpuWaiting(0.25)),
    node("HostMemoryLow", "warning", memory("5"), memory("50")),
    node("HostMemoryStalled", "warning", memoryStalled(0.15), memoryStalled(0.01)),
    node("HostMemoryStalled", "critical", memoryStalled(0.6), memoryStalled(0.1)),
    node("HostDiskSaturated", "warning", queue(30), queue(5)),
    node("HostIoStalled", "warning", ioStalled(0.5), ioStalled(0.1)),
    node("HostNetworkErrors", "warning", network("0+0.1"), network("0+0.001")),
    node("HostClockSkew", "warning", { node_timex_offset_seconds: "-0.2" }, { node_timex_offset_seconds: "0.01" }),
    node(
        "HostClockNotSynchronising",
        "warning",
        { node_timex_sync_status: "1 then 0", node_timex_maxerror_seconds: "16" },
        { node_timex_sync_status: "1", node_timex_maxerror_seconds: "0" },
    ),
];

const counter = (name: string, labels = "") =>
    [{ [`${name}${labels}`]: "0+0.01" }, { [`${name}${labels}`]: "0" }] as const;
const pool = (targets: string) => ({
    'prometheus_target_scrape_pool_targets{scrape_job="shop"}': targets,
    'prometheus_target_scrape_pool_target_limit{scrape_job="shop"}': "10",
});
const remote = (sent: string) => ({
    'prometheus_remote_storage_queue_highest_timestamp_seconds{remote_name="a", url="b"}': "1000+1",
    'prometheus_remote_storage_queue_highest_sent_timestamp_seconds{remote_name="a", url="b"}': sent,
});
const refused = (failed: string) => ({
    'prometheus_remote_storage_samples_failed_total{remote_name="a", url="b"}': failed,
    'prometheus_remote_storage_samples_total{remote_name="a", url="b"}': "0+1",
});
const notifications = (errors: string) => ({
    'prometheus_notifications_errors_total{alertmanager="a"}': errors,
    'prometheus_notifications_sent_total{alertmanager="a"}': "0+1",
});
const own = [
    prometheus(
        "PrometheusReloadFailed",
        "critical",
        { prometheus_config_last_reload_successful: "0" },
        { prometheus_config_last_reload_successful: "1" },
    ),
    prometheus("PrometheusRuleFailures", "critical", ...counter("prometheus_rule_evaluation_failures_total")),
    prometheus("PrometheusDiscoveryFailing", "warning", ...counter("prometheus_sd_file_read_errors_total")),
    prometheus(
        "PrometheusTargetSyncFailing",
        "critical",
        ...counter("prometheus_target_sync_failed_total", '{scrape_job="shop"}'),
    ),
    prometheus("PrometheusTargetLimitHit", "critical", pool("12"), pool("10")),
    prometheus(
        "PrometheusScrapeLimitHit",
        "warning",
        ...counter("prometheus_target_scrapes_exceeded_sample_limit_total"),
    ),
    prometheus(
        "PrometheusSamplesRefused",
        "warning",
        ...counter("prometheus_target_scrapes_sample_out_of_bounds_total"),
    ),
    prometheus("PrometheusCompactionsFailing", "warning", ...counter("prometheus_tsdb_compactions_failed_total")),
    prometheus("PrometheusBlockReloadsFailing", "warning", ...counter("prometheus_tsdb_reloads_failures_total")),
    prometheus(
        "PrometheusWalCorrupted",
        "warning",
        { prometheus_tsdb_wal_corruptions_total: "1" },
        { prometheus_tsdb_wal_corruptions_total: "0" },
    ),
    prometheus("PrometheusRemoteWriteBehind", "critical", remote("700+1"), remote("990+1")),
    prometheus("PrometheusRemoteWriteFailing", "critical", refused("0+0.1"), refused("0")),
    prometheus("PrometheusNotificationsFailing", "critical", notifications("0+0.1"), notifications("0")),
];

const messages = (failed: string) => ({
    'alertmanager_notifications_total{integration="email"}': "0+1",
    'alertmanager_notifications_failed_total{integration="email", reason="other"}': failed,
});
const alerting = [
    alertmanager(
        "AlertmanagerReloadFailed",
        "critical",
        { alertmanager_config_last_reload_successful: "0" },
        { alertmanager_config_last_reload_successful: "1" },
    ),
    alertmanager(
        "AlertmanagerAlone",
        "warning",
        { alertmanager_cluster_members: "1" },
        { alertmanager_cluster_members: "2" },
    ),
    alertmanager("AlertmanagerNotificationsFailing", "critical", messages("0+0.1"), messages("0")),
    prometheus(
        "PrometheusWithoutAlertmanager",
        "critical",
        { prometheus_notifications_alertmanagers_discovered: "0" },
        { prometheus_notifications_alertmanagers_discovered: "1" },
    ),
];

const collector: ReturnType<typeof of> = (alert, severity, broken, fine) =>
    of("collector")(alert, severity, { up: "1", ...broken }, { up: "1", ...fine });
const waiting = (size: string) => ({
    'otelcol_exporter_queue_size{exporter="otlp_http/prometheus"}': size,
    'otelcol_exporter_queue_capacity{exporter="otlp_http/prometheus"}': "100",
});
const points = (metric: string, label: string, value: string) => ({
    [`otelcol_${metric}_metric_points{${label}}`]: value,
});
const pushed = [
    collector(
        "CollectorExportFailing",
        "critical",
        points("exporter_send_failed", 'exporter="otlp_http/prometheus"', "0+0.1"),
        points("exporter_send_failed", 'exporter="otlp_http/prometheus"', "3"),
    ),
    collector("CollectorQueueFilling", "warning", waiting("60"), waiting("40")),
    collector(
        "CollectorRefusing",
        "warning",
        points("receiver_refused", 'transport="grpc"', "0+0.1"),
        points("receiver_refused", 'transport="grpc"', "3"),
    ),
];

export const steady: readonly Steady[] = [
    ...targets,
    ...applications,
    ...probes,
    ...containers,
    ...thanosComponents,
    ...hosts,
    ...own,
    ...alerting,
    ...pushed,
];
