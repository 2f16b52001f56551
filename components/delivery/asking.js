// @ts-check
const { spawnSync } = require("node:child_process");
const path = require("node:path");
const { dockerOutcomeSync } = require("../../toolchain/docker");
const { ToolError } = require("../../toolchain/toolError");

// How a program is asked over HTTP from inside of its container: that needs no published port and works with any Docker endpoint.

/**
 * @typedef {object} Request
 * @property {string} path e.g. "/-/ready"
 * @property {"GET" | "POST"} [method] by default GET
 * @property {unknown} [json] what is posted, by default nothing
 * @property {string} [ofAgent] what is taken for the answer of a Prometheus that is an agent, which gives none
 * @property {string} [lines] which lines of the answer are wanted, as an extended regular expression; by default all
 */

/** The exit status where somebody else has to ask. */
const needsTunnel = 77;

/** Whether the program has a certificate or users of its own. */
const hasOwnWeb = "grep -q -e --web.config.file= /proc/1/cmdline";

const isAgent = "grep -q -e --agent /proc/1/cmdline";

/** Ends an answer. */
const end = "\n@end\n";

/** The most that all answers may be, in bytes. */
const maxBuffer = 512 * 2 ** 20;

/**
 * One docker command asks everything: over ssh each logs in anew.
 * @param {string} container
 * @param {number} port
 * @param {readonly Request[]} requests
 * @param {number} seconds how long each may take
 * @returns {string[]} the answers, in the same order
 * @throws {ToolError} if one is none of success
 */
function asked(container, port, requests, seconds) {
    const limit = ["timeout", String(seconds * (requests.length + 1))];
    const urls = requests.flatMap(({ path, json }) => [
        `http://127.0.0.1:${port}${path}`,
        json === undefined ? "" : JSON.stringify(json),
    ]);
    const said = dockerOutcomeSync(["exec", container, ...limit, "sh", "-c", script(requests), "sh", ...urls]);
    if (said.status === needsTunnel) {
        return throughTunnelSync(container, port, requests, seconds * 1000 * (requests.length + 1));
    }
    if (said.status !== 0) {
        throw new ToolError(said.stderr.trim() || `it took longer than ${limit[1]} s`);
    }
    return said.stdout.split(end).slice(0, -1);
}

/** @param {readonly Request[]} requests */
const script = (requests) => `! ${hasOwnWeb} || exit ${needsTunnel}\n${requests.map(one).join("\n")}`;

/**
 * @param {Request} request
 * @param {number} i
 */
function one({ method, ofAgent, lines }, i) {
    const post = `--header 'Content-Type: application/json' --post-data "\${${2 * i + 2}}"`;
    const fetch = `wget -q -O- ${method === "POST" ? post : ""} "\${${2 * i + 1}}"`;
    const given = ofAgent === undefined ? fetch : `if ${isAgent}; then echo '${ofAgent}'; else ${fetch}; fi`;
    const wanted = lines === undefined ? given : `{ ${given} | grep -E '${lines}' || true; }`;
    return `${wanted} && printf '${end.replaceAll("\n", "\\n")}' || exit`;
}

/**
 * @param {string} container
 * @param {number} port
 * @param {readonly Request[]} requests
 * @param {number} timeout
 * @returns {string[]}
 */
function throughTunnelSync(container, port, requests, timeout) {
    const { status, stdout, stderr } = spawnSync(process.execPath, [path.join(__dirname, "tunnelled.js")], {
        input: JSON.stringify({ container, port, requests, timeout }),
        ...{ encoding: "utf8", maxBuffer },
    });
    if (status !== 0) {
        throw new ToolError(stderr.trim() || "the answer could not be read");
    }
    return JSON.parse(stdout);
}

module.exports = { asked, hasOwnWeb };
