import { z } from "zod";
import type { Elsewhere } from "./problems";
import { expected, expectedStructure, show, unknownKeys } from "./problems";
import { encrypted, Secret } from "./secret";
import { durationForm, formatDuration, formatSize, parseDuration, parseSize, sizeForm } from "./units";

/**
 * The kinds of value that a declaration is made of, each with the message for a value that is not one.
 *
 * What a key means is told once, where it is declared: by `.describe("...")`, or by `.meta({ description, derived })` where
 * the default is not written in the schema. docs/configuration.md and stackFile.schema.json are made from it.
 */

/** Any text. */
export const anyText = z.string({ error: expected("text", "text in quotes") });

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

const notADuration = expected("a duration above zero", 'whole numbers with units, such as "15s" or "1m30s"');

/** A Prometheus duration, read as milliseconds. */
export const duration = z
    .string({ error: expected("a duration", 'a number with a unit, such as "15s" or "1m30s"') })
    .regex(durationForm, { error: notADuration })
    .transform((value, context) => {
        const milliseconds = parseDuration(value);
        if (milliseconds === undefined) {
            context.addIssue({ code: "custom", message: notADuration({ input: value }) });
            return z.NEVER;
        }
        return milliseconds;
    });

/** How often something is done: at least once a year, since the alerts look back over several times. */
export const interval = duration.refine((milliseconds) => milliseconds <= 365 * 86_400_000, {
    error: ({ input }) => `${show(formatDuration(Number(input)))} is longer than a year; write one such as "15s"`,
});

/** A size such as "512MB" (units are powers of two), read as bytes. */
export const sizeLimit = (example: string) => {
    const notASize = expected("a size above zero", example);
    return z
        .string({ error: expected("a size", example) })
        .regex(sizeForm, { error: notASize })
        .transform((value, context) => {
            const bytes = parseSize(value);
            if (bytes === undefined) {
                context.addIssue({ code: "custom", message: notASize({ input: value }) });
                return z.NEVER;
            }
            return bytes;
        });
};

/** A whole number above zero. */
export const count = z
    .int({ error: expected("a whole number", "a whole number above 0") })
    .positive({ error: expected("above zero", "a whole number above 0") });

/** The same at the top of a declaration: Pulumi hands it over as text. */
export const topLevelCount = z.preprocess(
    (value) => (typeof value === "string" && /^\d+$/.test(value) ? Number(value) : value),
    count,
);

/** A share: above 0 and below 1. */
export const ratio = z
    .number({ error: expected("a share", "a number between 0 and 1, such as 0.05 for 5 %") })
    .gt(0, { error: expected("a share", "a number between 0 and 1, such as 0.05 for 5 %") })
    .lt(1, { error: expected("a share", "a number between 0 and 1, such as 0.05 for 5 %") });

/** Any number above zero. */
export const positive = z
    .number({ error: expected("a number", "a number above 0") })
    .positive({ error: expected("above zero", "a number above 0") });

/** A TCP port. */
export const port = z
    .int({ error: expected("a TCP port", "a number from 1 to 65535") })
    .min(1, { error: expected("a TCP port", "a number from 1 to 65535") })
    .max(65535, { error: expected("a TCP port", "a number from 1 to 65535") });

/** A port of the Docker host that a container's is published on. */
export const publishedPort = (standard: number) => port.default(standard).describe("TCP port on the Docker host.");

/** An address of the Docker host to publish a port on. */
export const bindAddress = z
    .ipv4({ error: expected("an IPv4 address", 'one, such as "127.0.0.1"') })
    .default("127.0.0.1")
    .describe("Address of the Docker host that the port is published on.");

/**
 * The most memory that a container may use.
 * Source of the least: https://docs.docker.com/engine/containers/resource_constraints/#limit-a-containers-access-to-memory
 */
export const memory = (standard: string) =>
    sizeLimit('the most memory the container may use, such as "512MB"')
        .refine((bytes) => bytes >= 6 * 2 ** 20, {
            error: ({ input }) => `${show(formatSize(Number(input)))} is less than Docker accepts; write "6MB" or more`,
        })
        .prefault(standard)
        .describe("The most memory the container may use.");

