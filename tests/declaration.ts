import type { StackConfig } from "../config/stackConfig";
import { parseStackConfig } from "../config/stackConfig";

/** Parses a declaration as the stack "test" on the host "web-1" would, all its keys stored encrypted. */
export function parse(raw: Record<string, unknown> = {}, encrypted: readonly string[] = Object.keys(raw)): StackConfig {
    return parseStackConfig(raw, { stack: "test", hostName: "web-1", encrypted: new Set(encrypted) });
}

/** The mistakes of a declaration, a line each. @throws if it has none. */
export function mistakes(raw: Record<string, unknown>, encrypted?: readonly string[]): string[] {
    try {
        parse(raw, encrypted);
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
