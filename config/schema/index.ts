import { z } from "zod";
import { alertmanagerSchema } from "../../components/alertmanager/settings";
import { isRegistryHost } from "./imageRegistry";
import { images } from "../images";
import { labels } from "./labels";
import { expected, expectedStructure, unknownKeys } from "./problems";
import { applicationProfileSchema, applicationSchema, builtInProfiles, hostSchema, profileName } from "./profiles";
import { scrapeJobSchema } from "./scrapeJob";
import { isStackSubnet, parseSubnet } from "./units";
import {
    anyText,
    bindAddress,
    dictionary,
    duration,
    hiddenText,
    image,
    memory,
    object,
    password,
    port,
} from "./values";
import { publishedPort, scrapeInterval, sizeLimit, startTimeout, text, toggle } from "./values";

/** What may be set in `Pulumi.<stack>.yaml`, in which unit and with which default. Keys are Prometheus' terms in camelCase. */

/** Not Docker's `host` and `none`: a container is on one of them or on networks. */
const networkName = text(
    /^(?!(?:host|none)$)[a-zA-Z0-9][\w.-]*$/,
    "the name of a Docker network that containers can share",
    'one from `docker network ls`, such as "shop_default"',
);

/** Docker's own rule for names: https://docs.docker.com/reference/cli/docker/volume/create/#name */
const volumeName = text(
    /^[a-zA-Z0-9][\w.-]+$/,
    "the name of a Docker volume",
    'one from `docker volume ls`, such as "prometheus_data"',
);

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
    join: z
        .array(networkName, { error: expectedStructure("a list", 'a list of network names, such as ["shop_default"]') })
        .default([])
        .describe(
            "Existing Docker networks that Prometheus joins too, so that it can scrape other projects' containers by name.",
        ),
})
    .prefault({})
    .describe("The stack's networks.");

const prometheusSchema = object({
    image: image(images.prometheus),
    port: publishedPort(9090),
    bindAddress: bindAddress.describe(
        "Address of the Docker host that the port is published on. Prometheus has no login: keep it private.",
    ),
    memoryLimit: memory("2GB"),
    retentionTime: duration
        .prefault("15d")
        .describe("How long samples are kept: the flag `--storage.tsdb.retention.time`."),
    retentionSize: sizeLimit('the most that the samples may take, such as "50GB"').optional().meta({
        description: "How much the samples may take; the oldest go first: the flag `--storage.tsdb.retention.size`.",
        derived: "no limit",
    }),
    dataVolume: volumeName.optional().meta({
        description:
            "An existing Docker volume with the samples, of somebody else: never created, labelled or deleted.",
        derived: "a volume of the stack's own",
    }),
    startTimeout: startTimeout.describe(
        "How long a new container may take to become ready, from `1s` to `1h`; replaying a large write-ahead log takes minutes.",
    ),
})
    .prefault({})
    .describe("Prometheus itself.");

const nodeExporterSchema = object({
    enabled: toggle.prefault("true").describe("Run node_exporter, for the host's metrics."),
    image: image(images.nodeExporter),
    port: port.default(9100).describe("TCP port on the gateway address of the stack's network."),
    memoryLimit: memory("128MB"),
    instance: text(/\S/, "a name", 'the host\'s name, such as "web-1"')
        .optional()
        .meta({ description: "The `instance` label of the host's metrics.", derived: "the Docker host's name" }),
    host: hostSchema.prefault({}).describe("When the host's alerts fire."),
})
    .prefault({})
    .describe("The metrics of the Docker host.");

const grafanaSchema = object({
    enabled: toggle.prefault("true").describe("Run Grafana, with a data source and dashboards."),
    image: image(images.grafana),
    port: publishedPort(3000),
    bindAddress,
    memoryLimit: memory("512MB"),
    startTimeout,
    dataVolume: volumeName.optional().meta({
        description:
            "An existing Docker volume with Grafana's database, of somebody else: never created, labelled or deleted.",
        derived: "a volume of the stack's own",
    }),
    adminPassword: password.optional().meta({
        description: "Password of the user `admin`, of at least 12 characters.",
        derived: "generated once, and kept encrypted in the state",
    }),
    dashboardFiles: z
        .array(text(/\.json$/, "the path of a JSON file", 'one, such as "dashboards/shop.json"'), {
            error: expectedStructure("a list", 'a list of paths, such as ["dashboards/shop.json"]'),
        })
        .default([])
        .describe(
            "Dashboards of your own in the repository: paths of files with Grafana's classic JSON, from the project's folder.",
        ),
})
    .prefault({})
    .describe("Grafana.");

const webBeSchema = object({
    enabled: toggle
        .prefault("false")
        .describe("Run `examples/web_be` beside Prometheus, as a service to try things with."),
    port: publishedPort(8000),
    bindAddress,
    memoryLimit: memory("256MB"),
    application: applicationSchema.prefault({}).describe("When its alerts fire."),
})
    .prefault({})
    .describe("The example service.");

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

const shape = {
    scrapeInterval: scrapeInterval.prefault("15s").describe("How often every target is scraped."),
    scrapeTimeout: duration.optional().meta({
        description: "How long one scrape may take.",
        derived: "`10s`, or the interval where that is shorter",
    }),
    evaluationInterval: duration.prefault("15s").describe("How often rules are evaluated."),
    externalLabels: labels
        .default({})
        .describe("Labels that every sample and alert carries when it leaves this Prometheus."),
    scrapeJobs: z
        .array(scrapeJobSchema, { error: expectedStructure("a list", "a list of scrape jobs") })
        .default([])
        .describe("Your services: what to scrape, in jobs."),
    applicationProfiles: dictionary(
        ownProfileName,
        applicationProfileSchema,
        'names with profiles, such as {shop: {requests: "shop_requests_total"}}',
    )
        .default({})
        .describe(
            "Names under which your applications expose their metrics, where those of the built-in profiles do not fit.",
        ),
    alerts: alertsSchema,
    alertmanager: alertmanagerSchema,
    network: networkSchema,
    prometheus: prometheusSchema,
    nodeExporter: nodeExporterSchema,
    grafana: grafanaSchema,
    webBe: webBeSchema,
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
        "a Docker endpoint",
        'one, such as "unix:///var/run/docker.sock", "ssh://admin@web-1" or "tcp://web-1:2376"',
    )
        .optional()
        .meta({
            description: "Docker endpoint of the stack's host: `unix://`, `ssh://` or `tcp://`.",
            derived: "`DOCKER_HOST`, else the local socket",
        }),
};

/** The whole declaration. Unknown keys are refused, each with the nearest known one. */
export const settingsSchema = z.strictObject(shape, {
    error: (issue) =>
        issue.code === "unrecognized_keys" ? unknownKeys(issue.keys ?? [], Object.keys(shape)) : undefined,
});

export type Settings = z.output<typeof settingsSchema>;
