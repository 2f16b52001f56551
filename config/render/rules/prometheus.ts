import type { ScrapeJob } from "../../schema/scrapeJob";
import type { AlertRule, RuleSettings } from "./rule";
import { hours, minutes } from "./rule";
import type { Series } from "./series";
import { lookbackOf, selector, seriesOf } from "./series";

/** The counters of scrapes that failed for a limit of their job, by the job's key. */
const scrapeLimits = {
    sampleLimit: "prometheus_target_scrapes_exceeded_sample_limit_total",
    bodySizeLimit: "prometheus_target_scrapes_exceeded_body_size_limit_total",
    labelLimit: "prometheus_target_scrape_pool_exceeded_label_limits_total",
};

/** The counters of failures to find out targets, by how they are found out; most ways have one in common, with a label. */
const discoveryFailures = {
    file: "prometheus_sd_file_read_errors_total",
    dns: "prometheus_sd_dns_lookup_failures_total",
    consul: "prometheus_sd_consul_rpc_failures_total",
    kuma: "prometheus_sd_kuma_fetch_failures_total",
};
const refreshFailures = "prometheus_sd_refresh_failures_total";

/** The counters of samples that were not stored, by what was wrong with them. */
const refusals = {
    "too old or too new": "prometheus_target_scrapes_sample_out_of_bounds_total",
    "out of order": "prometheus_target_scrapes_sample_out_of_order_total",
    "twice, with two values": "prometheus_target_scrapes_sample_duplicate_timestamp_total",
};

/**
 * The alerts of the stack's Prometheus about itself.
 * Source of most of them: https://github.com/prometheus/prometheus/tree/main/documentation/prometheus-mixin (Apache-2.0)
 */
export function prometheusRules(settings: RuleSettings, job: ScrapeJob): AlertRule[] {
    const series = seriesOf(settings, job);
    const own = {
        ...series,
        increase: (metric: string, least?: number) => `increase(${metric}${selector(job)}[${series.window(least)}])`,
    };
    return [
        watchdog,
        ...configurationRules(own),
        ...refusalRules(settings, own),
        ...storageRules(own),
        ...deliveryRules(own),
    ];
}

/** The series of Prometheus itself. */
type Own = Series & { increase(metric: string, least?: number): string };

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
function configurationRules({ latest, increase, held, window }: Own): AlertRule[] {
    const pool = (metric: string) => latest(`prometheus_target_scrape_pool_${metric}`);
    // Lists of targets are read anew every five minutes: twice within it, so that it has no gap.
    const attempts = minutes(15);
    const failed = anyOf("mechanism", discoveryFailures, (counter) => increase(counter, attempts));
    const syncs = minutes(30);
    return [
        {
            alert: "PrometheusReloadFailed",
            expr: `${latest("prometheus_config_last_reload_successful")} == 0`,
            for: held(minutes(10)),
            severity: "critical",
            summary: "Prometheus runs with an old configuration",
            description: "{{ $labels.instance }} could not load its configuration and goes on with the previous one.",
        },
        {
            alert: "PrometheusRuleFailures",
            expr: `${increase("prometheus_rule_evaluation_failures_total")} > 0`,
            for: held(minutes(15)),
            severity: "critical",
            summary: "Prometheus cannot evaluate some rules",
            description: `{{ $value | humanize }} evaluations of the rules in {{ $labels.rule_group }} failed in ${window()}.`,
        },
        {
            alert: "PrometheusDiscoveryFailing",
            expr: `(${failed} or ${increase(refreshFailures, attempts)}) > 0`,
            for: held(minutes(20)),
            severity: "warning",
            summary: "Prometheus cannot find out targets by {{ $labels.mechanism }}",
            description: `Finding out targets by {{ $labels.mechanism }} failed {{ $value | humanize }} times in ${window(attempts)}; those of before stay.`,
        },
        {
            alert: "PrometheusTargetSyncFailing",
            expr: `${increase("prometheus_target_sync_failed_total", syncs)} > 0`,
            for: held(minutes(5)),
            severity: "critical",
            summary: "Prometheus leaves out targets of {{ $labels.scrape_job }}",
            description:
                `{{ $value | humanize }} targets of {{ $labels.scrape_job }} could not be used in ${window(syncs)}: what relabeling makes of ` +
                "them is no target.",
        },
        {
            alert: "PrometheusTargetLimitHit",
            expr: `${pool("targets")} > (${pool("target_limit")} > 0)`,
            for: held(minutes(5)),
            severity: "critical",
            summary: "{{ $labels.scrape_job }} has more targets than its targetLimit",
            description:
                "{{ $labels.scrape_job }} has {{ $value }} targets, above its targetLimit: none of them is scraped.",
        },
    ];
}

