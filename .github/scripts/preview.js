// @ts-check
// Runs the previews of a job's stacks, and leaves what came of them for comment.js and issue.js. Fails where one of them did.
// In: NAME, STACKS. Out: `outcome`, one of unchanged, changed and failed.
const { existsSync, readFileSync, writeFileSync } = require("node:fs");
const path = require("node:path");
const { each, npm } = require("./each");
const { outcomeOf, title, whole } = require("./report");
const { Failure, required, setOutput, step, summarize } = require("./runner");

/** Their values appear nowhere, whatever a program prints. */
const secrets = ["PULUMI_CONFIG_PASSPHRASE", "PULUMI_ACCESS_TOKEN", "AWS_SECRET_ACCESS_KEY"];

void step(async () => {
    const results = await each(preview);
    const name = required("NAME");
    writeFileSync(path.join(required("RUNNER_TEMP"), "previews.json"), JSON.stringify(results));
    const outcome = outcomeOf(results);
    setOutput("outcome", outcome);
    summarize(whole(name, results));
    if (outcome === "failed") {
        throw new Failure(`${title(name, results)}.`);
    }
});

/**
 * @param {string} stack
 * @returns {Promise<import("./report").Result>}
 */
async function preview(stack) {
    const eventLog = path.join(required("RUNNER_TEMP"), `events-${stack}.json`);
    const options = ["--diff", "--non-interactive", "--color", "never", "--event-log", eventLog];
    // Without the variable the CLI does not know --event-log, with which Pulumi's Automation API learns what happened.
    const { status, stdout, stderr } = await npm("preview", stack, options, { PULUMI_DEBUG_COMMANDS: "true" });
    const end = summaryOf(eventLog);
    const changes = Object.fromEntries(
        Object.entries(end?.resourceChanges ?? {}).filter(([operation]) => isChange(operation)),
    );
    const failed = status !== 0 || end === undefined;
    return {
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
