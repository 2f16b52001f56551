// @ts-check
const { dockerSync } = require("../../toolchain/docker");
const { started } = require("../delivery/container");
const { beside, listens } = require("../delivery/outside");
const { answered } = require("../delivery/verified");

// Nothing is known of an exporter but the port that it listens on, and its image may hold nothing but itself.

/** How long it may take to end before it is killed, in seconds. */
const patienceToEnd = "5";

/** @param {string} container */
const portOf = (container) =>
    Number(dockerSync(["inspect", "--format", '{{index .Config.Labels "metrics-stack.port"}}', container]));

/**
 * Waits until it listens. Whether it has metrics shows in the targets: what it asks may be down.
 * @param {string} container
 */
async function ready(container) {
    const port = portOf(container);
    const problem = () => (listens(container, port) ? undefined : `nothing in it listens on port ${port}`);
    await started(container, () => answered(problem));
}

/** @param {string} container */
async function load(container) {
    dockerSync(["restart", "--time", patienceToEnd, container]);
    await ready(container);
}

/**
 * Verified means: it listens, and was started after the last change of its secrets.
 * @param {string} container
 */
async function verify(container) {
    const changed = Number(beside(container, "stat -c %Z /etc/exporter/secrets/* 2> /dev/null | sort -n | tail -n 1"));
    const startedAt = Date.parse(dockerSync(["inspect", "--format", "{{.State.StartedAt}}", container]).trim());
    // Of the second in which both happened nobody knows which was first.
    await (Math.floor(startedAt / 1000) <= changed ? load(container) : ready(container));
}

module.exports = { load, ready, verify };
