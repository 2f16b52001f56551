import type { CheckFailure, Properties } from "./provider";

/**
 * Refuses by name every input that is not supported.
 * @param supported paths of inputs, each with all that is below it, e.g. "image", "mounts.bindOptions.propagation"
 */
export function unsupported(type: string, supported: readonly string[], given: Properties): CheckFailure[] {
    return [...new Set(unsupportedPaths(supported, given, ""))].map((path) => ({
        property: path.split(".")[0] ?? path,
        reason: `${type}: input "${path}" is not supported by the plugin from packages; use the official plugin (TOOLCHAIN=official)`,
    }));
}

/** The items of a list share the path of the list. */
function unsupportedPaths(supported: readonly string[], value: unknown, path: string): string[] {
    if (supported.some((known) => isWithin(path, known))) {
        return [];
    }
    if (path !== "" && !supported.some((known) => isWithin(known, path))) {
        return [path];
    }
    if (Array.isArray(value)) {
        return value.flatMap((item) => unsupportedPaths(supported, item, path));
    }
    return typeof value === "object" && value !== null
        ? Object.entries(value).flatMap(([key, item]) =>
              unsupportedPaths(supported, item, path === "" ? key : `${path}.${key}`),
          )
        : [];
}

const isWithin = (path: string, other: string) => `${path}.`.startsWith(`${other}.`);
