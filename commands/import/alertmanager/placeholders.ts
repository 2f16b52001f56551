import type { Node } from "yaml";
import { visit } from "yaml";
import type { Note } from "../notes";
import { note } from "../notes";
import { keyOf, textOf } from "../source";

/**
 * What stands where nobody has filled in a value: of a shell, which Alertmanager expands nowhere, and in words for people. Braces
 * are those of templates, which texts may have.
 */
const anywhere = [/\$\{[a-z_]\w*[^}]*\}/i, /(^|[^$\w{(,])\$[A-Z][A-Z0-9_]+\b/];
const inNames = [
    /<(?!\/)[^<>@]*\p{L}[^<>@]*>/u,
    /(^|[^A-Z])([A-Z0-9]+_)*(YOUR|PLACEHOLDER|CHANGE_?ME|REPLACE_?ME)(_[A-Z0-9]+)*\b/,
    /__[A-Z][A-Z0-9_]*__/,
];

/** Texts of messages, which may have HTML in them. */
const texts = new Set(["html", "text", "message", "content", "description", "stateMessage"]);

/** The placeholders in what was turned. Those of secrets are none: the value is stored, whatever stood there. */
export function placeholdersIn(node: Node, what: string): Note[] {
    const found: Note[] = [];
    visit(node, {
        Pair(_, pair) {
            const key = keyOf(pair);
            const text = textOf(pair.value) ?? "";
            const forms = texts.has(key) || text.includes("{{") ? anywhere : [...anywhere, ...inNames];
            const [shown] = forms.flatMap((form) => form.exec(text)?.[0].trim() ?? []);
            if (shown !== undefined) {
                const words = `${shown} was never filled in, and Alertmanager takes it as it stands; write the value in its place`;
                found.push(note("lost", pair.value, `${what}: ${key}`, words));
            }
        },
    });
    return found;
}
