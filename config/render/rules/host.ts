import type { HostThresholds } from "../../schema/profiles";
import type { ScrapeJob } from "../../schema/scrapeJob";
import { formatDuration } from "../../schema/units";
import type { AlertRule, RuleSettings } from "./rule";
import { above, below, bothSeverities, hours, minutes, rateWindow, selector } from "./rule";

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
    const window = rateWindow(settings, job);
    return [
        ...filesystemRules(host, job),
        ...processorRules(host, job, window),
        ...memoryRules(host, job, window),
        ...diskRules(host, job, window),
        ...networkRules(host, job, window),
        ...clockRules(host, job),
    ];
}

/** Space and inodes: two resources of a filesystem, of which both run out in the same ways. */
function filesystemRules(host: HostThresholds, job: ScrapeJob): AlertRule[] {
    const disks = selector(job, noDisk);
    const writable = `node_filesystem_readonly${disks} == 0`;
    const resources = [
        { name: "Space", what: "space", free: "node_filesystem_avail_bytes", all: "node_filesystem_size_bytes" },
        { name: "Inodes", what: "inodes", free: "node_filesystem_files_free", all: "node_filesystem_files" },
    ];
    const rules = resources.flatMap(({ name, what, free, all }) => {
        const share = `${free}${disks} / ${all}${disks}`;
        const left = `{{ $labels.mountpoint }} ({{ $labels.device }}) of {{ $labels.instance }} has {{ $value | humanizePercentage }} of its ${what} left`;
        return bothSeverities.flatMap((severity): AlertRule[] => {
            const within = host.filesystemFullWithin[severity];
            return [
                {
                    alert: `HostFilesystem${name}RunningOut`,
                    expr:
                        `${share} < ${roomy[severity]} and predict_linear(${free}${disks}[6h], ${within / 1000}) < 0 ` +
                        `and ${writable}`,
                    for: hours(1),
                    severity,
                    summary: `{{ $labels.mountpoint }} of {{ $labels.instance }} runs out of ${what} within ${formatDuration(within)}`,
                    description: `${left}, and none within ${formatDuration(within)} if it goes on as in the last 6h.`,
                },
                {
                    alert: `HostFilesystem${name}Low`,
                    ...below(share, host.filesystemFree[severity], ` and ${writable}`),
                    for: minutes(30),
                    severity,
                    summary: `{{ $labels.mountpoint }} of {{ $labels.instance }} has hardly any ${what} left`,
                    description: `${left}.`,
                },
            ];
        });
    });
    return [
        ...rules,
        {
            alert: "HostFilesystemReadOnly",
            // The kernel does this after an error. A filesystem that never was writable is meant to be so.
            expr: `node_filesystem_readonly${disks} == 1 and min_over_time(node_filesystem_readonly${disks}[1d]) == 0`,
            for: minutes(1),
            severity: "critical",
            summary: "{{ $labels.mountpoint }} of {{ $labels.instance }} has become read-only",
            description:
                "{{ $labels.mountpoint }} ({{ $labels.device }}) of {{ $labels.instance }} was writable in the last 24h.",
        },
    ];
}

function processorRules(host: HostThresholds, job: ScrapeJob, window: string): AlertRule[] {
    // Waiting for disks, and time that other machines on the same hardware took, are not work.
    const idle = `rate(node_cpu_seconds_total${selector(job, 'mode=~"idle|iowait|steal"')}[${window}])`;
    const cores = `count without (cpu, mode) (node_cpu_seconds_total${selector(job, 'mode="idle"')})`;
    return [
        {
            alert: "HostCpuBusy",
            ...above(`1 - avg without (cpu) (sum without (mode) (${idle}))`, host.cpuBusy),
            for: minutes(15),
            severity: "info",
            summary: "The cores of {{ $labels.instance }} are busy",
            description: "{{ $value | humanizePercentage }} of all cores of {{ $labels.instance }} are busy.",
        },
        {
            alert: "HostLoadHigh",
            ...above(`node_load1${selector(job)} / ${cores}`, host.loadPerCore),
            for: minutes(15),
            severity: "warning",
            summary: "{{ $labels.instance }} has more to do than it can",
            description: "{{ $value | humanize }} processes run or wait for each core of {{ $labels.instance }}.",
        },
        {
            alert: "HostCpuWaiting",
            ...above(`rate(node_pressure_cpu_waiting_seconds_total${selector(job)}[${window}])`, host.cpuWaiting),
            for: minutes(15),
            severity: "warning",
            summary: "Processes of {{ $labels.instance }} wait for a core",
            description:
                "On {{ $labels.instance }} a process waited for a core in {{ $value | humanizePercentage }} of the time.",
        },
    ];
}

