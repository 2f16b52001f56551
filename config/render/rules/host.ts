import type { HostThresholds } from "../../schema/profiles";
import type { ScrapeJob } from "../../schema/scrapeJob";
import { formatDuration } from "../../schema/units";
import type { AlertRule, RuleSettings } from "./rule";
import { above, below, bothSeverities, hours, minutes } from "./rule";
import type { Series } from "./series";
import { selector, seriesOf } from "./series";

/** Filesystems that are no disk, or whose content is made to fill them. */
export const noDisk = 'fstype!~"tmpfs|ramfs|overlay|squashfs|erofs|iso9660|udf|fuse[.].+"';

/** A filesystem that fills up is not worth a warning while this share is free, however fast it fills. */
const roomy = { warning: 0.4, critical: 0.2 };

/**
 * The alerts of a job whose targets are node_exporters.
 * Source of most of them: https://github.com/prometheus/node_exporter/tree/master/docs/node-mixin (Apache-2.0)
 */
export function hostRules(settings: RuleSettings, job: ScrapeJob): AlertRule[] {
    const { host } = job;
    if (!host) {
        return [];
    }
    const series = seriesOf(settings, job);
    return [
        ...filesystemRules(host, job, series),
        ...processorRules(host, series),
        ...memoryRules(host, series),
        ...diskRules(host, series),
        ...networkRules(host, series),
        ...clockRules(host, job, series),
    ];
}

/** Space and inodes: two resources of a filesystem, of which both run out in the same ways. */
function filesystemRules(host: HostThresholds, job: ScrapeJob, series: Series): AlertRule[] {
    const { latest, held, window } = series;
    const writable = `${latest("node_filesystem_readonly", noDisk)} == 0`;
    const past = window(hours(6));
    const resources = [
        { name: "Space", what: "space", free: "node_filesystem_avail_bytes", all: "node_filesystem_size_bytes" },
        { name: "Inodes", what: "inodes", free: "node_filesystem_files_free", all: "node_filesystem_files" },
    ];
    const rules = resources.flatMap(({ name, what, free, all }) => {
        const share = `${latest(free, noDisk)} / ${latest(all, noDisk)}`;
        const left = `{{ $labels.mountpoint }} ({{ $labels.device }}) of {{ $labels.instance }} has {{ $value | humanizePercentage }} of its ${what} left`;
        return bothSeverities.flatMap((severity): AlertRule[] => {
            const within = host.filesystemFullWithin[severity];
            const future = `predict_linear(${free}${selector(job, noDisk)}[${past}], ${within / 1000})`;
            return [
                {
                    alert: `HostFilesystem${name}RunningOut`,
                    expr: `${share} < ${roomy[severity]} and ${future} < 0 and ${writable}`,
                    for: held(hours(1)),
                    severity,
                    summary: `{{ $labels.mountpoint }} of {{ $labels.instance }} runs out of ${what} within ${formatDuration(within)}`,
                    description: `${left}, and none within ${formatDuration(within)} if it goes on as in the last ${past}.`,
                },
                {
                    alert: `HostFilesystem${name}Low`,
                    ...below(share, host.filesystemFree[severity], ` and ${writable}`),
                    for: held(minutes(30)),
                    severity,
                    summary: `{{ $labels.mountpoint }} of {{ $labels.instance }} has hardly any ${what} left`,
                    description: `${left}.`,
                },
            ];
        });
    });
    return [...rules, readOnlyRule(job, series)];
}

/** The kernel mounts a filesystem anew like this after an error. One that never was writable is meant to be so. */
function readOnlyRule(job: ScrapeJob, { latest, held, window }: Series): AlertRule {
    const day = window(hours(24));
    const wasWritable = `min_over_time(node_filesystem_readonly${selector(job, noDisk)}[${day}]) == 0`;
    return {
        alert: "HostFilesystemReadOnly",
        expr: `${latest("node_filesystem_readonly", noDisk)} == 1 ${andBegan("HostFilesystemReadOnly", wasWritable, job, day)}`,
        for: held(minutes(1)),
        severity: "critical",
        summary: "{{ $labels.mountpoint }} of {{ $labels.instance }} has become read-only",
        description:
            "{{ $labels.mountpoint }} ({{ $labels.device }}) of {{ $labels.instance }} was writable before, and is not any more.",
    };
}

/**
 * What tells that something was otherwise before: in the last day, or when the alert began to fire. Without the second the
 * alert would end after a day, though nothing was repaired.
 * Source of the series: https://prometheus.io/docs/prometheus/latest/configuration/alerting_rules/#inspecting-alerts-during-runtime
 */
function andBegan(alert: string, before: string, job: ScrapeJob, day: string): string {
    const fires = selector(job, `alertname="${alert}"`, 'alertstate="firing"');
    return `and ignoring (alertname, alertstate, severity) (${before} or last_over_time(ALERTS${fires}[${day}]))`;
}

