// @ts-check
// Runs a stack's preview, and leaves what came of it for comment.js and issue.js. Fails where the preview did.
// In: STACK. Out: `outcome`, one of unchanged, changed and failed.
const { spawn } = require("node:child_process");
const { existsSync, readFileSync, writeFileSync } = require("node:fs");
const path = require("node:path");
const { title, whole } = require("./report");
const { Failure, required, setOutput, step, summarize } = require("./runner");

/** Their values appear nowhere, whatever a program prints. */
const secrets = ["PULUMI_CONFIG_PASSPHRASE", "PULUMI_ACCESS_TOKEN", "AWS_SECRET_ACCESS_KEY"];

void step(async () => {
    const stack = required("STACK");
    const eventLog = path.join(required("RUNNER_TEMP"), "events.json");
    const { status, stdout, stderr } = await preview(stack, eventLog);
    const end = summaryOf(eventLog);
    const changes = Object.fromEntries(
        Object.entries(end?.resourceChanges ?? {}).filter(([operation]) => isChange(operation)),
    );
    const failed = status !== 0 || end === undefined;
    /** @type {import("./report").Result} */
    const result = {
        stack,
        outcome: failed ? "failed" : Object.keys(changes).length > 0 ? "changed" : "unchanged",
        changes: failed ? {} : changes,
        // Of a preview that failed, what it got to say of changes is only a part.
        text: withoutSecrets(failed ? stderr : stdout).trim(),
        warnings: failed
            ? []
            : withoutSecrets(stderr)
                  .split("\n")
                  .filter((line) => line.startsWith("warning: ")),
        hostChecked: process.env.METRICS_STACK_SKIP_HOST_CHECKS !== "true",
    };
    writeFileSync(path.join(required("RUNNER_TEMP"), "preview.json"), JSON.stringify(result));
    setOutput("outcome", result.outcome);
    summarize(whole(result));
    if (failed) {
        throw new Failure(`${title(result)}.`);
    }
});

/**
 * @param {string} stack
 * @param {string} eventLog
 * @returns {Promise<{ status: number | null, stdout: string, stderr: string }>}
 */
function preview(stack, eventLog) {
    const options = ["--diff", "--non-interactive", "--color", "never", "--event-log", eventLog];
    return new Promise((resolve, reject) => {
        const child = spawn("npm", ["run", "--silent", "preview", "--", "--stack", stack, ...options], {
            // Without it the CLI does not know --event-log, with which Pulumi's Automation API learns what happened.
            env: { ...process.env, PULUMI_DEBUG_COMMANDS: "true" },
            stdio: ["ignore", "pipe", "pipe"],
        });
        const said = { stdout: "", stderr: "" };
        for (const name of /** @type {const} */ (["stdout", "stderr"])) {
            child[name].setEncoding("utf8").on("data", (/** @type {string} */ chunk) => {
                said[name] += chunk;
                process[name].write(chunk);
            });
        }
        child.on("error", reject);
        child.on("close", (status) => resolve({ status, ...said }));
    });
}

/**
 * What the engine counted. Undefined where the preview did not get to an end.
 * @param {string} eventLog
 * @returns {{ resourceChanges: Record<string, number> } | undefined}
 */
function summaryOf(eventLog) {
    const lines = existsSync(eventLog) ? readFileSync(eventLog, "utf8").split("\n").filter(Boolean) : [];
    return lines.map((line) => JSON.parse(line).summaryEvent).find(Boolean);
}

/** A refresh only reads. @param {string} operation */
const isChange = (operation) => !["same", "refresh", "read"].includes(operation);

/** @param {string} text */
const withoutSecrets = (text) =>
    secrets.reduce((left, name) => (process.env[name] ? left.replaceAll(required(name), "***") : left), text);
