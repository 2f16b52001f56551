// @ts-check
const { parse, parseAllDocuments } = require("yaml");
const { dockerSync } = require("../../toolchain/docker");
const { ToolError } = require("../../toolchain/toolError");
const { fetched, lastError, now, started } = require("../delivery/container");
const { setting } = require("../delivery/step");
const { answered, firstDifference, verified } = require("../delivery/verified");
const check = require("./promtool");

/** Where it answers inside its container. */
const address = "http://127.0.0.1:9090";

/** How long it may take to answer, in seconds. A reload takes minutes with thousands of jobs. */
const patienceToLoad = 240;
const patienceToAnswer = 10;

/**
 * Waits until Prometheus can load a configuration: one that was just started replays its write-ahead log first.
 * @param {string} container
 */
function ready(container) {
    return started(container, () => answered(() => void fetched(container, `${address}/-/ready`, patienceToAnswer)));
}

/**
 * Has Prometheus read its configuration again.
 * Source: https://prometheus.io/docs/prometheus/latest/management_api/#reload
 * @param {string} container
 * @throws {ToolError} with Prometheus' own words
 */
function load(container) {
    const since = now(container);
    try {
        fetched(container, `${address}/-/reload`, patienceToLoad, ["--post-data="]);
    } catch (error) {
        throw new ToolError(`Prometheus did not load the configuration: ${lastError(container, since) ?? error}`);
    }
}

/**
 * A 200 from the reload proves little. Verified means: the live configuration is the declared one, its last reload
 * succeeded, every declared target is known, and the alert rules are the declared ones.
 * @param {string} container
 */
async function verify(container) {
    const [declared] = documents(container, ["current/prometheus.yml"]);
    /** @type {string[]} */
    const jobs = declared.scrape_configs.map((/** @type {{ job_name: string }} */ { job_name }) => job_name);
    const targets = declaredTargets(container, jobs);
    const rules = declaredRules(container, jobs);
    const since = now(container);
    const problem = () => {
        const live = askAll(container, questions);
        return difference(live, declared, targets) ?? ruleDifference(live.rules.groups, rules);
    };
    const says = () => {
        const error = lastError(container, since);
        return error && `Prometheus says: ${error}`;
    };
    await verified(problem, { every: 250, says });
}

/** What tells whether the live configuration is the declared one. */
const questions = /** @type {const} */ (["status/runtimeinfo", "status/config", "alertmanagers", "targets", "rules"]);

/**
 * @param {Record<typeof questions[number], any>} live the answers
 * @param {{ global: { external_labels: Record<string, string> } }} declared
 * @param {readonly string[]} targets "job host:port" of each declared target
 * @returns {string | undefined} what is not yet as declared
 */
function difference(live, declared, targets) {
    if (!live["status/runtimeinfo"]?.reloadConfigSuccess) {
        return "its last configuration reload failed.";
    }
    const differing = configDifference(live["status/config"].yaml, declared);
    if (differing !== undefined) {
        return `its live configuration (/api/v1/status/config) is not the declared one: ${differing}.`;
    }
    const sendsTo = live.alertmanagers.activeAlertmanagers.map(
        (/** @type {{ url: string }} */ { url }) => new URL(url).host,
    );
    const [receiver, wanted] = [sendsTo, alertmanagers(declared)].map((each) => each.sort().join(", ") || "nobody");
    if (receiver !== wanted) {
        return `it sends alerts to ${receiver} instead of ${wanted}.`;
    }
    const { activeTargets, droppedTargets } = live.targets;
    const known = new Set(
        [...activeTargets, ...droppedTargets].map(
            ({ scrapePool, discoveredLabels }) =>
                `${scrapePool ?? discoveredLabels.job} ${discoveredLabels.__address__}`,
        ),
    );
    const missing = targets.filter((target) => !known.has(target));
    return missing.length === 0 ? undefined : `these targets are not known to it: ${missing.join(", ")}`;
}

/**
 * @param {any} declared
 * @returns {string[]} host:port of each Alertmanager
 */
function alertmanagers(declared) {
    return (declared.alerting?.alertmanagers ?? []).flatMap((/** @type {any} */ { static_configs }) =>
        static_configs.flatMap((/** @type {{ targets: string[] }} */ { targets }) => targets),
    );
}

/**
 * Each declared target as "job host:port".
 * @param {string} container
 * @param {readonly string[]} jobs
 * @returns {string[]}
 */
