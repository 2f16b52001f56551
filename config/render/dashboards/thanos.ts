import * as units from "@grafana/grafana-foundation-sdk/units";
import type { ThanosComponent } from "../../schema/profiles";
import type { ScrapeJob } from "../../schema/scrapeJob";
import {
    bucketUsers,
    mayBe,
    queriers,
    queryHandlers,
    shippers,
    storeApi,
    storeApis,
    storeFailures,
} from "../rules/thanos";
import type { Dashboard, DashboardSettings, Lines } from "./dashboard";
import { chosen, dashboard, targetVariables } from "./dashboard";
import { limitsOf, watchedBy } from "./limits";
import type { GraphArgs, Stat } from "./panels";
import { graph, stat, table } from "./panels";

export const thanosUid = "metrics-stack-thanos";
export const thanosTitle = "Thanos";

const of = (metric: string, ...matchers: readonly string[]) => `${metric}{${[chosen, ...matchers].join(", ")}}`;
const rate = (metric: string, ...matchers: readonly string[]) => `rate(${of(metric, ...matchers)}[$__rate_interval])`;
const increase = (metric: string) => `increase(${of(metric)}[$__rate_interval])`;
const by = (labels: string, expr: string) =>
    `sum by(${["job", "instance", labels].filter(Boolean).join(", ")}) (${expr})`;
const sum = (expr: string) => by("", expr);
const legend = "{{instance}}";
const legendOf = (label: string) => `{{instance}}: {{${label}}}`;

/** What failed of what was asked: none, where nothing failed yet. */
const share = (failed: string, all: string) => `(${sum(failed)} or 0 * ${sum(all)}) / (${sum(all)} > 0)`;

/** How long those of twenty take that take longest. */
const slowest = (buckets: string, labels = "le") => `histogram_quantile(0.95, ${by(labels, buckets)})`;

/** The jobs, and which of the components they may be. */
interface Thanos {
    readonly settings: DashboardSettings;
    readonly jobs: readonly ScrapeJob[];
    /** Whether any of the jobs may be one of these. */
    has(components: readonly ThanosComponent[]): boolean;
    /** The limit of an alert that these components have. */
    limit(components: readonly ThanosComponent[], alert: string, unit: string): GraphArgs["limit"];
    /** Says that an alert watches it, without a value. */
    watched(alert: string): GraphArgs["limit"];
}

/** The components of Thanos behind the jobs that declare `thanos`: what a section is about is one of them. */
export function thanosDashboard(settings: DashboardSettings, jobs: readonly ScrapeJob[]): Dashboard {
    const having = (components: readonly ThanosComponent[]) => jobs.filter((job) => mayBe(job, components));
    const thanos: Thanos = {
        ...{ settings, jobs },
        has: (components) => having(components).length > 0,
        limit: (components, alert, unit) => limitsOf(settings, having(components))({ alert, unit }),
        watched: (alert) => watchedBy(settings, alert),
    };
    const { has } = thanos;
    return dashboard(settings, {
        uid: thanosUid,
        title: thanosTitle,
        description: "Whether queries are answered, blocks reach the bucket, and the compactor keeps up.",
        variables: targetVariables(jobs),
        jobs,
        sections: {
            Now: now(thanos),
            ...(has(queriers) && { Query: query(thanos) }),
            ...(has(storeApis) && { "Store APIs": stores(thanos) }),
            ...(has(bucketUsers) && { Bucket: bucket(thanos) }),
            ...(has(shippers) && { Shipping: shipping(thanos) }),
            ...(has(["compactor"]) && { Compactor: compactor(thanos) }),
            ...(has(["receive"]) && { Receive: receive(thanos) }),
            ...(has(["ruler"]) && { Ruler: ruler(thanos) }),
        },
    });
}

