import * as units from "@grafana/grafana-foundation-sdk/units";
import { availableMemory, noDisk } from "../rules/host";
import type { ScrapeJob } from "../../schema/scrapeJob";
import type { Dashboard, DashboardSettings, Lines } from "./dashboard";
import { chosen, dashboard, targetVariables } from "./dashboard";
import { limitsOf } from "./limits";
import { graph, stat } from "./panels";

export const hostUid = "metrics-stack-host";
export const hostTitle = "Host";

const filesystems = `${chosen}, ${noDisk}`;
const rate = (metric: string, matchers = chosen) => `rate(${metric}{${matchers}}[$__rate_interval])`;
const bothWays = (kind: string) =>
    ["receive", "transmit"].map((way) => rate(`node_network_${way}_${kind}_total`)).join(" + ");

type LimitFor = ReturnType<typeof limitsOf>;

/** The hosts behind the jobs that declare `host`: what node_exporter sees of them. */
export function hostDashboard(settings: DashboardSettings, jobs: readonly ScrapeJob[]): Dashboard {
    const limit = limitsOf(settings, jobs);
    return dashboard(settings, {
        uid: hostUid,
        title: hostTitle,
        description: "CPU, memory, disks and network of each host.",
        variables: targetVariables(jobs),
        jobs,
        sections: {
            Now: now(limit),
            CPU: processors(limit),
            Memory: memory(limit),
            Disks: disks(limit),
            "Network and clock": networkAndClock(limit),
        },
    });
}

function now(limit: LimitFor): Lines {
    return [
        [
            stat({
                title: "Uptime",
                description: "Time since the host was started.",
                unit: units.Seconds,
                queries: [{ expr: `time() - node_boot_time_seconds{${chosen}}`, legend: "{{instance}}" }],
            }),
            stat({
                title: "Cores",
                description: "How many cores the host has.",
                unit: units.Short,
                queries: [
                    {
                        expr: `count by(job, instance) (node_cpu_seconds_total{mode="idle", ${chosen}})`,
                        legend: "{{instance}}",
                    },
                ],
            }),
            stat({
                title: "Memory",
                description: "How much memory the host has.",
                unit: units.BytesIEC,
                queries: [{ expr: `node_memory_MemTotal_bytes{${chosen}}`, legend: "{{instance}}" }],
            }),
            stat({
                title: "Fullest filesystem",
                description: "What is left of the space of the filesystem that has the least left.",
                unit: units.PercentUnit,
                queries: [
                    {
                        expr: `min by(job, instance) (node_filesystem_avail_bytes{${filesystems}} / node_filesystem_size_bytes{${filesystems}})`,
                        legend: "{{instance}}",
                    },
                ],
                limit: limit({
                    alert: "HostFilesystemSpaceLow",
                    unit: units.PercentUnit,
                }),
            }),
        ],
    ];
}

function processors(limit: LimitFor): Lines {
    return [
        [
            graph({
                title: "CPU busy",
                description:
                    "Share of all cores that is busy. Waiting for disks, and time that other virtual machines took, do not count as busy.",
                max: 1,
                unit: units.PercentUnit,
                queries: [
                    {
                        expr: `1 - avg without(cpu) (sum without(mode) (${rate("node_cpu_seconds_total", `mode=~"idle|iowait|steal", ${chosen}`)}))`,
                        legend: "{{instance}}",
                    },
                ],
                limit: limit({
                    alert: "HostCpuBusy",
                    unit: units.PercentUnit,
                }),
            }),
            graph({
                title: "CPU by mode",
                description:
                    "What the cores do while they are not idle, of all chosen hosts together: user is programs, system is the kernel, iowait is waiting for a disk, steal is time that other virtual machines took.",
                unit: units.PercentUnit,
                max: 1,
                stacked: true,
                queries: [
                    {
                        expr: `sum by(mode) (${rate("node_cpu_seconds_total", `mode!="idle", ${chosen}`)}) / scalar(count(node_cpu_seconds_total{mode="idle", ${chosen}}))`,
                        legend: "{{mode}}",
                    },
                ],
            }),
        ],
        [
            graph({
                title: "Load per core",
                description:
                    "Processes that run or wait, for each core, on average over a minute. Above 1 for long, work is queueing.",
                unit: units.Short,
                queries: [
                    {
                        expr: `node_load1{${chosen}} / on(job, instance) count by(job, instance) (node_cpu_seconds_total{mode="idle", ${chosen}})`,
                        legend: "{{instance}}",
                    },
                ],
                limit: limit({
                    alert: "HostLoadHigh",
                    unit: units.Short,
                }),
            }),
            graph({
                title: "CPU pressure",
                description:
                    "Share of time in which at least one process was ready to run and had to wait for a core (the kernel's pressure stall information).",
                unit: units.PercentUnit,
                queries: [{ expr: rate("node_pressure_cpu_waiting_seconds_total"), legend: "{{instance}}" }],
                limit: limit({
                    alert: "HostCpuWaiting",
                    unit: units.PercentUnit,
                }),
            }),
        ],
    ];
}

