// @ts-check
// Keeps one open issue for each stack or fleet that differs from what the main branch declares, and closes it when it no longer does.
// In: NAME, GITHUB_TOKEN, and what preview.js left. A preview that failed says nothing about drift: it neither opens nor closes one.
const { call, list } = require("./github");
const { brief, previews, title } = require("./report");
const { required, step } = require("./runner");

const label = "drift";

void step(async () => {
    const name = required("NAME");
    const results = previews();
    const isChanged = results.some(({ outcome }) => outcome === "changed");
    if (!isChanged && results.some(({ outcome }) => outcome === "failed")) {
        return;
    }
    const isStack = results.length === 1 && results[0]?.stack === name;
    const kind = isStack ? "stack" : "fleet";
    const marker = `<!-- metrics-stack drift: ${name} -->`;
    const open = await list(`issues?state=open&labels=${label}`);
    const known = open.find(({ body, pull_request }) => !pull_request && body?.startsWith(marker));
    if (known && !isChanged) {
        await call("POST", `issues/${known.number}/comments`, { body: brief(results, "The difference is gone.") });
        await call("PATCH", `issues/${known.number}`, { state: "closed", state_reason: "completed" });
    }
    if (isChanged) {
        const head =
            `${marker}\nThe ${kind} is not what the main branch declares: somebody changed it by hand, or a ` +
            `deployment is missing. The next deployment would do this:\n\n### ${title(name, results)}`;
        const body = brief(results, head);
        await (known
            ? call("PATCH", `issues/${known.number}`, { body })
            : call("POST", "issues", { title: `Drift of the ${kind} ${name}`, body, labels: [label] }));
    }
});
