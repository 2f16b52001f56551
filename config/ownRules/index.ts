import type { Lenient } from "../schema/lenient";
import type { UserFiles } from "../schema/part";
import type { Problem } from "../schema/problems";
import type { Rules } from "../schema/rules";
import { found } from "./found";
import type { Located } from "./readFile";
import { readFile } from "./readFile";
import type { RuleAtPlace } from "./ruleFile";
import type { Reader } from "./ruleFile";
import { readRuleFile } from "./ruleFile";
import { readTestFile } from "./testFile";
import { testMistakes } from "./tested";

export { ownAlerts } from "./ownAlerts";
export { inFile } from "./readFile";

/** A rule of somebody's own. */
export type OwnRule = Omit<RuleAtPlace, "path"> & Located;

/** The rules that somebody keeps in the repository, checked and made ready for delivery. */
export interface OwnRules {
    /** The texts of the rule files, by their paths from the project's folder. */
    readonly files: Readonly<Record<string, string>>;
    /** Those of the files with unit tests. */
    readonly tests: Readonly<Record<string, string>>;
    readonly groups: readonly (Located & { readonly name: string })[];
    readonly rules: readonly OwnRule[];
    /** What names each of these files in the declaration. */
    readonly declared: ReadonlyMap<string, Problem["path"]>;
    readonly problems: readonly Problem[];
}

/** Whose rules they are: where they are declared, and who reads them. */
interface Owner {
    readonly path: Problem["path"];
    readonly reader: Reader;
}

/** Reads the files of `rules`, as far as they can be read. */
export function readOwnRules(
    declared: Lenient<Partial<Rules>>,
    files: UserFiles,
    { path, reader }: Owner = { path: ["rules"], reader: "Prometheus" },
): OwnRules {
    const testPlaces = found(path, "tests", declared.tests ?? [], files);
    const rulePlaces = found(path, "files", declared.files ?? [], files, new Set(testPlaces.places.keys()));
    const rules = [...rulePlaces.places].map(([file, place]) =>
        readFile(file, place, files, (value) => readRuleFile(value, reader)),
    );
    const tests = [...testPlaces.places].map(([file, place]) => readFile(file, place, files, readTestFile));
    const texts = (read: readonly { file: string; text: string }[]) =>
        Object.fromEntries(read.map(({ file, text }) => [file, text]));
    return {
        ...{ files: texts(rules), tests: texts(tests) },
        groups: rules.flatMap(({ content, at }) =>
            (content?.groups ?? []).map(({ name, path }) => ({ name, ...at(path) })),
        ),
        rules: rules.flatMap(({ content, at }) =>
            (content?.rules ?? []).map(({ path, ...rule }) => ({ ...rule, ...at(path) })),
        ),
        declared: new Map([...testPlaces.places, ...rulePlaces.places]),
        problems: [
            ...[...testPlaces.problems, ...rulePlaces.problems],
            ...[...rules, ...tests].flatMap(({ problems }) => problems),
            ...tests.flatMap((test) => testMistakes(test, rules, files)),
        ],
    };
}