function processorRules(host: HostThresholds, { latest, rate, held }: Series): AlertRule[] {
    // Waiting for disks, and time that other machines on the same hardware took, are not work.
    const idle = rate("node_cpu_seconds_total", 'mode=~"idle|iowait|steal"');
    const cores = `count without (cpu, mode) (${latest("node_cpu_seconds_total", 'mode="idle"')})`;
    return [
        {
            alert: "HostCpuBusy",
            ...above(`1 - avg without (cpu) (sum without (mode) (${idle}))`, host.cpuBusy),
            for: held(minutes(15)),
            severity: "info",
            summary: "The cores of {{ $labels.instance }} are busy",
            description: "{{ $value | humanizePercentage }} of all cores of {{ $labels.instance }} are busy.",
        },
        {
            alert: "HostLoadHigh",
            ...above(`${latest("node_load1")} / ${cores}`, host.loadPerCore),
            for: held(minutes(15)),
            severity: "warning",
            summary: "{{ $labels.instance }} has more to do than it can",
            description: "{{ $value | humanize }} processes run or wait for each core of {{ $labels.instance }}.",
        },
        {
            alert: "HostCpuWaiting",
            ...above(rate("node_pressure_cpu_waiting_seconds_total"), host.cpuWaiting),
            for: held(minutes(15)),
            severity: "warning",
            summary: "Processes of {{ $labels.instance }} wait for a core",
            description:
                "On {{ $labels.instance }} a process waited for a core in {{ $value | humanizePercentage }} of the time.",
        },
    ];
}

/**
 * PromQL for the memory that programs can still get. The cache of ZFS gives way to them, down to its least size, and is not
 * in the kernel's own number.
 * Source: https://openzfs.github.io/openzfs-docs/Performance%20and%20Tuning/Module%20Parameters.html#zfs-arc-min
 * @param series of a metric by its name
 */
export function availableMemory(series: (metric: string) => string): string {
    const available = series("node_memory_MemAvailable_bytes");
    const cache = `clamp_min(${series("node_zfs_arc_size")} - ${series("node_zfs_arc_c_min")}, 0)`;
    return `(${available} + (${cache} or 0 * ${available}))`;
}

function memoryRules(host: HostThresholds, { latest, rate, held }: Series): AlertRule[] {
    const holdsFor = { warning: minutes(10), critical: minutes(5) };
    return [
        {
            alert: "HostMemoryLow",
            ...below(`${availableMemory(latest)} / ${latest("node_memory_MemTotal_bytes")}`, host.memoryAvailable),
            for: held(minutes(15)),
            severity: "warning",
            summary: "{{ $labels.instance }} has little memory left",
            description: "{{ $value | humanizePercentage }} of the memory of {{ $labels.instance }} is available.",
        },
        ...bothSeverities.map((severity): AlertRule => ({
            alert: "HostMemoryStalled",
            ...above(rate("node_pressure_memory_stalled_seconds_total"), host.memoryStalled[severity]),
            for: held(holdsFor[severity]),
            severity,
            summary: "{{ $labels.instance }} stands still for lack of memory",
            description:
                "All processes of {{ $labels.instance }} waited for memory in {{ $value | humanizePercentage }} of the time.",
        })),
    ];
}

/** Devices that are made of others: what waits for one of these waits for the disk below it, which is watched itself. */
const ownDisk = String.raw`device!~"(dm-|md|bcache|drbd|zd|loop)[0-9].*"`;

function diskRules(host: HostThresholds, { rate, held }: Series): AlertRule[] {
    return [
        {
            alert: "HostDiskSaturated",
            ...above(rate("node_disk_io_time_weighted_seconds_total", ownDisk), host.diskQueue),
            for: held(minutes(30)),
            severity: "warning",
            summary: "{{ $labels.device }} of {{ $labels.instance }} cannot keep up",
            description:
                "{{ $value | humanize }} requests wait for {{ $labels.device }} of {{ $labels.instance }} on average.",
        },
        {
            alert: "HostIoStalled",
            ...above(rate("node_pressure_io_stalled_seconds_total"), host.ioStalled),
            for: held(minutes(15)),
            severity: "warning",
            summary: "{{ $labels.instance }} stands still for its disks",
            description:
                "All processes of {{ $labels.instance }} waited for a disk in {{ $value | humanizePercentage }} of the time.",
        },
    ];
}

function networkRules(host: HostThresholds, { rate, held }: Series): AlertRule[] {
    const both = (kind: string) =>
        ["receive", "transmit"].map((way) => rate(`node_network_${way}_${kind}_total`)).join(" + ");
    return [
        {
            alert: "HostNetworkErrors",
            ...above(`(${both("errs")}) / (${both("packets")})`, host.networkErrors),
            for: held(hours(1)),
            severity: "warning",
            summary: "{{ $labels.device }} of {{ $labels.instance }} has errors",
            description: "{{ $value | humanizePercentage }} of the packets of {{ $labels.device }} are errors.",
        },
    ];
}

function clockRules(host: HostThresholds, job: ScrapeJob, { latest, held, window }: Series): AlertRule[] {
    const day = window(hours(24));
    const wasSet = `max_over_time(node_timex_sync_status${selector(job)}[${day}]) == 1`;
    return [
        {
            alert: "HostClockSkew",
            ...above(`abs(${latest("node_timex_offset_seconds")})`, host.clockSkew / 1000),
            for: held(minutes(10)),
            severity: "warning",
            summary: "The clock of {{ $labels.instance }} is wrong",
            description: "The clock of {{ $labels.instance }} is wrong by {{ $value | humanizeDuration }}.",
        },
        {
            alert: "HostClockNotSynchronising",
            // 16 s is what the kernel says when nobody has told it the time: https://man7.org/linux/man-pages/man2/adjtimex.2.html
            // Many virtual machines have their time from the host and always say so: only one that was set before counts.
            expr:
                `${latest("node_timex_sync_status")} == 0 and ${latest("node_timex_maxerror_seconds")} >= 16 ` +
                andBegan("HostClockNotSynchronising", wasSet, job, day),
            for: held(minutes(10)),
            severity: "warning",
            summary: "Nothing sets the clock of {{ $labels.instance }} any more",
            description:
                "The clock of {{ $labels.instance }} was synchronised before, and is not any more: it goes wrong sooner or later.",
        },
    ];
}
