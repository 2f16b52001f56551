// @ts-check
const { asked } = require("../delivery/asking");
const { lastError, now, started } = require("../delivery/container");
const { answered, verified } = require("../delivery/verified");
const { declaredIn } = require("./declared");
const { askAll, configDifference, difference, patienceToAnswer, port, syncDifference } = require("./live");
const check = require("./promtool");
const { remoteStorageAnswers } = require("./remoteStorage");
const { load } = require("./reload");
const { servedDifference } = require("./served");

/** @typedef {import("./live").Syncs} Syncs */

/**
 * Waits until Prometheus can load a configuration: one that was just started replays its write-ahead log first.
 * @param {string} container
 */
function ready(container) {
    return started(container, () =>
        answered(() => void asked(container, port, [{ path: "/-/ready" }], patienceToAnswer)),
    );
}

/**
 * A 200 from the reload proves little. Verified means: the live configuration is the declared one, its last reload
 * succeeded, every declared target is known and made with it, the alert rules are the declared ones, and so are the pages that it serves.
 * Samples arrive where they are sent to for the first time, or in another way than before.
 * @param {string} container
 * @param {Syncs} [before] where targets are made anew: how often they had been made before
 */
async function verify(container, before) {
    const declared = declaredIn(container);
    const since = now(container);
    const problem = () => {
        const live = askAll(container);
        return (
            difference(live, declared) ?? (before && syncDifference(live.syncs, before)) ?? servedDifference(container)
        );
    };
    const says = () => {
        const error = lastError(container, since);
        return error && `Prometheus says: ${error}`;
    };
    await verified(problem, { every: 250, says });
    await remoteStorageAnswers(container, declared.config, since);
}

/** @type {import("../delivery/program").Live} */
const live = {
    name: "Prometheus",
    port,
    path: "/api/v1/status/config",
    file: "prometheus.yml",
    difference: (said, declared) => configDifference(JSON.parse(said).data.yaml, /** @type {any} */ (declared)),
};

module.exports = { check, live, load, ready, verify };
