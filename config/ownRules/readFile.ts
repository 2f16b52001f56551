import type { UserFiles } from "../schema/part";
import type { Problem } from "../schema/problems";
import { placeOf } from "../schema/problems";
import { readText, readYaml } from "./yamlFile";

/** Where something stands. */
export interface Located {
    /** The path from the project's folder. */
    readonly file: string;
    /** 0 for the file as a whole. */
    readonly line: number;
    /** What names the file in the declaration. */
    readonly declared: Problem["path"];
}

/** A mistake in a file, as the user reads it: "rules/shop.yml:14: ...". */
export const inFile = ({ file, line, declared }: Located, message: string): Problem => ({
    path: declared,
    message: `${file}${line > 0 ? `:${line}` : ""}: ${message}`,
});

/** A YAML file, as far as it can be read. */
export interface ReadFile<Content> {
    readonly file: string;
    readonly text: string;
    /** Absent where it is no YAML. */
    readonly content?: Content;
    /** Where a part of it stands. */
    readonly at: (path: Problem["path"]) => Located;
    readonly problems: readonly Problem[];
}

/** @param declared what names it in the declaration @param contentOf says what it holds, and what is wrong with that */
export function readFile<Content extends { readonly problems: readonly Problem[] }>(
    file: string,
    declared: Problem["path"],
    files: UserFiles,
    contentOf: (value: unknown) => Content,
): ReadFile<Content> {
    const at = () => ({ file, line: 0, declared });
    const read = readText(file, files);
    if ("message" in read) {
        return { file, text: "", at, problems: [inFile({ ...at(), line: read.line }, read.message)] };
    }
    const { text } = read;
    const yaml = readYaml(text);
    if ("mistakes" in yaml) {
        const problems = yaml.mistakes.map(({ line, message }) => inFile({ ...at(), line }, message));
        return { file, text, at, problems };
    }
    const [content, atLine] = [contentOf(yaml.value), (path: Problem["path"]) => ({ ...at(), line: yaml.line(path) })];
    const problems = content.problems.map(({ path, message }) =>
        inFile(atLine(path), path.length === 0 ? message : `${placeOf(path)}: ${message}`),
    );
    return { file, text, content, at: atLine, problems };
}
