import type { Problem } from "../schema/problems";

/**
 * Half of a character, as "\ud800" in YAML and JSON, is in no UTF-8: whatever reads the files that are written would refuse it, or
 * read another text. What was given may be a secret, and is not shown.
 */
export function halfCharacters(value: unknown, path: Problem["path"] = []): Problem[] {
    if (typeof value === "string") {
        const message = 'has half of a character, such as "\\ud83d" without what follows; write the whole one';
        return isWhole(value) ? [] : [{ path, message }];
    }
    return typeof value === "object" && value !== null
        ? Object.entries(value).flatMap(([key, each]) => [
              ...(isWhole(key) ? [] : halfCharacters(key, [...path, key])),
              ...halfCharacters(each, [...path, Array.isArray(value) ? Number(key) : key]),
          ])
        : [];
}

const isWhole = (text: string) => !/\p{Surrogate}/u.test(text);
