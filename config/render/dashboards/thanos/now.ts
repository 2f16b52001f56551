import * as units from "@grafana/grafana-foundation-sdk/units";
import type { ThanosComponent } from "../../../schema/profiles";
import { bucketUsers } from "../../rules/thanos";
import type { Lines } from "../dashboard";
import type { Stat } from "../panels";
import { stat, table } from "../panels";
import type { Thanos } from "./section";
import { legend, of, rate, sum } from "./section";

export function now({ has, watched }: Thanos): Lines {
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
