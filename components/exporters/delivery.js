// @ts-check
const { dockerSync } = require("../../toolchain/docker");
const { ToolError } = require("../../toolchain/toolError");
const { condition, started } = require("../delivery/container");
const { setting } = require("../delivery/step");
const { answered } = require("../delivery/verified");

// Nothing is known of an exporter but the port that it listens on, and its image may hold nothing but itself: it is looked at
// from a container beside it, of an image with a shell, in its network and with its volumes.

/** How long it may take to end before it is killed, in seconds. */
const patienceToEnd = "5";

/**
 * Runs a script beside a container.
 * @param {string} container
 * @param {string} script
 */
const beside = (container, script) =>
    dockerSync([
        ...["run", "--rm", "--user", "0:0", "--network", `container:${container}`, "--volumes-from", `${container}:ro`],
        ...["--entrypoint", "/bin/sh", setting("IMAGE"), "-c", script],
    ]).trim();

/** @param {string} container */
const portOf = (container) =>
    Number(dockerSync(["inspect", "--format", '{{index .Config.Labels "metrics-stack.port"}}', container]));

/**
 * Waits until it listens. Whether it has metrics shows in the targets: what it asks may be down.
 * Source of the table: https://www.kernel.org/doc/html/latest/networking/proc_net_tcp.html (0A: it listens)
 * @param {string} container
 */
async function ready(container) {
    const port = portOf(container);
    const hex = port.toString(16).toUpperCase().padStart(4, "0");
    const script = `cat /proc/net/tcp /proc/net/tcp6 2> /dev/null | grep -cE '^ *[0-9]+: [0-9A-F]+:${hex} [0-9A-F]+:0000 0A ' || true`;
    const listens = () => whileItRuns(container, () => Number(beside(container, script)) > 0);
    await started(container, () => answered(() => (listens() ? undefined : `nothing in it listens on port ${port}`)));
}

/**
 * Nothing can be run beside a container that ends and starts over, and what Docker says of that depends on the moment: then it does
 * not listen.
 * @param {string} container
 * @param {() => boolean} question
 */
function whileItRuns(container, question) {
    try {
        return question();
    } catch (error) {
        const { status, restarts } = condition(container);
        if (error instanceof ToolError && (status !== "running" || restarts > 0)) {
            return false;
        }
        throw error;
    }
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
