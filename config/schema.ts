import { z } from "zod";
import { alertmanagerSchema } from "./alertmanagerSettings";
import { images } from "./images";
import { labels } from "./labels";
import { expected, expectedStructure, unknownKeys } from "./problems";
import { applicationProfileSchema, applicationSchema, builtInProfiles, hostSchema, profileName } from "./profiles";
import { scrapeJobSchema } from "./scrapeJob";
import { isStackSubnet, parseIpv4, parseSubnet } from "./units";
import { address, anyText, dictionary, duration, image, memory, object, port } from "./values";
import { password, scrapeInterval, sizeLimit, startTimeout, text, toggle } from "./values";

/** What may be set in `Pulumi.<stack>.yaml`, in which unit and with which default. Keys are Prometheus' terms in camelCase. */

/** Not Docker's `host` and `none`: a container is on one of them or on networks. */
const networkName = text(
    /^(?!(?:host|none)$)[a-zA-Z0-9][\w.-]*$/,
    "the name of a Docker network that containers can share",
    'one from `docker network ls`, such as "shop_default"',
);

function isSubnetForStack(text: string): boolean {
    const subnet = parseSubnet(text);
    return subnet !== undefined && isStackSubnet(subnet);
}

const networkSchema = object({
    /** IPv4 network of the stack's own containers. @default derived from the stack's name, inside 172.28.0.0 to 172.30.255.255 */
    subnet: z
        .string({ error: expected("an IPv4 network", 'one in CIDR notation, such as "172.28.7.0/24"') })
        .refine(isSubnetForStack, {
            error: expected(
                "an IPv4 network for containers",
                'its first address and a prefix length from 8 to 29, such as "172.28.7.0/24"',
            ),
        })
        .optional(),
    /** The Docker host's own address in that network; node_exporter listens on it. @default the subnet's first host */
    gateway: z
        .string({ error: expected("an IPv4 address", 'one of the subnet, such as "172.28.7.1"') })
        .refine((value) => parseIpv4(value) !== undefined, {
            error: expected("an IPv4 address", 'one of the subnet, such as "172.28.7.1"'),
        })
        .optional(),
    /** Existing Docker networks that Prometheus joins too, so that it can scrape other projects' containers by name. */
    join: z
        .array(networkName, { error: expectedStructure("a list", 'a list of network names, such as ["shop_default"]') })
        .default([]),
}).prefault({});

const prometheusSchema = object({
    image: image(images.prometheus),
    /** TCP port on the Docker host. */
    port: port.default(9090),
    /** Address of the Docker host that the port is published on. Prometheus has no login: keep it private. */
    bindAddress: address.default("127.0.0.1"),
    memoryLimit: memory("2GB"),
    /** How long samples are kept. Flag `--storage.tsdb.retention.time`. */
    retentionTime: duration.prefault("15d"),
    /** How much the samples may take; the oldest go first. Flag `--storage.tsdb.retention.size`. @default no limit */
    retentionSize: sizeLimit('the most that the samples may take, such as "50GB"').optional(),
    /** How long a new container may take to become ready; replaying a large write-ahead log takes minutes. */
    startTimeout,
}).prefault({});

const nodeExporterSchema = object({
    enabled: toggle.prefault("true"),
    image: image(images.nodeExporter),
    /** TCP port on the gateway address of the stack's network. */
    port: port.default(9100),
    memoryLimit: memory("128MB"),
    /** The `instance` label of the host's metrics. @default the Docker host's name */
    instance: text(/\S/, "a name", 'the host\'s name, such as "web-1"').optional(),
    /** When the host's alerts fire. */
    host: hostSchema.prefault({}),
}).prefault({});

