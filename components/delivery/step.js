// @ts-check
const { readFileSync } = require("node:fs");
const path = require("node:path");
const { dockerSync, rootOfVolumes } = require("../../toolchain/docker");
const { ToolError } = require("../../toolchain/toolError");

// What every delivery step needs. The steps are plain JavaScript: a TypeScript compiler would add half a second to each.

/**
 * Runs a step: a failure becomes its message and status 1.
 * @param {() => void | Promise<void>} step
 */
async function run(step) {
    try {
        await step();
    } catch (error) {
        process.stderr.write(`${error instanceof ToolError ? error.message : String(error)}\n`);
        process.exitCode = 1;
    }
}

/**
 * A setting that the step was given.
 * @param {string} name
 */
function setting(name) {
    const value = process.env[name];
    if (value === undefined) {
        throw new ToolError(`${name} is not set: this step is run by Pulumi, see components/configVolume.ts`);
    }
    return value;
}

/**
 * Runs one of volume.sh's actions in a short-lived container that mounts the volume read-write.
 * @param {readonly string[]} action e.g. ["switch", "3f1c..."]
 * @param {{ input?: Buffer, environment?: Record<string, string> }} [options]
 */
function inVolume(action, { input, environment = {} } = {}) {
    const settings = ["MOUNT_PATH", "WATCHED_FOLDER", "GENERATION"];
    const variables = { ...Object.fromEntries(settings.map((name) => [name, setting(name)])), ...environment };
    return dockerSync(
        [
            ...["run", "--rm", "--interactive", ...rootOfVolumes],
            // Without nocopy Docker would fill a new volume with what the image has at that path.
            ...["--mount", `type=volume,src=${setting("VOLUME")},dst=${setting("MOUNT_PATH")},volume-nocopy`],
            ...Object.entries(variables).flatMap(([name, value]) => ["--env", `${name}=${value}`]),
            ...["--entrypoint", "/bin/sh", setting("IMAGE"), "-c"],
            ...[readFileSync(path.join(__dirname, "volume.sh"), "utf8"), "sh", ...action],
        ],
        { input },
    );
}

module.exports = { inVolume, run, setting };
