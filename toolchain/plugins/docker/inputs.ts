import type { Input } from "../shared/compare";
import { computed, unordered, unorderedWith, withDefaults } from "../shared/compare";
import type { Properties } from "../shared/provider";

/** What the official plugin does with a change of each input. Held to its recorded answers in tests/conformance/. */

const replace = (absent?: unknown): Input => ({ change: "replace", absent });
const update = (absent?: unknown): Input => ({ change: "update", absent });
const replaceSet = (defaults: Properties = {}): Input => ({
    change: "replace",
    absent: [],
    canonical: unorderedWith(defaults),
});

const pattern = (expression: RegExp) => (value: unknown) =>
    expression.test(String(value))
        ? undefined
        : { reason: `'${String(value)}' doesn't match the pattern '${expression.source}'` };

const duration = /^(\d+(\.\d+)?(ns|us|µs|ms|s|m|h))+$/;
const durations = ["interval", "timeout", "startPeriod", "startInterval"] as const;

const healthcheck: Input = {
    change: "update",
    absent: computed,
    canonical: (value) =>
        withDefaults({ retries: 0, startPeriod: "0s", startInterval: "0s", interval: "0s", timeout: "0s" }, value),
    wrong: (value) => {
        const given = value as Properties;
        const wrong = durations.find((key) => given[key] !== undefined && !duration.test(String(given[key])));
        return wrong && { path: `healthcheck.${wrong}`, reason: `'${String(given[wrong])}' is not a valid duration` };
    },
};

const mountDefaults = { readOnly: false };
const mounts: Input = {
    // An edited mount is recorded and not carried out; another number of mounts is another container.
    change: (before, after) =>
        (before as unknown[]).length === (after as unknown[] | string).length ? "update" : "replace",
    absent: [],
    canonical: (value) =>
        unorderedWith(mountDefaults)((value as Properties[]).map((mount) => withDefaults(mountDefaults, mount))),
    wrong: (value) =>
        (value as Properties[]).map(({ type }) => pattern(/^(bind|volume|tmpfs)$/)(type)).find((wrong) => wrong),
};

const volumes: Input = {
    ...replaceSet({ readOnly: false, hostPath: "", fromContainer: "", volumeName: "", selinuxRelabel: "" }),
    wrong: (value) =>
        (value as Properties[])
            .map(({ hostPath }) => hostPath)
            .filter((path) => typeof path === "string" && path !== "" && !path.startsWith("/"))
            .map((path) => ({ reason: `'${String(path)}' must be an absolute path` }))[0],
};

const capabilities: Input = {
    change: "replace",
    absent: {},
    canonical: (value) => {
        const { adds, drops } = withDefaults({ adds: [], drops: [] }, value);
        return { adds: unordered(adds), drops: unordered(drops) };
    },
};

const networksAdvanced: Input = {
    change: "replace",
    absent: [],
    canonical: (value) =>
        unordered(
            (value as Properties[]).map(({ name, aliases, ipv4Address, ipv6Address }) => ({
                name,
                aliases: unordered(aliases ?? []),
                ipv4Address: ipv4Address ?? "",
                ipv6Address: ipv6Address ?? "",
            })),
        ),
};

export const containerInputs: Readonly<Record<string, Input>> = {
    name: replace(),
    image: replace(),
    command: replace(computed),
    entrypoints: replace(computed),
    envs: { change: "replace", absent: [], canonical: unordered },
    labels: replaceSet(),
    user: replace(computed),
    workingDir: replace(computed),
    hostname: replace(computed),
    mounts,
    volumes,
    tmpfs: update({}),
    ports: replaceSet({ protocol: "tcp", ip: "0.0.0.0" }),
    networkMode: replace("bridge"),
    networksAdvanced,
    hosts: replaceSet(),
    dns: replace([]),
    healthcheck,
    restart: { ...update("no"), wrong: pattern(/^(no|on-failure|always|unless-stopped)$/) },
    memory: update(0),
    memorySwap: update(0),
    memoryReservation: update(0),
    cpuShares: update(0),
    cpuSet: update(""),
    pidMode: replace(""),
    ipcMode: replace(computed),
    runtime: replace(computed),
    platform: replace(computed),
    capabilities,
    securityOpts: { change: "replace", absent: [], canonical: unordered },
    privileged: replace(false),
    readOnly: replace(false),
    init: update(false),
    tty: replace(false),
    logDriver: replace(computed),
    logOpts: replace({}),
    ulimits: replaceSet(),
    shmSize: replace(computed),
    stopSignal: replace(computed),
    stopTimeout: replace(computed),
    destroyGraceSeconds: update(),
    removeVolumes: update(true),
    // Of a container that was stopped a refresh says false; then it is started again.
    mustRun: { ...update(true), enforced: true },
    start: update(true),
    wait: update(false),
    waitTimeout: update(60),
    attach: update(false),
    logs: update(false),
    rm: update(false),
};

export const containerUnsupported = [
    ...["cgroupParent", "cgroupnsMode", "containerReadRefreshTimeoutMilliseconds", "cpuPeriod", "cpuQuota", "cpus"],
    ...["deviceCgroupRules", "deviceReadBps", "deviceReadIops", "deviceRequests", "deviceWriteBps", "deviceWriteIops"],
    ...["devices", "dnsOpts", "dnsSearches", "domainname", "gpus", "groupAdds", "maxRetryCount", "publishAllPorts"],
    ...["stdinOpen", "storageOpts", "sysctls", "uploads", "usernsMode"],
];

export const networkInputs: Readonly<Record<string, Input>> = {
    name: replace(),
    driver: replace("bridge"),
    internal: replace(false),
    attachable: replace(false),
    options: replace({}),
    labels: replaceSet(),
    ipamConfigs: {
        ...replaceSet(),
        canonical: (value) =>
            unordered(
                (value as Properties[]).map(({ subnet, gateway, ipRange }) => ({
                    subnet,
                    gateway,
                    ipRange: ipRange ?? "",
                })),
            ),
    },
};

export const networkUnsupported = ["ingress", "ipamDriver", "ipamOptions", "ipv6"];

export const volumeInputs: Readonly<Record<string, Input>> = {
    name: replace(),
    driver: replace("local"),
    driverOpts: replace({}),
    labels: replaceSet(),
};

export const volumeUnsupported = ["cluster"];
