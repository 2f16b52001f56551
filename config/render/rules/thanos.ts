import type { ThanosComponent, ThanosThresholds } from "../../schema/profiles";
import type { ScrapeJob } from "../../schema/scrapeJob";
import { formatDuration } from "../../schema/units";
import type { AlertRule, RuleSettings } from "./rule";
import { above, hours, minutes } from "./rule";
import type { Series } from "./series";
import { selector, seriesOf } from "./series";

/** The handlers of what people and Grafana ask: a Query Frontend has one for everything. */
export const queryHandlers = 'handler=~"query|query_range|query-frontend"';

/** What a component answers of samples that it has, and who asks is not to blame for. Source: https://grpc.io/docs/guides/status-codes/ */
export const storeApi = 'grpc_service="thanos.Store"';
export const storeFailures = 'grpc_code=~"Unknown|Internal|Unavailable|DataLoss|DeadlineExceeded"';

/** Who serves the samples that it has, and who keeps blocks in a bucket. */
export const storeApis: readonly ThanosComponent[] = ["sidecar", "store", "receive", "ruler"];
export const bucketUsers: readonly ThanosComponent[] = ["sidecar", "store", "compactor", "receive", "ruler"];
export const shippers: readonly ThanosComponent[] = ["sidecar", "receive", "ruler"];
export const queriers: readonly ThanosComponent[] = ["query", "queryFrontend"];

/** Whether the targets of a job may be one of some components. */
export const mayBe = ({ thanos }: Pick<ScrapeJob, "thanos">, components: readonly ThanosComponent[]) =>
    thanos !== undefined && (thanos.component === undefined || components.includes(thanos.component));

/** For how long a Store API is missed that Query was connected to. */
const remembered = hours(6);

const target = "{{ $labels.instance }}";

/**
 * The alerts of a job whose targets are components of Thanos. What a component does not expose fires nothing, so that a job may
 * have several.
 * Source of most of them: https://github.com/thanos-io/thanos/tree/main/mixin (Apache-2.0)
 */
export function thanosRules(settings: RuleSettings, job: ScrapeJob): AlertRule[] {
    const { thanos } = job;
    if (!thanos) {
        return [];
    }
    const series = seriesOf(settings, job);
    const { growth, targetLabels } = series;
    const sum = (metric: string, ...matchers: string[]) => `sum by (${targetLabels}) (${growth(metric, ...matchers)})`;
    const own: Own = { ...series, sum, limits: thanos };
    return [
        ...(mayBe(job, queriers) ? queryRules(own) : []),
        ...(mayBe(job, ["query"]) ? [storeLost(own, settings, job)] : []),
        ...(mayBe(job, storeApis) ? [storeFailing(own)] : []),
        ...(mayBe(job, bucketUsers) ? [bucketFailing(own)] : []),
        ...(mayBe(job, ["sidecar"]) ? [sidecarAlone(own)] : []),
        ...(mayBe(job, shippers) ? [notShipping(own, job)] : []),
        ...(mayBe(job, ["compactor"]) ? compactorRules(own) : []),
        ...(mayBe(job, ["receive"]) ? receiveRules(own) : []),
        ...(mayBe(job, ["ruler"]) ? rulerRules(own) : []),
    ];
}

/** The series of a job, and the sum of how much those of a target grew. */
type Own = Series & { readonly limits: ThanosThresholds; sum(metric: string, ...matchers: string[]): string };

function queryRules({ growth, held, limits, sum, targetLabels }: Own): AlertRule[] {
    const requests = (...matchers: string[]) => sum("http_requests_total", queryHandlers, ...matchers);
    const buckets = growth("http_request_duration_seconds_bucket", queryHandlers);
    return [
        {
            alert: "ThanosQueryErrors",
            ...above(`${requests('code=~"5.."')} / ${requests()}`, limits.errorRatio),
            for: held(minutes(5)),
            severity: "critical",
            summary: `${target} of {{ $labels.job }} answers queries with errors`,
            description:
                `{{ $value | humanizePercentage }} of the queries to ${target} are answered with a status of 500 or above: ` +
                "they take too long, or it fails.",
        },
        {
            alert: "ThanosQuerySlow",
            ...above(`histogram_quantile(0.95, sum by (${targetLabels}, le) (${buckets}))`, limits.latency / 1000),
            for: held(minutes(10)),
            severity: "warning",
            summary: `${target} of {{ $labels.job }} answers queries slowly`,
            description:
                `One of twenty queries to ${target} takes {{ $value | humanizeDuration }} and more; the limit is ` +
                `${formatDuration(limits.latency)}.`,
        },
    ];
}

/**
 * Where all are lost, the metric is gone. Labels of a Store API change, and with them its series: only their sum at a time counts.
 * Source: https://github.com/thanos-io/thanos/blob/main/pkg/query/endpointset.go
 */
