import type { Problem } from "../problems";
import { Secret } from "../secret";

/** A secret that stands readable in the stack file would be in git, and in every message that quotes the file. */
export function plainSecrets(settings: unknown, encrypted: ReadonlySet<string>): Problem[] {
    return secretPaths(settings)
        .filter(([key]) => !encrypted.has(String(key)))
        .map((path) => {
            const key = path.reduce<string>(
                (text, step) => text + (typeof step === "number" ? `[${step}]` : `.${step}`),
                "",
            );
            const command = `pulumi config set --path --secret '${key.slice(1)}'`;
            return { path, message: `is in plain text; remove it and store it encrypted: ${command}` };
        });
}

function secretPaths(value: unknown, path: readonly (string | number)[] = []): (string | number)[][] {
    if (value instanceof Secret) {
        return [[...path]];
    }
    if (Array.isArray(value)) {
        return value.flatMap((item, i) => secretPaths(item, [...path, i]));
    }
    return typeof value === "object" && value !== null
        ? Object.entries(value).flatMap(([key, item]) => secretPaths(item, [...path, key]))
        : [];
}
