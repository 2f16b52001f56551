import type { z } from "zod";
import type { Upstream } from "./upstream";

/** One mistake in the declaration: the key as the user typed it, and what is wrong with it and what to write instead. */
export interface Problem {
    readonly path: readonly PropertyKey[];
    /** `{other}` in it stands for the place of `other` in its list. */
    readonly message: string;
    /** The entry of a list that it collides with. @default the message names none */
    readonly other?: readonly PropertyKey[];
    /** Where it stands. @default in the stack file */
    readonly at?: { readonly file: string; readonly line: number };
}

/**
 * Keys of which all are there or none. One that was refused is there: it is told already.
 * @param path where they stand
 */
export function together(value: object, keys: readonly string[], path: Problem["path"] = []): Problem[] {
    const missing = keys.filter((key) => !(key in value));
    const message = `is missing; write ${keys.join(" and ")} together`;
    return missing.length === keys.length ? [] : missing.map((key) => ({ path: [...path, key], message }));
}

/** For a schema: tells what is wrong with a value. */
export const tell = (context: z.RefinementCtx, problems: readonly Problem[]): void =>
    problems.forEach(({ path, message }) => context.addIssue({ code: "custom", path: [...path], message }));

/** Every mistake of a declaration at once. */
export class ConfigError extends Error {
    /**
     * Pulumi prints what has this property without a stack trace. Its own RunError, whose mark it is, would load all of the
     * SDK into commands that do without.
     * Source: https://github.com/pulumi/pulumi, sdk/nodejs/errors.ts, `RunError.isInstance`
     */
    public readonly __pulumiRunError = true;

    constructor(public readonly problems: readonly Problem[]) {
        const placed = problems.map(
            ({ at, ...problem }) => `  ${at ? `${at.file}:${at.line}: ` : ""}${lineOf(problem)}`,
        );
        const lines = [...new Set(placed)].sort();
        const count = lines.length === 1 ? "1 mistake" : `${lines.length} mistakes`;
        super(`${count} in the stack's configuration, nothing was changed:\n${lines.join("\n")}`);
    }
}

/** A mistake as the user reads it. One without a place is about the file. */
export function lineOf({ path, message, other }: Problem): string {
    const words = other ? message.replace("{other}", placeOf(other.slice(-2))) : message;
    return path.length === 0 ? words : `${keyOf(path)} ${words}`;
}

/** The key as it stands in the stack file: ["scrapeJobs", 0, "jobName"] is "metrics-stack:scrapeJobs[0].jobName:". */
export const keyOf = (path: readonly PropertyKey[]): string => `metrics-stack:${placeOf(path)}:`;

/** A place in a file: ["groups", 0, "rules"] is "groups[0].rules". */
export function placeOf([first = "", ...rest]: readonly PropertyKey[]): string {
    const isWord = (step: PropertyKey) => /^[\w-]+$/.test(String(step));
    const steps = rest.map((step) =>
        typeof step === "number" || !isWord(step)
            ? `[${typeof step === "number" ? step : quoted(String(step))}]`
            : `.${String(step)}`,
    );
    return `${isWord(first) ? String(first) : quoted(String(first))}${steps.join("")}`;
}

