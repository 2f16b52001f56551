// @ts-check
const { setTimeout: sleep } = require("node:timers/promises");
const { dockerOutcomeSync, dockerSync, successful } = require("../../toolchain/docker");
const { ToolError } = require("../../toolchain/toolError");
const { asked } = require("./asking");
const { setting } = require("./step");

// How a container is, and what its program says.

/**
 * Asks a program from inside its container: needs no published port and works with any Docker endpoint.
 * @param {string} container
 * @param {string} url
 * @param {number} seconds the longest that it may take; the wget of some busyboxes cannot limit itself
 */
function fetched(container, url, seconds) {
    return dockerSync(["exec", container, "timeout", String(seconds), "wget", "-q", "-O-", url]);
}

/** How long a small program may take to answer once, in seconds. */
const patienceToAnswer = 10;

/**
 * Has a program of Prometheus' family read its configuration again.
 * @param {string} container
 * @param {number} port where it answers inside of it
 * @param {string} failed what is said before its own words
 * @throws {ToolError} with these
 */
function reloaded(container, port, failed) {
    const since = now(container);
    try {
        asked(container, port, [{ path: "/-/reload", method: "POST" }], patienceToAnswer);
    } catch (error) {
        throw new ToolError(`${failed}: ${lastError(container, since) ?? error}`);
    }
}

/**
 * The Docker host's time, which is the one in the logs.
 * @param {string} container
 */
function now(container) {
    return dockerSync(["exec", container, "date", "-u", "+%Y-%m-%dT%H:%M:%SZ"]).trim();
}

/**
 * What a container wrote since a time: programs log to stderr, and `docker logs` keeps the two streams apart.
 * @param {string} container
 * @param {readonly string[]} selection e.g. ["--tail", "5"]
 */
function logs(container, selection) {
    const args = ["logs", ...selection, container];
    const { stdout, stderr } = successful(args, dockerOutcomeSync(args));
    return `${stdout}${stderr}`.trim();
}

/**
 * How a container is.
 * @param {string} container
 * @returns {{ status: string, restarts: number, words: string }} words: for the user, e.g. "metrics-stack-dev-grafana is running"
 */
function condition(container) {
    const format = "{{.Name}} {{.State.Status}} {{.RestartCount}} {{.State.OOMKilled}}";
    const [name = "", status = "", restarts, outOfMemory] = dockerSync(["inspect", "--format", format, container])
        .trim()
        .split(" ");
    const why = outOfMemory === "true" ? " (killed for lack of memory: its memoryLimit is too small)" : "";
    return { status, restarts: Number(restarts), words: `${name.slice(1)} is ${status}${why}` };
}

/** How often a container that starts over and over does so before it is given up. */
const mostRestarts = 3;

/** Why a container does not do its work: it starts over and over. */
class CrashLoop extends ToolError {}

/**
 * Waits until a container does its work. One that was stopped, or that starts over and over, is not waited for.
 * @param {string} container
 * @param {() => string | undefined} ask asks it; gives what is wrong, undefined when nothing is
 * @throws {ToolError} with its last words
 */
async function started(container, ask) {
    const deadline = Date.now() + Number(setting("START_TIMEOUT"));
    for (const before = condition(container).restarts; ; await sleep(500)) {
        const problem = ask();
        if (problem === undefined) {
            return;
        }
        const { status, restarts, words } = condition(container);
        // One that waits for its next start may have crashed for hours: Docker waits up to a minute between two.
        const crashes = restarts - (status === "restarting" ? 0 : before) >= mostRestarts;
        const hopeless = crashes || !["created", "running", "restarting"].includes(status);
        if (hopeless || Date.now() > deadline) {
            const lastWords = logs(container, ["--tail", "5"]);
            const said = `${words}, and ${problem}${lastWords && `\nIts last words:\n${lastWords}`}`;
            throw crashes ? new CrashLoop(said) : new ToolError(said);
        }
    }
}

/**
 * Waits until a container's own health check is content.
 * @param {string} container
 */
function healthy(container) {
    return started(container, () => {
        const { Status, Log } = JSON.parse(dockerSync(["inspect", "--format", "{{json .State.Health}}", container]));
        return Status === "healthy"
            ? undefined
            : `its health check says ${Status}: ${Log?.at(-1)?.Output ?? ""}`.trim();
    });
}

/**
 * The newest error that a program of Prometheus' family logged.
 * @param {string} container
 * @param {string} since
 */
function lastError(container, since) {
    const errors = logs(container, ["--since", since])
        .split("\n")
        .filter((line) => /level=ERROR/i.test(line));
    return errorIn(errors.at(-1) ?? "");
}

/**
 * One line. Thanos logs an error with what it was wrapped in and with its stack, of which its cause is what a user needs.
 * @param {string} line of such a program's log
 */
function errorIn(line) {
    const quoted = /\berr="((?:[^"\\]|\\.)*)"/.exec(line)?.[1];
    const said = quoted?.replaceAll(/\\(.)/g, (_, char) => escaped[char] ?? char);
    return said?.replace(/\n[^]*\n\t\S+:\d[^]*/, "").replaceAll(/\s*\n\s*/g, " ");
}

/** @type {Readonly<Record<string, string>>} */
const escaped = { n: "\n", t: "\t" };

module.exports = {
    CrashLoop,
    condition,
    errorIn,
    fetched,
    healthy,
    lastError,
    logs,
    now,
    patienceToAnswer,
    reloaded,
    started,
};
