// @ts-check
const { parse } = require("yaml");
const { dockerSync } = require("../../toolchain/docker");
const { ToolError } = require("../../toolchain/toolError");
const { condition, logs, started } = require("../delivery/container");
const { beside, listens } = require("../delivery/outside");
const { setting } = require("../delivery/step");
const { answered, verified } = require("../delivery/verified");

/** Where it takes what is pushed by HTTP, and where it shows its own metrics. */
const [pushed, own] = [4318, 8888];

/** @typedef {{ readonly exporters: Readonly<Record<string, { readonly endpoint: string }>>, readonly service: Service }} Config */
/** @typedef {{ readonly telemetry: { readonly resource: { readonly config: string } } }} Service */
/** @typedef {ReadonlyMap<string, number>} Sent how many data points have arrived, by the exporters' names */

/**
 * What is to run, what ran before, and the secret files that are not those that were deployed with it. After a first deployment, and
 * after one that failed, nothing is known of those two: then all is new.
 */
const delivered = `
    cd "$1" && cat current/config.yaml && echo @end
    [ -e deployed ] || exit 0
    cat loaded/config.yaml && echo @end
    for file in secrets/*; do
        [ ! -e "$file" ] || grep -qxF "$(sha256sum "$file")" deployed || echo "\${file##*/}"
    done`;

/**
 * Waits until it takes what is pushed. It listens there when all of its configuration runs.
 * @param {string} container
 */
async function ready(container) {
    const problem = () => (listens(container, pushed) ? undefined : `nothing in it listens on port ${pushed}`);
    await started(container, () => answered(problem));
}

/**
 * Has it check its new configuration, and run with it: the process stays, and so does what waits to be sent. With a configuration that
 * it cannot run it would end.
 * Source: https://github.com/open-telemetry/opentelemetry-collector/blob/v0.165.0/otelcol/collector.go (SIGHUP)
 * @param {string} container
 * @returns {string} when
 * @throws {ToolError} with its own words
 */
function load(container) {
    if (condition(container).status !== "running") {
        dockerSync(["restart", container]);
        return "0";
    }
    const program = dockerSync(["inspect", "--format", "{{.Path}}", container]).trim();
    try {
        dockerSync(["exec", container, program, "validate", `--config=${setting("MOUNT_PATH")}/current/config.yaml`]);
    } catch (error) {
        throw new ToolError(
            `The collector refuses its configuration: ${error instanceof Error ? error.message : error}`,
        );
    }
    const since = beside(container, "date -u +%Y-%m-%dT%H:%M:%SZ");
    dockerSync(["kill", "--signal", "HUP", container]);
    return since;
}

/**
 * Verified means: it runs with what was declared, and what is pushed to it arrives wherever that is new.
 * @param {string} container
 * @param {string} [loaded] when it was told to read its configuration, where it was
 */
async function verify(container, loaded) {
    const [text = "", before = "", files = ""] = beside(container, delivered, [setting("MOUNT_PATH")]).split("@end");
    /** @type {Config} */
    const config = parse(text);
    const changedFiles = files.split("\n").filter(Boolean);
    // It reads certificates when it begins with its configuration.
    const since = loaded ?? (changedFiles.length > 0 ? load(container) : "0");
    await verified(() => notDeclared(container, config), { every: 250 });
    const receivers = changed(config, parse(before) ?? undefined, changedFiles);
    if (receivers.length > 0) {
        await arrives(container, receivers, since);
    }
}

/** @param {string} container */
const metricsOf = (container) => beside(container, `timeout 5 wget -q -O - http://127.0.0.1:${own}/metrics`);

/**
 * @param {string} container
 * @param {Config} config
 */
function notDeclared(container, { service }) {
    const declared = service.telemetry.resource.config;
    const live = /^target_info\{(?:.*,)?config="([^"]*)"/m.exec(metricsOf(container))?.[1];
    return live === declared && listens(container, pushed)
        ? undefined
        : `it runs with the configuration ${live ?? "of nobody"} instead of ${declared}.`;
}

/** @typedef {{ readonly id: string, readonly endpoint: string }} Receiver id: e.g. "otlp_http/prometheus" */

/**
 * Who is sent to in another way than before, or with another secret. The others are not asked: one that is down just now keeps nobody
 * from changing something else.
 * @param {Config} config
 * @param {Config | undefined} before
 * @param {readonly string[]} files the secret files that changed
 * @returns {Receiver[]}
 */
function changed(config, before, files) {
    return Object.entries(config.exporters).flatMap(([id, exporter]) => {
        const name = id.slice(id.indexOf("/") + 1);
        const isSame = JSON.stringify(exporter) === JSON.stringify(before?.exporters[id]);
        const hasSecrets = files.every((file) => file.slice(0, file.lastIndexOf(".")) !== name);
        return isSame && hasSecrets ? [] : [{ id, endpoint: exporter.endpoint }];
    });
}

/**
 * Pushes when that was, as an application would, and waits until it has arrived.
 * @param {string} container
 * @param {readonly Receiver[]} receivers
 * @param {string} since
 */
async function arrives(container, receivers, since) {
    const before = sentIn(metricsOf(container));
    beside(container, push, [JSON.stringify(sample)]);
    const problem = () => {
        const now = sentIn(metricsOf(container));
        const lost = receivers.find(({ id }) => (now.get(id) ?? 0) <= (before.get(id) ?? 0));
        return lost && `nothing has arrived at ${lost.endpoint} (${lost.id}).`;
    };
    const says = () => lastWords(container, receivers, since);
    await verified(problem, { every: 500, says });
}

const push = `
    now="$(date +%s)"
    body="$(echo "$1" | sed "s/@seconds/$now/g")"
    timeout 10 wget -q -O /dev/null --header "Content-Type: application/json" --post-data "$body" http://127.0.0.1:${pushed}/v1/metrics`;

/** collector_delivery_timestamp_seconds, of the collector's own job. Source: https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding */
const sample = {
    resourceMetrics: [
        {
            resource: { attributes: [{ key: "service.name", value: { stringValue: "collector" } }] },
            scopeMetrics: [
                {
                    metrics: [
                        {
                            ...{ name: "collector.delivery.timestamp", unit: "s" },
                            gauge: { dataPoints: [{ timeUnixNano: "@seconds000000000", asInt: "@seconds" }] },
                        },
                    ],
                },
            ],
        },
    ],
};

const line = /^otelcol_exporter_sent_metric_points\{(?:.*,)?exporter="([^"]*)".*\} (\S+)$/gm;

/**
 * @param {string} metrics
 * @returns {Sent}
 */
function sentIn(metrics) {
    return new Map([...metrics.matchAll(line)].map(([, id = "", count]) => [id, Number(count)]));
}

/**
 * Why something does not arrive, in the collector's own words.
 * @param {string} container
 * @param {readonly Receiver[]} receivers
 * @param {string} since
 */
function lastWords(container, receivers, since) {
    const said = logs(container, ["--since", since]).split("\n").flatMap(errorIn);
    const errors = receivers.flatMap(({ id }) => said.filter((each) => each.id === id).slice(-1));
    return errors.length > 0 ? `The collector says: ${errors.map(({ error }) => error).join("\n")}` : undefined;
}

/** @param {string} text a line of its log */
function errorIn(text) {
    const [, id = ""] = /"otelcol\.component\.id":"([^"]*)"/.exec(text) ?? [];
    const [, error] = /"error":("(?:[^"\\]|\\.)*")/.exec(text) ?? [];
    return error === undefined ? [] : [{ id, error: String(JSON.parse(error)) }];
}

module.exports = { changed, errorIn, load, ready, sentIn, verify };
