import type { UserFiles } from "../schema/part";
import type { Problem } from "../schema/problems";
import { show } from "../schema/problems";
import { matching } from "./matching";

/** The files that are declared, each with its place in the declaration, and the patterns that there are none for. */
export interface Found {
    readonly places: ReadonlyMap<string, Problem["path"]>;
    readonly problems: readonly Problem[];
}

/**
 * @param rules where the rules are declared
 * @param key where the patterns stand in it; one that was refused is passed over
 * @param others those that are something else: tests often stand beside the rules
 */
export function found(
    rules: Problem["path"],
    key: "files" | "tests",
    patterns: readonly (string | undefined)[],
    files: UserFiles,
    others: ReadonlySet<string> = new Set(),
): Found {
    const places = new Map<string, Problem["path"]>();
    const problems: Problem[] = [];
    patterns.forEach((pattern, i) => {
        const path = [...rules, key, i];
        const matched = pattern === undefined ? [] : matching(pattern, files);
        const own = matched.filter((file) => !others.has(file));
        if (pattern !== undefined && own.length === 0) {
            const what = matched.length === 0 ? "is the name of no file" : "names files of rules.tests only";
            const message = `${show(pattern)} ${what}; write the path of one, such as "rules/shop.yml", or leave it out`;
            problems.push({ path, message });
        }
        own.forEach((file) => places.has(file) || places.set(file, path));
    });
    return { places, problems };
}
