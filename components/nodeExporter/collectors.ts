/**
 * The collectors that node_exporter has on Linux.
 * Source: https://github.com/prometheus/node_exporter/tree/v1.12.1/collector
 */
export const collectors: readonly string[] = [
    ...["arp", "bcache", "bcachefs", "bonding", "btrfs", "buddyinfo", "cgroups", "conntrack", "cpu"],
    ...["cpu_vulnerabilities", "cpufreq", "diskstats", "dmi", "dmmultipath", "drbd", "drm", "edac", "entropy"],
    ...["ethtool", "fibrechannel", "filefd", "filesystem", "hwmon", "infiniband", "interrupts", "ipvs", "kernel_hung"],
    ...["ksmd", "lnstat", "loadavg", "logind", "mdadm", "meminfo", "meminfo_numa", "mountstats", "netclass"],
    ...["netdev", "netstat", "network_route", "nfs", "nfsd", "ntp", "nvme", "nvmesubsystem", "os", "pcidevice"],
    ...["perf", "powersupplyclass", "pressure", "processes", "qdisc", "rapl", "runit", "schedstat", "selinux"],
    ...["slabinfo", "sockstat", "softirqs", "softnet", "stat", "supervisord", "swap", "sysctl", "systemd"],
    ...["tapestats", "tcpstat", "textfile", "thermal_zone", "time", "timex", "udp_queues", "uname", "vmstat"],
    ...["watchdog", "wifi", "xfrm", "xfs", "zfs", "zoneinfo"],
];

/** Those without which an alert of the host never fires, or a graph stays empty. */
const read = ["cpu", "diskstats", "filesystem", "loadavg", "meminfo", "netdev", "pressure", "timex"];

/** @returns what is missed where some of those are turned off */
export function missingCollectors(declared: Readonly<Record<string, boolean>>): string | undefined {
    const off = read.filter((name) => declared[name] === false);
    return off.length === 0
        ? undefined
        : `nodeExporter.collectors turns off ${off.join(", ")}: alerts and graphs of the host that read it find nothing.`;
}
