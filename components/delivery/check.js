// @ts-check
const { execFile } = require("node:child_process");
const { mkdtempSync, rmSync } = require("node:fs");
const { tmpdir } = require("node:os");
const path = require("node:path");
const { patience } = require("../../toolchain/docker");
const { ToolError } = require("../../toolchain/toolError");
const { archive } = require("./archive");
const { docker, ensureImage } = require("./looking");

// Has the tools of the images that will run check the files, without starting anything that stays.

/** @typedef {import("../../toolchain/engineApi").EngineApi} EngineApi */
/** @typedef {import("./program").Check} Check */
/** @typedef {import("./program").Part} Part */

/**
 * @param {EngineApi} engine
 * @param {Check} check
 * @param {Part} part
 * @returns {Promise<import("./program").Refusal[]>} why it refuses the files
 */
async function refusals(engine, check, part) {
    const secrets = part.secretFiles.map((file) => [`secrets/${file}`, "checked elsewhere"]);
    const files = { ...(check.files?.(part) ?? part.files), ...part.tests, ...Object.fromEntries(secrets) };
    const where = await placeOf(engine, check, part);
    const timeout = patience.look + (check.patience?.(part) ?? 0);
    const run = async (/** @type {string} */ script, /** @type {Record<string, string>} */ more = {}) =>
        where(script, await archive({ ...files, ...more }), timeout);
    return check.refusals(await run(check.script), part, run);
}

/** @typedef {(script: string, input: Buffer, timeout: number) => Promise<string>} Place where a script is run with files */

/**
 * @param {EngineApi} engine
 * @param {Check} check
 * @param {Part} part
 * @returns {Promise<Place>}
 */
async function placeOf(engine, { tool }, { image }) {
    try {
        await ensureImage(engine, image);
        return inImage(image);
    } catch (error) {
        if (tool === undefined) {
            throw error;
        }
        await sameVersionHere(tool, image, /** @type {Error} */ (error).message);
        return here;
    }
}

/**
 * @param {string} image
 * @returns {Place}
 */
const inImage = (image) => (script, input, timeout) =>
    docker(
        [
            ...["run", "--rm", "--interactive", "--network", "none", "--workdir", "/tmp"],
            ...["--entrypoint", "sh", image, "-c", `tar -xf - && { ${script}\n}`],
        ],
        { input, timeout },
    );

/** @type {Place} */
async function here(script, input, timeout) {
    const folder = mkdtempSync(path.join(tmpdir(), "metrics-stack-"));
    try {
        return await program("sh", ["-c", `tar -xf - && { ${script}\n}`], { input, timeout, cwd: folder });
    } finally {
        rmSync(folder, { recursive: true });
    }
}

/**
 * @param {string} tool
 * @param {string} image
 * @param {string} reason why the image cannot be had
 * @throws {ToolError} where this machine has no such tool of the image's minor version
 */
async function sameVersionHere(tool, image, reason) {
    const minor = /:v?(\d+\.\d+)\./.exec(image)?.[1];
    const version = await program(tool, ["--version"]).catch(() => "");
    if (minor === undefined || !version.includes(`version ${minor}.`)) {
        throw new ToolError(
            `The image ${image} cannot be had (${reason}), and no ${tool} ${minor ?? "of its version"} is on the PATH.`,
        );
    }
}

/**
 * Runs a program of this machine.
 * @param {string} name
 * @param {readonly string[]} args
 * @param {{ input?: Buffer, timeout?: number, cwd?: string }} [options]
 * @returns {Promise<string>} what it printed on stdout
 */
function program(name, args, { input, timeout = patience.look, cwd } = {}) {
    return new Promise((resolve, reject) => {
        const child = execFile(name, args, { timeout, cwd, maxBuffer: Infinity }, (error, stdout, stderr) => {
            if (error) {
                const late = `${name} took longer than ${timeout / 1000} s`;
                reject(new ToolError(child.killed ? late : `${stdout}${stderr}`.trim() || error.message));
            } else {
                resolve(stdout);
            }
        });
        child.stdin?.on("error", () => undefined);
        child.stdin?.end(input ?? "");
    });
}

module.exports = { refusals };
