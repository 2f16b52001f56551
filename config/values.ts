import { isIPv4 } from "node:net";
import { z } from "zod";
import { expected, unknownKeys } from "./problems";
import { Secret } from "./secret";
import { parseDuration, parseSize } from "./units";

/** The kinds of value that a declaration is made of, each with the message for a value that is not one. */

/** Text that matches a pattern. */
export const text = (pattern: RegExp, what: string, example: string) =>
    z.string({ error: expected(what, example) }).regex(pattern, { error: expected(what, example) });

/** One of a few words. */
export const oneOf = <const Words extends readonly [string, ...string[]]>(words: Words) =>
    z.enum(words, { error: expected("a known word", `one of ${words.join(", ")}`) });

/** "true" or "false": Pulumi hands over top-level values as text and nested ones as they are. */
export const toggle = z
    .union([z.boolean(), z.enum(["true", "false"])], { error: expected("true or false", "true or false") })
    .transform((value) => value === true || value === "true");

/** A Prometheus duration, read as milliseconds. */
export const duration = z
    .string({ error: expected("a duration", 'a number with a unit, such as "15s" or "1m30s"') })
    .transform((value, context) => {
        const milliseconds = parseDuration(value);
        if (milliseconds === undefined) {
            const message = expected("a duration above zero", 'whole numbers with units, such as "15s" or "1m30s"');
            context.addIssue({ code: "custom", message: message({ input: value }) });
            return z.NEVER;
        }
        return milliseconds;
    });

/** A size such as "512MB" (units are powers of two), read as bytes. */
export const sizeLimit = (example: string) =>
    z.string({ error: expected("a size", example) }).transform((value, context) => {
        const bytes = parseSize(value);
        if (bytes === undefined) {
            context.addIssue({ code: "custom", message: expected("a size above zero", example)({ input: value }) });
            return z.NEVER;
        }
        return bytes;
    });

/** A whole number above zero. */
export const count = z
    .int({ error: expected("a whole number", "a whole number above 0") })
    .positive({ error: expected("above zero", "a whole number above 0") });

/** A share: above 0 and below 1. */
export const ratio = z
    .number({ error: expected("a share", "a number between 0 and 1, such as 0.05 for 5 %") })
    .refine((value) => value > 0 && value < 1, {
        error: expected("a share", "a number between 0 and 1, such as 0.05 for 5 %"),
    });

/** A TCP port. */
export const port = z
    .int({ error: expected("a TCP port", "a number from 1 to 65535") })
    .min(1, { error: expected("a TCP port", "a number from 1 to 65535") })
    .max(65535, { error: expected("a TCP port", "a number from 1 to 65535") });

/** An address of the Docker host to publish a port on. */
export const address = z
    .string({ error: expected("an IPv4 address", 'one, such as "127.0.0.1"') })
    .refine(isIPv4, { error: expected("an IPv4 address", 'one, such as "127.0.0.1"') });

/** The most memory that a container may use. */
export const memory = (standard: string) =>
    sizeLimit('the most memory the container may use, such as "512MB"').prefault(standard);

/** An image with a fixed tag or digest. */
export const image = (standard: string) =>
    text(
        /^[a-z0-9.-]+(:\d+)?(\/[a-z0-9._-]+)*(:(?!latest(@|$))[\w.-]+)?(@sha256:[0-9a-f]{64})?(?<=[:@].*)$/,
        "an image with a fixed tag or digest",
        `one, such as ${JSON.stringify(standard)}`,
    ).default(standard);

/** How long a new container may take to become ready. */
export const startTimeout = duration.prefault("5m");

const secretText = z
    .string({
        error: ({ input }) =>
            input === undefined ? "is missing; write a secret text" : "is not text; write a secret text",
    })
    .min(1, { error: "is empty; write a secret text" });

/** A secret value. Its messages never show what was given. */
export const secret = secretText.transform((value) => new Secret(value));

/** A URL that holds a token: whoever knows it may use it. */
export const secretUrl = secretText
    .refine(isWebUrl, { error: 'is not a URL; write one that begins with "https://" or "http://"' })
    .transform((value) => new Secret(value));

/** True for an absolute URL of the web. */
export function isWebUrl(value: string): boolean {
    return /^https?:\/\/\S+$/.test(value) && URL.canParse(value);
}

/**
 * The name of a label.
 * Source: https://prometheus.io/docs/concepts/data_model/#metric-names-and-labels; names that begin with `__` are Prometheus' own.
 */
export const labelName = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/** Names that match a pattern, each with a text: labels, for instance. */
export const record = (namePattern: RegExp) =>
    z
        .record(z.string(), z.string({ error: expected("text", 'text in quotes, such as "eu-1"') }), {
            error: expected("an object", 'names with texts, such as {region: "eu-1"}'),
        })
        .superRefine((entries, context) => {
            for (const name of Object.keys(entries).filter((entry) => !namePattern.test(entry))) {
                const message = "is not a valid name; write letters, digits and underscores, not starting with a digit";
                context.addIssue({ code: "custom", path: [name], message });
            }
        });

/**
 * An object that refuses unknown keys, each with the nearest known one.
 * @param elsewhere where keys that people expect here really stand, e.g. `{ targets: "staticConfigs: [{targets: [...]}]" }`
 */
export function object<Shape extends z.core.$ZodLooseShape>(shape: Shape, elsewhere: Record<string, string> = {}) {
    return z.strictObject(shape, {
        error: (issue) =>
            issue.code === "unrecognized_keys"
                ? unknownKeys(issue.keys ?? [], Object.keys(shape), elsewhere)
                : expected("an object", `an object with keys from ${Object.keys(shape).join(", ")}`)(issue),
    });
}
