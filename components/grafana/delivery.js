// @ts-check
const { dockerSync } = require("../../toolchain/docker");
const { setting } = require("../delivery/step");
const { firstDifference, verified } = require("../delivery/verified");
const { reload, signedIn } = require("./api");
const { dataSourcesOf, ready } = require("./takeover");

/** @typedef {import("./api").Api} Api */

/**
 * Has Grafana read its data sources and dashboards again, without a restart.
 * @param {string} container
 * @throws {ToolError} with Grafana's own words
 */
function load(container) {
    const api = signedIn(container);
    reload(api, container, "datasources");
    reload(api, container, "dashboards");
}

/**
 * A 200 from the reload proves little. Verified means: the administrator gets in with the declared password, every data
 * source is as declared and really reaches its Prometheus, and every dashboard is there.
 * @param {string} container
 */
async function verify(container) {
    const current = `${setting("MOUNT_PATH")}/current`;
    const dashboards = dockerSync(["exec", container, "ls", `${current}/${setting("WATCHED_FOLDER")}`])
        .split("\n")
        .flatMap((file) => /^(.+)\.json$/.exec(file)?.[1] ?? []);
    const dataSources = dataSourcesOf(container);
    const api = signedIn(container);
    // Grafana looks for changed dashboards every few seconds; this is sooner.
    api("POST", "/api/admin/provisioning/dashboards/reload");
    await verified(
        () =>
            first(dataSources, (source) => dataSourceProblem(api, source)) ??
            first(dashboards, (uid) => dashboardProblem(api, uid)),
        { every: 500 },
    );
}

/**
 * @template Item
 * @param {readonly Item[]} items
 * @param {(item: Item) => string | undefined} problem
 */
const first = (items, problem) => items.map(problem).find((each) => each !== undefined);

/**
 * @param {Api} api
 * @param {{ uid: string, name: string, url: string, editable: boolean }} declared
 * @returns {string | undefined} what is not as declared, or why its Prometheus is not reached
 */
function dataSourceProblem(api, { url, editable, ...declared }) {
    const { uid, name } = declared;
    const { status, body } = api("GET", `/api/datasources/uid/${uid}`);
    if (status !== 200) {
        return `Grafana does not know the data source ${name} (${uid}).`;
    }
    // Provisioning files have `$$` for `$`; what nobody can edit Grafana calls readOnly.
    const differing = firstDifference(body, { ...declared, readOnly: !editable, url: url.replaceAll("$$", "$") });
    if (differing !== undefined) {
        return `Grafana's data source ${name} is not the declared one: ${differing}.`;
    }
    // The data source's own health check is not in every version of Grafana; a query is.
    const query = { refId: "A", datasource: { uid }, expr: "vector(42)", instant: true };
    const answer = api("POST", "/api/ds/query", { queries: [query], from: "now-5m", to: "now" });
    const result = answer.body?.results?.A;
    return result?.frames?.[0]?.data?.values?.[1]?.[0] === 42
        ? undefined
        : `Grafana's data source ${name} does not reach ${url}: ${result?.error ?? `status ${answer.status}`}`;
}

/**
 * @param {Api} api
 * @param {string} uid
 */
function dashboardProblem(api, uid) {
    const { status } = api("GET", `/api/dashboards/uid/${uid}`);
    return status === 200 ? undefined : `Grafana does not have the dashboard ${uid}.`;
}

module.exports = { load, ready, verify };
