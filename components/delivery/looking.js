// @ts-check
const toolchain = require("../../toolchain/docker");
const { ToolError } = require("../../toolchain/toolError");

// What every look at the Docker host has in common: it changes nothing, and what cannot be found out is said.

/** False for who only looks, and does not even pull an image. */
const pulls = process.env.PULL_IMAGES !== "false";

/**
 * Runs a docker command beside others.
 * @param {readonly string[]} args
 * @param {toolchain.Options} [options]
 */
const docker = (args, options) => toolchain.docker(args, { timeout: toolchain.patience.look, ...options });

/**
 * @param {import("../../toolchain/engineApi").EngineApi} engine
 * @param {string} image
 */
async function ensureImage(engine, image) {
    if ((await engine.get(`/images/${image}/json`)) !== undefined) {
        return;
    }
    if (!pulls) {
        throw new ToolError(`No such image: ${image}`);
    }
    await docker(["pull", "--quiet", image], { timeout: toolchain.patience.pull });
}

/**
 * @template Found
 * @param {() => Promise<Found>} find
 * @returns {Promise<import("../observation").Attempt<Found>>}
 */
async function attempt(find) {
    try {
        return { found: await find() };
    } catch (error) {
        if (!(error instanceof ToolError)) {
            throw error;
        }
        return { unknown: error.message };
    }
}

module.exports = { attempt, docker, ensureImage, pulls };
