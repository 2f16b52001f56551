import { existsSync, readFileSync } from "node:fs";

/** What a kernel with version 1 of control groups counts of disks, here for all of the machine. */
const blkio = "/sys/fs/cgroup/blkio/blkio.throttle.io_service_bytes";

/** Panels with nothing to show in a stack that is well, or on some kernels; each with the reason. */
export const mayBeEmpty: Readonly<Record<string, string>> = {
    "Overview: Targets that are down": "all targets are up",
    "Overview: Alerts": "no alert fires or is pending",
    ...(!existsSync("/proc/pressure/memory") && {
        "Host: CPU pressure": "this kernel has no pressure stall information",
        "Host: Memory pressure": "the same",
        "Host: I/O pressure": "the same",
    }),
    ...(existsSync(blkio) &&
        readFileSync(blkio, "utf8").trim() === "Total 0" && {
            "Containers: Read": "this kernel counts for no control group what disks do",
            "Containers: Written": "the same",
        }),
};
