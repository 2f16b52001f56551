import { z } from "zod";
import { declarable } from "../../components/parts";
import { stackSchema } from "../../config/schema/stack";

/** The schema of the declaration, for editors and for the documentation. */

/** The part of JSON schema that the declaration's is made of, and what its metadata adds. */
export interface JsonSchema {
    readonly $ref?: string;
    readonly $defs?: Readonly<Record<string, JsonSchema>>;
    readonly description?: string;
    readonly title?: string;
    readonly default?: unknown;
    /** The default in words, where it is not one value. */
    readonly derived?: string;
    readonly secret?: true;
    /** The page of somebody else that explains its keys: it has no table here. */
    readonly explainedAt?: string;
    readonly type?: string | readonly string[];
    readonly enum?: readonly unknown[];
    readonly properties?: Readonly<Record<string, JsonSchema>>;
    readonly required?: readonly string[];
    readonly items?: JsonSchema;
    readonly allOf?: readonly JsonSchema[];
    readonly anyOf?: readonly JsonSchema[];
    readonly additionalProperties?: JsonSchema | boolean;
    readonly [other: string]: unknown;
}

/** What may be written in a stack file, without prefixes: `derived`, `secret` and `explainedAt` are still in it. */
export function declarationSchema(): JsonSchema {
    return z.toJSONSchema(stackSchema(declarable), {
        io: "input",
        // Secrets: `withEncrypted` below says what they look like.
        unrepresentable: "any",
        override({ zodSchema, jsonSchema }) {
            // Zod leaves out the defaults of values that it converts. Ours are written as a user would write them.
            if (zodSchema instanceof z.core.$ZodDefault) {
                jsonSchema.default = zodSchema._zod.def.defaultValue;
            }
            if (zodSchema instanceof z.core.$ZodString) {
                Object.assign(jsonSchema, withoutFlags(jsonSchema as JsonSchema, zodSchema._zod.def));
                // Names that only zod knows; the patterns say the same.
                delete jsonSchema.format;
            }
            if (jsonSchema.oneOf) {
                Object.assign(jsonSchema, { anyOf: jsonSchema.oneOf });
                delete jsonSchema.oneOf;
            }
        },
    }) as JsonSchema;
}

/** The patterns of a text, as an editor can read them: those of a JSON schema have no flags. */
function withoutFlags(patterns: JsonSchema, { checks = [] }: z.core.$ZodStringDef): JsonSchema {
    const caseless = checks.flatMap((check) => {
        const { pattern } = check._zod.def as Partial<z.core.$ZodCheckRegexDef>;
        return pattern?.flags.includes("i") ? pattern.source : [];
    });
    const rewrite = (source: unknown) => (caseless.includes(String(source)) ? withBothCases(String(source)) : source);
    return {
        ...("pattern" in patterns && { pattern: rewrite(patterns.pattern) }),
        ...(patterns.allOf && { allOf: patterns.allOf.map(({ pattern }) => ({ pattern: rewrite(pattern) })) }),
    };
}

/** Rewrites an expression that does not tell upper from lower case for those who cannot say so: `^on$` is `^[oO][nN]$`. */
export function withBothCases(source: string): string {
    let inClass = false;
    return source.replace(
        /\\(?:p\{[^}]*\}|x[\da-f]{2}|u[\da-f]{4}|[^])|[a-z]-[a-z]|[[\]]|[a-z]/gi,
        (piece: string): string => {
            if (piece === "[" || piece === "]") {
                inClass = piece === "[";
            }
            if (!/^[a-z]/i.test(piece)) {
                return piece;
            }
            const both = piece.toLowerCase() + piece.toUpperCase();
            return inClass ? both : piece.length === 1 ? `[${both}]` : [...piece].map(withBothCases).join("");
        },
    );
}

const encrypted = {
    type: "object",
    properties: { secure: { type: "string" } },
    required: ["secure"],
    additionalProperties: false,
    description: "Encrypted by `pulumi config set --secret`.",
};

/** The schema of a whole stack file. Draft 7 is what all editors know. */
export function stackFileSchema(): object {
    const { properties = {}, $defs = {} } = declarationSchema();
    return {
        $schema: "http://json-schema.org/draft-07/schema#",
        title: "A stack of metrics-stack",
        type: "object",
        properties: {
            config: {
                type: ["object", "null"],
                properties: mapValues(properties, forEditors, (key) => `metrics-stack:${key}`),
                // Other namespaces are read by Pulumi itself.
                patternProperties: { "^(?!metrics-stack:)[^:]+:.": true },
                additionalProperties: false,
            },
            ...mapValues(pulumisOwnKeys, (description) => ({ type: "string", description })),
            environment: { description: "Pulumi ESC environments that the stack takes values from." },
        },
        additionalProperties: false,
        definitions: mapValues($defs, forEditors),
    };
}

/** Source: https://www.pulumi.com/docs/iac/concepts/projects/stack-settings-file/ */
const pulumisOwnKeys = {
    encryptionsalt: "Written by Pulumi: belongs to the passphrase that encrypts the secrets.",
    secretsprovider: "Written by Pulumi: what encrypts the secrets.",
    encryptedkey: "Written by Pulumi: the key of the secrets, encrypted.",
};

/** A schema without what only our own metadata says: it becomes a sentence, or something that an editor can check. */
function forEditors({ $ref, derived, secret, description, explainedAt: _, ...rest }: JsonSchema): object {
    const sentences = [description, secret && "A secret.", derived && `Default: ${derived}.`];
    const text = sentences.filter((sentence) => sentence !== undefined).join(" ");
    const { properties, items, additionalProperties, anyOf, ...plain } = rest;
    return {
        ...(text !== "" && { description: text }),
        ...plain,
        // In draft 7 nothing else may stand beside a reference.
        ...($ref !== undefined && { allOf: [{ $ref: $ref.replace("#/$defs/", "#/definitions/") }] }),
        ...(secret && { anyOf: [{ type: "string", minLength: 1 }, encrypted] }),
        ...(anyOf && { anyOf: anyOf.map(forEditors) }),
        ...(properties && { properties: mapValues(properties, forEditors) }),
        ...(items && { items: forEditors(items) }),
        ...(additionalProperties !== undefined && {
            additionalProperties:
                typeof additionalProperties === "boolean" ? additionalProperties : forEditors(additionalProperties),
        }),
    };
}

function mapValues<Value, Result>(
    record: Readonly<Record<string, Value>>,
    change: (value: Value) => Result,
    rename = (key: string) => key,
): Record<string, Result> {
    return Object.fromEntries(Object.entries(record).map(([key, value]) => [rename(key), change(value)]));
}
