// @ts-check
const { parse } = require("yaml");
const { dockerSync } = require("../../toolchain/docker");
const { filesBeside } = require("../delivery/beside");
const { asked } = require("../delivery/asking");
const { healthy, patienceToAnswer, reloaded } = require("../delivery/container");
const { setting } = require("../delivery/step");
const { firstDifference, verified } = require("../delivery/verified");

/** Where it answers inside its container. */
const port = 9093;

const statusPath = "/api/v2/status";

/**
 * Has Alertmanager read its configuration again.
 * Source: https://prometheus.io/docs/alerting/latest/management_api/#reload
 * @param {string} container
 * @throws {ToolError} with Alertmanager's own words
 */
function load(container) {
    reloaded(container, port, "Alertmanager did not load the configuration");
}

/**
 * Verified means: the live configuration is the declared one. Alertmanager shows it with its defaults, and with no secret
 * in it: those are in files, which it reads when it sends a message.
 * @param {string} container
 */
async function verify(container) {
    const declared = parse(dockerSync(["exec", container, "cat", `${setting("MOUNT_PATH")}/current/alertmanager.yml`]));
    await verified(
        () => {
            const [said = ""] = asked(container, port, [{ path: statusPath }], patienceToAnswer);
            const { config } = JSON.parse(said);
            const differing = configDifference(config.original, declared);
            return differing && `its live configuration (${statusPath}) is not the declared one: ${differing}.`;
        },
        { every: 250 },
    );
}

/**
 * @param {string} live what /api/v2/status shows
 * @param {unknown} declared
 * @returns {string | undefined} the first place where they differ
 */
const configDifference = (live, declared) => firstDifference(parse(live), declared);

/** @type {import("../delivery/program").Live} */
const live = {
    name: "Alertmanager",
    port,
    path: statusPath,
    file: "alertmanager.yml",
    difference: (said, declared) => configDifference(JSON.parse(said).config.original, declared),
};

/** @type {import("../delivery/program").Check} */
const check = {
    files: filesBeside,
    script: 'said="$(amtool check-config alertmanager.yml 2>&1)" || echo "$said"',
    async refusals(said) {
        const words = said.replace(/^Checking .* FAILED: |^amtool: error: .*$/gm, "").trim();
        return words === "" ? [] : [{ words }];
    },
};

module.exports = { check, live, load, ready: healthy, verify };
