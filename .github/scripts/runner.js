// @ts-check
// What the workflows' runner gives a step and takes from it.
// Source: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
const { randomUUID } = require("node:crypto");
const { appendFileSync } = require("node:fs");

/** What went wrong, in words for who reads the run: printed without a stack trace. */
class Failure extends Error {}

/**
 * An environment variable that the workflow has to set.
 * @param {string} name
 */
function required(name) {
    const value = process.env[name];
    if (!value) {
        throw new Failure(`${name} is not set.`);
    }
    return value;
}

/**
 * Sets an output of the step.
 * @param {string} name
 * @param {string} value
 */
const setOutput = (name, value) => append("GITHUB_OUTPUT", assignment(name, value));

/**
 * Sets an environment variable of the job's next steps.
 * @param {string} name
 * @param {string} value
 */
const setVariable = (name, value) => append("GITHUB_ENV", assignment(name, value));

/**
 * Puts a folder before all others on the next steps' PATH.
 * @param {string} folder
 */
const addPath = (folder) => append("GITHUB_PATH", folder);

/**
 * Says something on the page of the run. At most 1 MiB a step.
 * @param {string} markdown
 */
const summarize = (markdown) => append("GITHUB_STEP_SUMMARY", markdown);

/**
 * Does a step's work. A failure is one annotation of the run, and the step fails.
 * @param {() => void | Promise<void>} work
 */
async function step(work) {
    try {
        await work();
    } catch (error) {
        if (!(error instanceof Failure)) {
            throw error;
        }
        process.stdout.write(`::error::${error.message.replaceAll("%", "%25").replaceAll("\n", "%0A")}\n`);
        process.exitCode = 1;
    }
}

/**
 * @param {string} file
 * @param {string} line
 */
const append = (file, line) => appendFileSync(required(file), `${line}\n`);

/**
 * A value may have several lines: the delimiter is one that no value contains.
 * @param {string} name
 * @param {string} value
 */
function assignment(name, value) {
    const delimiter = randomUUID();
    return `${name}<<${delimiter}\n${value}\n${delimiter}`;
}

module.exports = { Failure, required, setOutput, setVariable, addPath, summarize, step };
