// @ts-check
const { spawnSync } = require("node:child_process");
const { readFileSync } = require("node:fs");
const path = require("node:path");
const { setTimeout: sleep } = require("node:timers/promises");

// These steps are plain JavaScript: a TypeScript compiler would add half a second to each. `npm run typecheck` covers them.

/** The longest that one docker command may take, in milliseconds: a reload with thousands of jobs takes minutes. */
const patience = 300_000;

/** What went wrong, in words for the user: printed without a stack trace. */
class DeliveryError extends Error {}

/**
 * Runs the docker command line, which reads DOCKER_HOST as the Docker provider does.
 * @param {readonly string[]} args
 * @param {{ input?: Buffer | string }} [options]
 * @returns {string} what it printed on stdout
 * @throws {DeliveryError} with what it printed
 */
function docker(args, options) {
    return spawned(args, options).stdout;
}

/**
 * Asks a program from inside its container: needs no published port and works with any Docker endpoint.
 * @param {string} container
 * @param {string} url
 * @param {number} seconds the longest that it may take; the wget of some busyboxes cannot limit itself
 * @param {readonly string[]} options of wget
 */
function fetched(container, url, seconds, options = []) {
    return docker(["exec", container, "timeout", String(seconds), "wget", "-q", "-O-", ...options, url]);
}

/**
 * What a container wrote since a time: programs log to stderr, and `docker logs` keeps the two streams apart.
 * @param {string} container
 * @param {readonly string[]} selection e.g. ["--tail", "5"]
 */
function logs(container, selection) {
    const { stdout, stderr } = spawned(["logs", ...selection, container]);
    return `${stdout}${stderr}`.trim();
}

/**
 * How a container is.
 * @param {string} container
 * @returns {{ status: string, restarts: number, words: string }} words: for the user, e.g. "metrics-stack-dev-grafana is running"
 */
function condition(container) {
    const format = "{{.Name}} {{.State.Status}} {{.RestartCount}} {{.State.OOMKilled}}";
    const [name = "", status = "", restarts, outOfMemory] = docker(["inspect", "--format", format, container])
        .trim()
        .split(" ");
    const why = outOfMemory === "true" ? " (killed for lack of memory: its memoryLimit is too small)" : "";
    return { status, restarts: Number(restarts), words: `${name.slice(1)} is ${status}${why}` };
}

/**
 * Waits until a container does its work. One that was stopped, or that starts over and over, is not waited for.
 * @param {string} container
 * @param {() => string | undefined} ask asks it; gives what is wrong, undefined when nothing is
 * @throws {DeliveryError} with its last words
 */
async function started(container, ask) {
    const deadline = Date.now() + Number(setting("START_TIMEOUT"));
    for (const before = condition(container).restarts; ; await sleep(500)) {
        const problem = ask();
        if (problem === undefined) {
            return;
        }
        const { status, restarts, words } = condition(container);
        const hopeless = restarts - before >= 3 || !["created", "running", "restarting"].includes(status);
        if (hopeless || Date.now() > deadline) {
            const lastWords = logs(container, ["--tail", "5"]);
            throw new DeliveryError(`${words}, and ${problem}${lastWords && `\nIts last words:\n${lastWords}`}`);
        }
    }
}

/**
 * @param {readonly string[]} args
 * @param {{ input?: Buffer | string }} [options]
 */
function spawned(args, { input } = {}) {
    const { error, status, stdout, stderr } = spawnSync("docker", args, {
        input: input ?? "",
        encoding: "utf8",
        timeout: patience,
        maxBuffer: 256 * 2 ** 20,
    });
    if (/** @type {NodeJS.ErrnoException} */ (error)?.code === "ETIMEDOUT") {
        throw new DeliveryError(`docker ${args[0]} did not end within ${patience / 1000} s`);
    }
    if (error) {
        throw new DeliveryError(`docker could not be run: ${error.message}. Is the Docker command line on the PATH?`);
    }
    if (status !== 0) {
        throw new DeliveryError(`${stdout}${stderr}`.trim() || `docker ${args[0]} ended with status ${status}`);
    }
    return { stdout, stderr };
}

/** Options of a container that writes into volumes as root and can do nothing else. */
const rootOfVolumes = [
    ...["--network", "none", "--read-only", "--user", "0:0"],
    ...["--security-opt", "no-new-privileges", "--cap-drop", "ALL"],
    // Files change their owner, and are replaced although they belong to somebody else.
    ...["--cap-add", "CHOWN", "--cap-add", "DAC_OVERRIDE", "--cap-add", "FOWNER"],
];

/**
 * Runs one of volume.sh's actions in a short-lived container that mounts the volume read-write.
 * @param {readonly string[]} action e.g. ["switch", "3f1c..."]
 * @param {{ input?: Buffer, environment?: Record<string, string> }} [options]
 */
function inVolume(action, { input, environment = {} } = {}) {
    const settings = ["MOUNT_PATH", "WATCHED_FOLDER", "GENERATION"];
    const variables = { ...Object.fromEntries(settings.map((name) => [name, setting(name)])), ...environment };
    return docker(
        [
            ...["run", "--rm", "--interactive", ...rootOfVolumes],
            // Without nocopy Docker would fill a new volume with what the image has at that path.
            ...["--mount", `type=volume,src=${setting("VOLUME")},dst=${setting("MOUNT_PATH")},volume-nocopy`],
            ...Object.entries(variables).flatMap(([name, value]) => ["--env", `${name}=${value}`]),
            ...["--entrypoint", "/bin/sh", setting("IMAGE"), "-c"],
            ...[
                readFileSync(path.join(__dirname, "..", "components", "delivery", "volume.sh"), "utf8"),
                "sh",
                ...action,
            ],
        ],
        { input },
    );
}

/**
 * A setting that the step was given.
 * @param {string} name
 */
function setting(name) {
    const value = process.env[name];
    if (value === undefined) {
        throw new DeliveryError(`${name} is not set: this step is run by Pulumi, see components/configVolume.ts`);
    }
    return value;
}

/**
 * Runs a step: a failure becomes its message and status 1.
 * @param {() => void | Promise<void>} step
 */
async function run(step) {
    try {
        await step();
    } catch (error) {
        process.stderr.write(`${error instanceof DeliveryError ? error.message : String(error)}\n`);
        process.exitCode = 1;
    }
}

module.exports = { DeliveryError, condition, docker, fetched, inVolume, logs, rootOfVolumes, run, setting, started };
