/** The port that it listens on inside of its container: its own default, which the official image's health check asks. */
export const containerPort = 8080;

/** How often it looks at a container at most, in milliseconds: each look comes up to once as long after the one before. */
export const lookInterval = 15_000;

const look = `${lookInterval / 1000}s`;

/**
 * Flags that keep it cheap: of Docker's containers only, only what alerts and graphs read, four times a minute in place of once a
 * second, and two labels of a container in place of all.
 * Source: https://github.com/google/cadvisor/blob/master/docs/runtime_options.md
 */
export const flags = [
    "--docker_only=true",
    "--disable_root_cgroup_stats=true",
    "--enable_metrics=cpu,diskIO,memory,network,oom_event,pressure",
    "--store_container_labels=false",
    "--whitelisted_container_labels=com.docker.compose.project,com.docker.compose.service",
    `--housekeeping_interval=${look}`,
    `--max_housekeeping_interval=${look}`,
    "--allow_dynamic_housekeeping=false",
    `--global_housekeeping_interval=${look}`,
    "--storage_duration=1m",
    // An engine with containerd's image store is asked there too: https://docs.docker.com/engine/storage/containerd/
    "--containerd=/rootfs/run/containerd/containerd.sock",
];