function declaredTargets(container, jobs) {
    const files = jobs.map((job) => `${setting("WATCHED_FOLDER")}/${job}.yml`);
    return documents(container, files).flatMap((groups, i) =>
        groups.flatMap((/** @type {{ targets: string[] }} */ group) =>
            group.targets.map((target) => `${jobs[i]} ${target}`),
        ),
    );
}

/**
 * Each declared rule as "group alert". One file a job.
 * @param {string} container
 * @param {readonly string[]} jobs
 * @returns {string[]}
 */
function declaredRules(container, jobs) {
    const files = jobs.map((job) => `current/rules/${job}.yml`);
    return documents(container, files)
        .flatMap((document) => document?.groups ?? [])
        .flatMap(({ name, rules }) => rules.map((/** @type {{ alert: string }} */ { alert }) => `${name} ${alert}`));
}

/**
 * The configuration's files, read in one go: with a docker command for each, a hundred jobs would take ten seconds.
 * @param {string} container
 * @param {readonly string[]} files paths in the configuration volume
 * @returns {any[]} what each holds
 */
function documents(container, files) {
    const read = 'cd "$0" && for file; do echo ---; cat "$file" || exit; done';
    const text = dockerSync(["exec", container, "sh", "-c", read, setting("MOUNT_PATH"), ...files]);
    return parseAllDocuments(text).map((document) => document.toJS());
}

/**
 * @param {readonly { name: string, rules: { name: string, health: string, lastError?: string }[] }[]} groups the live ones
 * @param {readonly string[]} declared "group alert" of each declared rule
 * @returns {string | undefined} how the live rules differ from them, or which one cannot be evaluated
 */
function ruleDifference(groups, declared) {
    const live = groups.flatMap(({ name, rules }) => rules.map((rule) => ({ ...rule, id: `${name} ${rule.name}` })));
    const failing = live.find(({ health }) => health === "err");
    if (failing) {
        return `it cannot evaluate the rule ${failing.id}: ${failing.lastError}`;
    }
    const count = (/** @type {readonly string[]} */ ids, /** @type {string} */ id) =>
        ids.filter((each) => each === id).length;
    const ids = live.map(({ id }) => id);
    const differing = [...new Set([...declared, ...ids])].find((id) => count(ids, id) !== count(declared, id));
    return (
        differing &&
        `it has the rule ${differing} ${count(ids, differing)} times instead of ${count(declared, differing)}.`
    );
}

/**
 * Asks Prometheus from inside its container: needs no published port and works with any Docker endpoint.
 * @param {string} container
 * @param {string} path
 */
function ask(container, path) {
    return JSON.parse(fetched(container, `${address}/api/v1/${path}`, patienceToAnswer)).data;
}

/**
 * Asks several things in one docker command: over ssh each command logs in anew.
 * @template {string} Path
 * @param {string} container
 * @param {readonly Path[]} paths
 * @returns {Record<Path, any>} the answers
 */
function askAll(container, paths) {
    const each = 'for url; do wget -q -O- "$url" && echo || exit; done';
    const urls = paths.map((path) => `${address}/api/v1/${path}`);
    const limit = ["timeout", String(patienceToAnswer * paths.length)];
    const lines = dockerSync(["exec", container, ...limit, "sh", "-c", each, "sh", ...urls]).split("\n");
    return /** @type {Record<Path, any>} */ (
        Object.fromEntries(paths.map((path, i) => [path, JSON.parse(lines[i] ?? "").data]))
    );
}

/**
 * @param {string} live what /api/v1/status/config shows
 * @param {{ global: { external_labels: Record<string, string> } }} declared
 * @returns {string | undefined} the first place where they differ
 */
function configDifference(live, declared) {
    return firstDifference(parse(live), expanded(declared));
}

/**
 * The declared configuration as Prometheus reports it: `$$` in an external label is a `$`.
 * @param {{ global: { external_labels: Record<string, string> } }} document
 */
function expanded(document) {
    const labels = Object.entries(document.global.external_labels).map(([name, value]) => [
        name,
        value.replaceAll("$$", "$"),
    ]);
    return { ...document, global: { ...document.global, external_labels: Object.fromEntries(labels) } };
}

/** @type {import("../delivery/program").Live} */
const live = {
    name: "Prometheus",
    port: 9090,
    path: "/api/v1/status/config",
    file: "prometheus.yml",
    difference: (said, declared) => configDifference(JSON.parse(said).data.yaml, /** @type {any} */ (declared)),
};

module.exports = { ask, check, configDifference, live, load, ready, ruleDifference, verify };
