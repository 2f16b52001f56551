import type { RuleCase } from "./case";

const labels = { job: "node", instance: "web-1" };
const series = (name: string, rest = "") => `${name}{job="node", instance="web-1"${rest}}`;
const disk = { device: "/dev/sda1", fstype: "ext4", mountpoint: "/" };
const onDisk = (name: string, fstype = disk.fstype) =>
    series(name, `, device="/dev/sda1", fstype="${fstype}", mountpoint="/"`);
const cpu = (core: number, mode: string) => series("node_cpu_seconds_total", `, cpu="${core}", mode="${mode}"`);
const network = (name: string) => series(`node_network_${name}_total`, ', device="eth0"');
const writable = { [onDisk("node_filesystem_readonly")]: "0x200" };

const resources = [
    {
        name: "Space",
        what: "space",
        free: onDisk("node_filesystem_avail_bytes"),
        rest: { ...writable, [onDisk("node_filesystem_size_bytes")]: "100x200" },
    },
    {
        name: "Inodes",
        what: "inodes",
        free: onDisk("node_filesystem_files_free"),
        rest: { ...writable, [onDisk("node_filesystem_files")]: "100x200" },
    },
];

const filesystemCases = resources.flatMap(({ name, what, free, rest }): RuleCase[] => {
    const of = { job: "node", labels: { ...labels, ...disk } };
    const left = (share: string) => `/ (/dev/sda1) of web-1 has ${share} of its ${what} left`;
    return [
        {
            ...{ ...of, alert: `HostFilesystem${name}Low`, severity: "warning" },
            series: { [free]: "6x4 4x40 50x5", ...rest },
            ...{ fires: 35, ends: 46 },
            says: `${left("4%")}.`,
        },
        {
            ...{ ...of, alert: `HostFilesystem${name}Low`, severity: "critical" },
            series: { [free]: "4x4 2x40 50x5", ...rest },
            ...{ fires: 35, ends: 46 },
            says: `${left("2%")}.`,
        },
        {
            // A line needs two samples: it is known from minute 1.
            ...{ ...of, alert: `HostFilesystem${name}RunningOut`, severity: "warning" },
            series: { [free]: "39-0.05x70 90x10", ...rest },
            ...{ fires: 61, ends: 71 },
            says: `${left("35.95%")}, and none within 1d if it goes on as in the last 6h.`,
        },
        {
            ...{ ...of, alert: `HostFilesystem${name}RunningOut`, severity: "warning", when: "much is left" },
            series: { [free]: "90-0.1x180", ...rest },
        },
        {
            ...{ ...of, alert: `HostFilesystem${name}RunningOut`, severity: "critical" },
            series: { [free]: "19-0.1x70 90x10", ...rest },
            ...{ fires: 61, ends: 71 },
            says: `${left("12.9%")}, and none within 4h if it goes on as in the last 6h.`,
        },
        {
            ...{ ...of, alert: `HostFilesystem${name}RunningOut`, severity: "critical", when: "there is time" },
            series: { [free]: "19-0.05x180", ...rest },
        },
    ];
});

/** A host of 32 GiB, 2.5 of them available to the kernel's knowledge. */
const zfs = (cache: number) => ({
    [series("node_memory_MemTotal_bytes")]: "32x175",
    [series("node_memory_MemAvailable_bytes")]: "2.5x175",
    [series("node_zfs_arc_size")]: `${cache}x175`,
    [series("node_zfs_arc_c_min")]: "1x175",
});

const full = (fstype: string, readonly: string) => ({
    [onDisk("node_filesystem_avail_bytes", fstype)]: "0x180",
    [onDisk("node_filesystem_size_bytes", fstype)]: "100x180",
    [onDisk("node_filesystem_readonly", fstype)]: readonly,
});
const readOnly = "/ (/dev/sda1) of web-1 was writable before, and is not any more.";
const notSet = "The clock of web-1 was synchronised before, and is not any more: it goes wrong sooner or later.";
const low = { job: "node", alert: "HostFilesystemSpaceLow", severity: "critical" } as const;

