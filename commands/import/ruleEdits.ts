import type { Node, YAMLMap } from "yaml";
import { isMap } from "yaml";
import { groupNamed } from "./names";
import type { Note } from "./notes";
import { note } from "./notes";
import { placeOf } from "./places";
import type { Source } from "./source";
import { mapsIn, textOf, valueOf } from "./source";

/** What has to be another one in a rule file beside those of a stack, in its text: all else of it stays as it is. */

/** A place in a text, and what stands there from now on. */
export interface Edit {
    readonly from: number;
    readonly to: number;
    readonly text: string;
}

export const groupsIn = ({ root }: Source) => mapsIn(isMap(root) ? root.get("groups", true) : undefined);

/** What is known of all rule files together. */
export interface RuleContext {
    /** The names of all jobs: the groups of their alerts have them. */
    readonly jobs: readonly string[];
    /** Rules of earlier files and groups, with where they stand. */
    readonly seen: Map<string, string>;
    /** Whether the file stays where it is: then nobody but its owner changes it. */
    readonly isInPlace: boolean;
    readonly say: (said: Note) => void;
}

/** @returns the text of a rule file as it is delivered */
export function edited(source: Source, context: RuleContext): string {
    return withEdits(
        source,
        groupsIn(source).flatMap((group) => [
            ...renamed(group.get("name", true) as Node, context),
            ...mapsIn(group.get("rules", true)).flatMap((rule) => withoutTwin(rule, group, source, context)),
        ]),
    );
}

export const withEdits = ({ text }: Pick<Source, "text">, edits: readonly Edit[]): string =>
    [...edits]
        .sort((a, b) => b.from - a.from)
        .reduce((before, { from, to, text: put }) => before.slice(0, from) + put + before.slice(to), text);

/** A name that no job has. */
export const freeGroupName = (name: string, jobs: readonly string[]): string =>
    jobs.includes(name) ? freeGroupName(`${name}_rules`, jobs) : name;

/** Two groups of one name in a stack would be two of one job. */
function renamed(name: Node | undefined, { jobs, isInPlace, say }: RuleContext): Edit[] {
    const before = textOf(name);
    if (name === undefined || before === undefined || !jobs.includes(before)) {
        return [];
    }
    const after = freeGroupName(before, jobs);
    const clash = `a group with the name of a job holds that job's alerts`;
    if (isInPlace) {
        say(note("lost", name, groupNamed(before), `${clash}: write another one into the file, such as ${after}`));
        return [];
    }
    const differs = [before, after].map(groupNamed);
    say(note("changed", name, groupNamed(before), `${clash}: in the copy it is called ${after}`, differs));
    const [from = 0, to = 0] = name.range ?? [];
    return [{ from, to, text: JSON.stringify(after) }];
}

/** A rule that stands there twice makes the same series twice, and Prometheus warns of it all the time. */
function withoutTwin(rule: Node, group: YAMLMap, source: Source, { seen, isInPlace, say }: RuleContext): Edit[] {
    const { alert, record, expr, ...rest } = valueOf(rule) as Record<string, unknown>;
    const all = {
        ...(valueOf(group.get("labels", true)) as object | undefined),
        ...(rest.labels as object | undefined),
    };
    const key = JSON.stringify([alert, record, String(expr).trim(), Object.entries(all).sort()]);
    const twin = seen.get(key);
    const { file, line } = placeOf(rule) ?? {};
    seen.set(key, twin ?? `${file}:${line}`);
    const [from = 0, , to = 0] = rule.range ?? [];
    const begin = source.text.lastIndexOf("\n", from) + 1;
    if (twin === undefined) {
        return [];
    }
    const what = `rule ${String(alert ?? record)}`;
    const isRemovable = !isInPlace && /^\s*- *$/.test(source.text.slice(begin, from));
    if (!isRemovable) {
        say(note("lost", rule, what, `stands in ${twin} too, and makes the same series: remove it here`));
        return [];
    }
    say(
        note("changed", rule, what, `stands in ${twin} too, and makes the same series: it is not in the copy`, [
            groupNamed(group.get("name")),
        ]),
    );
    return [{ from: begin, to: source.text.slice(begin, to).trimEnd().length + begin + 1, text: "" }];
}
