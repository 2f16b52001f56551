import { createHash } from "node:crypto";
import type { Files } from "../../config/render/files";
import { toYaml } from "../../config/render/yaml";
import { ports, queueFolder } from "./container";
import type { Receiver } from "./receivers";
import { clientOf, exporterId, loginOf } from "./receivers";
import type { CollectorSettings } from "./settings";

/**
 * The collector's configuration. What a receiver of it cannot take now waits on disk, in the order in which it came, until it can: an
 * application is answered when its push is there.
 * Source: https://opentelemetry.io/docs/collector/configuration/
 */
export function renderCollector(
    { queueSize }: Pick<CollectorSettings, "queueSize">,
    receivers: readonly Receiver[],
): Files {
    const { service, ...config } = configOf(queueSize, receivers);
    const text = JSON.stringify({ ...config, service });
    const telemetry = { ...service.telemetry, resource: { [configAttribute]: digest(text) } };
    return { "config.yaml": toYaml(literal({ ...config, service: { ...service, telemetry } })) };
}

/** The attribute of the collector's own metrics that says which configuration it runs with: delivery.js looks for it. */
const configAttribute = "config";

const digest = (text: string) => createHash("sha256").update(text).digest("hex").slice(0, 12);

function configOf(queueSize: number, receivers: readonly Receiver[]) {
    const logins = Object.assign({}, ...receivers.map(loginOf)) as Record<string, object>;
    return {
        extensions: { file_storage: storage, ...logins },
        receivers: {
            otlp: {
                protocols: {
                    grpc: { endpoint: `0.0.0.0:${ports.grpc}` },
                    http: { endpoint: `0.0.0.0:${ports.http}` },
                },
            },
        },
        processors: {
            // Of what the container may use: above, pushes are refused, and the applications push again.
            memory_limiter: { check_interval: "1s", limit_percentage: 75, spike_limit_percentage: 20 },
        },
        exporters: Object.fromEntries(
            receivers.map((receiver) => [exporterId(receiver), { ...clientOf(receiver), ...sending(queueSize) }]),
        ),
        service: {
            extensions: ["file_storage", ...Object.keys(logins)],
            pipelines: {
                metrics: {
                    receivers: ["otlp"],
                    processors: ["memory_limiter"],
                    exporters: receivers.map(exporterId),
                },
            },
            telemetry: {
                logs: { encoding: "json" },
                metrics: { readers: [{ pull: { exporter: { prometheus: ownMetrics } } }] },
            },
        },
    };
}

/** Named as its documentation has them. Source: https://opentelemetry.io/docs/collector/internal-telemetry/ */
const ownMetrics = {
    ...{ host: "0.0.0.0", port: ports.metrics },
    ...{ without_scope_info: true, without_type_suffix: true, without_units: true },
};

/** Source: https://github.com/open-telemetry/opentelemetry-collector-contrib/tree/main/extension/storage/filestorage */
const storage = {
    directory: queueFolder,
    create_directory: true,
    // What was taken is there after the host has lost its power, too.
    fsync: true,
    compaction: { directory: queueFolder, on_start: true, on_rebound: true, cleanup_on_start: true },
};

/**
 * How samples wait and are sent: by one request at a time, so that they arrive in their order, and for as long as it takes.
 * Source: https://github.com/open-telemetry/opentelemetry-collector/tree/main/exporter/exporterhelper
 */
const sending = (queueSize: number) => ({
    timeout: "30s",
    retry_on_failure: { initial_interval: "1s", max_interval: "10s", max_elapsed_time: 0 },
    sending_queue: {
        storage: "file_storage",
        ...{ sizer: "bytes", queue_size: queueSize, num_consumers: 1 },
        // A batch leaves what it is made of in the queue until it has arrived.
        batch: { sizer: "items", flush_timeout: "1s", min_size: 2000, max_size: 10_000 },
    },
});

/** The collector expands `${VARIABLE}`, and reads `$$` as `$`. Source: https://opentelemetry.io/docs/collector/configuration/#environment-variables */
function literal(value: unknown): unknown {
    if (typeof value === "string") {
        return value.replaceAll("$", "$$$$");
    }
    if (typeof value !== "object" || value === null) {
        return value;
    }
    return Array.isArray(value)
        ? value.map(literal)
        : Object.fromEntries(Object.entries(value).map(([key, each]) => [key, literal(each)]));
}
