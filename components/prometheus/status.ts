import { consoleUrl } from "../../config/render/consoles";
import { configMountPath } from "../../config/render/paths";
import { formatDuration } from "../../config/schema/units";
import { by } from "../../toolchain/words";
import type { Answers, Probe, SilenceOf } from "../probe";
import { hasOwnWeb } from "../delivery/asking";
import { json } from "../probe";
import { containerPort } from "./container";
import { emptyJobs, targetsMetric } from "./emptyJobs";
import type { Alert, Prometheus, Storage } from "./facts";
import { probed, probesQuery } from "./probed";
import type { ScrapedTarget } from "./scraped";
import { receiversOf, sendingMetrics } from "./sending";
import { brief, lines, problems, tables } from "./screen";

/** The metrics of Prometheus itself that are asked for: of its whole list only these travel. */
const metrics = [
    "prometheus_build_info",
    "prometheus_tsdb_storage_blocks_bytes",
    "prometheus_tsdb_wal_storage_size_bytes",
    "prometheus_tsdb_head_chunks_storage_size_bytes",
    "prometheus_tsdb_retention_limit_bytes",
    "prometheus_tsdb_retention_limit_seconds",
    "prometheus_tsdb_lowest_timestamp_seconds",
    "prometheus_tsdb_head_max_time_seconds",
    targetsMetric,
    ...sendingMetrics,
];

/** How far back the free space is compared, in hours: the alert rules look at as much. */
const hours = 6;
const query = (expression: string) => `query?query=${encodeURIComponent(expression)}`;
const questions = {
    runtime: "status/runtimeinfo",
    flags: "status/flags",
    targets: "targets?state=active",
    rules: "rules?type=alert",
    probes: probesQuery,
    dropped: query('sum(increase(prometheus_notifications_dropped_total{job="prometheus"}[10m]))'),
    available: query(`last_over_time(node_filesystem_avail_bytes{job="node_exporter"}[3h] offset ${hours}h)`),
    sizes: query('last_over_time(node_filesystem_size_bytes{job="node_exporter"}[3h])'),
    // Every kernel has a load, and those with the option CONFIG_PSI turned on have this.
    silentKernels: query(
        "last_over_time(node_load1[3h]) unless on (job, instance) last_over_time(node_pressure_cpu_waiting_seconds_total[3h])",
    ),
};

const wanted = `^(${metrics.join("|")})[{ ]`;
const requests = {
    metrics: { path: "/metrics", lines: wanted },
    ...Object.fromEntries(
        Object.entries(questions).map(([name, path]) => [name, { path: `/api/v1/${path}`, ofAgent: "" }]),
    ),
};

/** Asks Prometheus in its container, and nothing more where it does not answer. */
const script = `
echo @clock; date +%s
echo @filesystem; df -P -k /prometheus
echo @history; tail -n 1 /etc/prometheus/history
! ${hasOwnWeb} || { echo @tunnel; exit 0; }
echo @silent; timeout 5 wget -q -O /dev/null http://127.0.0.1:9090/-/ready 2>&1 || exit 0
echo @metrics; timeout 10 wget -q -O- http://127.0.0.1:9090/metrics | grep -E '${wanted}'
${Object.entries(questions)
    .map(([name, path]) => `echo @${name}; timeout 10 wget -q -O- 'http://127.0.0.1:9090/api/v1/${path}'; echo`)
    .join("\n")}`;

/** The order in which alerts are listed; one of an unknown severity comes first. */
const severities = ["critical", "warning", "info"];

interface Rule {
    readonly name: string;
    readonly health: string;
    readonly lastError?: string;
    readonly query?: string;
    readonly alerts: readonly {
        readonly state: Alert["state"];
        readonly activeAt: string;
        readonly labels: Readonly<Record<string, string>>;
        readonly annotations: Readonly<Record<string, string>>;
    }[];
}
type Vector = readonly { readonly metric: Readonly<Record<string, string>>; readonly value: [number, string] }[];

