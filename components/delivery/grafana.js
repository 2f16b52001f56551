// @ts-check
const { setTimeout: sleep } = require("node:timers/promises");
const { DeliveryError, docker, logs, setting } = require("./docker");

/** How long Grafana may take to become healthy, in milliseconds. */
const patience = 120_000;

/**
 * Grafana reads its data sources only when it starts. (Dashboards are watched files and need no restart.)
 * @param {string} container
 */
function load(container) {
    docker(["restart", "--time", "30", container]);
}

/**
 * Waits until Grafana is healthy, and gives the administrator the declared password: Grafana itself reads the file only
 * when its database is new. The password goes from file to stdin inside the container, never through an argument.
 * Source: https://grafana.com/docs/grafana/latest/administration/cli/#reset-admin-password
 * @param {string} container
 */
async function verify(container) {
    await healthy(container);
    const file = `${setting("MOUNT_PATH")}/secrets/admin-password`;
    docker([
        ...["exec", container, "sh", "-c"],
        `grafana cli --homepath "$GF_PATHS_HOME" admin reset-admin-password --password-from-stdin < ${file}`,
    ]);
}

/** @param {string} container */
async function healthy(container) {
    const deadline = Date.now() + patience;
    for (;;) {
        const health = docker(["inspect", "--format", "{{.State.Status}} {{.State.Health.Status}}", container]).trim();
        if (health === "running healthy") {
            return;
        }
        if (Date.now() > deadline) {
            const lastWords = logs(container, ["--tail", "5"]);
            throw new DeliveryError(`Grafana is ${health} after ${patience / 1000} s. Its last words:\n${lastWords}`);
        }
        await sleep(500);
    }
}

module.exports = { load, verify };
