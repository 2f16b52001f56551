// @ts-check
// What a step does with each stack of its job. In: STACKS, with commas between them.
const { spawn } = require("node:child_process");
const { run } = require("../../toolchain/compiled");
const { required } = require("./runner");

/** So many at a time, as of the commands for several stacks: docs/fleets.md. */
const atOnce = 4;

/** The stacks of the job. */
const stacks = () => required("STACKS").split(",");

/**
 * Does something with each stack. What goes wrong with one, or with its host, is in no other's way.
 * @template Result
 * @param {(stack: string) => Promise<Result>} work
 * @returns {Promise<Result[]>} in the order of the stacks
 */
async function each(work) {
    const { atATime } = await run("commands/fleet/atATime.ts");
    return atATime(atOnce, stacks(), work);
}

/**
 * Runs an npm script for a stack. What it says is seen at once, or of several stacks together when it ended.
 * @param {string} script e.g. "up"
 * @param {string} stack
 * @param {readonly string[]} options
 * @param {NodeJS.ProcessEnv} [env] beside that of the step
 * @returns {Promise<{ status: number | null, stdout: string, stderr: string }>}
 */
function npm(script, stack, options, env = {}) {
    const isAlone = stacks().length === 1;
    return new Promise((resolve, reject) => {
        const child = spawn("npm", ["run", "--silent", script, "--", "--stack", stack, ...options], {
            env: { ...process.env, ...env },
            stdio: ["ignore", "pipe", "pipe"],
        });
        const said = { stdout: "", stderr: "" };
        let all = "";
        for (const name of /** @type {const} */ (["stdout", "stderr"])) {
            child[name].setEncoding("utf8").on("data", (/** @type {string} */ chunk) => {
                said[name] += chunk;
                all += chunk;
                if (isAlone) {
                    process[name].write(chunk);
                }
            });
        }
        child.on("error", reject);
        child.on("close", (status) => {
            if (!isAlone) {
                process.stdout.write(`::group::${stack}: ${script}\n${all.trimEnd()}\n::endgroup::\n`);
            }
            resolve({ status, ...said });
        });
    });
}

module.exports = { each, npm, stacks };
