import { basename } from "node:path";
import type { Pair } from "yaml";
import { isSeq, Scalar } from "yaml";
import { note } from "../notes";
import { textOf } from "../source";
import type { Turning } from "./turning";

/** Files with templates for texts: they come along, and are named by their paths from the project's folder. */
export function convertTemplates(pair: Pair, { find, say, add, stack, templates }: Turning): Pair[] {
    if (!isSeq(pair.value)) {
        return [];
    }
    const list = pair.value;
    list.items = list.items.flatMap((item) => {
        const pattern = textOf(item) ?? "";
        const found = find(pattern);
        if (found.length === 0) {
            const used = [...templates].join(", ");
            const words =
                used === ""
                    ? "is not at hand, and no text uses a template of it: left out"
                    : `is not at hand: name its folder too, or Alertmanager sends nothing where a text uses what it defines, such as ${used}`;
            say(note(used === "" ? "changed" : "decide", item, `templates: ${pattern}`, words));
        }
        return found.map(({ file, text }) => {
            const path = `alerts/${stack}/${basename(file)}`;
            add(path, text);
            say(note("moved", item, `templates: ${pattern}`, `${file} is ${path}`));
            return new Scalar(path);
        });
    });
    return list.items.length > 0 ? [pair] : [];
}

/** Names of templates that a text uses, but for those that Alertmanager brings. */
export const usedTemplates = (text: string): ReadonlySet<string> =>
    new Set(
        [...text.replace(/^\s*#.*$/gm, "").matchAll(/\{\{-?\s*template\s+["`]([^"`]+)["`]/g)].flatMap(
            ([, name = ""]) => (/\.default\.|^__/.test(name) ? [] : [name]),
        ),
    );
