// @ts-check
const { createHash } = require("node:crypto");
const { dockerSync } = require("../../toolchain/docker");
const { asked, hasOwnWeb } = require("../delivery/asking");
const { setting } = require("../delivery/step");
const { patienceToAnswer, port } = require("./live");

// Whether Prometheus serves the pages of the dashboards as they were declared. Each names the checksum of what is to be served.

/**
 * Names each that is served otherwise; where the program lets in nobody without a login, each with its checksum. A Prometheus that
 * serves no pages may be on its way to a release with some.
 */
const script = `
    grep -q web.console.templates= /proc/1/cmdline && cd "$0/current/consoles" 2> /dev/null || exit 0
    for page in *.html; do
        declared="$(sed -n '1s/^.*sha256 \\([0-9a-f]*\\) .*$/\\1/p' "$page")"
        if ${hasOwnWeb}; then echo "$page $declared"; continue; fi
        served="$(timeout ${patienceToAnswer} wget -q -O- "http://127.0.0.1:${port}/consoles/$page" | sha256sum)"
        [ "\${served%% *}" = "$declared" ] || echo "$page"
    done`;

/**
 * @param {string} container
 * @returns {string | undefined} what is served otherwise
 */
function servedDifference(container) {
    const said = dockerSync(["exec", container, "sh", "-c", script, setting("MOUNT_PATH")])
        .trim()
        .split("\n");
    const named = said.map((line) => line.split(" "));
    const toAsk = named.filter(([, sum]) => sum !== undefined);
    const paths = toAsk.map(([page]) => ({ path: `/consoles/${page}` }));
    const served = paths.length === 0 ? [] : asked(container, port, paths, patienceToAnswer);
    const differing = toAsk.filter(([, sum], i) => sha256(served[i] ?? "") !== sum);
    const pages = [...named.filter(([, sum]) => sum === undefined), ...differing].map(([page]) => page).join(", ");
    return pages ? `/consoles/ is served otherwise than declared: ${pages}` : undefined;
}

/** @param {string} text */
const sha256 = (text) => createHash("sha256").update(text).digest("hex");

module.exports = { servedDifference };
