import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";
import { extended } from "../config/extends";
import { project } from "../toolchain/checkout";
import { ToolError } from "../toolchain/process";
import { copies, shortName } from "../toolchain/state";
import { shortened } from "./longStackFile";
import { inFolder } from "./validate/files";

/**
 * A copy of the stack file for `--config-file`. Every Pulumi command that sees a stack file without an encryption salt adds
 * one and formats the file anew; a preview must not change what is under version control. The copy of a long one is short.
 */
export function stackFileCopy(stack: string): string {
    const name = stackFileName(stack);
    const original = path.join(project, name);
    if (!hasStackFile(stack)) {
        throw new ToolError(`The stack ${stack} has no stack file: copy Pulumi.dev.yaml to ${name} and edit it.`);
    }
    mkdirSync(copies, { recursive: true, mode: 0o700 });
    replaceFile(path.join(copies, "Pulumi.yaml"), readFileSync(path.join(project, "Pulumi.yaml"), "utf8"));
    const copy = path.join(copies, name);
    const declared = readFileSync(original, "utf8");
    const salt = existsSync(copy) ? saltIn(copy) : undefined;
    const complete = salt === undefined || /^(encryptionsalt|secretsprovider):/m.test(declared);
    const jobsFile = path.join(copies, name.replace(/^Pulumi(.*)yaml$/, "scrapeJobs$1json"));
    const { text, scrapeJobs } = shortened(complete ? declared : `${declared}\nencryptionsalt: ${salt}\n`, jobsFile);
    if (scrapeJobs !== undefined) {
        replaceFile(jobsFile, scrapeJobs);
    }
    replaceFile(copy, text);
    return copy;
}

/** The name of a stack's stack file. */
export const stackFileName = (stack: string) => `Pulumi.${shortName(stack)}.yaml`;

export const hasStackFile = (stack: string) => existsSync(path.join(project, stackFileName(stack)));

/** What the secrets of a stack file are encrypted with. */
export const saltIn = (stackFile: string): string | undefined =>
    /^encryptionsalt: *["']?([^"'\s]+)/m.exec(readFileSync(stackFile, "utf8"))?.[1];

/** Forgets the salt that a copy has and its original has not. */
export function forgetSalt(copy: string): void {
    replaceFile(copy, readFileSync(copy, "utf8").replace(/^encryptionsalt:.*\n?/m, ""));
}

/** Another command that reads it at the same time finds the one or the other. */
function replaceFile(file: string, text: string): void {
    const next = `${file}.${process.pid}`;
    writeFileSync(next, text, { mode: 0o600 });
    renameSync(next, file);
}

/**
 * What a stack file and the files that it extends declare, without prefixes: for what has to be known before the program runs. What
 * is wrong in it, the program refuses.
 */
export function readConfig(stackFile: string): Readonly<Record<string, unknown>> {
    const { config } = (parse(readFileSync(stackFile, "utf8")) ?? {}) as { config?: Record<string, unknown> };
    const own = Object.entries(config ?? {}).map(([key, value]) => [key.replace(/^metrics-stack:/, ""), value]);
    return extended(Object.fromEntries(own) as Record<string, unknown>, inFolder).declared;
}
