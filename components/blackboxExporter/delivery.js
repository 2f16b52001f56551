// @ts-check
const { parse } = require("yaml");
const { dockerSync } = require("../../toolchain/docker");
const { fetched, healthy, patienceToAnswer, reloaded } = require("../delivery/container");
const { setting } = require("../delivery/step");
const { firstDifference, verified } = require("../delivery/verified");

/** Where it answers inside its container. */
const port = 9115;

/**
 * Has it read its modules again.
 * Source: https://github.com/prometheus/blackbox_exporter#blackbox-exporter-configuration
 * @param {string} container
 * @throws {ToolError} with its own words
 */
function load(container) {
    reloaded(container, port, "blackbox_exporter did not load its modules");
}

/**
 * Verified means: the live modules are the declared ones.
 * @param {string} container
 */
async function verify(container) {
    const declared = parse(dockerSync(["exec", container, "cat", `${setting("MOUNT_PATH")}/current/config.yml`]));
    await verified(
        () => {
            const differing = difference(
                fetched(container, `http://127.0.0.1:${port}/config`, patienceToAnswer),
                declared,
            );
            return differing && `its live modules (/config) are not the declared ones: ${differing}.`;
        },
        { every: 250 },
    );
}

/**
 * Durations and sizes are shown in other units than they were written in: of these only the place counts.
 * @param {string} live what /config shows
 * @param {unknown} declared
 * @returns {string | undefined} the first place where they differ
 */
function difference(live, declared) {
    const [is, should] = [parse(live), declared].map(
        (config) => /** @type {Record<string, object>} */ (/** @type {any} */ (config)?.modules ?? {}),
    );
    const names = [is, should].map((modules) =>
        Object.keys(modules ?? {})
            .sort()
            .join(", "),
    );
    return names[0] === names[1]
        ? firstDifference(is, comparable(should, is), "modules")
        : `it has the modules ${names[0]} instead of ${names[1]}`;
}

/**
 * What can be compared with what is live: a value that is shown in another way is taken as it is shown.
 * @param {unknown} declared
 * @param {unknown} live
 * @returns {unknown}
 */
function comparable(declared, live) {
    if (typeof declared !== "object" || declared === null) {
        const isShown = typeof live === "string" && unit.test(live);
        return isShown || live === undefined ? live : declared;
    }
    if (Array.isArray(declared)) {
        return declared.map((item, i) => comparable(item, Array.isArray(live) ? live[i] : undefined));
    }
    const found = /** @type {Record<string, unknown>} */ (live ?? {});
    return Object.fromEntries(Object.entries(declared).map(([key, value]) => [key, comparable(value, found[key])]));
}

/** "1m0s" of "1m", and "10MiB" of "10MB". */
const unit = /^(?:[\d.]+(?:h|m|s|ms|µs|ns))+$|^(?:\d+[KMGTPE]?i?B)+$/;

/** @type {import("../delivery/program").Live} */
const live = {
    name: "blackbox_exporter",
    port: 9115,
    path: "/config",
    file: "config.yml",
    difference,
};

/** @type {import("../delivery/program").Check} */
const check = {
    script: 'said="$(blackbox_exporter --config.check --config.file=config.yml 2>&1)" || echo "$said"',
    async refusals(said) {
        const [, quoted] = /\berr="((?:[^"\\]|\\.)*)"/.exec(said) ?? [];
        const words = quoted === undefined ? said.trim() : JSON.parse(`"${quoted}"`);
        return words === "" ? [] : [{ words }];
    },
};

module.exports = { check, difference, live, load, ready: healthy, verify };
