import * as units from "@grafana/grafana-foundation-sdk/units";
import type { PrometheusLimits } from "../job";
import { prometheusJobName } from "../../schema/scrapeJob";
import { formatDuration, formatSize } from "../../schema/units";
import type { Dashboard, DashboardSettings, Lines } from "./dashboard";
import { dashboard } from "./dashboard";
import { fixedLimit, normalLimit, watchedBy } from "./limits";
import { graph, stat } from "./panels";

export const prometheusUid = "metrics-stack-prometheus";
export const prometheusTitle = "Prometheus";

const own = `job="${prometheusJobName}"`;
const rate = (metric: string) => `rate(${metric}{${own}}[$__rate_interval])`;
const increase = (metric: string) => `increase(${metric}{${own}}[$__rate_interval])`;

/** The stack's own Prometheus: whether it keeps up, and how much it holds. */
export function prometheusDashboard(settings: DashboardSettings, limits: PrometheusLimits): Dashboard {
    return dashboard(settings, {
        uid: prometheusUid,
        title: prometheusTitle,
        description: "The stack's own Prometheus: whether it keeps up, and how much it holds.",
        variables: [],
        sections: {
            Now: now(settings),
            Samples: samples(),
            Scrapes: scrapes(settings),
            Rules: rules(settings),
            ...(settings.remoteWrite?.length && { "Remote write": remoteWrite(settings) }),
            Resources: resources(settings, limits),
        },
    });
}

function now(settings: DashboardSettings): Lines {
    return [
        [
            stat({
                title: "Configuration",
                description:
                    "Whether Prometheus could load its latest configuration. If not, it goes on with the one before.",
                unit: units.Short,
                queries: [{ expr: `prometheus_config_last_reload_successful{${own}}` }],
                words: { 0: { text: "refused", color: "red" }, 1: { text: "loaded", color: "green" } },
                limit: watchedBy(settings, "PrometheusReloadFailed"),
            }),
            stat({
                title: "Age of the configuration",
                description: "Time since Prometheus last loaded its configuration.",
                unit: units.Seconds,
                queries: [{ expr: `time() - prometheus_config_last_reload_success_timestamp_seconds{${own}}` }],
            }),
            stat({
                title: "Uptime",
                description: "Time since Prometheus was started.",
                unit: units.Seconds,
                queries: [{ expr: `time() - process_start_time_seconds{${own}}` }],
            }),
            stat({
                title: "Series",
                description: "Time series that get samples: one for each combination of labels of a metric.",
                unit: units.Short,
                queries: [{ expr: `prometheus_tsdb_head_series{${own}}` }],
            }),
        ],
    ];
}

function samples(): Lines {
    return [
        [
            graph({
                title: "Samples a second",
                description: "How many samples are written.",
                unit: units.Short,
                queries: [{ expr: `sum(${rate("prometheus_tsdb_head_samples_appended_total")})`, legend: "samples" }],
            }),
            graph({
                title: "Series",
                description:
                    "Time series in memory. Each costs some kilobytes; a jump is mostly a label with too many values.",
                unit: units.Short,
                queries: [{ expr: `prometheus_tsdb_head_series{${own}}`, legend: "series" }],
            }),
            graph({
                title: "New and ended series",
                description:
                    "Series that begin, and series that are dropped from memory, a second. Many of both are a label that changes all the time.",
                unit: units.Short,
                queries: [
                    { expr: rate("prometheus_tsdb_head_series_created_total"), legend: "new" },
                    { expr: rate("prometheus_tsdb_head_series_removed_total"), legend: "ended" },
                ],
            }),
        ],
    ];
}

