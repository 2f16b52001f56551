import { z } from "zod";
import { alertingSchema } from "./alerting";
import { isRegistryHost } from "./imageRegistry";
import { labelledContainersSchema } from "./labelledContainers";
import { labels } from "./labels";
import { expected, expectedStructure, unknownKeys } from "./problems";
import { otlpSchema } from "./otlp";
import { applicationProfileSchema, builtInProfiles, profileName } from "./profiles";
import { pairSchema } from "./pair";
import { declaredProbeSchema } from "./probe";
import { pushedJobSchema } from "./pushedJob";
import { remoteStorageKeys } from "./remoteStorage";
import { rulesSchema } from "./rules";
import { scrapeJobSchema } from "./scrapeJob";
import { globalScrapeSettings, logFile } from "./scrapeSettings";
import { shardSchema } from "./shard";
import { storageSchema } from "./storage";
import { tracingSchema } from "./tracing";
import { isStackSubnet, parseSubnet } from "./units";
import { upstreamStack } from "./upstream";
import {
    anyText,
    count,
    dictionary,
    duration,
    hiddenText,
    interval,
    listOf,
    networkNames,
    object,
    text,
    toggle,
} from "./values";

/** What may be set in `Pulumi.<stack>.yaml`, in which unit and with which default. Keys are Prometheus' terms in camelCase. */

/** Never shown in a message: somebody may write a login in front of the host. */
const registryAdvice = [
    "an image registry",
    'its host, with port and path where it has them, such as "registry.example.com:5000/mirror"',
] as const;
const registry = hiddenText(
    /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[1-9]\d{0,4})?(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*$/,
    ...registryAdvice,
).refine((value) => isRegistryHost(value.split("/", 1)[0] ?? ""), {
    error: `is not ${registryAdvice[0]}; write ${registryAdvice[1]}`,
});

function isSubnetForStack(text: string): boolean {
    const subnet = parseSubnet(text);
    return subnet !== undefined && isStackSubnet(subnet);
}

const notASubnet = expected(
    "an IPv4 network for containers",
    'its first address and a prefix length from 8 to 29, such as "172.28.7.0/24"',
);

const networkSchema = object({
    subnet: z.cidrv4({ error: notASubnet }).refine(isSubnetForStack, { error: notASubnet }).optional().meta({
        description: "IPv4 network of the stack's own containers, with a prefix length from 8 to 29.",
        derived: "from the stack's name, in `172.28.0.0` to `172.30.255.255`",
    }),
    gateway: z
        .ipv4({ error: expected("an IPv4 address", 'one of the subnet, such as "172.28.7.1"') })
        .optional()
        .meta({
            description: "The Docker host's own address in that network; node_exporter listens on it.",
            derived: "the subnet's first host",
        }),
    join: networkNames.describe(
        "Existing Docker networks that Prometheus joins too, so that it can scrape other projects' containers by name.",
    ),
})
    .prefault({})
    .describe("The stack's networks.");

const alertsSchema = object({
    downFor: duration
        .prefault("5m")
        .describe("How long a target may be down before an alert fires; a job may say otherwise."),
    runbookUrl: text(
        /^[^\s{}]+$/,
        "a place without spaces and braces",
        'one, such as "https://github.com/you/metrics/blob/main/docs/runbooks"',
    )
        .default("docs/runbooks")
        .describe("Where the runbooks stand: every alert links to `<runbookUrl>/<alert>.md`."),
    disabled: z
        .array(anyText, { error: expectedStructure("a list", 'a list of alert names, such as ["HostCpuBusy"]') })
        .default([])
        .describe("Alerts to leave out, by name."),
})
    .prefault({})
    .describe("When alerts fire, for all jobs.");

const notAFreeName = "is not a free name; write one of your own, of letters, digits, _ and -";

/** The name of a profile that is not there without being declared. */
const ownProfileName = z
    .string()
    .regex(profileName, { error: notAFreeName })
    .refine((name) => !Object.hasOwn(builtInProfiles, name), { error: notAFreeName });

const sharedFile = text(/\S/, "a path", 'one from the project\'s folder, such as "shared/web.yaml"');

/** Source: https://prometheus.io/docs/prometheus/latest/configuration/configuration/#configuration-file (`runtime`) */
const runtimeSchema = object({
    gogc: count.optional().meta({
        description: "By how many percent memory may grow until Go collects what is not used: less costs more CPU.",
        derived: "`75`",
    }),
})
    .optional()
    .describe("Settings of the Go runtime that Prometheus is run by.");

