// @ts-check
const { parse } = require("yaml");
const { dockerSync } = require("../../toolchain/docker");
const { ToolError } = require("../../toolchain/toolError");
const { healthy, logs, now } = require("../delivery/container");
const { setting } = require("../delivery/step");
const { firstDifference, verified } = require("../delivery/verified");

/** How long it may take to answer once, in seconds. */
const patienceToAnswer = 20;

/** @typedef {(method: string, path: string, body?: object) => { status: number, body: any }} Api */

/**
 * Has Grafana read its data sources and dashboards again, without a restart.
 * Source: https://grafana.com/docs/grafana/latest/developers/http_api/admin/#reload-provisioning-configurations
 * @param {string} container
 * @throws {ToolError} with Grafana's own words
 */
function load(container) {
    const api = signedIn(container);
    for (const kind of ["datasources", "dashboards"]) {
        const since = now(container);
        const { status, body } = api("POST", `/api/admin/provisioning/${kind}/reload`);
        if (status !== 200) {
            const said = lastError(container, since) ?? body?.message ?? `status ${status}`;
            throw new ToolError(`Grafana did not load the ${kind}: ${said}`);
        }
    }
}

/**
 * A 200 from the reload proves little. Verified means: the administrator gets in with the declared password, every data
 * source is as declared and really reaches its Prometheus, and every dashboard is there.
 * @param {string} container
 */
async function verify(container) {
    const current = `${setting("MOUNT_PATH")}/current`;
    const files = dockerSync(["exec", container, "sh", "-c", `cat ${current}/provisioning/datasources/*.yml`]);
    const { datasources } = parse(files);
    const dashboards = dockerSync(["exec", container, "ls", `${current}/${setting("WATCHED_FOLDER")}`])
        .split("\n")
        .flatMap((file) => /^(.+)\.json$/.exec(file)?.[1] ?? []);
    const api = signedIn(container);
    // Grafana looks for changed dashboards every few seconds; this is sooner.
    api("POST", "/api/admin/provisioning/dashboards/reload");
    await verified(
        () =>
            first(datasources, (source) => dataSourceProblem(api, source)) ??
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

/**
 * Signs in as the administrator with the declared password. Grafana itself reads the file only when its database is new; a
 * password that it does not take is set by its own command line, which needs no other. Each is tried once: after five wrong
 * ones Grafana refuses the right one too, for five minutes.
 * Source: https://grafana.com/docs/grafana/latest/administration/cli/#reset-admin-password
 * @param {string} container
 * @returns {Api}
 */
function signedIn(container) {
    const file = `${setting("MOUNT_PATH")}/secrets/admin-password`;
    const password = dockerSync(["exec", container, "cat", file]);
    const api = as(container, "admin", password);
    if (api("GET", "/api/user").status === 200) {
        return api;
    }
    // From file to stdin inside the container: an argument would show in the list of processes.
    const reset = `grafana cli --homepath "$GF_PATHS_HOME" admin reset-admin-password --password-from-stdin < ${file}`;
    dockerSync(["exec", container, "sh", "-c", reset]);
    const { status, body } = api("GET", "/api/user");
    if (status !== 200) {
        throw new ToolError(
            `Grafana refuses the password that it was just given (${body?.message ?? `status ${status}`}). After five wrong ` +
                "logins it refuses every one for five minutes: try again then.",
        );
    }
    return api;
}

/**
 * Grafana's API as one user. The request goes through stdin into the container and from bash, which the image's own start
 * script needs too, to Grafana: the password is in no argument, and no port has to be reached.
 * @param {string} container
 * @param {string} user
 * @param {string} password
 * @returns {Api}
 */
function as(container, user, password) {
    const connect = "exec 3<> /dev/tcp/127.0.0.1/3000 && cat >&3 && cat <&3";
    return (method, path, body) => {
        const content = body === undefined ? "" : JSON.stringify(body);
        const request = [
            `${method} ${path} HTTP/1.0`,
            "Host: 127.0.0.1:3000",
            `Authorization: Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`,
            "Content-Type: application/json",
            `Content-Length: ${Buffer.byteLength(content)}`,
            `\r\n${content}`,
        ].join("\r\n");
        const command = ["timeout", String(patienceToAnswer), "bash", "-c", connect];
        const answer = dockerSync(["exec", "--interactive", container, ...command], { input: request });
        return {
            status: Number(/^HTTP\/\S+ (\d+)/.exec(answer)?.[1]),
            body: json(answer.slice(answer.indexOf("\r\n\r\n"))),
        };
    };
}

/** @param {string} text */
function json(text) {
    try {
        return JSON.parse(text);
    } catch {
        return undefined;
    }
}

/**
 * The newest reason that Grafana logged: the very newest line only says that a request failed.
 * @param {string} container
 * @param {string} since
 */
function lastError(container, since) {
    const errors = logs(container, ["--since", since])
        .split("\n")
        .filter((line) => /level=error.*\b(?:error|err)="/i.test(line));
    return /\b(?:error|err)="((?:[^"\\]|\\.)*)"/.exec(errors.at(-1) ?? "")?.[1]?.replaceAll('\\"', '"');
}

module.exports = { load, ready: healthy, verify };