const grafanaSchema = object({
    enabled: toggle.prefault("true"),
    image: image(images.grafana),
    /** TCP port on the Docker host. */
    port: port.default(3000),
    bindAddress: address.default("127.0.0.1"),
    memoryLimit: memory("512MB"),
    startTimeout,
    /** Password of the user `admin`. @default one is generated once and kept encrypted in the state */
    adminPassword: password.optional(),
    /** Dashboards of your own in the repository: paths of files with Grafana's classic JSON, from the project's folder. */
    dashboardFiles: z
        .array(text(/\.json$/, "the path of a JSON file", 'one, such as "dashboards/shop.json"'), {
            error: expectedStructure("a list", 'a list of paths, such as ["dashboards/shop.json"]'),
        })
        .default([]),
}).prefault({});

const webBeSchema = object({
    /** Runs `examples/web_be` beside Prometheus, as a service to try things with. */
    enabled: toggle.prefault("false"),
    port: port.default(8000),
    bindAddress: address.default("127.0.0.1"),
    memoryLimit: memory("256MB"),
    /** When its alerts fire. */
    application: applicationSchema.prefault({}),
}).prefault({});

const alertsSchema = object({
    /** How long a target may be down before an alert fires; a job may say otherwise. */
    downFor: duration.prefault("5m"),
    /** Where the runbooks stand: every alert links to `<runbookUrl>/<alert>.md`. */
    runbookUrl: text(
        /^[^\s{}]+$/,
        "a place without spaces and braces",
        'one, such as "https://github.com/you/metrics/blob/main/docs/runbooks"',
    ).default("docs/runbooks"),
    /** Alerts to leave out, by name. */
    disabled: z
        .array(anyText, { error: expectedStructure("a list", 'a list of alert names, such as ["HostCpuBusy"]') })
        .default([]),
}).prefault({});

/** The name of a profile that is not there without being declared. */
const ownProfileName = z.string().refine((name) => profileName.test(name) && !Object.hasOwn(builtInProfiles, name), {
    error: "is not a free name; write one of your own, of letters, digits, _ and -",
});

const shape = {
    /** How often every target is scraped. */
    scrapeInterval: scrapeInterval.prefault("15s"),
    /** How long one scrape may take. @default 10s, or the interval where that is shorter */
    scrapeTimeout: duration.optional(),
    /** How often rules are evaluated. */
    evaluationInterval: duration.prefault("15s"),
    /** Labels that every sample and alert carries when it leaves this Prometheus. */
    externalLabels: labels.default({}),
    scrapeJobs: z.array(scrapeJobSchema, { error: expectedStructure("a list", "a list of scrape jobs") }).default([]),
    /** Names under which your applications expose their metrics, where those of the built-in profiles do not fit. */
    applicationProfiles: dictionary(
        ownProfileName,
        applicationProfileSchema,
        'names with profiles, such as {shop: {requests: "shop_requests_total"}}',
    ).default({}),
    alerts: alertsSchema,
    alertmanager: alertmanagerSchema,
    network: networkSchema,
    prometheus: prometheusSchema,
    nodeExporter: nodeExporterSchema,
    grafana: grafanaSchema,
    webBe: webBeSchema,
    /** Keep the volumes with samples and dashboards' state when the stack is destroyed. */
    retainData: toggle.prefault("true"),
    /** Docker endpoint of the stack's host. @default DOCKER_HOST, else the local socket */
    dockerHost: text(
        /^(unix:\/\/\/\S+|npipe:\/\/\S+|(ssh:\/\/([\w.-]+@)?|tcp:\/\/)([\w.-]+|\[[0-9a-f:]+\])(:[1-9]\d{0,4})?(\/\S*)?)$/i,
        "a Docker endpoint",
        'one, such as "unix:///var/run/docker.sock", "ssh://admin@web-1" or "tcp://web-1:2376"',
    ).optional(),
};

/** The whole declaration. Unknown keys are refused, each with the nearest known one. */
export const settingsSchema = z.strictObject(shape, {
    error: (issue) =>
        issue.code === "unrecognized_keys" ? unknownKeys(issue.keys ?? [], Object.keys(shape)) : undefined,
});

export type Settings = z.output<typeof settingsSchema>;
