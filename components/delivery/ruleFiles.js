// @ts-check
const { parseAllDocuments } = require("yaml");

// The rule files of somebody's own in a release, and whether a program of Prometheus' family runs with them.

/**
 * Shell that prints the path of each file in a folder, and its lines with a space in front.
 * @param {string} folder
 */
const printing = (folder) => `find ${folder} -type f -exec sh -c '
    for file; do echo "$file" && sed "s/^/ /" "$file" && echo; done' sh {} +`;

/**
 * Somebody's own files are read whole: they are written in any way.
 * @param {string} said what that prints
 * @returns {string[]} "group rule" of each rule
 */
function rulesIn(said) {
    const texts = ` ${said}`.split(/\n(?=[^ \n])/).map((file) => file.split("\n").slice(1));
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

/** @typedef {{ name: string, rules: { name: string, health: string, lastError?: string }[] }} LiveGroup */

/**
 * @param {readonly LiveGroup[]} groups the live ones
 * @param {readonly string[]} declared "group rule" of each declared rule
 * @returns {string | undefined} how the live rules differ from them
 */
function rulesDifference(groups, declared) {
    const live = groups.flatMap(({ name, rules }) => rules.map((rule) => `${name} ${rule.name}`));
    /** @type {Map<string, number>} How often each is there more often than it is declared. */
    const surplus = new Map();
    declared.forEach((id) => surplus.set(id, (surplus.get(id) ?? 0) - 1));
    live.forEach((id) => surplus.set(id, (surplus.get(id) ?? 0) + 1));
    const [differing, more = 0] = [...surplus].find(([, count]) => count !== 0) ?? [];
    const wanted = declared.filter((id) => id === differing).length;
    return differing && `it has the rule ${differing} ${wanted + more} times instead of ${wanted}.`;
}

module.exports = { printing, rulesDifference, rulesIn };
