// @ts-check
// What a preview found, as Markdown for people: a comment, an issue, the page of the run.

/**
 * @typedef {object} Result What preview.js leaves for the next steps.
 * @property {string} stack
 * @property {"unchanged" | "changed" | "failed"} outcome
 * @property {Record<string, number>} changes how many resources of each operation, e.g. { update: 2 }
 * @property {string} text Pulumi's diff, or why the preview failed
 * @property {readonly string[]} warnings
 * @property {boolean} hostChecked whether the Docker host was asked
 */

/** The most that GitHub takes as a comment or an issue, in characters. */
const limit = 65_536;

/** One line. @param {Result} result */
function title({ stack, outcome, changes }) {
    switch (outcome) {
        case "unchanged":
            return `${stack}: no changes`;
        case "failed":
            return `${stack}: the preview failed`;
        case "changed":
            return `${stack}: ${Object.entries(changes)
                .map(([operation, count]) => `${count} to ${operation}`)
                .join(", ")}`;
    }
}

/**
 * For a comment or an issue: what changes, without what stays around it, and never longer than GitHub takes.
 * @param {Result} result
 * @param {string} head Markdown before it
 */
function brief(result, head) {
    const { outcome, text } = result;
    const foot = `${notes(result)}\n\n${source()}`;
    if (outcome === "unchanged") {
        return `${head}${foot}`;
    }
    const lines = (outcome === "failed" ? text : changedLines(text)).split("\n");
    const body = (/** @type {number} */ count) =>
        `${head}\n\n${fenced(lines.slice(0, count).join("\n"), "diff")}${count < lines.length ? cut : ""}${foot}`;
    let count = lines.length;
    while (count > 0 && body(count).length > limit) {
        count = Math.floor(count * 0.95);
    }
    return body(count);
}

const cut = "\n\nThe rest is cut off: GitHub takes no longer text. The whole preview has it.";

/** For the page of the run: all that Pulumi said. @param {Result} result */
function whole(result) {
    // A step may say at most 1 MiB; the log has everything.
    const text = result.text.slice(0, 500_000);
    return `### ${title(result)}${text && `\n\n${fenced(text, "diff")}`}${notes(result)}`;
}

/** The most that is shown of warnings, in characters. */
const mostWarnings = 10_000;

/** Warnings have words of the stack file, of Docker and of promtool, which are no Markdown. @param {Result} result */
function notes({ warnings, hostChecked, outcome }) {
    const unasked =
        "> The Docker host was not asked: nobody looked at taken ports, at what promtool says, and at what was changed by hand.";
    const blocks = [
        ...(warnings.length > 0 ? [fenced(warnings.join("\n").slice(0, mostWarnings))] : []),
        ...(hostChecked || outcome === "failed" ? [] : [unasked]),
    ];
    return blocks.map((block) => `\n\n${block}`).join("");
}

/** Where this comes from. */
function source() {
    const {
        GITHUB_SERVER_URL: server,
        GITHUB_REPOSITORY: repository,
        GITHUB_RUN_ID: run,
        COMMIT: commit,
    } = process.env;
    const of = commit ? `Of ${commit}. ` : "";
    return `${of}[The whole preview](${server}/${repository}/actions/runs/${run}).`;
}

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

/**
 * A code block that nothing inside can end.
 * @param {string} text
 * @param {string} language
 */
function fenced(text, language = "") {
    const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
    const fence = "`".repeat(longest + 1);
    return `${fence}${language}\n${text}\n${fence}`;
}

module.exports = { limit, title, brief, whole, fenced };