// A counter that begins with the test has its full rate after 5 minutes: an alert is pending from one of the first on.
export const hostCases: RuleCase[] = [
    ...filesystemCases,
    ...["tmpfs", "overlay", "squashfs", "iso9660", "fuse.sshfs"].map((fstype): RuleCase => ({
        ...low,
        when: `it is a full ${fstype}`,
        series: full(fstype, "0x180"),
    })),
    { ...low, when: "a read-only disk is full", series: full("ext4", "1x180") },
    {
        ...{ job: "node", alert: "HostFilesystemReadOnly", severity: "critical", labels: { ...labels, ...disk } },
        series: { [onDisk("node_filesystem_readonly")]: "0x9 1x20 0x5" },
        ...{ fires: 11, ends: 31 },
        says: readOnly,
    },
    {
        ...{ job: "node", alert: "HostFilesystemReadOnly", severity: "critical", labels: { ...labels, ...disk } },
        when: "nobody mends it for days",
        series: { [onDisk("node_filesystem_readonly")]: "0x9 1x5000 0x5" },
        ...{ fires: 11, lasts: 5000, ends: 5012 },
        says: readOnly,
    },
    {
        ...{ job: "node", alert: "HostFilesystemReadOnly", severity: "critical", when: "it never was writable" },
        series: { [onDisk("node_filesystem_readonly")]: "1x180" },
    },
    {
        ...{ job: "node", alert: "HostCpuBusy", severity: "info", labels },
        // One of two cores is idle for 6 s a minute, the other for 3 s.
        series: { [cpu(0, "idle")]: "0+6x40 240+60x20", [cpu(1, "idle")]: "0+3x40 120+60x20" },
        ...{ fires: 16, ends: 50 },
        says: "92.5% of all cores of web-1 are busy.",
    },
    {
        ...{ job: "node", alert: "HostCpuBusy", severity: "info", when: "it waits for disks" },
        series: { [cpu(0, "idle")]: "0x180", [cpu(0, "iowait")]: "0+60x180" },
    },
    {
        ...{ job: "node", alert: "HostLoadHigh", severity: "warning", labels },
        series: {
            [series("node_load1")]: "5x20 1x10",
            [cpu(0, "idle")]: "0+60x40",
            [cpu(1, "idle")]: "0+60x40",
            [cpu(1, "user")]: "0x40",
        },
        ...{ fires: 15, ends: 21 },
        says: "2.5 processes run or wait for each core of web-1.",
    },
    {
        ...{ job: "node", alert: "HostCpuWaiting", severity: "warning", labels },
        series: { [series("node_pressure_cpu_waiting_seconds_total")]: "0+45x30 1350x20" },
        ...{ fires: 19, ends: 40 },
        says: "On web-1 a process waited for a core in 75% of the time.",
    },
    {
        ...{ job: "node", alert: "HostMemoryLow", severity: "warning", labels },
        series: {
            [series("node_memory_MemAvailable_bytes")]: "5x20 50x5",
            [series("node_memory_MemTotal_bytes")]: "100x30",
        },
        ...{ fires: 15, ends: 21 },
        says: "5% of the memory of web-1 is available.",
    },
    {
        ...{ job: "node", alert: "HostMemoryLow", severity: "warning", when: "ZFS has the rest, and gives it back" },
        series: zfs(14),
    },
    {
        ...{ job: "node", alert: "HostMemoryLow", severity: "warning", when: "ZFS has next to nothing", labels },
        series: zfs(1.2),
        ...{ fires: 15, ends: 181 },
        says: "8.438% of the memory of web-1 is available.",
    },
    {
        ...{ job: "node", alert: "HostMemoryStalled", severity: "warning", labels },
        series: { [series("node_pressure_memory_stalled_seconds_total")]: "0+6x30 180x20" },
        ...{ fires: 13, ends: 40 },
        says: "All processes of web-1 waited for memory in 10% of the time.",
    },
    {
        ...{ job: "node", alert: "HostMemoryStalled", severity: "critical", labels },
        series: { [series("node_pressure_memory_stalled_seconds_total")]: "0+18x30 540x20" },
        ...{ fires: 9, ends: 40 },
        says: "All processes of web-1 waited for memory in 30% of the time.",
    },
    {
        ...{ job: "node", alert: "HostMemoryStalled", severity: "critical", when: "it is a tenth of the time" },
        series: { [series("node_pressure_memory_stalled_seconds_total")]: "0+6x180" },
    },
    {
        ...{ job: "node", alert: "HostDiskSaturated", severity: "warning", labels: { ...labels, device: "sda" } },
        series: { [series("node_disk_io_time_weighted_seconds_total", ', device="sda"')]: "0+720x40 28800x20" },
        ...{ fires: 35, ends: 50 },
        says: "12 requests wait for sda of web-1 on average.",
    },
    ...["dm-0", "md0", "md127", "loop3"].map((device): RuleCase => ({
        ...{ job: "node", alert: "HostDiskSaturated", severity: "warning", when: `it is ${device}, on another disk` },
        series: { [series("node_disk_io_time_weighted_seconds_total", `, device="${device}"`)]: "0+720x180" },
    })),
    {
        ...{ job: "node", alert: "HostIoStalled", severity: "warning", labels },
        series: { [series("node_pressure_io_stalled_seconds_total")]: "0+30x30 900x20" },
        ...{ fires: 18, ends: 40 },
        says: "All processes of web-1 waited for a disk in 50% of the time.",
    },
    {
        ...{ job: "node", alert: "HostNetworkErrors", severity: "warning", labels: { ...labels, device: "eth0" } },
        series: {
            [network("receive_errs")]: "0+10x80 800x20",
            [network("transmit_errs")]: "0x100",
            [network("receive_packets")]: "0+100x100",
            [network("transmit_packets")]: "0+100x100",
        },
        ...{ fires: 61, ends: 90 },
        says: "5% of the packets of eth0 are errors.",
    },
    {
        ...{ job: "node", alert: "HostNetworkErrors", severity: "warning", when: "a device has no packets" },
        series: {
            [network("receive_errs")]: "0x180",
            [network("transmit_errs")]: "0x180",
            [network("receive_packets")]: "0x180",
            [network("transmit_packets")]: "0x180",
        },
    },
    {
        ...{ job: "node", alert: "HostClockSkew", severity: "warning", labels },
        series: { [series("node_timex_offset_seconds")]: "-0.2x20 0x10" },
        ...{ fires: 10, ends: 21 },
        says: "The clock of web-1 is wrong by 200ms.",
    },
    {
        ...{ job: "node", alert: "HostClockNotSynchronising", severity: "warning", labels },
        series: {
            [series("node_timex_sync_status")]: "1x4 0x20 1x10",
            [series("node_timex_maxerror_seconds")]: "15x4 16x30",
        },
        ...{ fires: 15, ends: 26 },
        says: notSet,
    },
    {
        ...{ job: "node", alert: "HostClockNotSynchronising", severity: "warning", labels },
        when: "nobody mends it for days",
        series: {
            [series("node_timex_sync_status")]: "1x4 0x5000 1x10",
            [series("node_timex_maxerror_seconds")]: "15x4 16x5010",
        },
        ...{ fires: 15, lasts: 5000, ends: 5007 },
        says: notSet,
    },
    {
        ...{ job: "node", alert: "HostClockNotSynchronising", severity: "warning", when: "it never was synchronised" },
        series: { [series("node_timex_sync_status")]: "0x180", [series("node_timex_maxerror_seconds")]: "16x180" },
    },
];
