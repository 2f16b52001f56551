// @ts-check
const { docker, started } = require("../../toolchain/docker");

/**
 * Waits until a container's own health check is content.
 * @param {string} container
 */
function healthy(container) {
    return started(container, () => {
        const { Status, Log } = JSON.parse(docker(["inspect", "--format", "{{json .State.Health}}", container]));
        return Status === "healthy"
            ? undefined
            : `its health check says ${Status}: ${Log?.at(-1)?.Output ?? ""}`.trim();
    });
}

module.exports = { healthy };
