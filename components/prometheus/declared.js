// @ts-check
const { parse } = require("yaml");
const { dockerSync } = require("../../toolchain/docker");
const { printing, rulesIn } = require("../delivery/ruleFiles");
const { setting } = require("../delivery/step");

// What the current release declares, as its container finds it.

/** @typedef {{ readonly job: string, readonly address: string, readonly labels: Readonly<Record<string, string>> }} Target */
/** @typedef {{ readonly config: any, readonly targets: readonly Target[], readonly rules: readonly string[] }} Declared */

/**
 * grep reads folders of thousands of files in one go, and no list of them has to be handed over. Of a rule only its name is
 * wanted: all rules of a thousand hosts are 14 MB.
 */
const script = `
    cd "$0" && cat current/prometheus.yml && echo "$1"
    grep -r '' "$2" && echo "$1"
    { grep -rE '^( {2}- name| {6}(- |  )(alert|record)): ' current/rules/ || true; } && echo "$1"
    [ ! -d current/own-rules ] || ${printing("current/own-rules")}`;

/** Ends a part of what is read: no line of YAML that was rendered begins so. */
const end = "@end";

/**
 * @param {string} container
 * @returns {Declared} rules: "group alert" of each
 */
function declaredIn(container) {
    const said = dockerSync([
        ...["exec", container, "sh", "-c", script, setting("MOUNT_PATH"), end, setting("WATCHED_FOLDER")],
    ]);
    const [config = "", targets = "", rules = "", own = ""] = said.split(`${end}\n`);
    const declared = parse(config);
    return {
        ...{ config: declared, targets: declaredTargets(targets, declared) },
        rules: [...declaredRules(rules), ...rulesIn(own)],
    };
}

/**
 * @param {string} lines what grep prints, e.g. "targets/web.yml:- targets:"
 * @param {{ scrape_configs: ScrapeConfig[] }} config
 * @returns {Target[]}
 */
function declaredTargets(lines, { scrape_configs }) {
    const jobs = new Map(scrape_configs.map((job) => [fileNameOf(job), job.job_name]));
    return [...byFile(lines)].flatMap(([file, text]) =>
        parse(text.join("\n")).flatMap(
            (/** @type {{ targets: string[], labels?: Record<string, string> }} */ { targets, labels = {} }) =>
                targets.map((address) => ({ job: jobs.get(file) ?? file, address, labels })),
        ),
    );
}

/** @typedef {{ job_name: string, file_sd_configs?: { files: string[] }[] }} ScrapeConfig */

/**
 * What the files of a job are called, without their ending: its target list tells.
 * @param {ScrapeConfig} job
 */
const fileNameOf = ({ job_name, file_sd_configs: [list] = [] }) =>
    /([^/]+)\.yml$/.exec(list?.files[0] ?? "")?.[1] ?? job_name;

/**
 * One file and one group a job.
 * @param {string} lines what grep prints, e.g. "current/rules/web.yml:      - alert: TargetDown"
 * @returns {string[]} "group alert" of each rule
 */
function declaredRules(lines) {
    const name = (/** @type {string} */ line) => line.slice(line.indexOf(": ") + 2);
    const read = (/** @type {string} */ text) => (/^["']/.test(text) ? parse(text) : text);
    return [...byFile(lines).values()].flatMap(([group = "", ...rules]) =>
        rules.map((rule) => `${read(name(group))} ${read(name(rule))}`),
    );
}

/**
 * @param {string} lines each begins with the path of its file
 * @returns {Map<string, string[]>} by the files' names, without their endings
 */
function byFile(lines) {
    /** @type {Map<string, string[]>} */
    const found = new Map();
    for (const [, file = "", text = ""] of lines.matchAll(/^(?:[^:\n]*\/)?([^:/\n]*)\.yml:(.*)$/gm)) {
        const ofFile = found.get(file) ?? [];
        ofFile.push(text);
        found.set(file, ofFile);
    }
    return found;
}

module.exports = { declaredIn, fileNameOf };
