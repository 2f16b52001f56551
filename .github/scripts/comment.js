// @ts-check
// Puts what the previews of a job found under the pull request: one comment a stack or fleet, written anew with every commit.
// In: NAME, PULL_REQUEST, COMMIT, GITHUB_TOKEN, and what preview.js left.
const { call, list } = require("./github");
const { brief, previews, title } = require("./report");
const { required, step } = require("./runner");

void step(async () => {
    const name = required("NAME");
    const results = previews();
    const comments = `issues/${required("PULL_REQUEST")}/comments`;
    // Nobody sees it, and it finds the comment again. A person who quotes it writes no comment of ours.
    const marker = `<!-- metrics-stack preview: ${name} -->`;
    const known = (await list(comments)).find(({ body, user }) => user?.type === "Bot" && body?.startsWith(marker));
    const body = brief(results, `${marker}\n### ${title(name, results)}`);
    await (known ? call("PATCH", `issues/comments/${known.id}`, { body }) : call("POST", comments, { body }));
});
