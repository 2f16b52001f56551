import * as path from "node:path";
import { merged, placeIn, single } from "./merged";
import type { StackFile } from "./stackFile";
import { readStackFile } from "./stackFile";
import type { UserFiles } from "./schema/part";
import type { Problem } from "./schema/problems";
import { show } from "./schema/problems";
import { sharedSecret } from "./schema/secret";

/** A declaration with what it takes over from the files that it extends. */
export interface Extended {
    readonly declared: Readonly<Record<string, unknown>>;
    /** What is wrong with those files, apart from their values. */
    readonly problems: readonly Problem[];
    /** A mistake in the declaration, at the place where the value was written. */
    readonly placed: (problem: Problem) => Problem;
}

/** A file that is extended. */
interface Shared {
    /** Its path from the project's folder. */
    readonly name: string;
    readonly file: StackFile;
}

/**
 * Takes over what the files say that a declaration names in `extends`, and those that they name. The own keys win, then those of
 * the file that is named last. A file that is named more than once is read once.
 * @param own the declaration without prefixes; lists and objects are such, not text
 */
export function extended(own: Readonly<Record<string, unknown>>, files: Pick<UserFiles, "readFile">): Extended {
    const problems: Problem[] = [];
    const found = filesOf(own, { files, problems, place: (each) => each, within: [] });
    // What a file says counts less than what is said by any file that extends it.
    const shared = found.filter(({ name }, i) => !found.slice(i + 1).some((later) => later.name === name));
    const whole = shared.reduce(
        (stronger, { name, file: { declared } }) => merged(stronger, single(withoutExtends(declared), name)),
        single(own),
    );
    const fileOf = new Map(shared.map(({ name, file }) => [name, file]));
    const placed = (problem: Problem): Problem => {
        const { file: name, path: place } = placeIn(whole, problem.path);
        const file = name === undefined ? undefined : fileOf.get(name);
        const inItsFile = {
            ...problem,
            path: place,
            ...(problem.other && { other: placeIn(whole, problem.other).path }),
        };
        return problem.at || !file || name === undefined
            ? inItsFile
            : { ...inItsFile, at: { file: name, line: file.lineAt(place) } };
    };
    return {
        declared: whole.value as Extended["declared"],
        problems: [...problems, ...shared.flatMap(ownMistakes)],
        placed,
    };
}

/** What is looked for, and where. */
interface Search {
    readonly files: Pick<UserFiles, "readFile">;
    readonly problems: Problem[];
    /** Where a mistake in `extends` stands. */
    readonly place: (problem: Problem) => Problem;
    /** The files that lead here. */
    readonly within: readonly string[];
}

/** The files that are extended, the stronger ones first. */
function filesOf({ extends: names }: Readonly<Record<string, unknown>>, search: Search): Shared[] {
    const listed = Array.isArray(names) ? names : [];
    return listed
        .flatMap((written: unknown, i) => {
            // What is no path, the schema refuses.
            const found = typeof written === "string" ? fileAt(written, search) : [];
            if (typeof found === "string") {
                search.problems.push(search.place({ path: ["extends", i], message: found }));
                return [];
            }
            return [found];
        })
        .reverse()
        .flat();
}

const advice = 'write the path of one from the project\'s folder, such as "shared/web.yaml"';

/** @returns what is wrong with the path */
function fileAt(written: string, { files, problems, within }: Search): Shared[] | string {
    const name = path.posix.normalize(written);
    if (path.posix.isAbsolute(name) || name.startsWith("../")) {
        return `${show(written)} is outside of the project; ${advice}`;
    }
    if (/^Pulumi(\..+)?\.yaml$/.test(name)) {
        return `${show(written)} is a stack's own; move what both have into a file such as "shared/web.yaml", and extend that in both`;
    }
    if (within.includes(name)) {
        return `${show(written)} extends itself (${[...within.slice(within.indexOf(name)), name].join(" -> ")}); leave it out`;
    }
    const text = textOf(name, files);
    if (typeof text !== "string") {
        return `${show(written)} cannot be read: ${text.words}; ${advice}`;
    }
    const file = sharedFile(text);
    const place = (problem: Problem) => ({ ...problem, at: { file: name, line: file.lineAt(problem.path) } });
    // The schema is asked about the own list only.
    const names = file.declared.extends;
    const wrong = names === undefined || (Array.isArray(names) && names.every((each) => typeof each === "string"));
    if (!wrong) {
        problems.push(
            place({ path: ["extends"], message: 'is no list of paths; write one, such as ["shared/base.yaml"]' }),
        );
    }
    return [{ name, file }, ...filesOf(file.declared, { files, problems, place, within: [...within, name] })];
}

/** The same files are extended by many stacks, and read once for all of them. */
const known = new Map<string, StackFile>();

function sharedFile(text: string): StackFile {
    const file = known.get(text) ?? readStackFile(text, true);
    known.set(text, file);
    return file;
}

function textOf(name: string, { readFile }: Pick<UserFiles, "readFile">): string | { readonly words: string } {
    try {
        return readFile(name);
    } catch (error) {
        const { code, message } = error as NodeJS.ErrnoException;
        const words: Readonly<Record<string, string>> = { ENOENT: "there is no such file", EISDIR: "it is a folder" };
        return { words: words[code ?? ""] ?? message };
    }
}

/** What is wrong with a file whatever its values are. */
const ownMistakes = ({ name, file: { mistakes, unreadable, lineAt } }: Shared): Problem[] => [
    ...mistakes.map(({ line, message }) => ({ path: [], message, at: { file: name, line } })),
    ...unreadable.map((place) => ({ path: place, message: sharedSecret, at: { file: name, line: lineAt(place) } })),
];

const withoutExtends = ({ extends: _, ...declared }: Readonly<Record<string, unknown>>) => declared;
