import type { Document, Node } from "yaml";
import { LineCounter, parseAllDocuments } from "yaml";
import { nodeAt } from "../schema/yamlNodes";
import type { UserFiles } from "../schema/part";

/** A mistake in a file, in its line. */
export interface LineMistake {
    readonly line: number;
    readonly message: string;
}

/** What a YAML file holds. Its scalars are texts, as Go reads them where it wants text: `severity: 1` is "1". */
export interface YamlFile {
    readonly value: unknown;
    /** The line of the nearest thing that is there. */
    readonly line: (path: readonly PropertyKey[]) => number;
}

/**
 * A file's text as it is delivered: Windows' mark in front and its line ends are nothing to YAML.
 * @returns what is wrong with it, where it is no text
 */
export function readText(path: string, { readFile }: Pick<UserFiles, "readFile">): { text: string } | LineMistake {
    let text: string;
    try {
        text = readFile(path)
            .replace(/^\ufeff/, "")
            .replace(/\r\n?/g, "\n");
    } catch (error) {
        return { line: 0, message: `cannot be read (${wordsOf(error)}); write ${advice}` };
    }
    if (/[\0\ufffd]/.test(text)) {
        return { line: 0, message: "is not in UTF-8; write it anew, in PowerShell with Set-Content -Encoding utf8" };
    }
    // Source: https://yaml.org/spec/1.2.2/#51-character-set
    const control = text.search(/[\x01-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]/);
    const line = text.slice(0, control).split("\n").length;
    return control === -1 ? { text } : { line, message: "has a control character, which YAML refuses; remove it" };
}

const advice = 'a path from the project\'s folder, such as "rules/shop.yml"';

/** Without the path, which is that of this machine. */
const wordsOf = (error: unknown) => {
    const { code, message } = error as NodeJS.ErrnoException;
    const known: Readonly<Record<string, string>> = { ENOENT: "there is no such file", EISDIR: "it is a folder" };
    return known[code ?? ""] ?? message;
};

/** Reads the one document of a YAML file. */
export function readYaml(text: string): YamlFile | { readonly mistakes: readonly LineMistake[] } {
    const lines = new LineCounter();
    const options = { schema: "failsafe", merge: true, lineCounter: lines, prettyErrors: false } as const;
    const documents: readonly Document.Parsed[] = parseAllDocuments(text, options);
    const [document, ...others] = documents;
    const lineAt = (offset: number | undefined) => lines.linePos(offset ?? 0).line || 1;
    const errors = documents.flatMap((each) => each.errors);
    const further = others.find((each) => !isNothing(each.toJS()));
    if (errors.length > 0) {
        return {
            mistakes: errors.map(({ pos, message }) => ({ line: lineAt(pos[0]), message: `is not YAML: ${message}` })),
        };
    }
    if (further) {
        const message =
            "begins another document, and only the first one of a file is read; write all in one, without ---";
        return { mistakes: [{ line: lineAt(further.contents?.range?.[0]), message }] };
    }
    return {
        value: filled(document?.toJS({ maxAliasCount: 100_000 }) ?? {}),
        line(path) {
            const node = document && nodeAt(document, { found: document.contents, inside: document.contents }, path);
            return lineAt((node as Node | null)?.range?.[0]);
        },
    };
}

/** A key with nothing behind it is one that is not there, to Go. */
const filled = (value: unknown): unknown =>
    Array.isArray(value)
        ? value.map(filled)
        : typeof value === "object" && value !== null
          ? Object.fromEntries(
                Object.entries(value).flatMap(([key, each]) => (isNothing(each) ? [] : [[key, filled(each)]])),
            )
          : value;

const isNothing = (value: unknown) => value === null || value === "" || value === "~" || value === "null";