/** Text in quotes, on one line, and without characters that a terminal obeys. */
const quoted = (text: string) =>
    JSON.stringify(text).replace(
        /[\u007f-\u009f\u2028\u2029\ufeff]/g,
        (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
    );

/** Turns zod's issues into problems; an issue about several unknown keys becomes one problem a key. */
export function problemsOf(issues: readonly z.core.$ZodIssue[]): Problem[] {
    return issues.flatMap((issue) => {
        switch (issue.code) {
            case "unrecognized_keys":
                return issue.message
                    .split("\n")
                    .map((message, i) => ({ path: [...issue.path, issue.keys[i] ?? ""], message }));
            case "invalid_union": {
                // One of its forms was meant: that which is wrong further inside.
                const meant = issue.errors.find((form) => form.some(isInside)) ?? [];
                const inside = meant.map((each) => ({ ...each, path: [...issue.path, ...each.path] }));
                return inside.length > 0 ? problemsOf(inside) : [{ path: issue.path, message: issue.message }];
            }
            case "invalid_key":
                return issue.issues.map(({ message }) => ({ path: issue.path, message }));
            default:
                return [{ path: issue.path, message: issue.message }];
        }
    });
}

const isInside = ({ path, code }: z.core.$ZodIssue) =>
    path.length > 0 || !["invalid_type", "invalid_value"].includes(code);

/** The message for a value that is not what it should be: `"15" is not a duration; write ...`, or `is missing; write ...`. */
export function expected(what: string, example: string): (issue: { readonly input: unknown }) => string {
    return ({ input }) => `${input === undefined ? "is missing" : `${show(input)} is not ${what}`}; write ${example}`;
}

/** The message for a value that is no list or no object. Text in its place may be a secret that belongs into it: not shown. */
export function expectedStructure(what: string, example: string): (issue: { readonly input: unknown }) => string {
    return ({ input }) =>
        typeof input === "string" ? `is text, not ${what}; write ${example}` : expected(what, example)({ input });
}

/** What is known of keys that an object does not have. */
export interface Elsewhere {
    /** Where those really stand that people expect there, e.g. `{ targets: "staticConfigs: [{targets: [...]}]" }`. */
    readonly places?: Readonly<Record<string, string>>;
    /** What the program behind it reads there, and nobody can declare. */
    readonly upstream?: Upstream;
}

/** Says of each unknown key what to write in its place. One line a key. */
export const unknownKeys = (unknown: readonly string[], known: readonly string[], elsewhere: Elsewhere = {}): string =>
    unknown.map((key) => unknownKey(key, known, elsewhere)).join("\n");

/** What to write in place of an unknown word. @param otherwise said where none is close */
export function instead(
    word: string,
    known: readonly string[],
    otherwise = `write one of ${known.join(", ")}`,
): string {
    const nearest = nearestOf(word, known);
    return nearest === undefined ? otherwise : `did you mean ${nearest}?`;
}

/** Which words there are. @param page the page of the documentation that lists them: nobody reads a long message */
export function oneOfThose(known: readonly string[], page: string): string {
    const all = known.join(", ");
    return all.length > 400 ? `${page} lists those that there are` : `write one of ${all}`;
}

function unknownKey(key: string, known: readonly string[], { places = {}, upstream }: Elsewhere): string {
    const ours = camelCase(key);
    if (Object.hasOwn(places, ours)) {
        return `does not stand here; write ${places[ours]}`;
    }
    const theirs = upstream?.keys.find((each) => camelCase(each) === ours);
    if (upstream && theirs !== undefined) {
        const reason = upstream.reasons?.[theirs];
        return `is a key of ${upstream.program} that cannot be declared here${reason === undefined ? " yet; leave it out" : `: ${reason}`}`;
    }
    const word = known.includes(ours) ? ours : key;
    return `is not a known key; ${instead(word, known, oneOfThose(known, "docs/configuration.md"))}`;
}

/** "scrape_interval" is "scrapeInterval". */
export const camelCase = (key: string) => key.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

/** A mistake in what stands at a place of the declaration, with its path from there. */
export const at = (place: Problem["path"], { path, ...rest }: Problem): Problem => ({
    ...rest,
    path: [...place, ...path],
});

/** What is wrong with a file that a declaration names. @param error why it could not be read */
export const unreadableFile = (error: unknown): string =>
    `cannot be read (${(error as Error).message}); write a path from the project's folder`;

/** The value as the user would recognize it. Lists, objects, keys and what stands before a host's name may be secret: not shown. */
export function show(value: unknown): string {
    if (Array.isArray(value)) {
        return "a list";
    }
    if (typeof value === "object" && value !== null) {
        return "an object";
    }
    const text = (typeof value === "string" ? quoted(value) : String(value))
        .replace(/\/\/[^/]*@/, "//...@")
        .replace(/-----BEGIN.*/, '-----BEGIN..."');
    return text.length > 80 ? `${text.slice(0, 77)}..."` : text;
}

/** The known word that differs least from the given one. @returns undefined if none is close. */
export function nearestOf(word: string, known: readonly string[]): string | undefined {
    const ranked = known
        .map((candidate) => ({ candidate, distance: editDistance(word.toLowerCase(), candidate.toLowerCase()) }))
        .sort((a, b) => a.distance - b.distance);
    const best = ranked[0];
    return best && best.distance <= Math.max(2, word.length / 3) ? best.candidate : undefined;
}

/** Levenshtein distance: how many letters to insert, remove or replace. */
function editDistance(a: string, b: string): number {
    let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
    for (let i = 1; i <= a.length; i++) {
        const current = [i];
        for (let j = 1; j <= b.length; j++) {
            const replaced = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
            current.push(Math.min(replaced, (previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1));
        }
        previous = current;
    }
    return previous[b.length] ?? 0;
}