function scrapes(settings: DashboardSettings): Lines {
    return [
        [
            graph({
                title: "Targets",
                description: "How many targets each job has.",
                unit: units.Short,
                queries: [{ expr: `prometheus_target_scrape_pool_targets{${own}}`, legend: "{{scrape_job}}" }],
                limit: watchedBy(settings, "PrometheusTargetLimitHit"),
            }),
            graph({
                title: "Time between scrapes",
                description:
                    "The longest of a hundred intervals between two scrapes of a target, for each declared interval. Much more than that interval, and Prometheus does not keep up.",
                unit: units.Seconds,
                queries: [
                    {
                        expr: `prometheus_target_interval_length_seconds{quantile="0.99", ${own}}`,
                        legend: "every {{interval}}",
                    },
                ],
            }),
            graph({
                title: "Refused scrapes and samples",
                description:
                    "Scrapes that exceeded a limit of their job, and samples that came twice, too late or out of order: none of them was stored.",
                unit: units.Short,
                shownUpTo: 1,
                queries: Object.entries({
                    "above sampleLimit": "prometheus_target_scrapes_exceeded_sample_limit_total",
                    "above bodySizeLimit": "prometheus_target_scrapes_exceeded_body_size_limit_total",
                    "above a label limit": "prometheus_target_scrape_pool_exceeded_label_limits_total",
                    "above targetLimit": "prometheus_target_scrape_pool_exceeded_target_limit_total",
                    "twice, with two values": "prometheus_target_scrapes_sample_duplicate_timestamp_total",
                    "out of order": "prometheus_target_scrapes_sample_out_of_order_total",
                    "too old or too new": "prometheus_target_scrapes_sample_out_of_bounds_total",
                }).map(([legend, metric]) => ({ expr: increase(metric), legend })),
                limit: watchedBy(settings, "PrometheusScrapeLimitHit"),
            }),
        ],
    ];
}

function rules(settings: DashboardSettings): Lines {
    return [
        [
            graph({
                title: "Duration of evaluations",
                description:
                    "How long each group of rules took, as a share of its interval. At 100 % evaluations are left out.",
                unit: units.PercentUnit,
                queries: [
                    {
                        expr: `label_replace(prometheus_rule_group_last_duration_seconds{${own}} / prometheus_rule_group_interval_seconds{${own}}, "group", "$1", "rule_group", ".*;(.*)")`,
                        legend: "{{group}}",
                    },
                ],
            }),
            graph({
                title: "Failed and missed evaluations",
                description:
                    "Evaluations of rules that failed, and those that were left out because the one before took too long.",
                unit: units.Short,
                shownUpTo: 1,
                queries: [
                    {
                        expr: `sum(${increase("prometheus_rule_evaluation_failures_total")})`,
                        legend: "failed",
                    },
                    {
                        expr: `sum(${increase("prometheus_rule_group_iterations_missed_total")})`,
                        legend: "missed",
                    },
                ],
                limit: watchedBy(settings, "PrometheusRuleFailures"),
            }),
            graph({
                title: "Queries",
                description: "Time that 99 of 100 evaluations of a rule or of a graph's query took.",
                unit: units.Seconds,
                queries: [
                    {
                        expr: `prometheus_engine_query_duration_seconds{quantile="0.99", slice="inner_eval", ${own}}`,
                        legend: "evaluation",
                    },
                ],
            }),
        ],
    ];
}

