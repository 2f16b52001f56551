// @ts-check
// Deploys the stacks of a job. One with targets that are down is deployed: the page of the run says so, and the next stacks get their
// turn. In: NAME, STACKS.
const { each, npm } = require("./each");
const { fenced } = require("./report");
const { Failure, required, step, summarize } = require("./runner");

/** How `npm run up` ends then: commands/up/index.ts. */
const targetsDown = 10;

void step(async () => {
    const results = await each(async (stack) => ({ stack, ...(await npm("up", stack, ["--non-interactive"])) }));
    const failed = results.filter(({ status }) => status !== 0 && status !== targetsDown);
    if (results.length > 1) {
        summarize(`### ${required("NAME")}: ${results.length - failed.length} of ${results.length} stacks deployed`);
    }
    for (const { stack, status, stderr } of results) {
        if (status === targetsDown) {
            const words = stderr.slice(Math.max(0, stderr.lastIndexOf("The stack is deployed, but")));
            process.stdout.write(`::warning::${stack} is deployed, and some of its targets are down.\n`);
            summarize(`### ${stack}: deployed, and some of its targets are down\n\n${fenced(words.trim())}`);
        }
    }
    if (failed.length > 0) {
        throw new Failure(
            failed.map(({ stack, status }) => `${stack}: the deployment failed, with status ${status}.`).join("\n"),
        );
    }
});
