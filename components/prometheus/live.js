// @ts-check
const { parse } = require("yaml");
const { asked } = require("../delivery/asking");
const { rulesDifference } = require("../delivery/ruleFiles");
const { firstDifference } = require("../delivery/verified");

// What Prometheus runs with, and how that differs from what was declared.

/** @typedef {import("./declared").Declared} Declared */
/** @typedef {import("./declared").Target} Target */

/** Where it answers inside its container. */
const port = 9090;

/** How long it may take to answer, in seconds: 10,000 targets are 7 MB. */
const patienceToAnswer = 10;

/** The alerts themselves are no answer: where 100,000 targets are down they are 70 MB. */
const rulesOnly = "rules?exclude_alerts=true";

/** What tells whether the live configuration is the declared one. */
const questions = /** @type {const} */ (["status/runtimeinfo", "status/config", "alertmanagers", "targets", rulesOnly]);

/** @typedef {Record<typeof questions[number], any>} Live the answers */
/** @typedef {ReadonlyMap<string, number>} Syncs how often the targets of each job were made from its list and its configuration */

/**
 * @param {string} container
 * @returns {Live & { syncs: Syncs }}
 */
function askAll(container) {
    const { rest, ...live } = ask(container, questions, syncsMetric);
    return { ...live, syncs: readSyncs(rest) };
}

/**
 * An agent has no rules, no alerts and no samples, and answers nothing about them: its answers are those of a server without any.
 * Source: https://github.com/prometheus/prometheus/blob/v3.13.5/web/api/v1/api.go (`wrapAgent`)
 * @param {string} path
 */
function ofAgent(path) {
    const [name = ""] = path.split("?");
    const none = { alertmanagers: { activeAlertmanagers: [] }, rules: { groups: [] }, query: { result: [] } };
    const data = /** @type {Record<string, unknown>} */ (none)[name];
    return data === undefined ? {} : { ofAgent: JSON.stringify({ data }) };
}

/**
 * Asks Prometheus' API, and for metrics of its own.
 * @template {string} Path
 * @param {string} container
 * @param {readonly Path[]} paths
 * @param {string} [metrics] which, as an extended regular expression; by default none
 * @returns {Record<Path, any> & { rest: string[] }} the answers, and the lines of the metrics
 */
function ask(container, paths, metrics) {
    const requests = [
        ...paths.map((path) => ({ path: `/api/v1/${path}`, ...ofAgent(path) })),
        ...(metrics === undefined ? [] : [{ path: "/metrics", lines: metrics }]),
    ];
    const said = asked(container, port, requests, patienceToAnswer);
    const answers = paths.map((path, i) => [path, JSON.parse(said[i] ?? "").data]);
    return { ...Object.fromEntries(answers), rest: (said[paths.length] ?? "").split("\n") };
}

/** How often the targets of each job were made. */
const syncsMetric = "^prometheus_target_scrape_pool_sync_total[{]";

/**
 * @param {readonly string[]} lines
 * @returns {Syncs}
 */