function remoteWrite(settings: DashboardSettings): Lines {
    const remote = (metric: string) => `prometheus_remote_storage_${metric}`;
    const newest = (metric: string) => `${remote(`queue_highest_${metric}timestamp_seconds`)}{${own}}`;
    return [
        [
            graph({
                title: "Behind",
                description:
                    "How much older the newest sample is that was sent than the newest that was collected. It grows while a receiver is down.",
                unit: units.Seconds,
                queries: [{ expr: `${newest("")} - ${newest("sent_")}`, legend: "{{remote_name}}" }],
                limit: watchedBy(settings, "PrometheusRemoteWriteBehind"),
            }),
            graph({
                title: "Samples sent",
                description: "Samples a second that are sent, those that are sent again included.",
                unit: units.Short,
                queries: [{ expr: rate(remote("samples_total")), legend: "{{remote_name}}" }],
            }),
            graph({
                title: "Refused, sent again and left out",
                description:
                    "Samples that the receiver refused are lost. Those that it could not take are sent again. What rules leave out, or what is too old, is not sent.",
                unit: units.Short,
                shownUpTo: 1,
                queries: [
                    { expr: increase(remote("samples_failed_total")), legend: "{{remote_name}} refused" },
                    { expr: increase(remote("samples_retried_total")), legend: "{{remote_name}} sent again" },
                    { expr: increase(remote("samples_dropped_total")), legend: "{{remote_name}} left out: {{reason}}" },
                ],
                limit: watchedBy(settings, "PrometheusRemoteWriteFailing"),
            }),
        ],
        [
            graph({
                title: "Waiting samples",
                description: "Samples that were read from the write-ahead log and are not sent yet.",
                unit: units.Short,
                queries: [{ expr: `${remote("samples_pending")}{${own}}`, legend: "{{remote_name}}" }],
            }),
            graph({
                title: "Shards",
                description:
                    "Requests at a time. Where they are at queueConfig.maxShards and it is behind, the receiver is too slow.",
                unit: units.Short,
                queries: [
                    { expr: `${remote("shards")}{${own}}`, legend: "{{remote_name}}" },
                    { expr: `${remote("shards_max")}{${own}}`, legend: "{{remote_name}} at most" },
                ],
            }),
        ],
    ];
}

function resources(
    settings: DashboardSettings,
    { memoryLimit, retentionTime, retentionSize }: PrometheusLimits,
): Lines {
    return [
        [
            graph({
                title: "Memory",
                description: "Memory of the process.",
                unit: units.BytesIEC,
                queries: [{ expr: `process_resident_memory_bytes{${own}}`, legend: "memory" }],
                limit: fixedLimit(
                    memoryLimit,
                    `The container may use ${formatSize(memoryLimit)} (prometheus.memoryLimit); above, the kernel ends it.`,
                ),
            }),
            graph({
                title: "CPU",
                description: "Cores that the process keeps busy.",
                unit: units.Short,
                queries: [{ expr: rate("process_cpu_seconds_total"), legend: "cores" }],
            }),
        ],
        [
            graph({
                title: "Storage",
                description:
                    "Bytes on disk: blocks hold two hours of samples and more, the write-ahead log and the head's chunks what is newer.",
                unit: units.BytesIEC,
                stacked: true,
                queries: [
                    { expr: `prometheus_tsdb_storage_blocks_bytes{${own}}`, legend: "blocks" },
                    { expr: `prometheus_tsdb_wal_storage_size_bytes{${own}}`, legend: "write-ahead log" },
                    { expr: `prometheus_tsdb_head_chunks_storage_size_bytes{${own}}`, legend: "head's chunks" },
                ],
                limit:
                    retentionSize === undefined
                        ? undefined
                        : normalLimit(
                              retentionSize,
                              `From ${formatSize(retentionSize)} (prometheus.retentionSize) on, the oldest samples go.`,
                          ),
            }),
            graph({
                title: "Age of the oldest sample",
                description: "How far back the graphs can go.",
                unit: units.Seconds,
                queries: [{ expr: `time() - prometheus_tsdb_lowest_timestamp_seconds{${own}}`, legend: "oldest" }],
                limit: normalLimit(
                    retentionTime / 1000,
                    `Samples are kept for ${formatDuration(retentionTime)} (prometheus.retentionTime).`,
                ),
            }),
            graph({
                title: "Damage",
                description:
                    "What went wrong with the storage: compactions and reloads of blocks that failed, and parts of the write-ahead log that could not be read.",
                unit: units.Short,
                shownUpTo: 1,
                queries: Object.entries({
                    "failed compactions": "prometheus_tsdb_compactions_failed_total",
                    "failed reloads": "prometheus_tsdb_reloads_failures_total",
                    "unreadable parts of the log": "prometheus_tsdb_wal_corruptions_total",
                }).map(([legend, metric]) => ({ expr: increase(metric), legend })),
                limit: watchedBy(settings, "PrometheusCompactionsFailing"),
            }),
        ],
    ];
}
