// @ts-check
const { spawn, spawnSync } = require("node:child_process");
const { constants } = require("node:os");
const { text } = require("node:stream/consumers");
const { ToolError } = require("./toolError");

// The one way to run the docker command line, which reads DOCKER_HOST as the Docker provider does. Plain JavaScript, as the
// delivery steps that run it are: a TypeScript compiler would add half a second to each. `npm run typecheck` covers them.

/** The longest that one docker command may take, in milliseconds. */
const patience = {
    /** Who only looks, and can say that it was not to be seen. */
    look: 30_000,
    /** A reload with thousands of jobs takes minutes. */
    work: 300_000,
    pull: 600_000,
};

/** How one that takes longer ends: `docker run` passes SIGTERM on, to a program that may not care, and goes on. */
const killSignal = "SIGKILL";

/** The most that one may print, in bytes, where nothing else goes on meanwhile. */
const maxBuffer = 512 * 2 ** 20;

/** How much a failure tells of what the command printed before, in characters: it may have been at 60 MB of targets. */
const mostWords = 2000;

/**
 * @typedef {object} Options
 * @property {string | Buffer} [input] its stdin
 * @property {number} [timeout] in milliseconds, by default patience.work
 * @property {Readonly<Record<string, string>>} [env] variables beside the process' own
 */

/**
 * @typedef {object} StreamOptions
 * @property {Readonly<Record<string, string>>} [env] variables beside the process' own
 * @property {AbortSignal} [signal] ends it; it then fails for the signal's reason
 * @property {boolean} [detached] has it in a process group of its own: Ctrl-C is for this process alone, which ends what has to end
 */

/** @typedef {{ readonly status: number, readonly stdout: string, readonly stderr: string }} Outcome how a command ended */

/**
 * Runs a docker command beside others.
 * @param {readonly string[]} args
 * @param {Options & StreamOptions} [options]
 * @returns {Promise<string>} what it printed on stdout
 * @throws {ToolError} with what it said, if it fails
 */
const docker = async (args, options) => successful(args, await dockerOutcome(args, options)).stdout;

/**
 * Runs a docker command and waits for it.
 * @param {readonly string[]} args
 * @param {Options} [options]
 * @returns {string} what it printed on stdout
 * @throws {ToolError} with what it said, if it fails
 */
const dockerSync = (args, options) => successful(args, dockerOutcomeSync(args, options)).stdout;

/**
 * Runs a docker command beside others.
 * @param {readonly string[]} args
 * @param {Options & StreamOptions} [options]
 * @returns {Promise<Outcome>} that it failed is for the caller to see
 * @throws {ToolError} if it cannot be run or takes too long
 */
function dockerOutcome(args, { input = "", timeout = patience.work, ...options } = {}) {
    return inTurn(options.env, async () => {
        const { child, outcome } = dockerStream(args, options);
        child.stdin.end(input);
        const stdout = text(child.stdout);
        // A stream that breaks is what the outcome tells, with its reason.
        stdout.catch(() => undefined);
        /** @type {NodeJS.Timeout | undefined} */
        let timer;
        const late = new Promise((_, reject) => {
            timer = setTimeout(() => reject(tooLate(args, timeout)), timeout);
        });
        try {
            const ended = await Promise.race([outcome, late]);
            return { ...ended, stdout: await stdout };
        } finally {
            clearTimeout(timer);
            child.kill(killSignal);
        }
    });
}

/**
 * Runs a docker command and waits for it.
 * @param {readonly string[]} args
 * @param {Options} [options]
 * @returns {Outcome} that it failed is for the caller to see
 * @throws {ToolError} if it cannot be run or takes too long
 */
function dockerOutcomeSync(args, { input = "", timeout = patience.work, env } = {}) {
    const { error, status, signal, stdout, stderr } = spawnSync("docker", args, {
        ...{ input, timeout, killSignal, maxBuffer },
        env: { ...process.env, ...env },
        encoding: "utf8",
    });
    const { code } = /** @type {NodeJS.ErrnoException} */ (error ?? {});
    // One that ended before it had read all says why by its status.
    if (error && code !== "EPIPE") {
        throw code === "ETIMEDOUT" ? tooLate(args, timeout) : notRun(error);
    }
    return { status: numeric(status, signal), stdout, stderr };
}

