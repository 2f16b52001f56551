// @ts-check
const { dockerSync } = require("../../toolchain/docker");
const { ToolError } = require("../../toolchain/toolError");
const { logs, now } = require("../delivery/container");
const { setting } = require("../delivery/step");

// Grafana's API, asked from inside of its container.

/** How long it may take to answer once, in seconds. */
const patienceToAnswer = 20;

/** @typedef {(method: string, path: string, body?: object) => { status: number, body: any }} Api */

/**
 * Has Grafana read its provisioning files again.
 * Source: https://grafana.com/docs/grafana/latest/developers/http_api/admin/#reload-provisioning-configurations
 * @param {Api} api
 * @param {string} container
 * @param {"datasources" | "dashboards"} kind
 * @throws {ToolError} with Grafana's own words
 */
function reload(api, container, kind) {
    const since = now(container);
    const { status, body } = api("POST", `/api/admin/provisioning/${kind}/reload`);
    if (status !== 200) {
        const said = lastError(container, since) ?? body?.message ?? `status ${status}`;
        throw new ToolError(`Grafana did not load the ${kind}: ${said}`);
    }
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

module.exports = { reload, signedIn };
