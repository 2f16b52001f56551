// @ts-check
const { dockerSync } = require("../../toolchain/docker");
const { healthy } = require("../delivery/container");
const { setting } = require("../delivery/step");
const { firstDifference, verified } = require("../delivery/verified");
const { reload, signedIn } = require("./api");
const { dataSourcesOf, ready } = require("./takeover");

/** @typedef {import("./api").Api} Api */

/** Whether this delivery has restarted it: then going back does, too. */
let isRestarted = false;

/**
 * Has Grafana read its data sources and dashboards again, without a restart; its own configuration it reads when it starts.
 * @param {string} container
 * @throws {ToolError} with Grafana's own words
 */
async function load(container) {
    if (isRestarted || differs(container, "ini")) {
        return restart(container);
    }
    const api = signedIn(container);
    reload(api, container, "datasources");
    reload(api, container, "dashboards");
}

/** @param {string} container */
async function restart(container) {
    isRestarted = true;
    dockerSync(["restart", container]);
    await healthy(container);
}

/** Says what differs from what was deployed last; nothing where that is not known. */
const differences = `
    cd "$0" && [ -e deployed ] || exit 0
    cmp -s loaded/grafana.ini current/grafana.ini || { [ ! -e loaded/grafana.ini ] && [ ! -e current/grafana.ini ]; } || echo ini
    for file in secrets/setting.* secrets/datasource.*; do
        [ ! -e "$file" ] || grep -qxF "$(sha256sum "$file")" deployed || echo "$file"
    done`;

/**
 * @param {string} container
 * @param {string} what the beginning of its name
 */
const differs = (container, what) =>
    dockerSync(["exec", container, "sh", "-c", differences, setting("MOUNT_PATH")])
        .split("\n")
        .some((each) => each.startsWith(what));

/**
 * A 200 from the reload proves little. Verified means: the administrator gets in with the declared password, every data
 * source is as declared and really reaches its Prometheus, and every dashboard and every plugin is there.
 * @param {string} container
 */
async function verify(container) {
    if (!isRestarted && differs(container, "secrets/setting.")) {
        await restart(container);
    }
    const list = 'for file in "$0"/*/*.json "$0"/folders/*/*.json; do echo "$file"; done';
    const dashboards = dockerSync(["exec", container, "sh", "-c", list, `${setting("MOUNT_PATH")}/current`])
        .split("\n")
        .flatMap((file) => /([^/*]+)\.json$/.exec(file)?.[1] ?? []);
    const dataSources = dataSourcesOf(container);
    const plugins = dockerSync(["exec", container, "sh", "-c", 'echo "$GF_PLUGINS_PREINSTALL_SYNC"'])
        .trim()
        .split(",")
        .filter(Boolean);
    const api = signedIn(container);
    if (differs(container, "secrets/datasource.")) {
        reload(api, container, "datasources");
    }
    // Grafana looks for changed dashboards every few seconds; this is sooner.
    api("POST", "/api/admin/provisioning/dashboards/reload");
    await verified(
        () =>
            first(dataSources, (source) => dataSourceProblem(api, source)) ??
            first(dashboards, (uid) => dashboardProblem(api, uid)) ??
            first(plugins, (plugin) => pluginProblem(api, plugin)),
        { every: 500 },
    );
    dataSources.flatMap((source) => silence(api, source)).forEach((words) => process.stdout.write(words));
}

/**
 * @template Item
 * @param {readonly Item[]} items
 * @param {(item: Item) => string | undefined} problem
 */
const first = (items, problem) => items.map(problem).find((each) => each !== undefined);

/**
 * @param {Api} api
 * @param {import("./takeover").DataSource} declared
 * @returns {string | undefined} what is not as declared, or why its Prometheus is not reached
 */
function dataSourceProblem(api, { url, editable, ...given }) {
    const declared = { ...given, secureJsonData: undefined }; // Nobody is shown the secrets.
    const { uid, name } = declared;
    const { status, body } = api("GET", `/api/datasources/uid/${uid}`);
    if (status !== 200) {
        return `Grafana does not know the data source ${name} (${uid}).`;
    }
    // Provisioning files have `$$` for `$`; what nobody can edit Grafana calls readOnly.
    const differing = firstDifference(body, { ...unescaped({ url, ...declared }), readOnly: !editable });
    if (differing !== undefined) {
        return `Grafana's data source ${name} is not the declared one: ${differing}.`;
    }
    // Whether somebody else's answers is no reason to go back.
    return uid === own && isOfStack(url) ? unreached(api, { uid, name, url }) : undefined;
}

/**
 * The data source's own health check is not in every version of Grafana; a query is.
 * @param {Api} api
 * @param {{ uid: string, name: string, url: string }} source of Prometheus' kind
 * @returns {string | undefined} why it is not reached
 */
function unreached(api, { uid, name, url }) {
    const query = { refId: "A", datasource: { uid }, expr: "vector(42)", instant: true };
    const answer = api("POST", "/api/ds/query", { queries: [query], from: "now-5m", to: "now" });
    const result = answer.body?.results?.A;
    return result?.frames?.[0]?.data?.values?.[1]?.[0] === 42
        ? undefined
        : `Grafana's data source ${name} does not reach ${url}: ${result?.error ?? `status ${answer.status}`}`;
}

/** The uid of what the dashboards ask: the stack's own Prometheus, or what is declared in its place. */
const own = "metrics-stack-prometheus";

/** @param {string} url of a data source. All containers of stacks have such names. */
const isOfStack = (url) => new URL(url).hostname.startsWith("metrics-stack-");

/**
 * Provisioning files have `$$` for `$`.
 * @template Value
 * @param {Value} value
 * @returns {Value}
 */
const unescaped = (value) => JSON.parse(JSON.stringify(value).replaceAll("$$", "$"));

/**
 * What a data source of somebody else says of itself, where it does not answer: Grafana is well without it.
 * Source: https://grafana.com/docs/grafana/latest/developers/http_api/data_source/#check-data-source-health
 * @param {Api} api
 * @param {{ uid: string, name: string, url: string }} source
 * @returns {string[]}
 */
function silence(api, { uid, name, url }) {
    if (uid === own) {
        const words = isOfStack(url) ? undefined : unreached(api, { uid, name, url });
        return words === undefined ? [] : [`${words}\n`];
    }
    const { status, body } = api("GET", `/api/datasources/uid/${uid}/health`);
    // Not every plugin has such a check.
    return status === 200 || status === 404
        ? []
        : [`Grafana's data source ${name} does not answer: ${body?.message ?? `status ${status}`}\n`];
}

/**
 * Source: https://grafana.com/docs/grafana/latest/setup-grafana/configure-grafana/#preinstall_sync
 * @param {Api} api
 * @param {string} plugin e.g. "grafana-clock-panel@2.1.9"
 */
function pluginProblem(api, plugin) {
    const [id = "", version] = plugin.split("@");
    const { status, body } = api("GET", `/api/plugins/${id}/settings`);
    const found = body?.info?.version;
    return status !== 200 || found !== version
        ? `Grafana does not have the plugin ${plugin}${status === 200 ? `, but ${found}` : ""}: it fetches them from grafana.com when it starts.`
        : undefined;
}

/**
 * @param {Api} api
 * @param {string} uid
 */
function dashboardProblem(api, uid) {
    const { status } = api("GET", `/api/dashboards/uid/${uid}`);
    return status === 200 ? undefined : `Grafana does not have the dashboard ${uid}.`;
}

module.exports = { differences, load, ready, verify };
