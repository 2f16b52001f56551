import { existsSync } from "node:fs";

/** Panels with nothing to show in a stack that is well, or on some kernels; each with the reason. */
export const mayBeEmpty: Readonly<Record<string, string>> = {
    "Overview: Targets that are down": "all targets are up",
    "Overview: Alerts": "no alert fires or is pending",
    ...(!existsSync("/proc/pressure/memory") && {
        "Host: CPU pressure": "this kernel has no pressure stall information",
        "Host: Memory pressure": "the same",
        "Host: I/O pressure": "the same",
    }),
};
