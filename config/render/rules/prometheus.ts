import type { ScrapeJob } from "../../schema/scrapeJob";
import type { AlertRule, RuleSettings } from "./rule";
import { hours, minutes, rateWindow, selector } from "./rule";

/** The counters of scrapes that failed for a limit of their job, by the job's key. */
const scrapeLimits = {
    sampleLimit: "prometheus_target_scrapes_exceeded_sample_limit_total",
    bodySizeLimit: "prometheus_target_scrapes_exceeded_body_size_limit_total",
    labelLimit: "prometheus_target_scrape_pool_exceeded_label_limits_total",
};

/**
 * The alerts of the stack's Prometheus about itself.
 * Source of most of them: https://github.com/prometheus/prometheus/tree/main/documentation/prometheus-mixin (Apache-2.0)
 */
export function prometheusRules(settings: RuleSettings, job: ScrapeJob): AlertRule[] {
    const [own, window] = [selector(job), rateWindow(settings, job)];
    return [watchdog, ...configurationRules(own, window), ...storageRules(own), ...deliveryRules(own, window)];
}

/** Always fires. Where it does not arrive, no alert would. */
const watchdog: AlertRule = {
    alert: "Watchdog",
    expr: "vector(1)",
    severity: "none",
    summary: "Alerting works",
    description:
        "This alert always fires: it shows that rules are evaluated, and that alerts reach whoever receives it.",
};

/** What was declared, and what became of it. */
function configurationRules(own: string, window: string): AlertRule[] {
    const exceeded = Object.entries(scrapeLimits).map(
        ([key, counter]) => `label_replace(increase(${counter}${own}[${window}]), "limit", "${key}", "", "")`,
    );
    return [
        {
            alert: "PrometheusReloadFailed",
            // The latest of several scrapes: a single one that failed must not end the alert.
            expr: `max_over_time(prometheus_config_last_reload_successful${own}[${window}]) == 0`,
            for: minutes(10),
            severity: "critical",
            summary: "Prometheus runs with an old configuration",
            description: "{{ $labels.instance }} could not load its configuration and goes on with the previous one.",
        },
        {
            alert: "PrometheusRuleFailures",
            expr: `increase(prometheus_rule_evaluation_failures_total${own}[${window}]) > 0`,
            for: minutes(15),
            severity: "critical",
            summary: "Prometheus cannot evaluate some rules",
            description: `{{ $value | humanize }} evaluations of the rules in {{ $labels.rule_group }} failed in ${window}.`,
        },
        {
            alert: "PrometheusDiscoveryFailing",
            expr: `increase(prometheus_sd_file_read_errors_total${own}[${window}]) > 0`,
            for: minutes(20),
            severity: "warning",
            summary: "Prometheus cannot read a list of targets",
            description: `Reading the target lists failed {{ $value | humanize }} times in ${window}; the old targets stay.`,
        },
        {
            alert: "PrometheusTargetSyncFailing",
            expr: `increase(prometheus_target_sync_failed_total${own}[30m]) > 0`,
            for: minutes(5),
            severity: "critical",
            summary: "Prometheus leaves out targets of {{ $labels.scrape_job }}",
            description:
                "{{ $value | humanize }} targets of {{ $labels.scrape_job }} could not be used in 30m: what relabeling makes of " +
                "them is no target.",
        },
        {
            alert: "PrometheusTargetLimitHit",
            expr: `prometheus_target_scrape_pool_targets${own} > (prometheus_target_scrape_pool_target_limit${own} > 0)`,
            for: minutes(5),
            severity: "critical",
            summary: "{{ $labels.scrape_job }} has more targets than its targetLimit",
            description:
                "{{ $labels.scrape_job }} has {{ $value }} targets, above its targetLimit: none of them is scraped.",
        },
        {
            alert: "PrometheusScrapeLimitHit",
            expr: `(${exceeded.join(" or ")}) > 0`,
            for: minutes(5),
            severity: "warning",
            summary: "Scrapes fail for a {{ $labels.limit }}",
            description: `{{ $value | humanize }} scrapes failed in ${window}: the target exposes more than {{ $labels.limit }} allows.`,
        },
    ];
}

/** The database of samples. */
function storageRules(own: string): AlertRule[] {
    return [
        {
            alert: "PrometheusCompactionsFailing",
            expr: `increase(prometheus_tsdb_compactions_failed_total${own}[3h]) > 0`,
            for: hours(4),
            severity: "warning",
            summary: "Prometheus cannot compact its blocks",
            description: "{{ $value | humanize }} compactions failed in 3h: the samples take more and more space.",
        },
        {
            alert: "PrometheusBlockReloadsFailing",
            expr: `increase(prometheus_tsdb_reloads_failures_total${own}[3h]) > 0`,
            for: hours(4),
            severity: "warning",
            summary: "Prometheus cannot load its blocks",
            description: "Loading blocks from disk failed {{ $value | humanize }} times in 3h.",
        },
        {
            alert: "PrometheusWalCorrupted",
            // Mostly counted while Prometheus starts, before its first scrape: an increase would not show it.
            expr: `prometheus_tsdb_wal_corruptions_total${own} > 0`,
            severity: "warning",
            summary: "Prometheus lost samples",
            description: "{{ $value }} parts of the write-ahead log were damaged since {{ $labels.instance }} started.",
        },
    ];
}

/** What Prometheus sends to others. Without a receiver these metrics do not exist, and nothing fires. */
function deliveryRules(own: string, window: string): AlertRule[] {
    const newest = (metric: string) => `max_over_time(prometheus_remote_storage_${metric}${own}[${window}])`;
    const rate = (metric: string) => `rate(prometheus_notifications_${metric}${own}[${window}])`;
    return [
        {
            alert: "PrometheusRemoteWriteBehind",
            expr:
                `${newest("queue_highest_timestamp_seconds")} - ${newest("queue_highest_sent_timestamp_seconds")} ` +
                "> 120",
            for: minutes(15),
            severity: "critical",
            summary: "Remote write to {{ $labels.remote_name }} is behind",
            description: "{{ $labels.url }} is {{ $value | humanizeDuration }} behind what Prometheus has collected.",
        },
        {
            alert: "PrometheusNotificationsFailing",
            expr: `${rate("errors_total")} / (${rate("errors_total")} + ${rate("sent_total")}) > 0.01`,
            for: minutes(15),
            severity: "critical",
            summary: "Alerts do not reach {{ $labels.alertmanager }}",
            description:
                "{{ $value | humanizePercentage }} of the alerts that were sent to {{ $labels.alertmanager }} are lost.",
        },
    ];
}
