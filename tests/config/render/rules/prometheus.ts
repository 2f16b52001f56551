import type { RuleCase } from "./case";
import { steps } from "./case";

const labels = { job: "prometheus", instance: "localhost:9090" };
const series = (name: string, rest = "") => `prometheus_${name}{job="prometheus", instance="localhost:9090"${rest}}`;
const remote = { remote_name: "archive", url: "https://archive.example/write" };
const alertmanager = "http://alertmanager:9093/api/v2/alerts";
const toRemote = `, remote_name="${remote.remote_name}", url="${remote.url}"`;
const toAlertmanager = `, alertmanager="${alertmanager}"`;

export const prometheusCases: RuleCase[] = [
    {
        ...{ job: "prometheus", alert: "Watchdog", severity: "none" },
        series: {},
        fires: 0,
        says: "This alert always fires: it shows that rules are evaluated, and that alerts reach whoever receives it.",
    },
    {
        ...{ job: "prometheus", alert: "PrometheusReloadFailed", severity: "critical", labels },
        series: { [series("config_last_reload_successful")]: "1x4 0 stale 0x28 1x5" },
        ...{ fires: 15, ends: 36 },
        says: "localhost:9090 could not load its configuration and goes on with the previous one.",
    },
    {
        ...{ job: "prometheus", alert: "PrometheusRuleFailures", severity: "critical" },
        labels: { ...labels, rule_group: "shop.yml;shop" },
        series: { [series("rule_evaluation_failures_total", ', rule_group="shop.yml;shop"')]: "0+1x40 40x20" },
        ...{ fires: 16, ends: 50 },
        says: "5 evaluations of the rules in shop.yml;shop failed in 5m.",
    },
    {
        ...{ job: "prometheus", alert: "PrometheusDiscoveryFailing", severity: "warning" },
        labels: { ...labels, mechanism: "file" },
        // They are read every five minutes.
        series: { [series("sd_file_read_errors_total")]: steps(5, 0, 1, 2, 3, 4, 5, 5, 5, 5, 5, 5, 5) },
        ...{ fires: 25, ends: 50 },
        says: "Finding out targets by file failed 3.214 times in 15m; those of before stay.",
    },
    {
        ...{
            job: "prometheus",
            alert: "PrometheusDiscoveryFailing",
            severity: "warning",
            when: "Docker does not answer",
        },
        labels: { ...labels, mechanism: "docker", config: "containers" },
        series: {
            [series("sd_refresh_failures_total", ', mechanism="docker", config="containers"')]: "0+1x40 40x40",
            [series("sd_refresh_failures_total", ', mechanism="http", config="inventory"')]: "0x80",
        },
        ...{ fires: 21, ends: 56 },
        says: "Finding out targets by docker failed 15 times in 15m; those of before stay.",
    },
    {
        ...{ job: "prometheus", alert: "PrometheusTargetSyncFailing", severity: "critical" },
        labels: { ...labels, scrape_job: "shop" },
        series: { [series("target_sync_failed_total", ', scrape_job="shop"')]: "0+2x40 80x40" },
        ...{ fires: 6, ends: 75 },
        says: "12 targets of shop could not be used in 30m: what relabeling makes of them is no target.",
    },
    {
        ...{ job: "prometheus", alert: "PrometheusTargetLimitHit", severity: "critical" },
        labels: { ...labels, scrape_job: "shop" },
        series: {
            [series("target_scrape_pool_targets", ', scrape_job="shop"')]: "12x20 10x5",
            [series("target_scrape_pool_target_limit", ', scrape_job="shop"')]: "10x30",
        },
        ...{ fires: 5, ends: 21 },
        says: "shop has 12 targets, above its targetLimit: none of them is scraped.",
    },
    {
        ...{ job: "prometheus", alert: "PrometheusTargetLimitHit", severity: "critical", when: "there is no limit" },
        series: {
            [series("target_scrape_pool_targets", ', scrape_job="shop"')]: "12x180",
            [series("target_scrape_pool_target_limit", ', scrape_job="shop"')]: "0x180",
        },
    },
    ...[
        ["sampleLimit", "target_scrapes_exceeded_sample_limit_total"],
        ["bodySizeLimit", "target_scrapes_exceeded_body_size_limit_total"],
        ["labelLimit", "target_scrape_pool_exceeded_label_limits_total"],
    ].map(([limit = "", counter = ""]): RuleCase => ({
        ...{ job: "prometheus", alert: "PrometheusScrapeLimitHit", severity: "warning", when: limit },
        labels: { ...labels, limit },
        series: { [series(counter)]: "0+1x20 20x20" },
        ...{ fires: 6, ends: 30 },
        says: `5 scrapes failed in 5m: the target exposes more than ${limit} allows.`,
    })),
    ...[
        ["too old or too new", "target_scrapes_sample_out_of_bounds_total"],
        ["out of order", "target_scrapes_sample_out_of_order_total"],
        ["twice, with two values", "target_scrapes_sample_duplicate_timestamp_total"],
    ].map(([reason = "", counter = ""]): RuleCase => ({
        ...{ job: "prometheus", alert: "PrometheusSamplesRefused", severity: "warning", when: reason },
        labels: { ...labels, reason },
        series: { [series(counter)]: "0+1x20 20x20" },
        ...{ fires: 6, ends: 30 },
        says: `5 samples were not stored in 5m: ${reason}.`,
    })),
    {
        ...{ job: "prometheus", alert: "PrometheusCompactionsFailing", severity: "warning", labels },
        series: { [series("tsdb_compactions_failed_total")]: "0+1x260 260x200" },
        ...{ fires: 241, ends: 445 },
        says: "180 compactions failed in 3h: the samples take more and more space.",
    },
    {
        ...{ job: "prometheus", alert: "PrometheusBlockReloadsFailing", severity: "warning", labels },
        series: { [series("tsdb_reloads_failures_total")]: "0+1x260 260x200" },
        ...{ fires: 241, ends: 445 },
        says: "Loading blocks from disk failed 180 times in 3h.",
    },
    {
        ...{ job: "prometheus", alert: "PrometheusWalCorrupted", severity: "warning", labels },
        series: { [series("tsdb_wal_corruptions_total")]: "0x4 1x10 0x5" },
        ...{ fires: 5, ends: 16 },
        says: "1 parts of the write-ahead log were damaged since localhost:9090 started.",
    },
    {
        ...{ job: "prometheus", alert: "PrometheusRemoteWriteBehind", severity: "critical" },
        labels: { ...labels, ...remote },
        series: {
            [series("remote_storage_queue_highest_timestamp_seconds", toRemote)]: "1000+60x40",
            [series("remote_storage_queue_highest_sent_timestamp_seconds", toRemote)]: "700+60x30 2860+60x10",
        },
        ...{ fires: 15, ends: 33 },
        says: "https://archive.example/write is 5m 0s behind what Prometheus has collected.",
    },
    {
        ...{ job: "prometheus", alert: "PrometheusRemoteWriteFailing", severity: "critical" },
        labels: { ...labels, ...remote },
        series: {
            [series("remote_storage_samples_failed_total", toRemote)]: "0+1x30 30x20",
            [series("remote_storage_samples_total", toRemote)]: "0+10x50",
        },
        ...{ fires: 16, ends: 40 },
        says: "https://archive.example/write refuses 10% of the samples that are sent to it.",
    },
    {
        ...{ job: "prometheus", alert: "PrometheusNotificationsFailing", severity: "critical" },
        labels: { ...labels, alertmanager },
        series: {
            [series("notifications_errors_total", toAlertmanager)]: "0+1x30 30x20",
            [series("notifications_sent_total", toAlertmanager)]: "0+9x50",
        },
        ...{ fires: 16, ends: 40 },
        says: `10% of the alerts that were sent to ${alertmanager} are lost.`,
    },
];