function storeLost(own: Own, { scrapeInterval }: RuleSettings, job: ScrapeJob): AlertRule {
    const { held, latest, reached, targetLabels, window } = own;
    const metric = "thanos_store_nodes_grpc_connections";
    const connected = (series: string) => `sum by (${targetLabels}) (${series})`;
    const step = formatDuration(Math.max(minutes(1), job.scrapeInterval ?? scrapeInterval));
    const before = `max_over_time(${connected(`${metric}${selector(job)}`)}[${window(remembered, 12)}:${step}])`;
    return {
        alert: "ThanosStoreLost",
        expr: `${before} - (${connected(latest(metric))} or ${connected(`0 * (${reached})`)}) > 0`,
        for: held(minutes(5)),
        severity: "warning",
        summary: `${target} of {{ $labels.job }} has lost a Store API`,
        description:
            `${target} is connected to {{ $value }} fewer Store APIs than before: what only those have is missing in its ` +
            `answers. This ends when as many are there again, and ${formatDuration(remembered)} after they were seen last.`,
    };
}

const storeFailing = ({ held, limits, sum }: Own): AlertRule => ({
    alert: "ThanosStoreFailing",
    ...above(
        `${sum("grpc_server_handled_total", storeApi, storeFailures)} / ${sum("grpc_server_handled_total", storeApi)}`,
        limits.errorRatio,
    ),
    for: held(minutes(5)),
    severity: "warning",
    summary: `${target} of {{ $labels.job }} fails to answer Query`,
    description:
        `{{ $value | humanizePercentage }} of the requests to the Store API of ${target} fail: what it has is missing in ` +
        "the answers of Query.",
});

const bucketFailing = ({ held, limits, sum }: Own): AlertRule => ({
    alert: "ThanosBucketFailing",
    ...above(
        `${sum("thanos_objstore_bucket_operation_failures_total")} / ${sum("thanos_objstore_bucket_operations_total")}`,
        limits.errorRatio,
    ),
    for: held(minutes(15)),
    severity: "warning",
    summary: `${target} of {{ $labels.job }} has trouble with its bucket`,
    description: `{{ $value | humanizePercentage }} of the operations of ${target} on its bucket fail.`,
});

const sidecarAlone = ({ held, latest }: Own): AlertRule => ({
    alert: "ThanosSidecarWithoutPrometheus",
    expr: `${latest("thanos_sidecar_prometheus_up")} == 0`,
    for: held(minutes(5)),
    severity: "critical",
    summary: `${target} of {{ $labels.job }} does not reach its Prometheus`,
    description: `The sidecar ${target} does not reach its Prometheus: Query has none of its samples that are in no bucket yet.`,
});

/**
 * Each look at the folder counts, also where nothing was new. It counts as a success where uploads failed and others were to go
 * on: https://github.com/thanos-io/thanos/blob/main/pkg/shipper/shipper.go
 */
function notShipping({ held, limits, stalled, targetLabels, window }: Own, job: ScrapeJob): AlertRule {
    const range = window(limits.shippedWithin);
    const increase = (metric: string) => `increase(thanos_shipper_${metric}${selector(job)}[${range}])`;
    const failing = `${increase("upload_failures_total")} > 0 unless ${increase("uploads_total")} > 0`;
    return {
        alert: "ThanosNotShipping",
        // A receiver has a shipper for each tenant.
        expr: `max by (${targetLabels}) (${stalled("thanos_shipper_dir_syncs_total", limits.shippedWithin)} or (${failing}))`,
        for: held(minutes(5)),
        severity: "warning",
        summary: `${target} of {{ $labels.job }} ships no blocks`,
        description:
            `${target} has a block that it could not bring into the bucket for ${range}. Blocks that are not there when the ` +
            "local retention ends are lost.",
    };
}

function compactorRules({ held, latest, limits, stalled, window }: Own): AlertRule[] {
    const halted = `${latest("thanos_compact_halted")} == 1`;
    return [
        {
            alert: "ThanosCompactorHalted",
            expr: halted,
            for: held(minutes(5)),
            severity: "warning",
            summary: `${target} of {{ $labels.job }} has halted`,
            description:
                `The compactor ${target} met blocks that it must not touch, and does nothing any more: nothing is merged, ` +
                "downsampled or deleted.",
        },
        {
            alert: "ThanosCompactorBehind",
            expr: `(${stalled("thanos_compact_iterations_total", limits.compactedWithin)}) unless ${halted}`,
            for: held(minutes(5)),
            severity: "warning",
            summary: `${target} of {{ $labels.job }} does not get through its bucket`,
            description:
                `The compactor ${target} has not been through the whole bucket for ${window(limits.compactedWithin)}: it fails ` +
                "and tries again, or has more to do than it can.",
        },
    ];
}

