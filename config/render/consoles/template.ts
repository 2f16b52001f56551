import { createHash } from "node:crypto";

/**
 * Writes a page so that Prometheus serves it as it is: what lies under /consoles/ are templates of Go's html/template, which
 * would take `{{` in a declared text for an action, and strip what it takes for comments from a script. So each line is a
 * string, and said to be HTML already: of JSON's escapes Go knows all that are used. The comment has the checksum of
 * what is served, by which a delivery is verified.
 * Source: https://prometheus.io/docs/visualization/consoles/ and https://pkg.go.dev/text/template#hdr-Arguments
 */
export function template(page: string): string {
    const served = wellFormed(page);
    const checksum = createHash("sha256").update(served).digest("hex");
    const lines = served.split("\n");
    return `{{/* sha256 ${checksum} */}}${lines.map((line) => (line === "" ? "" : `{{ safeHtml ${JSON.stringify(line)} }}`)).join("\n")}`;
}

/** Half a character, which JSON could write and Go refuses, is one that says so. */
const wellFormed = (text: string) => Buffer.from(text).toString();

/** What Prometheus makes of it. */
export const expanded = (text: string): string =>
    text
        .replace(/^\{\{\/\* .* \*\/\}\}/, "")
        .replaceAll(/\{\{ safeHtml ("(?:[^"\\]|\\.)*") \}\}/g, (_, quoted: string) => JSON.parse(quoted));
