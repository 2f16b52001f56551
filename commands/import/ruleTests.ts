import * as path from "node:path";
import type { Node } from "yaml";
import { isMap, isScalar, isSeq } from "yaml";
import type { Beside, Converted, FoundFile } from "./converted";
import type { Note } from "./notes";
import { note } from "./notes";
import { ownPath, placeIn } from "./placesInProject";
import type { Edit } from "./ruleEdits";
import { freeGroupName, withEdits } from "./ruleEdits";
import type { Source } from "./source";
import { mapOf, textOf } from "./source";

/** A file with promtool's unit tests, and what stands beside it. */
export interface RuleTests extends Pick<Beside, "find"> {
    readonly source: Source;
}

/**
 * Unit tests go on as their rules do: one in the project whose rules are there too stays, any other is copied, and names the copies.
 * @param rules the files that are taken over, by their paths in the project
 * @param jobs the names of all jobs, which are those of groups already
 */
export function importRuleTests(
    tests: readonly RuleTests[],
    rules: Readonly<Record<string, FoundFile>>,
    stack: string,
    jobs: readonly string[],
): Converted {
    const notes: Note[] = [];
    const [places, files]: [string[], Record<string, string>] = [[], {}];
    for (const each of tests) {
        const { file } = each.source;
        const tested = testedBy(each, rules, (said) => void notes.push(said));
        if (tested === undefined) {
            continue;
        }
        const own = ownPath(file);
        const isInPlace = own !== undefined && tested.every((place) => place === ownPath(rules[place]?.file ?? ""));
        const place = isInPlace ? own : placeIn(path.posix.join("rules", stack, "tests"), file, places);
        places.push(place);
        if (!isInPlace) {
            const named = tested.map((rule) => path.posix.relative(path.posix.dirname(place), rule));
            files[place] = withEdits(each.source, [
                ...renamedFiles(each.source, named),
                ...renamedGroups(each.source, jobs),
            ]);
        }
        notes.push({
            kind: "moved",
            file,
            what: "tests",
            words: isInPlace ? "stay where they are" : `are in ${place}`,
        });
    }
    return { declaration: mapOf({ rules: places.length > 0 ? mapOf({ tests: places }) : undefined }), files, notes };
}

/** The rules that a file tests, by their paths in the project. @returns undefined where some of them are not taken over */
function testedBy(
    { source, find }: RuleTests,
    rules: Readonly<Record<string, FoundFile>>,
    say: (said: Note) => void,
): string[] | undefined {
    const placeOf = ({ file }: FoundFile) =>
        Object.keys(rules).find((place) => path.resolve(rules[place]?.file ?? "") === path.resolve(file));
    const all = itemsOf(source, "rule_files").map((item) => ({
        item,
        found: find(textOf(item) ?? "").map((each) => ({ ...each, place: placeOf(each) })),
    }));
    const strange = all.find(({ found }) => found.length === 0 || found.some(({ place }) => place === undefined));
    if (strange === undefined && all.length > 0) {
        return [...new Set(all.flatMap(({ found }) => found.flatMap(({ place }) => place ?? [])))];
    }
    const file = strange?.found.find(({ place }) => place === undefined)?.file ?? textOf(strange?.item);
    const words = `are not moved: ${file ?? "nothing"}, which they test, is no rule file that is moved; name it too, or write their path into rules.tests`;
    say(note("decide", strange?.item ?? source.root, "tests", words));
    return undefined;
}

function itemsOf({ root }: Source, key: string): Node[] {
    const list = isMap(root) ? root.get(key, true) : undefined;
    return isSeq(list) ? list.items.filter(isScalar) : [];
}

/** The copies are named from the folder of the test. */
function renamedFiles({ root }: Source, named: readonly string[]): Edit[] {
    const list = isMap(root) ? root.get("rule_files", true) : undefined;
    if (!isSeq(list)) {
        return [];
    }
    const [from = 0, end = 0] = list.range ?? [];
    const to = list.flow ? end : ((list.items.at(-1) as Node | undefined)?.range?.[1] ?? end);
    return [{ from, to, text: JSON.stringify(named).replaceAll('","', '", "') }];
}

/** In their copies groups with the names of jobs have other ones. */
const renamedGroups = (source: Source, jobs: readonly string[]): Edit[] =>
    itemsOf(source, "group_eval_order").flatMap((item) => {
        const before = textOf(item) ?? "";
        const [from = 0, to = 0] = item.range ?? [];
        return jobs.includes(before) ? [{ from, to, text: JSON.stringify(freeGroupName(before, jobs)) }] : [];
    });
