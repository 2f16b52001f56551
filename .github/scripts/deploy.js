// @ts-check
// Deploys a stack. One with targets that are down is deployed: the page of the run says so, and the next stacks get their turn.
// In: STACK.
const { spawn } = require("node:child_process");
const { fenced } = require("./report");
const { Failure, required, step, summarize } = require("./runner");

/** How `npm run up` ends then: commands/up/index.ts. */
const targetsDown = 10;

void step(async () => {
    const stack = required("STACK");
    const { status, said } = await up(stack);
    if (status === targetsDown) {
        const words = said.slice(Math.max(0, said.lastIndexOf("The stack is deployed, but")));
        process.stdout.write(`::warning::${stack} is deployed, and some of its targets are down.\n`);
        summarize(`### ${stack}: deployed, and some of its targets are down\n\n${fenced(words.trim())}`);
    } else if (status !== 0) {
        throw new Failure(`${stack}: the deployment failed, with status ${status}.`);
    }
});

/**
 * @param {string} stack
 * @returns {Promise<{ status: number | null, said: string }>}
 */
function up(stack) {
    return new Promise((resolve, reject) => {
        const child = spawn("npm", ["run", "--silent", "up", "--", "--stack", stack, "--non-interactive"], {
            stdio: ["ignore", "inherit", "pipe"],
        });
        let said = "";
        child.stderr.setEncoding("utf8").on("data", (/** @type {string} */ chunk) => {
            said += chunk;
            process.stderr.write(chunk);
        });
        child.on("error", reject);
        child.on("close", (status) => resolve({ status, said }));
    });
}