function read(answers: Answers, now: number, silenceOf: SilenceOf): Prometheus | string {
    const data = <Data>(name: keyof typeof questions) => json<{ data: Data }>(answers[name])?.data;
    const runtime = data<{ reloadConfigSuccess: boolean; lastConfigTime: string }>("runtime");
    const targets = data<{ activeTargets: ScrapedTarget[] }>("targets")?.activeTargets;
    const flags = data<Flags>("flags");
    const mode = flags?.agent === "true" ? "agent" : "server";
    const groups = mode === "agent" ? [] : data<{ groups: { name: string; rules: Rule[] }[] }>("rules")?.groups;
    if (!runtime || !targets || !groups) {
        return answers.silent || "it was too slow";
    }
    const vector = (name: keyof typeof questions) => data<{ result: Vector }>(name)?.result ?? [];
    const rules = groups.flatMap(({ name, rules }) => rules.map((rule) => ({ ...rule, group: name })));
    const [since, release] = (answers.history ?? "").split(" ");
    return {
        version: /^prometheus_build_info\{.*\bversion="([^"]*)"/m.exec(answers.metrics ?? "")?.[1] ?? "",
        mode,
        reloadConfigSuccess: runtime.reloadConfigSuccess,
        lastConfigTime: runtime.lastConfigTime,
        consoleUrl: consoles(flags),
        release: since && release ? { name: release, since } : null,
        targets: probed(targets, vector("probes"))
            .map(({ scrapePool, scrapeUrl, health, lastError }) => ({ scrapePool, scrapeUrl, health, lastError }))
            .sort(by(({ scrapePool, scrapeUrl }) => `${scrapePool} ${scrapeUrl}`)),
        jobsWithoutTargets: emptyJobs(answers.metrics ?? ""),
        alerts: rules
            .flatMap(({ alerts }) => alerts)
            .filter(({ labels }) => labels.severity !== "none")
            .map(({ state, activeAt, labels, annotations }) => ({
                ...{ state, activeAt, labels },
                summary: annotations.summary ?? "",
                silencedBy: silenceOf(labels),
            }))
            .sort(by(({ labels, activeAt }) => `${severities.indexOf(labels.severity ?? "")} ${activeAt}`)),
        failingRules: rules
            .filter(({ health }) => health === "err")
            .map(({ group, name, lastError = "" }) => ({ group, name, lastError })),
        notificationsDropped: Math.round(Number(data<{ result: Vector }>("dropped")?.result[0]?.value[1] ?? 0)),
        storage: {
            ...readStorage(answers, now, vector),
            filesystemLimit: littleSpace(rules.filter(({ group }) => group === "node_exporter")),
        },
        sendsTo: receiversOf(answers.metrics ?? ""),
        withoutPressure: vector("silentKernels")
            .map(({ metric }) => metric.instance ?? "")
            .sort(),
    };
}

type Flags = Readonly<Record<string, string>>;

/** Prometheus' own default names a folder that is not there. */
const consoles = (flags: Flags = {}) =>
    flags["web.console.templates"]?.startsWith(configMountPath) ? consoleUrl(flags["web.external-url"] ?? "") : null;

/** The limit of the alert about the host's own file systems; the default's where there is none. */
function littleSpace(rules: readonly Rule[]): number {
    const low = rules.find(({ name }) => name === "HostFilesystemSpaceLow")?.query ?? "";
    return Number(/ < ([\d.e-]+) and /.exec(low)?.[1] ?? 0.05);
}

function readStorage(
    { metrics = "", filesystem = "", clock = "" }: Answers,
    now: number,
    vector: (name: "available" | "sizes") => Vector,
): Omit<Storage, "filesystemLimit"> {
    const metric = (name: string) =>
        Number(new RegExp(`^prometheus_tsdb_${name} (\\S+)$`, "m").exec(metrics)?.[1] ?? 0);
    const lowest = metric("lowest_timestamp_seconds");
    const retention = metric("retention_limit_seconds") * 1000;
    const [device, size, , free] = filesystem.split("\n").at(-1)?.split(/\s+/) ?? [];
    const available = Number(free) * 1024;
    // Another host may have a device of that name, and a volume's may be called otherwise here: its size tells.
    const sizes = vector("sizes");
    const isOwn = ({ value }: Vector[number]) => Math.abs(Number(value[1]) / (Number(size) * 1024) - 1) < 0.001;
    const own = sizes.find((each) => isOwn(each) && each.metric.device === device) ?? sizes.find(isOwn);
    const isSame = ({ metric }: Vector[number]) =>
        ["instance", "device", "mountpoint"].every((label) => metric[label] === own?.metric[label]);
    const before = own && vector("available").find(isSame)?.value[1];
    const newest = metric("head_max_time_seconds");
    const perMillisecond = (Number(before) - available) / (hours * 3_600_000);
    return {
        size:
            metric("storage_blocks_bytes") +
            metric("wal_storage_size_bytes") +
            metric("head_chunks_storage_size_bytes"),
        retentionSize: metric("retention_limit_bytes") || null,
        retentionTime: retention > 0 ? formatDuration(retention) : null,
        // Before the first sample it is the largest number there is.
        lowestTimestamp: lowest > 0 && lowest * 1000 <= now ? new Date(lowest * 1000).toISOString() : null,
        timestampAhead:
            newest > Number(clock) + leapOfClock && clock !== "" ? new Date(newest * 1000).toISOString() : null,
        filesystemWatched: sizes.length === 0 ? null : own !== undefined,
        filesystemFree: Number.isFinite(available) ? available : null,
        filesystemSize: Number.isFinite(Number(size)) ? Number(size) * 1024 : null,
        filesystemFullAt: perMillisecond > 0 ? fullAt(now + available / perMillisecond) : null,
    };
}

/** A sample this many seconds ahead of the clock is from before somebody set it back. */
const leapOfClock = 60;

/** The last time that can be written. */
const endOfTime = 8.64e15;
const fullAt = (time: number) => (time < endOfTime ? new Date(time).toISOString() : null);

export const prometheusProbe: Probe<Prometheus> = {
    ...{ script, questions: { port: containerPort, requests } },
    read,
    tables,
    lines,
    brief,
    problems,
};
