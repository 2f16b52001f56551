// @ts-check
// What previews found, as Markdown for people: a comment, an issue, the page of the run.
const { readFileSync } = require("node:fs");
const path = require("node:path");
const { changedLines } = require("./diff");
const { required } = require("./runner");

/**
 * @typedef {object} Result What preview.js leaves for the next steps, for each stack.
 * @property {string} stack
 * @property {"unchanged" | "changed" | "failed"} outcome
 * @property {Record<string, number>} changes how many resources of each operation, e.g. { update: 2 }
 * @property {string} text Pulumi's diff, or why the preview failed
 * @property {readonly string[]} warnings
 * @property {boolean} hostChecked whether the Docker host was asked
 */

/** The most that GitHub takes as a comment or an issue, in characters. */
const limit = 65_536;

/** @returns {Result[]} */
const previews = () => JSON.parse(readFileSync(path.join(required("RUNNER_TEMP"), "previews.json"), "utf8"));

/** The most important first. */
const outcomes = /** @type {const} */ (["failed", "changed", "unchanged"]);

/** @param {readonly Result[]} results */
const outcomeOf = (results) => outcomes.find((each) => results.some(({ outcome }) => outcome === each)) ?? "unchanged";

/**
 * One line.
 * @param {string} name of the stack or the fleet
 * @param {readonly Result[]} results
 */
function title(name, results) {
    const [only] = results;
    if (results.length === 1 && only) {
        return `${only.stack}: ${says(only)}`;
    }
    const count = (/** @type {Result["outcome"]} */ wanted) =>
        results.filter(({ outcome }) => outcome === wanted).length;
    const [failed, changed] = [count("failed"), count("changed")];
    const parts = [
        ...(failed > 0 ? [`${failed} of ${results.length} previews failed`] : []),
        ...(changed > 0 ? [`changes in ${changed} of ${results.length} stacks`] : []),
    ];
    return `${name}: ${parts.join(", ") || `no changes in ${results.length} stacks`}`;
}

/** @param {Result} result */
function says({ outcome, changes }) {
    switch (outcome) {
        case "unchanged":
            return "no changes";
        case "failed":
            return "the preview failed";
        case "changed":
            return Object.entries(changes)
                .map(([operation, count]) => `${count} to ${operation}`)
                .join(", ");
    }
}

/**
 * For a comment or an issue: what changes, without what stays around it, and never longer than GitHub takes. Stacks of which the
 * same is to be said are one.
 * @param {readonly Result[]} results
 * @param {string} head Markdown before it
 */
function brief(results, head) {
    const groups = alike(results).map((group) => ({ ...group, lines: briefly(group.result).split("\n") }));
    const body = (/** @type {number} */ count) => {
        const isCut = groups.some(({ lines }) => lines.length > count);
        const blocks = groups.map(({ lines, ...group }) =>
            block(group, lines.slice(0, count).join("\n"), groups.length),
        );
        return `${head}${blocks.join("")}${isCut ? cut : ""}\n\n${source()}`;
    };
    let count = Math.max(1, ...groups.map(({ lines }) => lines.length));
    while (count > 0 && body(count).length > limit) {
        count = Math.floor(count * 0.95);
    }
    return body(count);
}

const cut = "\n\nThe rest is cut off: GitHub takes no longer text. The whole preview has it.";

/** @param {Result} result */
const briefly = ({ outcome, text }) =>
    outcome === "unchanged" ? "" : outcome === "failed" ? text : changedLines(text);

/**
 * For the page of the run: all that Pulumi said.
 * @param {string} name of the stack or the fleet
 * @param {readonly Result[]} results
 */
function whole(name, results) {
    const groups = alike(results);
    // A step may say at most 1 MiB; the log has everything.
    const most = Math.floor(500_000 / groups.length);
    const blocks = groups.map((group) => block(group, group.result.text.slice(0, most), groups.length));
    return `### ${title(name, results)}${blocks.join("")}`;
}

/**
 * @typedef {object} Group Stacks of which the same is to be said.
 * @property {Result} result that of the first of them
 * @property {readonly string[]} stacks
 */

/**
 * @param {readonly Result[]} results
 * @returns {Group[]} what is most important first
 */
function alike(results) {
    /** @type {Map<string, Result[]>} */
    const groups = new Map();
    for (const result of results) {
        const key = withoutNames(result);
        groups.set(key, [...(groups.get(key) ?? []), result]);
    }
    return [...groups.values()]
        .flatMap((group) => (group[0] ? [{ result: group[0], stacks: group.map(({ stack }) => stack) }] : []))
        .sort((a, b) => outcomes.indexOf(a.result.outcome) - outcomes.indexOf(b.result.outcome));
}

/** What is to be said of a stack, without what is its own in any case: its name, and sums and ids. @param {Result} result */
function withoutNames(result) {
    const { stack, outcome, changes, warnings, hostChecked } = result;
    return JSON.stringify([outcome, changes, briefly(result), warnings, hostChecked])
        .replaceAll(new RegExp(`(?<!\\w)${stack.replaceAll(".", "\\.")}(?!\\w)`, "g"), "<stack>")
        .replaceAll(/\b[0-9a-f]{12,64}\b/g, "<id>");
}

/**
 * @param {Group} group
 * @param {string} text
 * @param {number} groups how many there are: the only one needs no title
 */
function block({ result, stacks }, text, groups) {
    const names =
        stacks.length > 3 ? `${stacks.slice(0, 2).join(", ")} and ${stacks.length - 2} more` : stacks.join(", ");
    const of = text !== "" && stacks.length > 1 ? `. This is ${stacks[0]}` : "";
    const heading = groups > 1 || of !== "" ? `\n\n#### ${names}: ${says(result)}${of}` : "";
    return `${heading}${text && `\n\n${fenced(text, "diff")}`}${notes(result, groups)}`;
}

/** The most that is shown of warnings, in characters. */
const mostWarnings = 10_000;

/**
 * Warnings have words of the stack file, of Docker and of promtool, which are no Markdown.
 * @param {Result} result
 * @param {number} groups
 */
function notes({ warnings, hostChecked, outcome }, groups) {
    const unasked =
        "> The Docker host was not asked: nobody looked at taken ports, at what promtool says, and at what was changed by hand.";
    const blocks = [
        ...(warnings.length > 0 ? [fenced(warnings.join("\n").slice(0, Math.floor(mostWarnings / groups)))] : []),
        ...(hostChecked || outcome === "failed" ? [] : [unasked]),
    ];
    return blocks.map((each) => `\n\n${each}`).join("");
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
 * A code block that nothing inside can end.
 * @param {string} text
 * @param {string} language
 */
function fenced(text, language = "") {
    const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
    const fence = "`".repeat(longest + 1);
    return `${fence}${language}\n${text}\n${fence}`;
}

module.exports = { limit, previews, outcomeOf, title, brief, whole, fenced };
