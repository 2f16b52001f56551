import * as path from "node:path";
import type { UserFiles } from "../schema/part";
import type { Problem } from "../schema/problems";
import { instead, placeOf, show } from "../schema/problems";
import { matching } from "./matching";
import type { ReadFile } from "./readFile";
import { inFile } from "./readFile";
import type { RuleFile } from "./ruleFile";
import type { TestFile } from "./testFile";

/**
 * What a file with unit tests says of rules that are not there: promtool warns of a missing file, and takes an alert that there is
 * not for one that does not fire.
 * @param rules the files that are delivered
 */
export function testMistakes(
    { file, content, at }: ReadFile<TestFile>,
    rules: readonly ReadFile<RuleFile>[],
    files: UserFiles,
): Problem[] {
    const named = (content?.ruleFiles ?? []).map(({ pattern, path: place }) => {
        const paths = matching(path.posix.join(path.posix.dirname(file), pattern), files);
        return { pattern, place, paths, tested: rules.filter((each) => paths.includes(each.file)) };
    });
    const missing = named.flatMap(({ pattern, place, paths, tested }) => {
        const [first] = paths.filter((each) => !tested.some((rule) => rule.file === each));
        const stray = path.posix.isAbsolute(pattern) ? pattern : first;
        const what =
            paths.length === 0
                ? "is the name of no file; write a path from this file's folder"
                : `is the path of ${show(stray)}, which rules.files does not name; add it there`;
        return stray === undefined && paths.length > 0
            ? []
            : [inFile(at(place), `${placeOf(place)}: ${show(pattern)} ${what}`)];
    });
    const tested = named.flatMap((each) => each.tested);
    // Of a file with mistakes nobody knows the alerts.
    const isKnown = missing.length === 0 && tested.every(({ problems }) => problems.length === 0);
    return isKnown ? unknownAlerts({ content, at }, tested) : missing;
}

function unknownAlerts(
    { content, at }: Pick<ReadFile<TestFile>, "content" | "at">,
    tested: readonly ReadFile<RuleFile>[],
) {
    const alerts = tested.flatMap((each) =>
        (each.content?.rules ?? []).flatMap(({ kind, name }) => (kind === "alert" ? [name] : [])),
    );
    return (content?.alerts ?? []).flatMap(({ name, path: place }) => {
        const advice = instead(name, alerts, "write the name of one");
        return alerts.includes(name)
            ? []
            : [inFile(at(place), `${placeOf(place)}: ${show(name)} is no alert of its rule_files; ${advice}`)];
    });
}
