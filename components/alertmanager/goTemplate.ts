/**
 * Text that Alertmanager expands when it sends a message: a mistake in it would only show then, and the message be lost.
 * Source: https://pkg.go.dev/text/template
 */

const action = /\{\{-?\s*(?:\/\*[^]*?\*\/|(?:"(?:\\.|[^"\\\n])*"|`[^`]*`|(?!\}\})[^])*)\}\}/g;
const word = /^\{\{-?\s*(\w+)/;

/** What is wrong with a template, in the words of the fix. What its functions do with an alert, only the alert shows. */
export function goTemplateMistake(text: string): string | undefined {
    if (text.replace(action, "").includes("{{")) {
        return "has {{ without the }} that ends it; write both";
    }
    const open: string[] = [];
    for (const [written] of text.matchAll(action)) {
        const [, name = ""] = word.exec(written) ?? [];
        if (/^(if|range|with|block|define)$/.test(name)) {
            open.push(name);
        } else if (name === "end" && open.pop() === undefined) {
            return "has {{ end }} where nothing has begun; leave it out";
        } else if (name === "else" && open.length === 0) {
            return "has {{ else }} where nothing has begun; leave it out";
        }
    }
    return open.length > 0 ? `has {{ ${open.at(-1)} }} without its {{ end }}; write both` : undefined;
}
