import { z } from "zod";
import { moduleName } from "../../config/schema/probe";
import { expectedStructure } from "../../config/schema/problems";
import { probeSchema } from "../../config/schema/profiles";
import {
    dictionary,
    fileName,
    image,
    memory,
    object,
    oneOf,
    secret,
    startTimeout,
    toggle,
} from "../../config/schema/values";

export const standardImage = "prom/blackbox-exporter:v0.28.0";

/** Those that blackbox_exporter has. Source: https://github.com/prometheus/blackbox_exporter/blob/master/CONFIGURATION.md */
const probers = ["http", "tcp", "dns", "icmp", "grpc", "unix"] as const;

const ownModule = z.looseObject(
    { prober: oneOf(probers).describe("How it asks.") },
    { error: expectedStructure("an object", 'a module, such as {prober: "http", http: {method: "POST"}}') },
);

export const blackboxExporterSchema = object({
    enabled: toggle
        .optional()
        .meta({ description: "Run the exporter that asks.", derived: "whether there are `probes`" }),
    image: image(standardImage),
    memoryLimit: memory("128MB"),
    startTimeout,
    modules: dictionary(moduleName, ownModule, 'names with modules, such as {login: {prober: "http"}}')
        .default({})
        .describe("Modules for `probes[].module`, by name, in the exporter's own words."),
    secretFiles: dictionary(fileName, secret, "names with secret texts, such as {shop-password: ...}")
        .default({})
        .describe("What modules may not hold readably, by name: each is a file in `/etc/blackbox_exporter/secrets`."),
    probe: probeSchema.prefault({}).describe("When the alerts of `probes` fire."),
})
    .prefault({})
    .describe("What probes.");

export type BlackboxExporterSettings = z.output<typeof blackboxExporterSchema>;