function readSyncs(lines) {
    const found = lines.map((line) => /\{scrape_job=("(?:[^"\\]|\\.)*")\} (\d+)/.exec(line) ?? []);
    return new Map(found.map(([, job = '""', count]) => [JSON.parse(job), Number(count)]));
}

/**
 * Until its targets are made anew, a job that was changed shows those of before, and how their last scrape went.
 * @param {Syncs} live
 * @param {Syncs} before
 */
function syncDifference(live, before) {
    const job = [...live.keys()].find((each) => live.get(each) === before.get(each));
    return job && `it has not made the targets of ${job} anew.`;
}

/**
 * @param {Live} live
 * @param {Declared} declared
 * @returns {string | undefined} what is not yet as declared
 */
function difference(live, { config, targets, rules }) {
    if (!live["status/runtimeinfo"]?.reloadConfigSuccess) {
        return "its last configuration reload failed.";
    }
    const differing = configDifference(live["status/config"].yaml, config);
    if (differing !== undefined) {
        return `its live configuration (/api/v1/status/config) is not the declared one: ${differing}.`;
    }
    return (
        receiverDifference(live.alertmanagers, config) ??
        targetDifference(live.targets, targets) ??
        ruleDifference(live[rulesOnly].groups, rules)
    );
}

/**
 * @param {{ activeAlertmanagers: { url: string }[] }} live
 * @param {any} declared
 */
function receiverDifference(live, declared) {
    const groups = declared.alerting?.alertmanagers ?? [];
    // What relabeling makes of an address, and what is discovered, nobody knows here.
    const isKnown = (/** @type {string} */ key) => key !== "relabel_configs" && !key.endsWith("_sd_configs");
    if (!groups.every((/** @type {object} */ group) => Object.keys(group).every(isKnown))) {
        return undefined;
    }
    const sendsTo = live.activeAlertmanagers.map(({ url }) => url.replace(/\/api\/v2\/alerts$/, ""));
    const wanted = groups.flatMap((/** @type {any} */ { static_configs, scheme = "http", path_prefix = "/" }) =>
        static_configs.flatMap((/** @type {{ targets: string[] }} */ { targets }) =>
            targets.map((target) => `${scheme}://${target}${path_prefix.replace(/\/+$/, "")}`),
        ),
    );
    const [is, should] = [sendsTo, wanted].map((each) => each.sort().join(", ") || "nobody");
    return is === should ? undefined : `it sends alerts to ${is} instead of ${should}.`;
}

/** The most targets that a message names. */
const mostNamed = 20;

/** @typedef {{ scrapePool?: string, discoveredLabels: Record<string, string> }} LiveTarget */

/**
 * A target that has other labels than its list is still the one of an earlier list.
 * @param {{ activeTargets: LiveTarget[], droppedTargets: LiveTarget[] }} live
 * @param {readonly Target[]} declared
 */
function targetDifference({ activeTargets, droppedTargets }, declared) {
    /** @type {Map<string, Record<string, string>[]>} */
    const known = new Map();
    for (const { scrapePool, discoveredLabels } of [...activeTargets, ...droppedTargets]) {
        // An older Prometheus names no pool of a dropped target: https://github.com/prometheus/prometheus/pull/16085
        const name = `${scrapePool ?? discoveredLabels.job} ${discoveredLabels.__address__}`;
        const ofName = known.get(name) ?? [];
        ofName.push(discoveredLabels);
        known.set(name, ofName);
    }
    const missing = declared
        .map((target) => ({ ...target, name: `${target.job} ${target.address}` }))
        .filter(({ name, labels }) => !known.get(name)?.some((found) => hasLabels(found, labels)))
        .map(({ name }) => name);
    const others = missing.length > mostNamed ? ` and ${missing.length - mostNamed} more` : "";
    return missing.length === 0
        ? undefined
        : `these targets are not known to it: ${missing.slice(0, mostNamed).join(", ")}${others}`;
}

/**
 * @param {Record<string, string>} found the labels of a live target, and what Prometheus knows of it
 * @param {Readonly<Record<string, string>>} declared
 */
function hasLabels(found, declared) {
    const names = Object.keys(found).filter((name) => name !== "job" && !name.startsWith("__"));
    return [...names, ...Object.keys(declared)].every((name) => (found[name] ?? "") === (declared[name] ?? ""));
}

/**
 * @param {readonly import("../delivery/ruleFiles").LiveGroup[]} groups the live ones
 * @param {readonly string[]} declared "group alert" of each declared rule
 * @returns {string | undefined} how the live rules differ from them, or which one cannot be evaluated
 */
function ruleDifference(groups, declared) {
    const live = groups.flatMap(({ name, rules }) => rules.map((rule) => ({ ...rule, id: `${name} ${rule.name}` })));
    const failing = live.find(({ health }) => health === "err");
    return failing
        ? `it cannot evaluate the rule ${failing.id}: ${failing.lastError}`
        : rulesDifference(groups, declared);
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

module.exports = {
    ask,
    askAll,
    configDifference,
    difference,
    patienceToAnswer,
    port,
    readSyncs,
    ruleDifference,
    syncDifference,
    syncsMetric,
    targetDifference,
};