/**
 * Runs a docker command whose streams are the caller's to read and write, however long it takes.
 * @param {readonly string[]} args
 * @param {StreamOptions} [options]
 * @returns {{ child: import("node:child_process").ChildProcessWithoutNullStreams, outcome: Promise<Outcome> }} outcome: without stdout
 * @throws {ToolError} if it cannot be run, as the outcome does
 */
function dockerStream(args, { env, signal, detached = false } = {}) {
    const child = spawned(args, { env: { ...process.env, ...env }, detached, ...(signal && { signal }) });
    let stderr = "";
    child.stderr.setEncoding("utf8").on("data", (/** @type {string} */ chunk) => (stderr += chunk));
    // One that ended before it had read all says why by its status.
    child.stdin.on("error", () => undefined);
    /** @type {Promise<Outcome>} */
    const outcome = new Promise((resolve, reject) => {
        child.on("error", (error) => reject(signal?.aborted ? signal.reason : notRun(error)));
        child.on("close", (status, killed) => resolve({ status: numeric(status, killed), stdout: "", stderr }));
    });
    outcome.catch(() => undefined);
    return { child, outcome };
}

/**
 * @param {readonly string[]} args
 * @param {import("node:child_process").SpawnOptionsWithoutStdio} options
 */
function spawned(args, options) {
    try {
        return spawn("docker", args, options);
    } catch (error) {
        throw notRun(/** @type {Error} */ (error));
    }
}

/**
 * @template {Outcome} Ended
 * @param {readonly string[]} args
 * @param {Ended} outcome
 * @throws {ToolError} with what it said, if it failed
 */
function successful(args, outcome) {
    const { status, stdout, stderr } = outcome;
    if (status !== 0) {
        const words = `${stdout}${stderr}`.trim().slice(-mostWords);
        throw new ToolError(words || `docker ${args[0]} ended with status ${status}`);
    }
    return outcome;
}

/**
 * @param {readonly string[]} args
 * @param {number} timeout
 */
const tooLate = ([command], timeout) => new ToolError(`docker ${command} took longer than ${timeout / 1000} s`);

/** @param {NodeJS.ErrnoException} error */
function notRun({ code, message }) {
    const advice = code === "ENOENT" ? ". Is the Docker command line on the PATH?" : "";
    return new ToolError(`docker could not be run: ${message}${advice}`);
}

/**
 * A status as a shell has it: 137 for who was killed.
 * @param {number | null} status
 * @param {NodeJS.Signals | null} signal
 */
const numeric = (status, signal) => status ?? 128 + (signal === null ? 0 : constants.signals[signal]);

/**
 * Over ssh each docker command logs in, some of them three times at once, and an sshd drops logins at random where more than
 * ten are under way: MaxStartups, https://man.openbsd.org/sshd_config.
 */
const mostOverSsh = 3;
let running = 0;
/** @type {(() => void)[]} */
const waiting = [];

/**
 * @template Result
 * @param {Readonly<Record<string, string>> | undefined} env
 * @param {() => Promise<Result>} work
 */
async function inTurn(env, work) {
    const isSsh = (env?.DOCKER_HOST ?? process.env.DOCKER_HOST ?? "").startsWith("ssh://");
    if (isSsh && running >= mostOverSsh) {
        await new Promise((resolve) => waiting.push(() => resolve(undefined)));
    } else {
        running += 1;
    }
    try {
        return await work();
    } finally {
        const next = waiting.shift();
        running -= next ? 0 : 1;
        next?.();
    }
}

/** Options of a container that writes into volumes as root and can do nothing else. */
const rootOfVolumes = [
    ...["--network", "none", "--read-only", "--user", "0:0"],
    ...["--security-opt", "no-new-privileges", "--cap-drop", "ALL"],
    // Files change their owner, and are replaced although they belong to somebody else.
    ...["--cap-add", "CHOWN", "--cap-add", "DAC_OVERRIDE", "--cap-add", "FOWNER"],
];

module.exports = {
    docker,
    dockerOutcome,
    dockerOutcomeSync,
    dockerStream,
    dockerSync,
    patience,
    rootOfVolumes,
    successful,
};