function now({ has, watched }: Thanos): Lines {
    const tiles: [components: readonly ThanosComponent[], tile: Stat][] = [
        [
            ["query"],
            stat({
                title: "Connected Store APIs",
                description: "How many sidecars, stores and others each Query is connected to.",
                empty: "No Query, or it is connected to nobody",
                unit: units.Short,
                queries: [{ expr: sum(of("thanos_store_nodes_grpc_connections")), legend }],
                limit: watched("ThanosStoreLost"),
            }),
        ],
        [
            ["sidecar"],
            stat({
                title: "Prometheus of the sidecar",
                description: "Whether each sidecar reaches its Prometheus.",
                empty: "No sidecar",
                unit: units.Short,
                queries: [{ expr: of("thanos_sidecar_prometheus_up"), legend }],
                words: { 0: { text: "not reached", color: "red" }, 1: { text: "reached", color: "green" } },
                limit: watched("ThanosSidecarWithoutPrometheus"),
            }),
        ],
        [
            bucketUsers,
            stat({
                title: "Last upload",
                description: "Time since each component last brought something into the bucket.",
                empty: "Nothing was uploaded yet",
                unit: units.Seconds,
                queries: [{ expr: `time() - ${sinceUpload}`, legend }],
            }),
        ],
        [
            ["compactor"],
            stat({
                title: "Compactor",
                description: "Whether the compactor works, or met blocks that it must not touch and has halted.",
                empty: "No compactor",
                unit: units.Short,
                queries: [{ expr: of("thanos_compact_halted"), legend }],
                words: { 0: { text: "works", color: "green" }, 1: { text: "halted", color: "red" } },
                limit: watched("ThanosCompactorHalted"),
            }),
        ],
    ];
    return [
        tiles.flatMap(([components, tile]) => (has(components) ? [tile] : [])),
        [
            table({
                title: "Each component",
                description: "What runs, since when, and what it takes.",
                labels: {
                    job: { title: "Job" },
                    instance: { title: "Component" },
                    version: { title: "Version" },
                },
                queries: [
                    {
                        title: "Runs for",
                        unit: units.Seconds,
                        expr: each(`time() - ${of("process_start_time_seconds")}`),
                    },
                    { title: "Memory", unit: units.BytesIEC, expr: each(of("process_resident_memory_bytes")) },
                    { title: "Cores", unit: units.Short, expr: each(rate("process_cpu_seconds_total")) },
                ],
                empty: "No component of Thanos was seen yet.",
            }),
        ],
    ].filter((line) => line.length > 0);
}

/** A component that has uploaded nothing shows the beginning of time. */
const sinceUpload = `max by(job, instance) (${of("thanos_objstore_bucket_last_successful_upload_time")} > 0)`;

const each = (expr: string) => `(${expr}) * on(job, instance) group_left(version) ${of("thanos_build_info")}`;

function query({ limit, watched, has }: Thanos): Lines {
    const requests = "http_requests_total";
    return [
        [
            graph({
                title: "Queries a second",
                description:
                    "How many queries each answers: those of a moment, those of a range, and all of a Query Frontend.",
                empty: "Nobody asks",
                unit: units.Short,
                queries: [{ expr: by("handler", rate(requests, queryHandlers)), legend: legendOf("handler") }],
            }),
            graph({
                title: "Failed queries",
                description: "The share that is answered with a status of 500 or above.",
                empty: "Nobody asks",
                unit: units.PercentUnit,
                queries: [
                    {
                        expr: share(rate(requests, queryHandlers, 'code=~"5.."'), rate(requests, queryHandlers)),
                        legend,
                    },
                ],
                limit: limit(queriers, "ThanosQueryErrors", units.PercentUnit),
            }),
            graph({
                title: "Time of a query",
                description: "Nineteen of twenty queries are answered within this time.",
                empty: "Nobody asks",
                unit: units.Seconds,
                queries: [{ expr: slowest(rate("http_request_duration_seconds_bucket", queryHandlers)), legend }],
                limit: limit(queriers, "ThanosQuerySlow", units.Seconds),
            }),
        ],
        has(["query"])
            ? [
                  graph({
                      title: "Connected Store APIs by kind",
                      description: "How many sidecars, stores and others each Query is connected to.",
                      empty: "No Query, or it is connected to nobody",
                      unit: units.Short,
                      queries: [
                          {
                              expr: by("store_type", of("thanos_store_nodes_grpc_connections")),
                              legend: legendOf("store_type"),
                          },
                      ],
                      limit: watched("ThanosStoreLost"),
                  }),
                  graph({
                      title: "Queries at a time",
                      description: "Queries that are worked on, and how many may be: others wait.",
                      empty: "No Query",
                      unit: units.Short,
                      queries: [
                          { expr: of("thanos_query_concurrent_gate_queries_in_flight"), legend },
                          { expr: of("thanos_query_concurrent_gate_queries_max"), legend: `${legend} at most` },
                      ],
                  }),
              ]
            : [],
        has(["queryFrontend"])
            ? [
                  graph({
                      title: "Through the Query Frontend",
                      description: "What comes in a second, by what is asked for.",
                      empty: "No Query Frontend",
                      unit: units.Short,
                      queries: [
                          { expr: by("op", rate("thanos_query_frontend_queries_total")), legend: legendOf("op") },
                      ],
                  }),
              ]
            : [],
    ].filter((line) => line.length > 0);
}

