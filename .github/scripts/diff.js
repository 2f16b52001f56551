// @ts-check
// What of Pulumi's diff somebody wants to see who has to decide about it.

/**
 * Of Pulumi's diff, the lines that change and those that they stand in. What the refresh before it read is no change, and
 * around each change Pulumi repeats the whole document.
 * @param {string} text
 */
function changedLines(text) {
    const diff = named(text.slice(Math.max(0, text.search(/^ {2}pulumi:pulumi:Stack: \(same\)$/m))));
    const [steps = "", end = ""] = diff.split(/^(?=Resources:)/m);
    const lines = steps.split("\n");
    const kept = new Set();
    /** @type {{ depth: number, index: number }[]} */
    const parents = [];
    lines.forEach((line, index) => {
        const depth = line.search(/[^\s+~-]/);
        if (depth === -1) {
            return;
        }
        while ((parents.at(-1)?.depth ?? -1) >= depth) {
            parents.pop();
        }
        if (marked.test(line)) {
            [...parents.map((parent) => parent.index), index].forEach((each) => kept.add(each));
        }
        if (/[{[]$|\(\w+\)$/.test(line)) {
            parents.push({ depth, index });
        }
    });
    const changed = lines.filter((_, index) => kept.has(index)).map(colored);
    return `${changed.join("\n")}\n\n${end}`.trim();
}

const marked = /^(\s*)(\+-|[-+~])(?=[\s\w])/;

/**
 * With each resource's name on its first line, in the place of the lines with its id, its provider and the name in full.
 * @param {string} text
 */
const named = (text) =>
    text.replace(
        /^(.*): (\(\w+\))\n(?:\s+\[id=.*\]\n)?\s+\[urn=.*::(.+)\]$/gm,
        (_, type, operation, name) => `${type} ${name} ${operation}`,
    );

/** GitHub colors lines by their first character. @param {string} line */
const colored = (line) =>
    line.replace(
        marked,
        (_, indent, marker) => `${/^[-+]$/.test(marker) ? marker : "!"}${indent}${" ".repeat(marker.length - 1)}`,
    );

module.exports = { changedLines };
