import * as path from "node:path";
import type { Scalar } from "yaml";
import { alertNames } from "../../config/render/rules";
import type { Beside, Converted, FoundFile } from "./converted";
import { kindOf } from "./kinds";
import type { Note } from "./notes";
import { note } from "./notes";
import { ownPath, placeIn } from "./placesInProject";
import { edited, groupsIn } from "./ruleEdits";
import { mapOf, mapsIn, readSource, textOf } from "./source";
import type { Source } from "./source";

export interface FromRules extends Converted {
    /** The files that are taken over, by their paths in the project. */
    readonly originals: Readonly<Record<string, FoundFile>>;
}

/**
 * Rule files go on as they are: one in the project is named where it is, any other is copied into it.
 * @param patterns what `rule_files` names
 * @param named rule files that were named to the import itself
 * @param jobs the names of all jobs, which are those of groups already
 */
export function importRuleFiles(
    patterns: readonly Scalar[],
    named: readonly FoundFile[],
    beside: Beside,
    jobs: readonly string[],
): FromRules {
    const notes: Note[] = [];
    const say = (said: Note) => void notes.push(said);
    const found = patterns.flatMap((pattern) => foundFor(pattern, beside, say));
    const unique = [...new Map([...found, ...named].map((each) => [path.resolve(each.file), each])).values()];
    const [originals, files]: [Record<string, FoundFile>, Record<string, string>] = [{}, {}];
    const [alerts, seen] = [new Map<string, unknown>(), new Map<string, string>()];
    for (const each of unique) {
        const source = readSource(each.file, each.text);
        if ("kind" in source) {
            say(source);
            continue;
        }
        const folder = path.posix.join("rules", beside.stack);
        const place = ownPath(each.file) ?? placeIn(folder, each.file, Object.keys(originals));
        const isInPlace = place === ownPath(each.file);
        originals[place] = each;
        const text = edited(source, { jobs, seen, isInPlace, say });
        if (!isInPlace) {
            files[place] = text;
        }
        alertsIn(source).forEach((alert) => alerts.set(textOf(alert) ?? "", alert));
        const words = isInPlace ? "stay where they are" : `are in ${place}`;
        say({ kind: "moved", file: each.file, what: "rules", words });
    }
    const disabled = [...alerts.keys()].filter((alert) => alertNames().includes(alert));
    const declaration = mapOf({
        rules: unique.length > 0 ? mapOf({ files: Object.keys(originals) }) : undefined,
        alerts: disabled.length > 0 ? mapOf({ disabled }) : undefined,
    });
    const words = "takes the place of the stack's own of that name, which is off";
    disabled.forEach((alert) => say(note("changed", alerts.get(alert), `alert ${alert}`, words)));
    return { declaration, files, notes, originals };
}

function foundFor(pattern: Scalar, { find }: Beside, say: (said: Note) => void): FoundFile[] {
    const name = textOf(pattern) ?? "";
    const found = find(name).filter(({ file, text }) => {
        const source = readSource(file, text);
        return !/[*?[]/.test(name) || "kind" in source || kindOf(source) === "rules";
    });
    if (found.length === 0) {
        const words = `${name} is not at hand, and its rules are not moved: name the file or its folder too, or write it into rules.files`;
        say(note("decide", pattern, "rule_files", words));
    }
    return found;
}

const alertsIn = (source: Source) =>
    groupsIn(source)
        .flatMap((group) => mapsIn(group.get("rules", true)))
        .flatMap((rule) => rule.get("alert", true) ?? []);
