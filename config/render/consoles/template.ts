import { createHash } from "node:crypto";

/** Texts that several pages have in common, by their name. */
export type Shared = Readonly<Record<string, string>>;

/**
 * Writes a page so that Prometheus serves it as it is: what lies under /consoles/ are templates of Go's html/template, which
 * would take `{{` in a declared text for an action, and strip what it takes for comments from a script. So each line is a
 * string, and said to be HTML already: of JSON's escapes Go knows all that are used. The comment has the checksum of
 * what is served, by which a delivery is verified.
 * Source: https://prometheus.io/docs/visualization/consoles/ and https://pkg.go.dev/text/template#hdr-Arguments
 * @param shared what the page has of the library
 */
export function template(page: string, shared: Shared = {}): string {
    const served = wellFormed(page);
    const checksum = createHash("sha256").update(served).digest("hex");
    return `{{/* sha256 ${checksum} */}}${written(served, Object.entries(shared))}`;
}

/** Writes what pages have in common: it is delivered once, however many pages there are. */
export const library = (shared: Shared): string =>
    Object.entries(shared)
        .map(([name, text]) => `{{ define "${name}" }}${strings(text)}{{ end }}\n`)
        .join("");

function written(text: string, [first, ...rest]: readonly (readonly [name: string, text: string])[]): string {
    return first === undefined
        ? strings(text)
        : text
              .split(first[1])
              .map((each) => written(each, rest))
              .join(`{{ template "${first[0]}" }}`);
}

const strings = (text: string) =>
    text
        .split("\n")
        .map((line) => (line === "" ? "" : `{{ safeHtml ${JSON.stringify(line)} }}`))
        .join("\n");

/** Half a character, which JSON could write and Go refuses, is one that says so. */
const wellFormed = (text: string) => Buffer.from(text).toString();