function stores({ limit }: Thanos): Lines {
    const handled = "grpc_server_handled_total";
    return [
        [
            graph({
                title: "Requests a second",
                description: "What each component is asked for by Query: series, and names and values of labels.",
                empty: "No component with a Store API",
                unit: units.Short,
                queries: [{ expr: sum(rate(handled, storeApi)), legend }],
            }),
            graph({
                title: "Failed requests",
                description: "The share of requests that failed: what the component has is missing in the answer.",
                empty: "Query asks for nothing",
                unit: units.PercentUnit,
                queries: [{ expr: share(rate(handled, storeApi, storeFailures), rate(handled, storeApi)), legend }],
                limit: limit(storeApis, "ThanosStoreFailing", units.PercentUnit),
            }),
            graph({
                title: "Time of a request",
                description: "Nineteen of twenty requests are answered within this time.",
                empty: "Query asks for nothing",
                unit: units.Seconds,
                queries: [{ expr: slowest(rate("grpc_server_handling_seconds_bucket", storeApi)), legend }],
            }),
        ],
    ];
}

function bucket({ limit, has }: Thanos): Lines {
    const [operations, failures] = ["operations_total", "operation_failures_total"].map(
        (name) => `thanos_objstore_bucket_${name}`,
    ) as [string, string];
    return [
        [
            graph({
                title: "Operations a second",
                description: "What all components do with the bucket together.",
                empty: "No component with a bucket",
                unit: units.Short,
                queries: [{ expr: `sum by(operation) (${rate(operations)})`, legend: "{{operation}}" }],
            }),
            graph({
                title: "Failed operations",
                description: "The share of operations on the bucket that failed.",
                empty: "No component did anything with its bucket",
                unit: units.PercentUnit,
                queries: [{ expr: share(rate(failures), rate(operations)), legend }],
                limit: limit(bucketUsers, "ThanosBucketFailing", units.PercentUnit),
            }),
        ],
        ...(has(["store"])
            ? [
                  [
                      graph({
                          title: "Blocks of the stores",
                          description: "How many blocks of the bucket each store answers from.",
                          empty: "No store",
                          unit: units.Short,
                          queries: [{ expr: of("thanos_bucket_store_blocks_loaded"), legend }],
                      }),
                      graph({
                          title: "Blocks that could not be loaded",
                          description: "What they hold is in no answer. They are tried again.",
                          empty: "No store",
                          unit: units.Short,
                          shownUpTo: 1,
                          queries: [{ expr: increase("thanos_bucket_store_block_load_failures_total"), legend }],
                      }),
                  ],
              ]
            : []),
    ];
}

const shipping = ({ watched }: Thanos): Lines => [
    [
        graph({
            title: "Uploaded blocks",
            description: "Blocks that reached the bucket: Prometheus finishes one every two hours.",
            empty: "Nobody ships blocks",
            unit: units.Short,
            queries: [{ expr: sum(increase("thanos_shipper_uploads_total")), legend }],
        }),
        graph({
            title: "Failed looks and uploads",
            description:
                "The folder is looked through twice a minute. A look fails where a new block cannot be uploaded.",
            empty: "Nobody ships blocks",
            unit: units.Short,
            shownUpTo: 1,
            queries: [
                { expr: sum(increase("thanos_shipper_dir_sync_failures_total")), legend: `${legend}: looks` },
                { expr: sum(increase("thanos_shipper_upload_failures_total")), legend: `${legend}: uploads` },
            ],
            limit: watched("ThanosNotShipping"),
        }),
    ],
];

function compactor({ watched }: Thanos): Lines {
    const empty = "No compactor";
    return [
        [
            graph({
                title: "Passes",
                description:
                    "How often the compactor went through the whole bucket, and how often it failed on the way.",
                empty,
                unit: units.Short,
                shownUpTo: 1,
                queries: [
                    { expr: increase("thanos_compact_iterations_total"), legend: `${legend}: finished` },
                    { expr: increase("thanos_compact_retries_total"), legend: `${legend}: failed` },
                ],
                limit: watched("ThanosCompactorBehind"),
            }),
            graph({
                title: "Left to do",
                description: "Compactions, blocks to downsample, and blocks whose retention is over.",
                empty,
                unit: units.Short,
                queries: Object.entries({
                    compactions: "compactions",
                    "to downsample": "downsample_blocks",
                    "to delete": "deletion_blocks",
                }).map(([what, name]) => ({ expr: of(`thanos_compact_todo_${name}`), legend: `${legend}: ${what}` })),
            }),
            graph({
                title: "Blocks in the bucket",
                description: "The blocks that the compactor sees and works with.",
                empty,
                unit: units.Short,
                queries: [
                    {
                        // A store counts its own view of the same bucket.
                        expr: `${of("thanos_blocks_meta_synced", 'state="loaded"')} and on(job, instance) ${of("thanos_compact_halted")}`,
                        legend,
                    },
                ],
            }),
        ],
    ];
}

