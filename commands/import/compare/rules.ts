import { groupNamed } from "../names";
import type { Understood } from "./canonical";
import { canonical, isValues, listAt } from "./canonical";

/** What rule files come to: their groups, each with its rules. @param contents of the files, in their order */
export function understoodRules(contents: readonly unknown[]): Understood {
    const found = new Map<string, unknown>();
    for (const content of contents) {
        for (const { name, rules, ...settings } of isValues(content) ? listAt(content, "groups") : []) {
            const what = free(groupNamed(name), found);
            found.set(what, true);
            Object.entries(settings).forEach(([key, value]) => found.set(`${what}: ${key}`, canonical(value)));
            for (const rule of listAt({ rules }, "rules")) {
                found.set(free(`${what}: ${String(rule.alert ?? rule.record)}`, found), canonical(rule));
            }
        }
    }
    return found;
}

/** Groups of one name may stand in several files, and rules in one group. */
function free(what: string, taken: Understood, count = 1): string {
    const name = count === 1 ? what : `${what} (${count})`;
    return taken.has(name) ? free(what, taken, count + 1) : name;
}
