// @ts-check
const { dockerSync } = require("../../toolchain/docker");
const { setting } = require("../delivery/step");
const { address, patienceToAnswer } = require("./live");

// Whether Prometheus serves the pages of the dashboards as they were declared. Each names the checksum of what is to be served.

/** A Prometheus that serves no pages may be on its way to a release with some. */
const script = `
    grep -q web.console.templates= /proc/1/cmdline && cd "$0/current/consoles" 2> /dev/null || exit 0
    for page in *.html; do
        declared="$(sed -n '1s/^.*sha256 \\([0-9a-f]*\\) .*$/\\1/p' "$page")"
        served="$(timeout ${patienceToAnswer} wget -q -O- "${address}/consoles/$page" | sha256sum)"
        [ "\${served%% *}" = "$declared" ] || echo "$page"
    done`;

/**
 * @param {string} container
 * @returns {string | undefined} what is served otherwise
 */
function servedDifference(container) {
    const pages = dockerSync(["exec", container, "sh", "-c", script, setting("MOUNT_PATH")])
        .trim()
        .split("\n")
        .join(", ");
    return pages ? `/consoles/ is served otherwise than declared: ${pages}` : undefined;
}

module.exports = { servedDifference };