function receiveRules({ held, latest, limits, sum }: Own): AlertRule[] {
    const requests = (...matchers: string[]) => sum("http_requests_total", 'handler="receive"', ...matchers);
    const forwards = (...matchers: string[]) => sum("thanos_receive_forward_requests_total", ...matchers);
    return [
        {
            alert: "ThanosReceiveErrors",
            ...above(`${requests('code=~"5.."')} / ${requests()}`, limits.errorRatio),
            for: held(minutes(5)),
            severity: "critical",
            summary: `${target} of {{ $labels.job }} does not take samples`,
            description:
                `{{ $value | humanizePercentage }} of the writes to ${target} fail: who sends keeps its samples for a while, and ` +
                "then loses them.",
        },
        {
            alert: "ThanosReceiveForwardsFailing",
            ...above(`${forwards('result="error"')} / ${forwards()}`, limits.errorRatio),
            for: held(minutes(5)),
            severity: "warning",
            summary: `${target} of {{ $labels.job }} does not reach others of its hash ring`,
            description:
                `{{ $value | humanizePercentage }} of what ${target} hands on to others of its hash ring does not arrive: copies are ` +
                "missing, and one member less may stop all writes.",
        },
        {
            alert: "ThanosReceiveReloadFailed",
            expr: `${latest("thanos_receive_config_last_reload_successful")} == 0`,
            for: held(minutes(5)),
            severity: "warning",
            summary: `${target} of {{ $labels.job }} runs with an old hash ring`,
            description: `${target} could not load its hash ring, and goes on with the one before: the others may have a newer one.`,
        },
    ];
}

/** So many intervals without an evaluation are none of a ruler that has much to do. As in the mixin. */
const missedIntervals = 10;

function rulerRules({ growth, held, latest, sum, targetLabels, window }: Own): AlertRule[] {
    const dropped = ["queue", "sender"].map((where) => sum(`thanos_alert_${where}_alerts_dropped_total`));
    const evaluations = "prometheus_rule_evaluation_failures_total";
    const reloaded = latest("thanos_rule_config_last_reload_successful");
    // Of a group there is one in each strategy.
    const ofGroup = (metric: string) =>
        `max by (${targetLabels}, rule_group) (${latest(`prometheus_rule_group_${metric}_seconds`)})`;
    const loaded = `sum by (${targetLabels}) (${latest("thanos_rule_loaded_rules")})`;
    return [
        {
            alert: "ThanosRulerStalled",
            expr: `time() - ${ofGroup("last_evaluation_timestamp")} > ${missedIntervals} * ${ofGroup("interval")} and on (${targetLabels}) ${reloaded}`,
            for: held(minutes(5)),
            severity: "critical",
            summary: `${target} of {{ $labels.job }} does not evaluate its rules`,
            description: `${target} has not evaluated the rules in {{ $labels.rule_group }} for ${missedIntervals} of their intervals: none of their alerts fires.`,
        },
        {
            alert: "ThanosRulerWithoutRules",
            expr: `${reloaded} unless on (${targetLabels}) ${loaded} > 0`,
            for: held(minutes(5)),
            severity: "critical",
            summary: `${target} of {{ $labels.job }} has no rules`,
            description: `${target} runs without a single rule: its files are empty, or it found none.`,
        },
        {
            alert: "ThanosRulerReloadFailed",
            expr: `${reloaded} == 0`,
            for: held(minutes(5)),
            severity: "warning",
            summary: `${target} of {{ $labels.job }} could not load its rules`,
            description: `${target} could not use one of its rule files, and runs without what is in it.`,
        },
        {
            alert: "ThanosRulerSendErrors",
            expr: `sum by (${targetLabels}, alertmanager) (${growth("thanos_alert_sender_errors_total")}) > 0`,
            for: held(minutes(15)),
            severity: "warning",
            summary: `${target} of {{ $labels.job }} does not reach {{ $labels.alertmanager }}`,
            description:
                `{{ $value | humanize }} messages of ${target} to the Alertmanager {{ $labels.alertmanager }} failed in ` +
                `${window()}: its alerts are lost where no other one takes them.`,
        },
        {
            alert: "ThanosRulerPartial",
            expr: `${sum("thanos_rule_evaluation_with_warnings_total")} > 0`,
            for: held(minutes(15)),
            severity: "warning",
            summary: `${target} of {{ $labels.job }} evaluates rules on half of the samples`,
            description:
                `{{ $value | humanize }} evaluations of ${target} had warnings in ${window()}: a sidecar or a store did not ` +
                "answer, and their alerts may be wrong.",
        },
        {
            alert: "ThanosRulerDropsAlerts",
            expr: `${dropped.join(` + on (${targetLabels}) `)} > 0`,
            for: held(minutes(5)),
            severity: "critical",
            summary: `${target} of {{ $labels.job }} loses alerts`,
            description: `${target} lost {{ $value | humanize }} alerts: no Alertmanager took them.`,
        },
        {
            alert: "ThanosRulerFailures",
            expr: `${sum(evaluations)} > 0`,
            for: held(minutes(5)),
            severity: "critical",
            summary: `${target} of {{ $labels.job }} cannot evaluate some rules`,
            description: `{{ $value | humanize }} evaluations of rules failed at ${target}: Query did not answer, or a rule is wrong.`,
        },
    ];
}
