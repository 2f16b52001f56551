// @ts-check
const { docker, setting } = require("./docker");
const { healthy } = require("./healthy");

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

module.exports = { load, ready: healthy, verify };
