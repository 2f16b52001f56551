// @ts-check
// Keeps one open issue for each stack that differs from what the main branch declares, and closes it when it no longer does.
// In: STACK, GITHUB_TOKEN, and what preview.js left. A preview that failed says nothing about drift: no issue is touched.
const { readFileSync } = require("node:fs");
const path = require("node:path");
const { call, list } = require("./github");
const { brief, title } = require("./report");
const { required, step } = require("./runner");

const label = "drift";

void step(async () => {
    /** @type {import("./report").Result} */
    const result = JSON.parse(readFileSync(path.join(required("RUNNER_TEMP"), "preview.json"), "utf8"));
    const marker = `<!-- metrics-stack drift: ${required("STACK")} -->`;
    const open = await list(`issues?state=open&labels=${label}`);
    const known = open.find(({ body, pull_request }) => !pull_request && body?.startsWith(marker));
    if (result.outcome === "unchanged" && known) {
        await call("POST", `issues/${known.number}/comments`, { body: brief(result, "The difference is gone.") });
        await call("PATCH", `issues/${known.number}`, { state: "closed", state_reason: "completed" });
    }
    if (result.outcome === "changed") {
        const head =
            `${marker}\nThe stack is not what the main branch declares: somebody changed it by hand, or a deployment is ` +
            `missing. The next deployment would do this:\n\n### ${title(result)}`;
        const body = brief(result, head);
        await (known
            ? call("PATCH", `issues/${known.number}`, { body })
            : call("POST", "issues", { title: `Drift of the stack ${result.stack}`, body, labels: [label] }));
    }
});
