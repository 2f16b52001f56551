// @ts-check
const { isDeepStrictEqual } = require("node:util");
const { dockerSync } = require("../../toolchain/docker");
const { ToolError } = require("../../toolchain/toolError");
const { fetched, healthy, patienceToAnswer } = require("../delivery/container");
const { setting } = require("../delivery/step");
const { firstDifference, verified } = require("../delivery/verified");

const file = "caddy.json";
const path = "/config/";

/**
 * Has Caddy read its configuration again, and the files with hashes and certificates that it names: forced, since these may have
 * changed where it has not. What it refuses it does not take, and goes on as before.
 * Source: https://caddyserver.com/docs/command-line#caddy-reload
 * @param {string} container
 * @returns {true}
 * @throws {ToolError} with its own words
 */
function load(container) {
    const config = `${setting("MOUNT_PATH")}/current/${file}`;
    try {
        dockerSync(["exec", container, "caddy", "reload", "--force", "--config", config]);
    } catch (error) {
        const [, words] = /^Error: (.*)$/m.exec(String(error)) ?? [];
        throw new ToolError(`Caddy did not load its configuration: ${words ?? error}`);
    }
    return true;
}

/**
 * Verified means: the live configuration is the declared one, and read after the secret files were put in place.
 * @param {string} container
 * @param {true} [loaded] where it was just read
 */
async function verify(container, loaded) {
    if (!loaded) {
        load(container);
    }
    const declared = JSON.parse(dockerSync(["exec", container, "cat", `${setting("MOUNT_PATH")}/current/${file}`]));
    await verified(
        () => {
            const differing = difference(
                fetched(container, `http://127.0.0.1:${live.port}${path}`, patienceToAnswer),
                declared,
            );
            return differing && `its live configuration is not the declared one: ${differing}.`;
        },
        { every: 250 },
    );
}

/**
 * Caddy shows what it was given, as it was given.
 * @param {string} said what it shows
 * @param {unknown} declared
 * @returns {string | undefined} the first place where they differ
 */
function difference(said, declared) {
    const shown = JSON.parse(said);
    return isDeepStrictEqual(shown, declared)
        ? undefined
        : (firstDifference(shown, declared) ?? "it has more than that");
}

/** @type {import("../delivery/program").Live} */
const live = { name: "Caddy", port: 2019, path, file, difference };

module.exports = { difference, live, load, ready: healthy, verify };
