import { existsSync, readFileSync } from "node:fs";
import * as path from "node:path";
import { project } from "../toolchain/checkout";
import { output } from "../toolchain/process";

/** A command that the documentation tells people to run. */
export interface Command {
    /** The page's path from the project's folder, e.g. "docs/grafana.md". */
    readonly page: string;
    /** On one line, without its comment. */
    readonly text: string;
}

/** The project's files, or those of some patterns of git, e.g. "*.md". */
export function files(...patterns: readonly string[]): string[] {
    return output("git", ["ls-files", "--cached", "--others", "--exclude-standard", ...patterns], { cwd: project })
        .trim()
        .split("\n")
        .filter((file) => existsSync(path.join(project, file)))
        .sort();
}

/** Every page of the documentation. */
export const pages = (): string[] => files("*.md");

export const read = (page: string) => readFileSync(path.join(project, page), "utf8");

/** The fenced blocks of a page in a language. */
export function blocks(page: string, language: string): string[] {
    return [...read(page).matchAll(/^ *```(\w*)\n([^]*?)^ *```$/gm)]
        .filter(([, found]) => found === language)
        .map(([, , block = ""]) => block);
}

/** Every command of the documentation: what stands in a block of shell. */
export function commands(): Command[] {
    return pages().flatMap((page) =>
        blocks(page, "sh")
            .flatMap((block) => block.replaceAll(/(\\|\|)\n\s*/g, (_, end) => (end === "|" ? "| " : "")).split("\n"))
            .map((line) => line.replace(/(^|\s+)#\s.*$/, "").trim())
            .filter((text) => text !== "")
            .map((text) => ({ page, text })),
    );
}