function memoryRules(host: HostThresholds, job: ScrapeJob, window: string): AlertRule[] {
    const holdsFor = { warning: minutes(10), critical: minutes(5) };
    return [
        {
            alert: "HostMemoryLow",
            ...below(
                `node_memory_MemAvailable_bytes${selector(job)} / node_memory_MemTotal_bytes${selector(job)}`,
                host.memoryAvailable,
            ),
            for: minutes(15),
            severity: "warning",
            summary: "{{ $labels.instance }} has little memory left",
            description: "{{ $value | humanizePercentage }} of the memory of {{ $labels.instance }} is available.",
        },
        ...bothSeverities.map((severity): AlertRule => ({
            alert: "HostMemoryStalled",
            ...above(
                `rate(node_pressure_memory_stalled_seconds_total${selector(job)}[${window}])`,
                host.memoryStalled[severity],
            ),
            for: holdsFor[severity],
            severity,
            summary: "{{ $labels.instance }} stands still for lack of memory",
            description:
                "All processes of {{ $labels.instance }} waited for memory in {{ $value | humanizePercentage }} of the time.",
        })),
    ];
}

function diskRules(host: HostThresholds, job: ScrapeJob, window: string): AlertRule[] {
    return [
        {
            alert: "HostDiskSaturated",
            ...above(`rate(node_disk_io_time_weighted_seconds_total${selector(job)}[${window}])`, host.diskQueue),
            for: minutes(30),
            severity: "warning",
            summary: "{{ $labels.device }} of {{ $labels.instance }} cannot keep up",
            description:
                "{{ $value | humanize }} requests wait for {{ $labels.device }} of {{ $labels.instance }} on average.",
        },
        {
            alert: "HostIoStalled",
            ...above(`rate(node_pressure_io_stalled_seconds_total${selector(job)}[${window}])`, host.ioStalled),
            for: minutes(15),
            severity: "warning",
            summary: "{{ $labels.instance }} stands still for its disks",
            description:
                "All processes of {{ $labels.instance }} waited for a disk in {{ $value | humanizePercentage }} of the time.",
        },
    ];
}

function networkRules(host: HostThresholds, job: ScrapeJob, window: string): AlertRule[] {
    const both = (kind: string) =>
        ["receive", "transmit"]
            .map((way) => `rate(node_network_${way}_${kind}_total${selector(job)}[${window}])`)
            .join(" + ");
    return [
        {
            alert: "HostNetworkErrors",
            ...above(`(${both("errs")}) / (${both("packets")})`, host.networkErrors),
            for: hours(1),
            severity: "warning",
            summary: "{{ $labels.device }} of {{ $labels.instance }} has errors",
            description: "{{ $value | humanizePercentage }} of the packets of {{ $labels.device }} are errors.",
        },
    ];
}

function clockRules(host: HostThresholds, job: ScrapeJob): AlertRule[] {
    return [
        {
            alert: "HostClockSkew",
            ...above(`abs(node_timex_offset_seconds${selector(job)})`, host.clockSkew / 1000),
            for: minutes(10),
            severity: "warning",
            summary: "The clock of {{ $labels.instance }} is wrong",
            description: "The clock of {{ $labels.instance }} is wrong by {{ $value | humanizeDuration }}.",
        },
        {
            alert: "HostClockNotSynchronising",
            // 16 s is what the kernel says when nobody has told it the time: https://man7.org/linux/man-pages/man2/adjtimex.2.html
            // Many virtual machines have their time from the host and always say so: only one that was set before counts.
            expr:
                `node_timex_sync_status${selector(job)} == 0 and node_timex_maxerror_seconds${selector(job)} >= 16 ` +
                `and max_over_time(node_timex_sync_status${selector(job)}[1d]) == 1`,
            for: minutes(10),
            severity: "warning",
            summary: "Nothing sets the clock of {{ $labels.instance }} any more",
            description:
                "The clock of {{ $labels.instance }} was synchronised in the last 24h; now it goes wrong sooner or later.",
        },
    ];
}