/** What became of each of some counters, which is told by a label. */
const anyOf = (
    label: string,
    counters: Readonly<Record<string, string>>,
    expression: (counter: string) => string,
): string =>
    Object.entries(counters)
        .map(([value, counter]) => `label_replace(${expression(counter)}, "${label}", "${value}", "", "")`)
        .join(" or ");

/** What was scraped and not stored. The counters are those of all jobs: one that is scraped seldom fails as seldom. */
function refusalRules({ scrapeInterval, scrapeJobs }: RuleSettings, { increase, span, window }: Own): AlertRule[] {
    const longest = Math.max(scrapeInterval, ...scrapeJobs.map((job) => job.scrapeInterval ?? scrapeInterval));
    const least = lookbackOf(longest);
    const grown = (counter: string) => increase(counter, least);
    // As long as one that failed is in the window: it takes a second.
    const rest = { for: span(least), severity: "warning" } as const;
    return [
        {
            alert: "PrometheusScrapeLimitHit",
            expr: `(${anyOf("limit", scrapeLimits, grown)}) > 0`,
            ...rest,
            summary: "Scrapes fail for a {{ $labels.limit }}",
            description: `{{ $value | humanize }} scrapes failed in ${window(least)}: the target exposes more than {{ $labels.limit }} allows.`,
        },
        {
            alert: "PrometheusSamplesRefused",
            expr: `(${anyOf("reason", refusals, grown)}) > 0`,
            ...rest,
            summary: "Prometheus refuses samples: {{ $labels.reason }}",
            description: `{{ $value | humanize }} samples were not stored in ${window(least)}: {{ $labels.reason }}.`,
        },
    ];
}

/** The database of samples. */
function storageRules({ latest, increase, held, window }: Own): AlertRule[] {
    const compactions = hours(3);
    return [
        {
            alert: "PrometheusCompactionsFailing",
            expr: `${increase("prometheus_tsdb_compactions_failed_total", compactions)} > 0`,
            for: held(hours(4)),
            severity: "warning",
            summary: "Prometheus cannot compact its blocks",
            description: `{{ $value | humanize }} compactions failed in ${window(compactions)}: the samples take more and more space.`,
        },
        {
            alert: "PrometheusBlockReloadsFailing",
            expr: `${increase("prometheus_tsdb_reloads_failures_total", compactions)} > 0`,
            for: held(hours(4)),
            severity: "warning",
            summary: "Prometheus cannot load its blocks",
            description: `Loading blocks from disk failed {{ $value | humanize }} times in ${window(compactions)}.`,
        },
        {
            alert: "PrometheusWalCorrupted",
            // Mostly counted while Prometheus starts, before its first scrape: an increase would not show it.
            expr: `${latest("prometheus_tsdb_wal_corruptions_total")} > 0`,
            severity: "warning",
            summary: "Prometheus lost samples",
            description: "{{ $value }} parts of the write-ahead log were damaged since {{ $labels.instance }} started.",
        },
    ];
}

/** What Prometheus sends to others. Without a receiver these metrics do not exist, and nothing fires. */
function deliveryRules({ latest, held, ...own }: Own): AlertRule[] {
    const newest = (metric: string) => latest(`prometheus_remote_storage_${metric}`);
    const samples = (state: string) => own.rate(`prometheus_remote_storage_samples_${state}`);
    const rate = (metric: string) => own.rate(`prometheus_notifications_${metric}`);
    return [
        {
            alert: "PrometheusRemoteWriteBehind",
            expr:
                `${newest("queue_highest_timestamp_seconds")} - ${newest("queue_highest_sent_timestamp_seconds")} ` +
                "> 120",
            for: held(minutes(15)),
            severity: "critical",
            summary: "Remote write to {{ $labels.remote_name }} is behind",
            description: "{{ $labels.url }} is {{ $value | humanizeDuration }} behind what Prometheus has collected.",
        },
        {
            alert: "PrometheusRemoteWriteFailing",
            // What is refused is not sent again, and counts as sent: it is not behind.
            expr: `${samples("failed_total")} / ${samples("total")} > 0.01`,
            for: held(minutes(15)),
            severity: "critical",
            summary: "Remote write to {{ $labels.remote_name }} loses samples",
            description:
                "{{ $labels.url }} refuses {{ $value | humanizePercentage }} of the samples that are sent to it.",
        },
        {
            alert: "PrometheusNotificationsFailing",
            expr: `${rate("errors_total")} / (${rate("errors_total")} + ${rate("sent_total")}) > 0.01`,
            for: held(minutes(15)),
            severity: "critical",
            summary: "Alerts do not reach {{ $labels.alertmanager }}",
            description:
                "{{ $value | humanizePercentage }} of the alerts that were sent to {{ $labels.alertmanager }} are lost.",
        },
    ];
}