function memory(limit: LimitFor): Lines {
    return [
        [
            graph({
                title: "Memory available",
                description:
                    "Share of the memory that programs can still get: free, or a cache that can be given up at once, that of ZFS included.",
                max: 1,
                unit: units.PercentUnit,
                queries: [
                    {
                        expr: `${availableMemory((metric) => `${metric}{${chosen}}`)} / node_memory_MemTotal_bytes{${chosen}}`,
                        legend: "{{instance}}",
                    },
                ],
                limit: limit({
                    alert: "HostMemoryLow",
                    unit: units.PercentUnit,
                }),
            }),
            graph({
                title: "Memory by use",
                description:
                    "Where the memory of all chosen hosts goes: programs and the kernel, caches of disks, and what nobody uses.",
                unit: units.BytesIEC,
                stacked: true,
                queries: [
                    {
                        expr: `sum(node_memory_MemTotal_bytes{${chosen}} - node_memory_MemFree_bytes{${chosen}} - node_memory_Buffers_bytes{${chosen}} - node_memory_Cached_bytes{${chosen}})`,
                        legend: "programs and kernel",
                    },
                    {
                        expr: `sum(node_memory_Buffers_bytes{${chosen}} + node_memory_Cached_bytes{${chosen}})`,
                        legend: "caches",
                    },
                    { expr: `sum(node_memory_MemFree_bytes{${chosen}})`, legend: "free" },
                ],
            }),
            graph({
                title: "Memory pressure",
                description:
                    "Share of time in which some process waited for memory (waiting), and in which all of them stood still for lack of it (stalled).",
                unit: units.PercentUnit,
                queries: [
                    {
                        expr: rate("node_pressure_memory_stalled_seconds_total"),
                        legend: "{{instance}} stalled",
                    },
                    {
                        expr: rate("node_pressure_memory_waiting_seconds_total"),
                        legend: "{{instance}} waiting",
                    },
                ],
                limit: limit({
                    alert: "HostMemoryStalled",
                    series: "stalled",
                    unit: units.PercentUnit,
                }),
            }),
        ],
    ];
}

function disks(limit: LimitFor): Lines {
    return [
        [
            graph({
                title: "Space left",
                description: "Share of each filesystem's space that programs can still use.",
                unit: units.PercentUnit,
                queries: [
                    {
                        expr: `node_filesystem_avail_bytes{${filesystems}} / node_filesystem_size_bytes{${filesystems}}`,
                        legend: "{{instance}} {{mountpoint}}",
                    },
                ],
                limit: limit({
                    alert: "HostFilesystemSpaceLow",
                    unit: units.PercentUnit,
                }),
            }),
            graph({
                title: "Inodes left",
                description:
                    "Share of each filesystem's inodes that is unused: each file needs one. A filesystem that makes them as it goes is not shown.",
                unit: units.PercentUnit,
                queries: [
                    {
                        expr: `node_filesystem_files_free{${filesystems}} / (node_filesystem_files{${filesystems}} > 0)`,
                        legend: "{{instance}} {{mountpoint}}",
                    },
                ],
                limit: limit({
                    alert: "HostFilesystemInodesLow",
                    unit: units.PercentUnit,
                }),
            }),
            graph({
                title: "I/O pressure",
                description:
                    "Share of time in which some process waited for a disk (waiting), and in which all of them stood still for it (stalled).",
                unit: units.PercentUnit,
                queries: [
                    { expr: rate("node_pressure_io_stalled_seconds_total"), legend: "{{instance}} stalled" },
                    { expr: rate("node_pressure_io_waiting_seconds_total"), legend: "{{instance}} waiting" },
                ],
                limit: limit({
                    alert: "HostIoStalled",
                    series: "stalled",
                    unit: units.PercentUnit,
                }),
            }),
        ],
        [
            graph({
                title: "Disk throughput",
                description: "Bytes read from and written to each disk a second.",
                unit: units.BytesPerSecondIEC,
                queries: [
                    { expr: rate("node_disk_read_bytes_total"), legend: "{{instance}} {{device}} read" },
                    { expr: rate("node_disk_written_bytes_total"), legend: "{{instance}} {{device}} written" },
                ],
            }),
            graph({
                title: "Disk busy",
                description:
                    "Share of time in which a disk had something to do. A disk that works on many requests at once can be at 100 % and not be full.",
                unit: units.PercentUnit,
                queries: [{ expr: rate("node_disk_io_time_seconds_total"), legend: "{{instance}} {{device}}" }],
            }),
            graph({
                title: "Disk queue",
                description: "Requests that wait for a disk or are worked on, on average.",
                unit: units.Short,
                queries: [
                    {
                        expr: rate("node_disk_io_time_weighted_seconds_total"),
                        legend: "{{instance}} {{device}}",
                    },
                ],
                limit: limit({
                    alert: "HostDiskSaturated",
                    unit: units.Short,
                }),
            }),
        ],
    ];
}

function networkAndClock(limit: LimitFor): Lines {
    return [
        [
            graph({
                title: "Network traffic",
                description: "Bits received and sent a second. Containers' own devices are left out.",
                unit: units.BitsPerSecondSI,
                queries: [
                    {
                        expr: `8 * ${rate("node_network_receive_bytes_total")}`,
                        legend: "{{instance}} {{device}} received",
                    },
                    {
                        expr: `8 * ${rate("node_network_transmit_bytes_total")}`,
                        legend: "{{instance}} {{device}} sent",
                    },
                ],
            }),
            graph({
                title: "Network errors",
                description: "Share of a network device's packets that could not be received or sent.",
                unit: units.PercentUnit,
                queries: [
                    {
                        // Without a packet the share is no number: the comparison leaves it out, and 0 takes its place.
                        expr: `(${bothWays("errs")}) / (${bothWays("packets")}) >= 0 or 0 * (${bothWays("packets")})`,
                        legend: "{{instance}} {{device}}",
                    },
                ],
                limit: limit({
                    alert: "HostNetworkErrors",
                    unit: units.PercentUnit,
                }),
            }),
            graph({
                title: "Clock offset",
                description: "How far the host's clock is from that of its time server, as far as the kernel knows.",
                unit: units.Seconds,
                queries: [{ expr: `abs(node_timex_offset_seconds{${chosen}})`, legend: "{{instance}}" }],
                limit: limit({
                    alert: "HostClockSkew",
                    unit: units.Seconds,
                }),
            }),
        ],
    ];
}
