// @ts-check
const { isMap, isSeq, LineCounter, parseDocument } = require("yaml");
const { dockerSync } = require("../../../toolchain/docker");
const { asked } = require("../../delivery/asking");
const { patienceToAnswer, reloaded } = require("../../delivery/container");
const { printing, rulesDifference, rulesIn } = require("../../delivery/ruleFiles");
const { mountPath, port } = require("../live");

// How the ruler takes over new rules, proves that it runs with them, and has them checked before.

/**
 * It answers when it has read all files: with an error where it could not use one, and then it runs without that one.
 * Source: https://thanos.io/tip/components/rule.md/
 * @param {string} container
 */
const load = (container) => reloaded(container, port, "Thanos Ruler did not load the rules");

/**
 * What cannot be evaluated yet is no difference: Query, which knows whether the ruler is there, comes after it.
 * @param {string} container
 * @returns {string | undefined} how its rules differ from those of its files
 */
function missingRule(container) {
    const declared = dockerSync(["exec", container, "sh", "-c", `cd ${mountPath}/current && ${printing("rules")}`]);
    const [said = ""] = asked(container, port, [{ path: "/api/v1/rules" }], patienceToAnswer);
    return rulesDifference(JSON.parse(said).data.groups, rulesIn(declared));
}

/** @type {import("../../delivery/program").Check} */
const check = {
    script: "thanos tools rules-check --rules='rules/*' 2>&1 || true",
    async refusals(said, { files }) {
        let file = "";
        return said.split("\n").flatMap((line) => {
            file = value(line, "filename") ?? file;
            const words = value(line, "error");
            return words === undefined ? [] : [{ about: pathOf(file), words: withLine(words, files[file] ?? "") }];
        });
    },
};

/**
 * @param {string} line of Thanos' log
 * @param {string} key
 * @returns {string | undefined}
 */
function value(line, key) {
    const [, given] = new RegExp(` ${key}=("(?:[^"\\\\]|\\\\.)*"|\\S+)`).exec(line) ?? [];
    return given?.startsWith('"') ? JSON.parse(given) : given;
}

/**
 * The path in the repository: see rules.ts.
 * @param {string} file
 */
const pathOf = (file) => decodeURIComponent(file.replace(/^rules\//, ""));

/**
 * Thanos names the group and the rule, from 0, and for the line says "0:0", or nothing.
 * @param {string} words e.g. `0:0: group "shop", rule 1, "ShopDown": could not parse expression: ...`
 * @param {string} text of the file
 */
function withLine(words, text) {
    const own = words.replace(/^0:0: /, "");
    const [, group, rule] = /^group ("(?:[^"\\]|\\.)*"), rule (\d+)/.exec(own) ?? [];
    const lines = new LineCounter();
    const groups = parseDocument(text, { lineCounter: lines }).get("groups");
    const named =
        group !== undefined && isSeq(groups)
            ? groups.items.find((each) => isMap(each) && each.get("name") === JSON.parse(group))
            : undefined;
    const found = /** @type {import("yaml").Node | undefined} */ (
        isMap(named) ? named.getIn(["rules", Number(rule)], true) : undefined
    );
    return found?.range ? `${lines.linePos(found.range[0]).line}: ${own}` : own;
}

module.exports = { check, load, missingRule };
