import type { RuleCase } from "./case";
import { steps } from "./case";

const labels = { job: "thanos", instance: "thanos-1:10902" };
const series = (metric: string, own = "") =>
    `${metric}{job="thanos", instance="thanos-1:10902"${own === "" ? "" : `, ${own}`}}`;
const up = { [series("up")]: "1x400" };
const warning = { job: "thanos", severity: "warning", labels } as const;
const critical = { job: "thanos", severity: "critical", labels } as const;

const asked = (code: number, handler = "query") =>
    series("http_requests_total", `handler="${handler}", code="${code}"`);
const queried = (le: string) => series("http_request_duration_seconds_bucket", `handler="query_range", le="${le}"`);
const ofStore = (code: string, service = "thanos.Store") =>
    series("grpc_server_handled_total", `grpc_service="${service}", grpc_method="Series", grpc_code="${code}"`);
const connected = (kind: string, external = "{}") =>
    series("thanos_store_nodes_grpc_connections", `external_labels="${external}", store_type="${kind}"`);
const lost =
    "thanos-1:10902 is connected to 1 fewer Store APIs than before: what only those have is missing in its answers. This ends when as many are there again, and 6h after they were seen last.";
const notShipped =
    "thanos-1:10902 has a block that it could not bring into the bucket for 1h. Blocks that are not there when the local retention ends are lost.";

