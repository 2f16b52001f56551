// @ts-check
// Puts what a stack's preview found under the pull request: one comment a stack, written anew with every commit.
// In: STACK, PULL_REQUEST, COMMIT, GITHUB_TOKEN, and what preview.js left.
const { readFileSync } = require("node:fs");
const path = require("node:path");
const { call, list } = require("./github");
const { brief, title } = require("./report");
const { required, step } = require("./runner");

void step(async () => {
    /** @type {import("./report").Result} */
    const result = JSON.parse(readFileSync(path.join(required("RUNNER_TEMP"), "preview.json"), "utf8"));
    const comments = `issues/${required("PULL_REQUEST")}/comments`;
    // Nobody sees it, and it finds the comment again. A person who quotes it writes no comment of ours.
    const marker = `<!-- metrics-stack preview: ${required("STACK")} -->`;
    const known = (await list(comments)).find(({ body, user }) => user?.type === "Bot" && body?.startsWith(marker));
    const body = brief(result, `${marker}\n### ${title(result)}`);
    await (known ? call("PATCH", `issues/comments/${known.id}`, { body }) : call("POST", comments, { body }));
});
