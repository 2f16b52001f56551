// @ts-check
const { setTimeout: sleep } = require("node:timers/promises");
const { ToolError } = require("../../toolchain/toolError");

// How a program is found to run with what was declared.

/** How long that may take, in milliseconds. */
const patience = 30_000;

/**
 * Asks until nothing is wrong any more.
 * @param {() => string | undefined} question gives what is wrong; that a program does not answer is wrong too
 * @param {{ every: number, says?: () => string | undefined }} options every: milliseconds between two questions; says: what the
 * program itself has to say in the end, e.g. "Prometheus says: ..."
 * @throws {ToolError} with what was wrong in the end
 */
async function verified(question, { every, says = () => undefined }) {
    const deadline = Date.now() + patience;
    for (;;) {
        const asked = Date.now();
        const problem = answered(question);
        if (problem === undefined) {
            return;
        }
        if (Date.now() > deadline) {
            const said = says();
            throw new ToolError(`After ${patience / 1000} s, ${problem}${said === undefined ? "" : `\n${said}`}`);
        }
        // Never more than half of the time: a program with 100,000 targets has seconds to do for an answer.
        await sleep(Math.max(every, Date.now() - asked));
    }
}

/**
 * A program that is just starting answers nothing, or 503, for a while.
 * @param {() => string | undefined} question
 */
function answered(question) {
    try {
        return question();
    } catch (error) {
        if (error instanceof ToolError) {
            return `it does not answer: ${error.message}`;
        }
        throw error;
    }
}

/** What programs show in place of a value that they take for a secret. Source: https://pkg.go.dev/github.com/prometheus/common/config */
const hidden = "<secret>";

/**
 * Compares what is live with what was declared. A program adds its defaults to what it was given and leaves out what is empty.
 * @param {unknown} live
 * @param {unknown} declared
 * @param {string} path
 * @returns {string | undefined} the first place where they differ
 */
function firstDifference(live, declared, path = "") {
    if ((isEmpty(live) && isEmpty(declared)) || live === hidden) {
        return undefined;
    }
    if (typeof declared !== "object" || declared === null) {
        return live === declared
            ? undefined
            : `${path} is ${JSON.stringify(live)} instead of ${JSON.stringify(declared)}`;
    }
    if (Array.isArray(declared) && (!Array.isArray(live) || live.length !== declared.length)) {
        return `${path} has another length`;
    }
    const found = /** @type {Record<string, unknown>} */ (live ?? {});
    return Object.entries(declared)
        .map(([key, value]) => firstDifference(found[key], value, path === "" ? key : `${path}.${key}`))
        .find((difference) => difference !== undefined);
}

/** @param {unknown} value true for what Prometheus leaves out: no text, no list, no "yes" */
function isEmpty(value) {
    return (
        value === undefined ||
        value === null ||
        value === "" ||
        value === false ||
        (Array.isArray(value) && value.length === 0)
    );
}

module.exports = { answered, firstDifference, verified };
