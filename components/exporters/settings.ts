import type { z } from "zod";
import { targetLabels } from "../../config/schema/labels";
import { scrapeJobSchema } from "../../config/schema/scrapeJob";
import {
    anyText,
    bindAddress,
    dictionary,
    fileName,
    fixedImage,
    listOf,
    memory,
    networkNames,
    object,
    port,
    secret,
    secretContent,
    startTimeout,
    text,
    toggle,
} from "../../config/schema/values";

/** What is declared of an exporter: its container, in Docker's words, and its job. */

// What a job has beside these is about targets of many kinds, or about the way to them: an exporter is one, on the stack's network.
const {
    jobName: _name,
    staticConfigs: _targets,
    relabelConfigs: _rules,
    proxyUrl: _proxy,
    targetLimit: _limit,
    ...ofTheJob
} = scrapeJobSchema.shape;

const jobSchema = object({
    ...ofTheJob,
    labels: targetLabels.default({}).describe('Labels of its series, such as `{team: "shop"}`.'),
}).meta({ id: "exporterJob" });

/** Source of the form: https://pubs.opengroup.org/onlinepubs/9799919799/basedefs/V1_chap08.html */
const variable = text(
    /^[a-zA-Z_]\w*$/,
    "the name of an environment variable",
    'letters, digits and _, such as "REDIS_ADDR"',
);

const path = (example: string) => text(/^\/[^\s:,]*$/, "an absolute path", `one, such as ${JSON.stringify(example)}`);

/** A bind mount's source, or a volume's name: https://docs.docker.com/reference/cli/docker/volume/create/#name */
const source = text(
    /^(\/[^\s:,]*|[a-zA-Z0-9][\w.-]+)$/,
    "a path of the Docker host or the name of a volume",
    'one, such as "/proc" or "shop_data"',
);

const words = (example: string) => listOf(anyText, `a list of texts, such as ${example}`);

const mount = object({
    source: source.describe("A path of the Docker host, or the name of a volume that is there."),
    target: path("/host/proc").describe("Where it is in the container."),
    readOnly: toggle.prefault("true").describe("Whether nothing can be written there."),
});

export const exporterSchema = object({
    // Part of the container's name, which is a host name of at most 63 letters.
    name: text(
        /^[a-z][a-z0-9_-]{0,31}$/,
        "a name of at most 32 lower-case letters, digits, _ and -, beginning with a letter",
        'one, such as "postgres"',
    ).describe("What it is called: the `job` label of its series, and the end of its container's name."),
    enabled: toggle.prefault("true").describe("Run it."),
    image: fixedImage("prom/pushgateway:v1.11.3"),
    port: port.describe("The port that it listens on in its container."),
    command: words('["--log.level=warn"]')
        .optional()
        .meta({ description: "Its arguments, a text each.", derived: "those of the image" }),
    program: words('["/bin/postgres_exporter"]')
        .min(1, { error: "is empty; write the image's ENTRYPOINT, or leave it out" })
        .optional()
        .meta({
            description: "What is run, a text each: needed beside `secretEnvironment`.",
            derived: "the image's `ENTRYPOINT`",
        }),
    environment: dictionary(variable, anyText, 'names with texts, such as {REDIS_ADDR: "redis:6379"}')
        .default({})
        .describe("Environment variables that anybody may read."),
    secretEnvironment: dictionary(variable, secret, "names with secret texts, such as {REDIS_PASSWORD: ...}")
        .default({})
        .describe("Environment variables that a shell of the image reads from files before the program begins."),
    secretFiles: dictionary(fileName, secretContent, "names with secret texts, such as {password: ...}")
        .default({})
        .describe("Secret files, by name: each is in `/etc/exporter/secrets`."),
    files: dictionary(fileName, anyText, 'names with paths, such as {"queries.yml": "exporters/queries.yml"}')
        .default({})
        .describe("Files of this repository, each a name with a path: in `/etc/exporter/current` under that name."),
    joinNetworks: networkNames.describe(
        "Docker networks of other projects that it joins, to find what it asks by name.",
    ),
    mounts: listOf(mount, 'a list of mounts, such as [{source: "/proc", target: "/host/proc"}]')
        .default([])
        .describe("What of the Docker host it sees."),
    tmpfs: listOf(path("/tmp"), 'a list of paths, such as ["/tmp"]')
        .default([])
        .describe("Folders in memory that it may write into: all else is read-only."),
    user: text(/^\d{1,9}(:\d{1,9})?$/, "a user's number", 'one in quotes, such as "65534" or "1000:1000"')
        .default("65534:65534")
        .describe("The number of the user that it runs as, and of the group."),
    memoryLimit: memory("128MB"),
    startTimeout,
    publishedPort: port
        .optional()
        .meta({ description: "TCP port on the Docker host, for who has to reach it there.", derived: "none" }),
    bindAddress,
    scrapeJob: jobSchema.prefault({}).describe("How it is scraped, and what its metrics are."),
}).meta({ id: "exporter" });

export const exportersSchema = listOf(
    exporterSchema,
    'a list of exporters, such as [{name: "redis", image: "oliver006/redis_exporter:v1.88.0", port: 9121}]',
)
    .default([])
    .describe("Exporters that run beside Prometheus, each a container and a job.");

export type ExporterSettings = z.output<typeof exporterSchema>;
