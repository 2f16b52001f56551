/**
 * How a secret travels between the engine and a provider.
 * Source: https://github.com/pulumi/pulumi/blob/master/sdk/nodejs/runtime/rpc.ts
 */
const mark = "4dabf18193072939515e22adb298388d";
const secretMark = "1b47061264138c4ac30d75fd1eb44270";

const isSecret = (value: object): value is { value: unknown } => mark in value && value[mark] === secretMark;

/** Marks a value as secret. */
export const secret = (value: unknown) => ({ [mark]: secretMark, value });

/** The value without secret marks, at any depth. */
export function plain(value: unknown): unknown {
    if (Array.isArray(value)) {
        return value.map(plain);
    }
    if (typeof value !== "object" || value === null) {
        return value;
    }
    return isSecret(value)
        ? plain(value.value)
        : Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}

/** True if there is a secret at any depth. */
export function holdsSecret(value: unknown): boolean {
    return typeof value === "object" && value !== null && (isSecret(value) || Object.values(value).some(holdsSecret));
}
