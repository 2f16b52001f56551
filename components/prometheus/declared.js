// @ts-check
const { parse, parseAllDocuments } = require("yaml");
const { dockerSync } = require("../../toolchain/docker");
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
    { grep -rE '^ {6}(- |  )(alert|record): ' current/rules/ || true; } && echo "$1"
    [ ! -d current/own-rules ] || find current/own-rules -type f -exec sh -c '
        for file; do echo "$file" && sed "s/^/ /" "$file" && echo; done' sh {} +`;

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
    return {
        ...{ config: parse(config), targets: declaredTargets(targets) },
        rules: [...declaredRules(rules), ...ownRules(own)],
    };
}

/**
 * @param {string} lines what grep prints, e.g. "targets/web.yml:- targets:"
 * @returns {Target[]}
 */
function declaredTargets(lines) {
    return [...byJob(lines)].flatMap(([job, text]) =>
        parse(text.join("\n")).flatMap(
            (/** @type {{ targets: string[], labels?: Record<string, string> }} */ { targets, labels = {} }) =>
                targets.map((address) => ({ job, address, labels })),
        ),
    );
}

/**
 * One file and one group a job.
 * @param {string} lines what grep prints, e.g. "current/rules/web.yml:      - alert: TargetDown"
 * @returns {string[]} "group alert" of each rule
 */
function declaredRules(lines) {
    const name = (/** @type {string} */ rule) => rule.slice(rule.indexOf(": ") + 2);
    const read = (/** @type {string} */ text) => (text.startsWith('"') ? parse(text) : text);
    return [...byJob(lines)].flatMap(([job, rules]) => rules.map((rule) => `${job} ${read(name(rule))}`));
}

/**
 * Somebody's own files are read whole: they are written in any way.
 * @param {string} lines the path of each file, and its lines with a space in front
 * @returns {string[]} "group rule" of each rule
 */
function ownRules(lines) {
    const texts = ` ${lines}`.split(/\n(?=[^ \n])/).map((file) => file.split("\n").slice(1));
    return texts.flatMap((text) => {
        const [file] = parseAllDocuments(text.map((line) => line.slice(1)).join("\n"), {
            schema: "failsafe",
            merge: true,
        });
        const { groups } = file?.toJS({ maxAliasCount: -1 }) || {};
        return [...(groups || [])].flatMap(({ name, rules }) =>
            [...(rules || [])].map(({ alert, record }) => `${name} ${alert || record}`),
        );
    });
}

/**
 * @param {string} lines each begins with the path of its file, which is named after the job
 * @returns {Map<string, string[]>}
 */
function byJob(lines) {
    /** @type {Map<string, string[]>} */
    const found = new Map();
    for (const [, job = "", text = ""] of lines.matchAll(/^(?:[^:\n]*\/)?([^:/\n]*)\.yml:(.*)$/gm)) {
        const ofJob = found.get(job) ?? [];
        ofJob.push(text);
        found.set(job, ofJob);
    }
    return found;
}

module.exports = { declaredIn };