export const thanosCases: RuleCase[] = [
    {
        ...{ ...critical, alert: "ThanosQueryErrors" },
        series: { ...up, [asked(200)]: "0+60x90", [asked(503)]: "0x9 0+60x20 1200x60" },
        ...{ fires: 16, ends: 36 },
        says: "50% of the queries to thanos-1:10902 are answered with a status of 500 or above: they take too long, or it fails.",
    },
    {
        // Who asks for nonsense is not answered by an error of the program.
        ...{ ...critical, alert: "ThanosQueryErrors", when: "what is asked is wrong" },
        series: { ...up, [asked(200)]: "0+60x180", [asked(422)]: "0+60x180" },
    },
    {
        ...{ ...critical, alert: "ThanosQueryErrors", when: "another page of it fails" },
        series: { ...up, [asked(200)]: "0+60x180", [asked(500, "label_names")]: "0+60x180" },
    },
    {
        ...{ ...warning, alert: "ThanosQuerySlow" },
        series: {
            ...up,
            [queried("30")]: "0x90",
            [queried("60")]: "0+60x20 1200x70",
            [queried("+Inf")]: "0+60x20 1200x70",
        },
        ...{ fires: 11, ends: 26 },
        says: "One of twenty queries to thanos-1:10902 takes 58.5s and more; the limit is 30s.",
    },
    {
        ...{ ...warning, alert: "ThanosStoreLost" },
        series: {
            ...up,
            [connected("sidecar")]: "1x400",
            [connected("store")]: "1x20 stale",
        },
        // As long as it may be a failed scrape, and five minutes.
        ...{ fires: 30, lasts: 379, ends: 380 },
        says: lost,
    },
    {
        ...{ ...warning, alert: "ThanosStoreLost", when: "it was the only one" },
        series: { ...up, [connected("sidecar")]: "1x20 stale" },
        ...{ fires: 30 },
        says: lost,
    },
    {
        ...{ ...warning, alert: "ThanosStoreLost", when: "it comes back" },
        series: { ...up, [connected("sidecar")]: `1x20 stale ${steps(20, "_")} 1x200` },
        ...{ fires: 30, ends: 42 },
        says: lost,
    },
    {
        ...{ ...warning, alert: "ThanosStoreLost", when: "its labels change" },
        series: {
            ...up,
            [connected("store", "{replica=a}")]: "1x20 stale",
            [connected("store", "{replica=a},{replica=b}")]: `${steps(21, "_")} 1x200`,
        },
    },
    {
        ...{ ...warning, alert: "ThanosStoreLost", when: "Query itself is down" },
        series: {
            [series("up")]: "1x20 0x200",
            [connected("store")]: "1x20 stale",
        },
    },
    {
        ...{ ...warning, alert: "ThanosStoreFailing" },
        series: { ...up, [ofStore("OK")]: "0+60x90", [ofStore("Unavailable")]: "0x9 0+60x20 1200x60" },
        ...{ fires: 16, ends: 36 },
        says: "50% of the requests to the Store API of thanos-1:10902 fail: what it has is missing in the answers of Query.",
    },
    {
        ...{ ...warning, alert: "ThanosStoreFailing", when: "Query gives up, and other services fail" },
        series: {
            ...up,
            [ofStore("OK")]: "0+60x180",
            [ofStore("Canceled")]: "0+60x180",
            [ofStore("Internal", "thanos.info.Info")]: "0+60x180",
        },
    },
    {
        ...{ ...warning, alert: "ThanosBucketFailing" },
        series: {
            ...up,
            [series("thanos_objstore_bucket_operations_total", 'bucket="a", operation="get"')]: "0+60x90",
            [series("thanos_objstore_bucket_operation_failures_total", 'bucket="a", operation="get"')]:
                "0x9 0+30x30 900x50",
        },
        ...{ fires: 26, ends: 44 },
        says: "50% of the operations of thanos-1:10902 on its bucket fail.",
    },
    {
        ...{ ...warning, alert: "ThanosBucketFailing", when: "nothing is done with it" },
        series: {
            ...up,
            [series("thanos_objstore_bucket_operations_total", 'bucket="a", operation="get"')]: "7x180",
            [series("thanos_objstore_bucket_operation_failures_total", 'bucket="a", operation="get"')]: "7x180",
        },
    },
    {
        ...{ ...critical, alert: "ThanosSidecarWithoutPrometheus" },
        series: { [series("thanos_sidecar_prometheus_up")]: "1x9 0x20 1x20" },
        ...{ fires: 15, ends: 31 },
        says: "The sidecar thanos-1:10902 does not reach its Prometheus: Query has none of its samples that are in no bucket yet.",
    },
    {
        ...{ ...warning, alert: "ThanosNotShipping" },
        series: {
            [series("thanos_shipper_dir_syncs_total")]: "0+2x30 60x90 60+2x60",
            [series("thanos_shipper_upload_failures_total")]: "0x180",
        },
        ...{ fires: 94, ends: 123 },
        says: notShipped,
    },
    {
        ...{ ...warning, alert: "ThanosNotShipping", when: "uploads fail, and each look counts as a success" },
        series: {
            [series("thanos_shipper_dir_syncs_total")]: "0+2x180",
            [series("thanos_shipper_uploads_total")]: "4x180",
            [series("thanos_shipper_upload_failures_total")]: "0x9 0+2x170",
        },
        ...{ fires: 16 },
        says: notShipped,
    },
    {
        ...{ ...warning, alert: "ThanosNotShipping", when: "an upload fails, and succeeds the next time" },
        series: {
            [series("thanos_shipper_dir_syncs_total")]: "0+2x180",
            [series("thanos_shipper_uploads_total")]: "4x11 5x170",
            [series("thanos_shipper_upload_failures_total")]: "0x9 1x170",
        },
    },
    {
        ...{ ...warning, alert: "ThanosNotShipping", when: "it has just begun, and its first look takes long" },
        series: { [series("thanos_shipper_dir_syncs_total")]: `${steps(10, "_")} 0x50 1+2x120` },
    },
    {
        ...{ ...warning, alert: "ThanosCompactorHalted" },
        series: { [series("thanos_compact_halted")]: "0x9 1x20 0x20" },
        ...{ fires: 15, ends: 31 },
        says: "The compactor thanos-1:10902 met blocks that it must not touch, and does nothing any more: nothing is merged, downsampled or deleted.",
    },
    {
        ...{ ...warning, alert: "ThanosCompactorBehind" },
        series: {
            [series("thanos_compact_iterations_total")]: "0+1x20 20x140 20+1x60",
            [series("thanos_compact_halted")]: "0x220",
        },
        ...{ fires: 144, ends: 163 },
        says: "The compactor thanos-1:10902 has not been through the whole bucket for 2h: it fails and tries again, or has more to do than it can.",
    },
    {
        ...{ ...warning, alert: "ThanosCompactorBehind", when: "it has halted, which is another alert" },
        series: {
            [series("thanos_compact_iterations_total")]: "20x200",
            [series("thanos_compact_halted")]: "1x200",
        },
    },
    {
        ...{ ...critical, alert: "ThanosReceiveErrors" },
        series: {
            ...up,
            [asked(200, "receive")]: "0+60x90",
            [asked(503, "receive")]: "0x9 0+60x20 1200x60",
        },
        ...{ fires: 16, ends: 36 },
        says: "50% of the writes to thanos-1:10902 fail: who sends keeps its samples for a while, and then loses them.",
    },
    {
        ...{ ...warning, alert: "ThanosReceiveForwardsFailing" },
        series: {
            ...up,
            [series("thanos_receive_forward_requests_total", 'result="success"')]: "0+60x90",
            [series("thanos_receive_forward_requests_total", 'result="error"')]: "0x9 0+60x20 1200x60",
        },
        ...{ fires: 16, ends: 36 },
        says: "50% of what thanos-1:10902 hands on to others of its hash ring does not arrive: copies are missing, and one member less may stop all writes.",
    },
    {
        ...{ ...warning, alert: "ThanosReceiveReloadFailed" },
        series: { [series("thanos_receive_config_last_reload_successful")]: "1x9 0x20 1x20" },
        ...{ fires: 15, ends: 31 },
        says: "thanos-1:10902 could not load its hash ring, and goes on with the one before: the others may have a newer one.",
    },
    {
        ...{ ...critical, alert: "ThanosRulerStalled" },
        labels: { ...labels, rule_group: "a" },
        series: {
            [series("thanos_rule_config_last_reload_successful")]: "1x60",
            [series("prometheus_rule_group_interval_seconds", 'rule_group="a", strategy="abort"')]: "30x60",
            [series("prometheus_rule_group_last_evaluation_timestamp_seconds", 'rule_group="a", strategy="abort"')]:
                "0+60x10 600x19 1860+60x30",
        },
        ...{ fires: 21, ends: 31 },
        says: "thanos-1:10902 has not evaluated the rules in a for 10 of their intervals: none of their alerts fires.",
    },
    {
        ...{ ...critical, alert: "ThanosRulerWithoutRules" },
        series: {
            [series("thanos_rule_config_last_reload_successful")]: "1x60",
            [series("thanos_rule_loaded_rules", 'file="a.yml", group="a", strategy="abort"')]: "2x9 stale _x20 2x30",
        },
        ...{ fires: 19, ends: 31 },
        says: "thanos-1:10902 runs without a single rule: its files are empty, or it found none.",
    },
    {
        ...{ ...warning, alert: "ThanosRulerReloadFailed" },
        series: { [series("thanos_rule_config_last_reload_successful")]: "1x9 0x20 1x20" },
        ...{ fires: 15, ends: 31 },
        says: "thanos-1:10902 could not use one of its rule files, and runs without what is in it.",
    },
    {
        ...{ ...warning, alert: "ThanosRulerSendErrors" },
        labels: { ...labels, alertmanager: "am:9093" },
        series: { ...up, [series("thanos_alert_sender_errors_total", 'alertmanager="am:9093"')]: "0x9 0+5x30 150x60" },
        ...{ fires: 26, ends: 46 },
        says: "25 messages of thanos-1:10902 to the Alertmanager am:9093 failed in 5m: its alerts are lost where no other one takes them.",
    },
    {
        ...{ ...warning, alert: "ThanosRulerPartial" },
        series: {
            ...up,
            [series("thanos_rule_evaluation_with_warnings_total", 'strategy="warn"')]: "0x9 0+5x30 150x60",
        },
        ...{ fires: 26, ends: 46 },
        says: "25 evaluations of thanos-1:10902 had warnings in 5m: a sidecar or a store did not answer, and their alerts may be wrong.",
    },
    {
        ...{ ...critical, alert: "ThanosRulerDropsAlerts" },
        series: {
            ...up,
            [series("thanos_alert_queue_alerts_dropped_total")]: "0x90",
            [series("thanos_alert_sender_alerts_dropped_total")]: "0x9 0+5x20 100x60",
        },
        ...{ fires: 16, ends: 36 },
        says: "thanos-1:10902 lost 25 alerts: no Alertmanager took them.",
    },
    {
        ...{ ...critical, alert: "ThanosRulerFailures" },
        series: { ...up, [series("prometheus_rule_evaluation_failures_total", 'rule_group="a"')]: "0x9 0+5x20 100x60" },
        ...{ fires: 16, ends: 36 },
        says: "25 evaluations of rules failed at thanos-1:10902: Query did not answer, or a rule is wrong.",
    },
];