/** Source of the form: https://pkg.go.dev/github.com/distribution/reference */
const imageReference = new RegExp(
    [
        /^([a-z0-9.-]+(:\d+)?\/)?/, // registry
        /[a-z0-9]+([._-]+[a-z0-9]+)*(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*/, // name
        /(:(?!latest$)\w[\w.-]{0,127}(@sha256:[0-9a-f]{64})?|@sha256:[0-9a-f]{64})$/, // tag, digest or both
    ]
        .map(({ source }) => source)
        .join(""),
);

/** What is said of an image in which nothing can be run but its program. */
export const noShell = (standard: string) =>
    `has no shell, and the stack checks and delivers files with the one in the image; write one that has sh, tar and wget, ` +
    `such as ${JSON.stringify(standard)}`;

/** An image that does not change by itself. */
export const fixedImage = (example: string) =>
    text(imageReference, "an image with a fixed tag or digest", `one, such as ${JSON.stringify(example)}`).describe(
        "The image, with a fixed tag or a digest.",
    );

/** One that the stack also works in. Source: https://github.com/GoogleContainerTools/distroless */
export const image = (standard: string) =>
    fixedImage(standard)
        .refine((reference) => !reference.includes("distroless"), {
            error: ({ input }) => `${show(input)} ${noShell(standard)}`,
        })
        .default(standard)
        .describe("The image, with a fixed tag or a digest.");

/** An existing Docker volume for a part's data. Docker's own rule for names: https://docs.docker.com/reference/cli/docker/volume/create/#name */
export const dataVolume = (holds: string) =>
    text(
        /^[a-zA-Z0-9][\w.-]+$/,
        "the name of a Docker volume",
        'one from `docker volume ls`, such as "prometheus_data"',
    )
        .optional()
        .meta({
            description: `An existing Docker volume with ${holds}, of somebody else: never created, labelled or deleted.`,
            derived: "a volume of the stack's own",
        });

/** How long a new container may take to become ready. Only plausible times: 1 s to 1 h. */
export const startTimeout = duration
    .refine((milliseconds) => milliseconds >= 1000 && milliseconds <= 3_600_000, {
        error: ({ input }) => `${show(formatDuration(Number(input)))} is not from 1s to 1h; write one, such as "5m"`,
    })
    .prefault("5m")
    .describe("How long a new container may take to become ready, from `1s` to `1h`.");

const hidden = (what: string, example: string) => (issue: { readonly input: unknown }) =>
    `${issue.input === undefined ? "is missing" : `is not ${what}`}; write ${example}`;

/** Text that matches a pattern, and may be a secret by mistake: its messages never show what was given. */
export const hiddenText = (pattern: RegExp, what: string, example: string) =>
    z.string({ error: hidden(what, example) }).regex(pattern, { error: hidden(what, example) });

/** Secret text, or what stands for it where it is encrypted. The messages about it never show what was given. */
export const secretText = (error: string | ReturnType<typeof hidden>) =>
    z
        .custom<string | typeof encrypted>((value) => typeof value === "string" || value === encrypted, { error })
        .meta({ secret: true })
        .transform((value) => new Secret(value === encrypted ? undefined : value));

/**
 * A secret value. Prometheus, Alertmanager and Grafana read it from a file and remove white space at the ends; a control
 * character can be in no HTTP header.
 */
export const secret = secretText(hidden("text", "a secret text"))
    .refine((value) => value.satisfies((text) => text !== ""), { error: "is empty; write a secret text" })
    .refine((value) => value.satisfies((text) => text === text.trim() && !/\p{Cc}/u.test(text)), {
        error: "has a line break or white space at an end, or a control character; write the secret alone",
    });

/** A secret file's text: a whole configuration may be one. */
export const secretContent = secretText(hidden("text", "a secret text")).refine(
    (value) => value.satisfies((text) => text !== ""),
    { error: "is empty; write a secret text" },
);

/** The name of a file that is delivered into a container. */
export const fileName = text(
    /^\w[\w.-]{0,199}$/,
    "a file's name of letters, digits, _ . and -, beginning with one of the first three",
    'one, such as "shop-password"',
);

/** Docker networks. Not Docker's `host` and `none`: a container is on one of them or on networks. */
export const networkNames = z
    .array(
        text(
            /^(?!(?:host|none)$)[a-zA-Z0-9][\w.-]*$/,
            "the name of a Docker network that containers can share",
            'one from `docker network ls`, such as "shop_default"',
        ),
        { error: expectedStructure("a list", 'a list of network names, such as ["shop_default"]') },
    )
    .default([]);

/** A password that people sign in with. Short ones, `admin` among them, can be guessed. */
export const password = secret.refine((value) => value.satisfies(({ length }) => length >= 12), {
    error: "is too short; write at least 12 characters",
});

/** A URL that holds a token: whoever knows it may use it. */
export const secretUrl = secret.refine((value) => value.satisfies(URL.canParse) && value.satisfies(isOfTheWeb), {
    error: 'is not a URL; write one that begins with "https://" or "http://"',
});

const webScheme = /^https?:\/\/\S+$/;
const isOfTheWeb = (url: string) => webScheme.test(url);

/** Where people find something: an absolute URL of the web, that can be opened. */
export const webUrl = (example: string) =>
    text(webScheme, "a URL", example)
        .refine(URL.canParse, { error: expected("a URL", example) })
        .refine((url) => !URL.canParse(url) || !/^(0\.0\.0\.0|\[::\])$/.test(new URL(url).hostname), {
            error: expected("a URL that anybody can open", example),
        });

/** Names with values: labels, for instance. */
export const dictionary = <Value extends z.ZodType>(name: z.ZodType<string, string>, value: Value, example: string) =>
    z.preprocess(
        (input, context) => {
            // JavaScript's own name for something else: as a key it would be lost without a word.
            if (typeof input === "object" && input !== null && Object.hasOwn(input, "__proto__")) {
                context.addIssue({
                    code: "custom",
                    path: ["__proto__"],
                    message: "is not a usable name; write another",
                });
            }
            return input;
        },
        z.record(name, value, { error: expectedStructure("an object", example) }),
    );

/** An object that refuses unknown keys, each with the nearest known one, or with what else is known of it. */
export function object<Shape extends z.core.$ZodLooseShape>(shape: Shape, elsewhere: Elsewhere = {}) {
    const keys = Object.keys(shape).join(", ");
    // Nobody reads a long message.
    const right =
        keys.length > 400 ? "an object with the keys in docs/configuration.md" : `an object with keys from ${keys}`;
    return z.strictObject(shape, {
        error: (issue) =>
            issue.code === "unrecognized_keys"
                ? unknownKeys(issue.keys ?? [], Object.keys(shape), elsewhere)
                : expectedStructure("an object", right)(issue),
    });
}

/** A list. @param words what it is to one who wrote something else, with an example */
export const listOf = <Item extends z.ZodType>(item: Item, words: string) =>
    z.array(item, { error: expectedStructure("a list", words) });

/** One object, or a list of such. */
export const oneOrMore = <Value extends z.ZodType>(value: Value) =>
    z
        .union([value, z.array(value)], { error: expectedStructure("an object", "an object, or a list of objects") })
        .optional();
