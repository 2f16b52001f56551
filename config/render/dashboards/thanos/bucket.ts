import * as units from "@grafana/grafana-foundation-sdk/units";
import { bucketUsers } from "../../rules/thanos";
import type { Lines } from "../dashboard";
import { graph } from "../panels";
import type { Thanos } from "./section";
import { increase, legend, of, rate, share, sum } from "./section";

export function bucket({ limit, has }: Thanos): Lines {
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

export const shipping = ({ watched }: Thanos): Lines => [
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

export function compactor({ watched }: Thanos): Lines {
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
