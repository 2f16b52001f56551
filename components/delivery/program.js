// @ts-check
const { existsSync } = require("node:fs");
const path = require("node:path");
const { ToolError } = require("../../toolchain/toolError");

/**
 * How a program takes over new files and proves that it did: what the delivery.js of a part exports.
 * @typedef {object} Program
 * @property {Step} ready waits until it can load a configuration
 * @property {(container: string) => unknown} load has it read its files again; throws its own words
 * @property {(container: string, loaded?: any) => Promise<void>} verify waits until it runs with what was declared; loaded: what
 * load gave, where the files were read again
 * @property {Check} [check] how its own tool checks files; by default nothing does
 * @property {Live} [live] what it runs with; by default it runs with its files, always
 */
/** @typedef {(container: string) => Promise<void>} Step */

/** @typedef {import("../observation").PartQuestion} Part */
/** @typedef {import("../observation").Refusal} Refusal */

/**
 * @typedef {object} Check
 * @property {string} script run by sh in a folder with the files, beside a file for each secret in its folder "secrets"
 * @property {string} [tool] what it runs; one of this machine will do where the image cannot be had, by default none
 * @property {(part: Part) => Record<string, string>} [files] the files as the tool finds them; by default as they are
 * @property {(said: string, part: Part, run: Run) => Promise<Refusal[]>} refusals what the script said, in words for the user
 * @property {(part: Part) => number} [patience] how much longer than a look it may take, in milliseconds
 */

/**
 * Runs another script with more files. Gives what it said on stdout.
 * @typedef {(script: string, more: Record<string, string>) => Promise<string>} Run
 */

/**
 * @typedef {object} Live
 * @property {string} name the program's, for the user
 * @property {number} port where it says what it runs with
 * @property {string} path of that
 * @property {string} file what it read, in a release
 * @property {(said: string, declared: unknown) => string | undefined} difference the first place where they differ
 */

/**
 * @param {string} name the part's folder, beside this one, e.g. "prometheus"
 * @returns {Program}
 */
function programOf(name) {
    const file = path.join(__dirname, "..", name, "delivery.js");
    if (!existsSync(file)) {
        throw new ToolError(`PROGRAM is ${name}: there is no file ${path.join("components", name, "delivery.js")}`);
    }
    return require(file);
}

module.exports = { programOf };