/** What the jobs are, and what becomes of them. */
const ofTheJobs = {
    scrapeInterval: interval.prefault("15s").describe("How often every target is scraped."),
    scrapeTimeout: duration.optional().meta({
        description: "How long one scrape may take.",
        derived: "`10s`, or the interval where that is shorter",
    }),
    evaluationInterval: interval.prefault("15s").describe("How often rules are evaluated."),
    ruleQueryOffset: duration
        .optional()
        .describe("How far back rules look, for samples that come late; those of remote write, for instance."),
    ...globalScrapeSettings,
    queryLogFile: logFile.describe("File in `/prometheus` that every query is logged to; it is never shortened."),
    externalLabels: labels
        .default({})
        .describe(
            "Labels that every sample and alert carries when it leaves this Prometheus. An agent without any has `stack`, the name of its stack.",
        ),
    scrapeJobs: z
        .array(scrapeJobSchema, { error: expectedStructure("a list", "a list of scrape jobs") })
        .default([])
        .describe("Your services: what to scrape, in jobs."),
    probes: z
        .array(declaredProbeSchema, {
            error: expectedStructure(
                "a list",
                'a list of what has to answer, such as [{target: "https://shop.example.com/"}]',
            ),
        })
        .default([])
        .describe("What has to answer from outside: websites, ports, names. The stack's own blackbox_exporter asks."),
    pushedJobs: listOf(pushedJobSchema, 'a list, such as [{jobName: "shop"}]')
        .default([])
        .describe("Your applications that push their metrics by OTLP, with `prometheus.receive.otlp`."),
    labelledContainers: labelledContainersSchema,
    applicationProfiles: dictionary(
        ownProfileName,
        applicationProfileSchema,
        'names with profiles, such as {shop: {requests: "shop_requests_total"}}',
    )
        .default({})
        .describe(
            "Names under which your applications expose their metrics, where those of the built-in profiles do not fit.",
        ),
    alerting: alertingSchema,
    storage: storageSchema,
    ...remoteStorageKeys,
    otlp: otlpSchema,
    tracing: tracingSchema,
    runtime: runtimeSchema,
    alerts: alertsSchema,
    rules: rulesSchema,
    network: networkSchema,
};

const anEndpoint = [
    "a Docker endpoint",
    'one, such as "unix:///var/run/docker.sock", "ssh://admin@web-1" or "tcp://web-1:2376"',
] as const;

const ofTheStack = {
    extends: listOf(sharedFile, 'a list of paths, such as ["shared/web.yaml"]')
        .default([])
        .describe(
            "Files whose settings this stack takes over, by their paths from the project's folder: own keys win, and lists are joined.",
        ),
    shard: shardSchema,
    pair: pairSchema,
    retainData: toggle
        .prefault("true")
        .describe("Keep the volumes with samples and dashboards' state when the stack is destroyed."),
    protect: toggle
        .prefault("false")
        .describe("Refuse to destroy the stack while this is true: nobody deletes its data volumes by mistake."),
    imageRegistry: registry.optional().meta({
        description: "Registry that holds copies of all images which name no registry host of their own.",
        derived: "Docker Hub",
    }),
    dockerHost: text(
        /^(unix:\/\/\/\S+|npipe:\/\/\S+|(ssh:\/\/([\w.-]+@)?|tcp:\/\/)([\w.-]+|\[[0-9a-f:]+\])(:[1-9]\d{0,4})?(\/\S*)?)$/i,
        ...anEndpoint,
    )
        .refine(URL.canParse, { error: expected(...anEndpoint) })
        .optional()
        .meta({
            description: "Docker endpoint of the stack's host: `unix://`, `ssh://` or `tcp://`.",
            derived: "`DOCKER_HOST`, else the local socket",
        }),
};

/** What stands at the top of prometheus.yml, or in its `global`, and elsewhere here. */
const placesInPrometheus = {
    global: "its keys without it, such as scrapeInterval",
    scrapeConfigs: "its jobs in scrapeJobs",
    ruleFiles: 'rules: {files: ["rules/*.yml"]}',
};

/** The schema of a whole declaration, each part's settings under its key. Unknown keys are refused, each with the nearest known one. */
export function stackSchema(parts: readonly { readonly key: string; readonly settings: z.ZodType }[]) {
    const shape = {
        ...ofTheJobs,
        ...Object.fromEntries(parts.map(({ key, settings }) => [key, settings])),
        ...ofTheStack,
    };
    return z.strictObject(shape, {
        error: (issue) =>
            issue.code === "unrecognized_keys"
                ? unknownKeys(issue.keys ?? [], Object.keys(shape), {
                      places: placesInPrometheus,
                      upstream: upstreamStack,
                  })
                : undefined,
    });
}

/** What is declared beside the parts. */
export type General = z.output<z.ZodObject<typeof ofTheJobs & typeof ofTheStack>>;

/**
 * What is declared beside the parts, checked and with every default applied: plain data, durations in milliseconds, sizes in bytes.
 */
export interface StackConfig extends Omit<General, "network" | "scrapeTimeout"> {
    readonly stack: string;
    /** The Docker host's name: the default `instance` label of its metrics. */
    readonly hostName: string;
    readonly scrapeTimeout: number;
    readonly network: General["network"] & { readonly subnet: string; readonly gateway: string };
}
