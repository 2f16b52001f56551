// @ts-check
const { parse } = require("yaml");
const { ToolError } = require("../../toolchain/toolError");
const { asked } = require("../delivery/asking");
const { lastError, now } = require("../delivery/container");
const { port, readSyncs, syncsMetric } = require("./live");

/** @typedef {import("./live").Syncs} Syncs */

/** How long a reload may take, in seconds: as long as all questions around it. It takes minutes with thousands of jobs. */
const patience = 240;

/**
 * Has Prometheus read its configuration again.
 * @param {string} container
 * @returns {Syncs | undefined} where jobs changed: how often their targets had been made before they are made anew
 * @throws {ToolError} with Prometheus' own words
 */
function load(container) {
    const { before, after, syncs } = reload(container);
    if (!changesJobs(before, after)) {
        return undefined;
    }
    // Prometheus makes the targets of changed jobs anew some time after a reload, and does not tell whether it has. It does so
    // after each reload: when it has done so once more, it has.
    reload(container);
    return syncs;
}

/**
 * Source: https://prometheus.io/docs/prometheus/latest/management_api/#reload
 * @param {string} container
 * @returns {{ before: string, after: string, syncs: Syncs }} what it ran with, and how often targets had been made in the end
 * @throws {ToolError} with Prometheus' own words
 */
function reload(container) {
    const config = { path: "/api/v1/status/config" };
    /** @type {import("../delivery/asking").Request[]} */
    const requests = [config, { path: "/-/reload", method: "POST" }, config, { path: "/metrics", lines: syncsMetric }];
    const begun = Date.now();
    try {
        const [before = "", , after = "", syncs = ""] = asked(
            container,
            port,
            requests,
            patience / (requests.length + 1),
        );
        return { before, after, syncs: readSyncs(syncs.split("\n")) };
    } catch (error) {
        if (!(error instanceof ToolError)) {
            throw error;
        }
        const words = errorSince(container, Date.now() - begun) ?? error.message;
        throw new ToolError(`Prometheus did not load the configuration: ${words}`);
    }
}

/**
 * @param {string} container
 * @param {number} ago milliseconds
 */
function errorSince(container, ago) {
    try {
        const since = new Date(Date.parse(now(container)) - ago - 1000);
        return lastError(container, since.toISOString());
    } catch {
        return undefined; // It does not run any more.
    }
}

/**
 * @param {string} before what /api/v1/status/config showed
 * @param {string} after
 * @returns {boolean} whether a job that there is before and after is another one
 */
function changesJobs(before, after) {
    const [was, is] = [before, after].map(jobsIn);
    return was === undefined || is === undefined || [...was].some(([job, text]) => is.has(job) && is.get(job) !== text);
}

/**
 * @param {string} said
 * @returns {Map<string, string> | undefined} each job's configuration as a text; undefined where it was not said
 */
function jobsIn(said) {
    if (said === "") {
        return undefined;
    }
    /** @type {{ job_name: string }[]} */
    const jobs = parse(JSON.parse(said).data.yaml).scrape_configs ?? [];
    return new Map(jobs.map((job) => [job.job_name, JSON.stringify(job)]));
}

module.exports = { changesJobs, load };
