import { z } from "zod";
import { instead } from "../../config/schema/problems";
import { hostSchema } from "../../config/schema/profiles";
import { regexMistake } from "../../config/schema/re2";
import { ownScrapeJob } from "../../config/schema/scrapeJob";
import { anyText, dictionary, image, memory, object, port, text, toggle } from "../../config/schema/values";
import { hostInstance } from "../hostInstance";
import { collectors } from "./collectors";

export const standardImage = "prom/node-exporter:v1.12.1";

/** Where its collectors are explained. */
const page = "https://github.com/prometheus/node_exporter#collectors";

const collector = z.string().superRefine((name, context) => {
    if (!collectors.includes(name)) {
        const advice = instead(name, collectors, `${page} lists those that there are`);
        context.addIssue({ code: "custom", message: `is no collector; ${advice}` });
    }
});

/** An expression that stands in place of node_exporter's own. */
const excluded = (what: string, derived: string) =>
    anyText
        .superRefine((value, context) => {
            const mistake = value === "" ? "is empty; write an expression, or leave it out" : regexMistake(value);
            if (mistake !== undefined) {
                context.addIssue({ code: "custom", message: mistake });
            }
        })
        .optional()
        .meta({ description: `${what} to leave out, as a regular expression.`, derived });

const excludeSchema = object({
    mountPoints: excluded("Mount points of filesystems", "node_exporter's own"),
    fsTypes: excluded("Types of filesystems", "node_exporter's own"),
    disks: excluded("Disks", "node_exporter's own"),
    networkDevices: excluded("Network devices", "`^(lo|veth.*|br-.*|docker.*)$`"),
});

const aDirectory = [
    "an absolute path or the name of a volume",
    'one, such as "/var/lib/node_exporter" or "textfiles"',
] as const;

export const nodeExporterSchema = object({
    enabled: toggle.prefault("true").describe("Run node_exporter, for the host's metrics."),
    image: image(standardImage),
    port: port.default(9100).describe("TCP port on the gateway address of the stack's network."),
    memoryLimit: memory("128MB"),
    instance: hostInstance("host"),
    scrapeJob: ownScrapeJob,
    collectors: dictionary(collector, toggle, "collectors with true or false, such as {systemd: true, wifi: false}")
        .default({})
        .describe("Collectors to turn on or off, by name, such as `{systemd: true, wifi: false}`."),
    exclude: excludeSchema.prefault({}).describe("What to leave out of what is collected."),
    textfileDirectory: text(/^(\/[^\s,]*[^\s,/]|[a-zA-Z0-9][\w.-]+)$/, ...aDirectory)
        .optional()
        .meta({
            description: "A folder of the Docker host, or an existing volume, with files `*.prom` of metrics.",
            derived: "none",
        }),
    host: hostSchema.prefault({}).describe("When the host's alerts fire."),
})
    .prefault({})
    .describe("The metrics of the Docker host.");

export type NodeExporterSettings = z.output<typeof nodeExporterSchema>;
