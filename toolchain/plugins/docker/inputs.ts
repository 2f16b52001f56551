import type { Input } from "../shared/compare";
import { computed, listOf, objectOf, unordered } from "../shared/compare";
import type { Properties } from "../shared/provider";

/**
 * The inputs that the program gives, and what the official plugin does with a change of each: held to its recorded answers in
 * tests/conformance/.
 */

const replace = (absent?: unknown): Input => ({ change: "replace", absent });
const update = (absent?: unknown): Input => ({ change: "update", absent });

const pattern = (expression: RegExp) => (value: unknown) =>
    expression.test(String(value))
        ? undefined
        : { reason: `'${String(value)}' doesn't match the pattern '${expression.source}'` };

const duration = /^(\d+(\.\d+)?(ns|us|µs|ms|s|m|h))+$/;
const durations = ["interval", "timeout", "startPeriod"] as const;

const healthcheck: Input = {
    change: "update",
    ...objectOf(["tests", "retries", ...durations], { retries: 0, interval: "0s", timeout: "0s", startPeriod: "0s" }),
    absent: computed,
    wrong: (value) => {
        const given = value as Properties;
        const wrong = durations.find((key) => given[key] !== undefined && !duration.test(String(given[key])));
        return wrong && { path: `healthcheck.${wrong}`, reason: `'${String(given[wrong])}' is not a valid duration` };
    },
};

const mounts: Input = {
    // An edited mount is recorded and not carried out; another number of mounts is another container.
    change: (before, after) =>
        (before as unknown[]).length === (after as unknown[] | string).length ? "update" : "replace",
    ...listOf(["type", "source", "target", "readOnly", "bindOptions.propagation"], { readOnly: false }),
    wrong: (value) =>
        (value as Properties[]).map(({ type }) => pattern(/^(bind|volume|tmpfs)$/)(type)).find((wrong) => wrong),
};

const labels: Input = { change: "replace", ...listOf(["label", "value"]) };

export const containerInputs: Readonly<Record<string, Input>> = {
    name: replace(),
    image: replace(),
    command: replace(computed),
    entrypoints: replace(computed),
    envs: { change: "replace", absent: [], canonical: unordered },
    labels,
    user: replace(computed),
    mounts,
    tmpfs: update({}),
    ports: { change: "replace", ...listOf(["internal", "external", "ip"], { ip: "0.0.0.0" }) },
    networkMode: replace("bridge"),
    networksAdvanced: { change: "replace", ...listOf(["name"]) },
    hosts: { change: "replace", ...listOf(["host", "ip"]) },
    healthcheck,
    restart: { ...update("no"), wrong: pattern(/^(no|on-failure|always|unless-stopped)$/) },
    memory: update(0),
    memorySwap: update(0),
    pidMode: replace(""),
    usernsMode: replace(""),
    capabilities: {
        change: "replace",
        ...objectOf(["adds", "drops"]),
        canonical: (value) => ["adds", "drops"].map((field) => unordered((value as Properties)[field] ?? [])),
    },
    devices: { change: "replace", ...listOf(["hostPath", "containerPath", "permissions"]) },
    securityOpts: { change: "replace", absent: [], canonical: unordered },
    readOnly: replace(false),
    logDriver: replace(computed),
    logOpts: replace({}),
    stopTimeout: replace(computed),
    destroyGraceSeconds: update(),
};

export const networkInputs: Readonly<Record<string, Input>> = {
    name: replace(),
    driver: replace("bridge"),
    labels,
    ipamConfigs: { change: "replace", ...listOf(["subnet", "gateway"]) },
};

export const volumeInputs: Readonly<Record<string, Input>> = { name: replace(), labels };
