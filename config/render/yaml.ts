import { Document, Scalar, visit } from "yaml";

/**
 * Characters that YAML 1.1 does not allow as they are, or reads as line breaks. In double quotes they are written as escapes.
 * Source: https://yaml.org/spec/1.1/#id868524
 */
const special = /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g;

/** Texts that some reader takes for something else: two instructions of YAML 1.1, https://yaml.org/type/, a number of YAML 1.2. */
const ambiguous = /^(<<|=|0o[0-7]+)$/;

/** YAML 1.1 quoting keeps "on" and "12:30" text for every reader; a value that occurs twice must not become an alias. */
export function toYaml(content: unknown): string {
    const document = new Document(content, {
        version: "1.1",
        // "<<" is a text like any other here, and quoted below.
        customTags: (tags) => tags.filter((tag) => typeof tag === "string" || tag.tag !== "tag:yaml.org,2002:merge"),
        sortMapEntries: true,
        aliasDuplicateObjects: false,
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
        .replace(special, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
