import type { StackConfig } from "../config/stackConfig";
import { parseStackConfig } from "../config/stackConfig";

/** Parses a declaration as the stack "test" on the host "web-1" would, all its keys stored encrypted. @param files by path */
export function parse(
    raw: Record<string, unknown> = {},
    encrypted: readonly string[] = Object.keys(raw),
    files: Readonly<Record<string, string>> = {},
): StackConfig {
    return parseStackConfig(raw, {
        stack: "test",
        hostName: "web-1",
        encrypted: new Set(encrypted),
        readFile(path) {
            const text = files[path];
            if (text === undefined) {
                throw new Error("no such file");
            }
            return text;
        },
    });
}

/** The mistakes of a declaration, a line each. @throws if it has none. */
export function mistakes(
    raw: Record<string, unknown>,
    encrypted?: readonly string[],
    files?: Readonly<Record<string, string>>,
): string[] {
    try {
        parse(raw, encrypted, files);
    } catch (error) {
        return (error as Error).message
            .split("\n")
            .slice(1)
            .map((line) => line.trim());
    }
    throw new Error("the declaration was accepted");
}

/** A job with one target, and what else is given. */
export const job = (jobName: string, rest: object = {}, targets = [`${jobName}:8000`]) => ({
    jobName,
    staticConfigs: [{ targets }],
    ...rest,
});
