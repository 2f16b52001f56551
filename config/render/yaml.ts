import { Document, Scalar, visit } from "yaml";

/**
 * YAML 1.1 quoting keeps "on" and "12:30" text for every reader; a value that occurs twice must not become an alias. Keys are
 * sorted. The library writes the texts that need it, and each once: it takes ten times as long for the rules of a thousand jobs.
 */
export function toYaml(content: unknown): string {
    return `${node(content, "")}\n`;
}

/** @param indent of all lines but the first */
function node(value: unknown, indent: string): string {
    if (typeof value === "string") {
        const lines = text(value, "value");
        return lines.includes("\n") ? lines.replace(/\n {2}/g, `\n${indent}`) : lines;
    }
    if (typeof value !== "object" || value === null) {
        return String(value);
    }
    const entries = entriesOf(value, indent);
    return entries.length > 0 ? entries.join(`\n${indent}`) : Array.isArray(value) ? "[]" : "{}";
}

function entriesOf(collection: object, indent: string): string[] {
    return Array.isArray(collection)
        ? collection.map((item) => `- ${node(item, `${indent}  `)}`)
        : Object.entries(collection)
              .filter(([, value]) => value !== undefined)
              .sort(([a], [b]) => (a < b ? -1 : 1))
              .map(([key, value]) => entry(text(key, "key"), value, indent));
}

/** The longest key that stands on one line with what follows it: https://yaml.org/spec/1.1/#id903915 */
const longestKey = 1024;

function entry(key: string, value: unknown, indent: string): string {
    const inner = `${indent}  `;
    if (key.length > longestKey) {
        return `? ${key}\n${indent}: ${node(value, inner)}`;
    }
    const below = node(value, inner);
    const isFilled = typeof value === "object" && value !== null && below !== "[]" && below !== "{}";
    return `${key}:${isFilled ? `\n${inner}` : " "}${below}`;
}

const written = { key: new Map<string, string>(), value: new Map<string, string>() };

/** A text as the library writes it, with two spaces before all lines but the first. */
function text(value: string, place: "key" | "value"): string {
    if (isPlain(value)) {
        return value;
    }
    const known = written[place].get(value) ?? writtenByLibrary(value, place);
    written[place].set(value, known);
    return known;
}

/**
 * True for texts that no reader takes for anything else, most of those that there are: they begin as no number, date or
 * instruction does, are longer than any word of YAML, and hold nothing that ends a plain text or has to be escaped.
 */
const isPlain = (value: string) =>
    isAddress.test(value) ||
    (/^[A-Za-z_(/]/.test(value) && value.length > "false".length && !/: | #|[ :-]$|[^\x20-\x7e]/.test(value));

/** With three dots it is no number, and no time of YAML 1.1. Targets are many. */
const isAddress = /^\d+(\.\d+){3}(:\d+)?$/;

/**
 * Characters that YAML 1.1 does not allow as they are, or reads as line breaks. In double quotes they are written as escapes.
 * Source: https://yaml.org/spec/1.1/#id868524
 */
const special = /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g;

/** Texts that some reader takes for something else: two instructions of YAML 1.1, https://yaml.org/type/, a number of YAML 1.2. */
const ambiguous = /^(<<|=|0o[0-7]+)$/;

function writtenByLibrary(value: string, place: "key" | "value"): string {
    const document = new Document(place === "key" ? { [value]: 0 } : [value, 0], {
        version: "1.1",
        // "<<" is a text like any other here, and quoted below.
        customTags: (tags) => tags.filter((tag) => typeof tag === "string" || tag.tag !== "tag:yaml.org,2002:merge"),
    });
    visit(document, {
        Scalar: (_, scalar) => {
            if (
                typeof scalar.value === "string" &&
                (ambiguous.test(scalar.value) || scalar.value.search(special) >= 0)
            ) {
                scalar.type = Scalar.QUOTE_DOUBLE;
            }
        },
    });
    return document
        .toString({ lineWidth: 0 })
        .replace(place === "key" ? /^(\? )?|\n?: 0\n$/g : /^- |\n- 0\n$/g, "")
        .replace(special, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