function receive({ limit, watched }: Thanos): Lines {
    const empty = "Nobody receives samples";
    const [requests, forwards] = ["http_requests_total", "thanos_receive_forward_requests_total"];
    const written = 'handler="receive"';
    return [
        [
            graph({
                title: "Failed writes",
                description: "The share of writes that is answered with a status of 500 or above.",
                empty,
                unit: units.PercentUnit,
                queries: [{ expr: share(rate(requests, written, 'code=~"5.."'), rate(requests, written)), legend }],
                limit: limit(["receive"], "ThanosReceiveErrors", units.PercentUnit),
            }),
            graph({
                title: "Failed hand-overs",
                description: "The share of what was handed on to others of the hash ring, and did not arrive.",
                empty: "Nothing is handed on",
                unit: units.PercentUnit,
                queries: [{ expr: share(rate(forwards, 'result="error"'), rate(forwards)), legend }],
                limit: limit(["receive"], "ThanosReceiveForwardsFailing", units.PercentUnit),
            }),
            graph({
                title: "Hash ring",
                description:
                    "Whether each member could load its latest hash ring (1), or goes on with the one before (0).",
                empty: "No hash ring",
                unit: units.Short,
                max: 1,
                queries: [{ expr: of("thanos_receive_config_last_reload_successful"), legend }],
                limit: watched("ThanosReceiveReloadFailed"),
            }),
        ],
    ];
}

function ruler({ watched }: Thanos): Lines {
    const empty = "No ruler";
    const evaluated = of("prometheus_rule_group_last_evaluation_timestamp_seconds");
    const sent = by("alertmanager", increase("thanos_alert_sender_alerts_sent_total"));
    return [
        [
            graph({
                title: "Since the last evaluation",
                description: "How long ago each group of rules was evaluated.",
                empty,
                unit: units.Seconds,
                queries: [
                    {
                        expr: `time() - max by(job, instance, rule_group) (${evaluated}) and on(job, instance) ${of("thanos_rule_config_last_reload_successful")}`,
                        legend: legendOf("rule_group"),
                    },
                ],
                limit: watched("ThanosRulerStalled"),
            }),
            graph({
                title: "Rules",
                description: "How many rules each ruler has loaded.",
                empty,
                unit: units.Short,
                queries: [{ expr: sum(of("thanos_rule_loaded_rules")), legend }],
                limit: watched("ThanosRulerWithoutRules"),
            }),
            graph({
                title: "Failed evaluations",
                description: "Evaluations of rules that failed, and those that did without a part of the samples.",
                empty,
                unit: units.Short,
                shownUpTo: 1,
                queries: [
                    { expr: sum(increase("prometheus_rule_evaluation_failures_total")), legend },
                    {
                        expr: sum(increase("thanos_rule_evaluation_with_warnings_total")),
                        legend: `${legend}: partial`,
                    },
                ],
                limit: watched("ThanosRulerFailures"),
            }),
        ],
        [
            graph({
                title: "Alerts to Alertmanagers",
                description: "Alerts that reached each Alertmanager, and messages that did not.",
                empty: "No alert was sent",
                unit: units.Short,
                queries: [
                    { expr: sent, legend: legendOf("alertmanager") },
                    {
                        // Nothing is counted before the first failure.
                        expr: `${by("alertmanager", increase("thanos_alert_sender_errors_total"))} or 0 * ${sent}`,
                        legend: `${legendOf("alertmanager")} failed`,
                    },
                ],
                limit: watched("ThanosRulerSendErrors"),
            }),
            graph({
                title: "Lost alerts",
                description: "Alerts that no Alertmanager took.",
                empty,
                unit: units.Short,
                shownUpTo: 1,
                queries: ["queue", "sender"].map((where) => ({
                    expr: sum(increase(`thanos_alert_${where}_alerts_dropped_total`)),
                    legend: `${legend}: ${where}`,
                })),
                limit: watched("ThanosRulerDropsAlerts"),
            }),
        ],
    ];
}
