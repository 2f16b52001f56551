import { readdirSync, readFileSync, statSync } from "node:fs";
import * as path from "node:path";
import { matching } from "../../config/ownRules/matching";
import { filesIn } from "../../config/userFiles";
import { ToolError } from "../../toolchain/process";
import { unusableFile } from "../../toolchain/unusableFile";
import type { FoundFile } from "./converted";

/** The files that are named to the import, and those that they name. */

/** A file that was named, or is in a folder that was. */
export interface GivenFile extends FoundFile {
    readonly isNamed: boolean;
}

/** @param paths files and folders, as they were typed @returns what is at each, with whether it was named itself */
export function filesAt(paths: readonly string[]): GivenFile[] {
    return paths.flatMap((each): GivenFile[] =>
        isFolder(each)
            ? filesBelow(each).map((file) => ({ file, text: read(file), isNamed: false }))
            : [{ file: each, text: read(each), isNamed: true }],
    );
}

function isFolder(file: string): boolean {
    const found = statSync(file, { throwIfNoEntry: false });
    if (found === undefined) {
        throw new ToolError(`There is no ${file}; name files, or a folder that holds them.`);
    }
    return found.isDirectory();
}

const configuration = /\.(ya?ml|json|rules)$/i;

/** Those of hidden folders, and of packages, are somebody else's. */
function filesBelow(folder: string): string[] {
    return readdirSync(folder, { withFileTypes: true })
        .sort((a, b) => (a.name < b.name ? -1 : 1))
        .flatMap((entry) => {
            const file = path.join(folder, entry.name);
            if (entry.name.startsWith(".") || entry.name === "node_modules") {
                return [];
            }
            return entry.isDirectory() ? filesBelow(file) : configuration.test(entry.name) ? [file] : [];
        });
}

function read(file: string): string {
    try {
        return readFileSync(file, "utf8").replace(/^\ufeff/, "");
    } catch (error) {
        throw new ToolError(unusableFile(error) ?? String(error));
    }
}

/** A folder that is mounted into a container, or a file. */
export interface Mount {
    /** E.g. "/etc/prometheus". */
    readonly inside: string;
    /** Where it is on this machine. */
    readonly place: string;
}

/**
 * Finds what a configuration names.
 * @param config the configuration's file
 * @param mounts what is known of its container
 * @param named files that were named beside it
 */
export const finder =
    (config: string, mounts: readonly Mount[], named: readonly string[]) =>
    (name: string): FoundFile[] => {
        const folder = path.dirname(config);
        const isConfig = (file: string) => path.resolve(file) === path.resolve(config);
        const mounted = mounts.flatMap(({ inside, place }) => {
            const below = path.posix.relative(inside, path.posix.resolve("/", name));
            return path.posix.isAbsolute(name) && !below.startsWith("..")
                ? [below === "" ? place : path.join(place, below)]
                : [];
        });
        const below = suffixes(name).flatMap((suffix) => [path.join(folder, suffix)]);
        const tried = [...mounted, ...below, ...(path.isAbsolute(name) ? [name] : [])];
        for (const each of tried) {
            const found = existing(each).filter((file) => !isConfig(file));
            if (found.length > 0) {
                return found.map((file) => ({ file, text: read(file) }));
            }
        }
        const byName = named.filter(
            (file) => !isConfig(file) && matches(path.basename(file), path.posix.basename(name)),
        );
        return byName.map((file) => ({ file, text: read(file) }));
    };

/**
 * "/etc/prometheus/rules/a.yml" may be all of it below a folder, or "rules/a.yml", or "a.yml". A pattern is not taken for all files
 * that there are.
 */
function suffixes(name: string): string[] {
    const steps = name.split("/").filter(Boolean);
    const all = path.posix.isAbsolute(name) ? steps.map((_, i) => steps.slice(i)) : [steps];
    return all
        .filter((each) => each.length > 1 || !/[*?[]/.test(name) || !path.posix.isAbsolute(name))
        .map((each) => each.join("/"));
}

/** The files that a path or a pattern stands for. */
function existing(pattern: string): string[] {
    const whole = path.resolve(pattern);
    const found = matching(whole.slice(1), filesIn("/")).map((file) => `/${file}`);
    const shown = (file: string) => (path.isAbsolute(pattern) ? file : path.relative(process.cwd(), file));
    return found.filter((file) => statSync(file, { throwIfNoEntry: false })?.isFile() === true).map(shown);
}

const matches = (file: string, pattern: string) => matching(pattern, { listFolder: () => [file] }).includes(file);
