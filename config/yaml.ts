import { stringify } from "yaml";

/** YAML 1.1 quoting keeps "on" and "12:30" text for every reader; a value that occurs twice must not become an alias. */
export function toYaml(document: unknown): string {
    return stringify(document, { version: "1.1", sortMapEntries: true, aliasDuplicateObjects: false, lineWidth: 0 });
}
