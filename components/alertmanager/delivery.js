// @ts-check
const { setTimeout: sleep } = require("node:timers/promises");
const { parse } = require("yaml");
const { DeliveryError, docker, fetched, setting } = require("../../toolchain/docker");
const { healthy } = require("../delivery/healthy");
const { answered, firstDifference, lastError, now } = require("../prometheus/delivery");

/** Where it answers inside its container. */
const address = "http://127.0.0.1:9093";

/** How long Alertmanager may take to run with its configuration, in milliseconds. */
const patience = 30_000;

/** How long it may take to answer once, in seconds. */
const patienceToAnswer = 10;

/**
 * Has Alertmanager read its configuration again.
 * Source: https://prometheus.io/docs/alerting/latest/management_api/#reload
 * @param {string} container
 * @throws {DeliveryError} with Alertmanager's own words
 */
function load(container) {
    const since = now(container);
    try {
        fetched(container, `${address}/-/reload`, patienceToAnswer, ["--post-data="]);
    } catch (error) {
        throw new DeliveryError(`Alertmanager did not load the configuration: ${lastError(container, since) ?? error}`);
    }
}

/**
 * Verified means: the live configuration is the declared one. Alertmanager shows it with its defaults, and with no secret
 * in it: those are in files, which it reads when it sends a message.
 * @param {string} container
 */
async function verify(container) {
    const declared = parse(docker(["exec", container, "cat", `${setting("MOUNT_PATH")}/current/alertmanager.yml`]));
    for (const deadline = Date.now() + patience; ; await sleep(250)) {
        const problem = answered(() => {
            const { config } = JSON.parse(fetched(container, `${address}/api/v2/status`, patienceToAnswer));
            const differing = configDifference(config.original, declared);
            return differing && `its live configuration (/api/v2/status) is not the declared one: ${differing}.`;
        });
        if (problem === undefined) {
            return;
        }
        if (Date.now() > deadline) {
            throw new DeliveryError(`After ${patience / 1000} s, ${problem}`);
        }
    }
}

/**
 * @param {string} live what /api/v2/status shows
 * @param {unknown} declared
 * @returns {string | undefined} the first place where they differ
 */
const configDifference = (live, declared) => firstDifference(parse(live), declared);

module.exports = { configDifference, load, ready: healthy, verify };
