import type { YAMLMap } from "yaml";
import { Document } from "yaml";
import type { UserFiles } from "../../config/schema/part";
import type { Problem } from "../../config/schema/problems";
import { lineOf } from "../../config/schema/problems";
import { nodeAt } from "../../config/schema/yamlNodes";
import { stackFileName } from "../stackFileCopy";
import { inFolder } from "../validate/files";
import type { Stack } from "../validate/stack";
import { checkStack } from "../validate/stack";
import type { Conversion } from "./conversion";
import type { Note } from "./notes";
import { placeOf } from "./places";
import type { ToStore } from "./secrets";
import { takeSecrets } from "./secrets";
import { stackFileText } from "./stackFile";

/** A stack as it would be written, checked like any other. */
export interface ImportedStack {
    /** The stack file's text, without secrets. */
    readonly text: string;
    /** What has to be stored in it. */
    readonly secrets: readonly ToStore[];
    /** What is found in it, secrets taken for right ones. */
    readonly checked: Stack;
    /** What is refused of it, by the lines that it comes from. */
    readonly refused: readonly Note[];
}

export function importedStack(conversion: Conversion, stack: string): ImportedStack {
    const { declaration, comment, files, rules, notes } = conversion;
    const file = stackFileName(stack);
    const whole = stackFileText(declaration, comment);
    const inMemory: UserFiles = {
        listFolder: inFolder.listFolder,
        readFile: (name) => (name === file ? whole : (files[name] ?? inFolder.readFile(name))),
    };
    const checked = checkStack(file, inMemory);
    const { problems, mistakes } = checked;
    const isToldAt = (refused: Note) =>
        notes.some((each) => each.kind === "lost" && each.file === refused.file && each.line === refused.line);
    const refused = problems.map((problem) => refusal(declaration, problem, rules)).filter((each) => !isToldAt(each));
    const others = mistakes.slice(0, mistakes.length - problems.length);
    return {
        checked,
        refused: [
            ...refused,
            ...others.map(({ line, message }): Note => ({ kind: "lost", file, line, what: message })),
        ],
        secrets: takeSecrets(declaration),
        text: stackFileText(declaration, comment),
    };
}

/** A mistake in the declaration is one of the line that it comes from. */
function refusal(declaration: YAMLMap, problem: Problem, rules: Conversion["rules"]): Note {
    const known = Object.entries(rules).find(([place]) => problem.message.startsWith(`${place}:`));
    if (known !== undefined) {
        const [place, { file }] = known;
        const [, line, what = ""] = /^(?:(\d+):)? *(.*)$/s.exec(problem.message.slice(place.length + 1)) ?? [];
        return { kind: "lost", file, line: line === undefined ? undefined : Number(line), what: withVerdict(what) };
    }
    const { file = "the declaration", line } = originOf(declaration, problem.path) ?? {};
    return { kind: "lost", file, line, what: withVerdict(lineOf(problem)) };
}

/** All keys of the pinned programs are known, those that cannot be declared too. */
const withVerdict = (message: string) =>
    message.includes("is not a known key") ? `${message} No current version loads a file with it` : message;

/** Where the nearest thing stood that was in a file. */
function originOf(declaration: YAMLMap, path: Problem["path"]): ReturnType<typeof placeOf> {
    const node = nodeAt(new Document(), { found: declaration, inside: declaration }, path);
    return placeOf(node) ?? (path.length > 0 ? originOf(declaration, path.slice(0, -1)) : undefined);
}
