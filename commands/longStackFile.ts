import { readFileSync } from "node:fs";
import { parse, stringify } from "yaml";
import type { DeclaredElsewhere } from "../config/handedOver";
import { secretPlace } from "../config/handedOver";

/** In characters. Linux takes 128 KiB, and the JSON of a declaration can be more than twice as long as its YAML. */
const longest = 48 * 1024;

/** A stack file that Pulumi can hand over, and what has to be read elsewhere. */
export interface Shortened {
    readonly text: string;
    readonly scrapeJobs?: string;
}

/**
 * Pulumi hands its configuration to a program in one environment variable, which ends in "argument list too long" or E2BIG
 * where it is long. Of a long stack file the scrape jobs go into a file of their own, which the program reads by itself.
 * What is encrypted stays behind: Pulumi decrypts it.
 * Source: https://github.com/pulumi/pulumi/issues/8680
 * @param text a stack file
 * @param declaredIn where its scrape jobs will be found, as JSON
 */
export function shortened(text: string, declaredIn: string): Shortened {
    if (last?.text !== text || last.declaredIn !== declaredIn) {
        last = { text, declaredIn, shortened: shorten(text, declaredIn) };
    }
    return last.shortened;
}

/** Whether a copy of a stack file is shorter than that. */
export const isShortened = (file: string) => /^ +declaredIn: /m.test(readFileSync(file, "utf8").slice(0, longest));

/** A command asks more than once, and to read 100,000 targets takes seconds. */
let last: { text: string; declaredIn: string; shortened: Shortened } | undefined;

function shorten(text: string, declaredIn: string): Shortened {
    const { config, ...rest } = text.length > longest ? read(text) : {};
    const key = Object.keys(config ?? {}).find((name) => /^(metrics-stack:(config:)?)?scrapeJobs$/.test(name)) ?? "";
    const jobs = config?.[key];
    if (!Array.isArray(jobs)) {
        return { text };
    }
    const secrets: unknown[] = [];
    const scrapeJobs = JSON.stringify(jobs, (_, value: unknown) =>
        isEncrypted(value) ? { [secretPlace]: secrets.push(value) - 1 } : value,
    );
    const elsewhere = { declaredIn, secrets } satisfies DeclaredElsewhere;
    return { text: stringify({ ...rest, config: { ...config, [key]: elsewhere } }), scrapeJobs };
}

/** What is wrong in it, Pulumi says. */
function read(text: string): { config?: Readonly<Record<string, unknown>> } {
    try {
        return (parse(text, { merge: true, maxAliasCount: -1 }) ?? {}) as object;
    } catch {
        return {};
    }
}

/** Source: https://www.pulumi.com/docs/iac/concepts/secrets/ */
const isEncrypted = (value: unknown) =>
    typeof value === "object" &&
    value !== null &&
    Object.keys(value).length === 1 &&
    typeof (value as { secure?: unknown }).secure === "string";
