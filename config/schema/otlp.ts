import type { z } from "zod";
import { listOf, object, oneOf, text, toggle } from "./values";

/**
 * What becomes of metrics that applications push by OpenTelemetry's protocol: `otlp` in camelCase.
 * Source: https://prometheus.io/docs/prometheus/latest/configuration/configuration/#configuration-file (`otlp`)
 */

const attributes = listOf(
    text(/^\S(.*\S)?$/, "the name of an attribute", 'one, such as "service.version"'),
    'a list of attributes, such as ["service.version"]',
)
    .refine((names) => new Set(names).size === names.length, { error: "has one attribute twice; write each once" })
    .optional();

/** The strategies that keep names as they are, which only the scheme `utf8` accepts. */
export const untranslated = ["NoUTF8EscapingWithSuffixes", "NoTranslation"] as const;

export const otlpSchema = object({
    promoteResourceAttributes: attributes.describe(
        "Attributes of a resource that become labels of its series; `target_info` has all of them.",
    ),
    promoteAllResourceAttributes: toggle
        .optional()
        .meta({ description: "All of them become labels.", derived: "`false`" }),
    ignoreResourceAttributes: attributes.describe("All but these, with `promoteAllResourceAttributes`."),
    promoteScopeMetadata: toggle
        .optional()
        .meta({ description: "Name, version and attributes of the scope become labels.", derived: "`false`" }),
    keepIdentifyingResourceAttributes: toggle.optional().meta({
        description: "`service.name`, `service.namespace` and `service.instance.id` stay in `target_info`, too.",
        derived: "`false`",
    }),
    translationStrategy: oneOf(["UnderscoreEscapingWithSuffixes", "UnderscoreEscapingWithoutSuffixes", ...untranslated])
        .optional()
        .meta({
            description:
                "How names are written: with underscores, and with the unit and `_total` at their end, or as they are.",
            derived: "`UnderscoreEscapingWithSuffixes`",
        }),
    labelNameUnderscoreSanitization: toggle
        .optional()
        .meta({ description: "A label that begins with `_` gets `key` in front.", derived: "`true`" }),
    labelNamePreserveMultipleUnderscores: toggle
        .optional()
        .meta({ description: "Underscores in a row stay in labels' names.", derived: "`true`" }),
    convertHistogramsToNhcb: toggle
        .optional()
        .meta({ description: "Store histograms as native ones with their own bounds.", derived: "`false`" }),
})
    .superRefine(({ promoteAllResourceAttributes, promoteResourceAttributes, ignoreResourceAttributes }, context) => {
        if (promoteAllResourceAttributes && promoteResourceAttributes?.length) {
            const message = "stands beside promoteAllResourceAttributes; write one of the two";
            context.addIssue({ code: "custom", path: ["promoteResourceAttributes"], message });
        }
        if (!promoteAllResourceAttributes && ignoreResourceAttributes?.length) {
            const message = "has no effect alone; write promoteAllResourceAttributes: true too, or leave it out";
            context.addIssue({ code: "custom", path: ["ignoreResourceAttributes"], message });
        }
    })
    .optional()
    .describe("What becomes of metrics that are pushed by OTLP, with `prometheus.receive.otlp`.");

export type Otlp = NonNullable<z.output<typeof otlpSchema>>;
