// @ts-check
const { dockerSync } = require("../../toolchain/docker");
const { ToolError } = require("../../toolchain/toolError");
const { condition } = require("./container");
const { setting } = require("./step");

// An image may hold nothing but its program: then its container is looked at from one beside it, of an image with a shell, in its
// network and with its volumes.

/**
 * Runs a script beside a container.
 * @param {string} container
 * @param {string} script
 * @param {readonly string[]} [args] "$1" and so on
 */
const beside = (container, script, args = []) =>
    dockerSync([
        ...["run", "--rm", "--user", "0:0", "--network", `container:${container}`, "--volumes-from", `${container}:ro`],
        ...["--entrypoint", "/bin/sh", setting("IMAGE"), "-c", script, ...(args.length > 0 ? ["sh", ...args] : [])],
    ]).trim();

/**
 * Whether something in a container listens on a port. Nothing can be run beside a container that ends and starts over, and what Docker
 * says of that depends on the moment: then it does not listen.
 * Source of the table: https://www.kernel.org/doc/html/latest/networking/proc_net_tcp.html (0A: it listens)
 * @param {string} container
 * @param {number} port
 */
function listens(container, port) {
    const hex = port.toString(16).toUpperCase().padStart(4, "0");
    const script = `cat /proc/net/tcp /proc/net/tcp6 2> /dev/null | grep -cE '^ *[0-9]+: [0-9A-F]+:${hex} [0-9A-F]+:0000 0A ' || true`;
    try {
        return Number(beside(container, script)) > 0;
    } catch (error) {
        const { status, restarts } = condition(container);
        if (error instanceof ToolError && (status !== "running" || restarts > 0)) {
            return false;
        }
        throw error;
    }
}

module.exports = { beside, listens };
