// @ts-check
const { fetched, healthy } = require("../../components/delivery/container");
const { setting } = require("../../components/delivery/step");
const { verified } = require("../../components/delivery/verified");
const { dockerSync } = require("../../toolchain/docker");

/** How long it may take to answer once, in seconds. */
const patienceToAnswer = 5;

/** It reads its file at every request: there is nothing to load. */
function load() {}

/**
 * Verified means: the step that it says it takes is the declared one.
 * @param {string} container
 */
async function verify(container) {
    const declared = dockerSync(["exec", container, "cat", `${setting("MOUNT_PATH")}/current/step`]).trim();
    await verified(
        () => {
            const metrics = fetched(container, "http://127.0.0.1:8080/cgi-bin/metrics", patienceToAnswer);
            const live = /^counter_step (.*)$/m.exec(metrics)?.[1];
            return live === declared ? undefined : `it counts in steps of ${live} instead of ${declared}.`;
        },
        { every: 250 },
    );
}

module.exports = { load, ready: healthy, verify };
