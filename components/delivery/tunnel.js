// @ts-check
const http = require("node:http");
const { Duplex } = require("node:stream");
const { text } = require("node:stream/consumers");
const tls = require("node:tls");
const { parse } = require("yaml");
const { dockerStream } = require("../../toolchain/docker");
const { ToolError } = require("../../toolchain/toolError");

// Asks a program that has a certificate or users of its own (the flag --web.config.file) from this process, through its container:
// TLS and login are Node's, of which the wget of a busybox knows too little, and no list of processes shows a password.

/** @typedef {import("./asking").Request} Request */
/** @typedef {{ basic_auth?: { username: string, password: string }, tls_config?: { cert?: string, key?: string } }} Client */

/** Says what the stack asks with, which stands beside the program's own file, and connects. */
const script = `
    file="$(tr '\\0' '\\n' < /proc/1/cmdline | sed -n 's/^--web.config.file=//p')"
    cat "\${file%.yml}.asking.yml" || exit
    printf '\\n@\\n'
    exec nc 127.0.0.1 "$0"`;

const endOfHead = "\n@\n";

/**
 * One docker command for all requests: over ssh each logs in anew.
 * @param {string} container
 * @param {number} port
 * @param {readonly Request[]} requests
 * @param {number} timeout in milliseconds, for all of them
 * @returns {Promise<string[]>} the answers, in the same order
 * @throws {ToolError} if one is none of success
 */
async function throughTunnel(container, port, requests, timeout) {
    const { child, outcome } = dockerStream(["exec", "--interactive", container, "sh", "-c", script, String(port)]);
    const late = setTimeout(() => child.kill("SIGKILL"), timeout);
    try {
        return await Promise.race([all(child, requests), ended(outcome)]);
    } catch (error) {
        throw error instanceof ToolError ? error : new ToolError(`no answer: ${/** @type {Error} */ (error).message}`);
    } finally {
        clearTimeout(late);
        child.kill("SIGKILL");
    }
}

/**
 * @param {Promise<import("../../toolchain/docker").Outcome>} outcome
 * @returns {Promise<never>}
 */
async function ended(outcome) {
    const { stderr } = await outcome;
    throw new ToolError(stderr.trim() || "the connection was closed");
}

/**
 * @param {import("node:child_process").ChildProcessWithoutNullStreams} child
 * @param {readonly Request[]} requests
 */
async function all({ stdin, stdout }, requests) {
    const client = await clientOf(stdout);
    const agent = new Connection(await connected(Duplex.from({ readable: stdout, writable: stdin }), client));
    const answers = [];
    for (const request of requests) {
        answers.push(await answer(agent, request, client));
    }
    return answers;
}

/**
 * @param {import("node:stream").Readable} stdout
 * @returns {Promise<Client>}
 */
async function clientOf(stdout) {
    let head = Buffer.alloc(0);
    while (!head.includes(endOfHead)) {
        const chunk = stdout.read();
        head = chunk === null ? head : Buffer.concat([head, chunk]);
        if (chunk === null) {
            await new Promise((resolve) => stdout.once("readable", () => resolve(undefined)));
        }
    }
    const end = head.indexOf(endOfHead);
    stdout.unshift(head.subarray(end + endOfHead.length));
    return parse(String(head.subarray(0, end))) ?? {};
}

/**
 * Nobody else can be in the program's place in its own container: its certificate is not checked, or one that has ended would
 * keep its successor out.
 * @param {Duplex} socket
 * @param {Client} client
 * @returns {Promise<Duplex>}
 */
function connected(socket, { tls_config: config }) {
    // What ends it is told by who reads from it.
    socket.on("error", () => undefined);
    if (config === undefined) {
        return Promise.resolve(socket);
    }
    const { cert, key } = config;
    return new Promise((resolve, reject) => {
        const secure = tls.connect({ socket, cert, key, rejectUnauthorized: false }, () => resolve(secure));
        secure.on("error", reject);
    });
}

/** How much of an answer that is none of success is told, in characters. */
const mostWords = 500;

/** Requests go one after the other over the one connection that there is. */
class Connection extends http.Agent {
    /** @param {Duplex} socket */
    constructor(socket) {
        super({ keepAlive: true, maxSockets: 1 });
        this.createConnection = () => socket;
    }
    /** @override */
    keepSocketAlive() {
        return true;
    }
    /** @override */
    reuseSocket() {}
}

/**
 * @param {http.Agent} agent
 * @param {Request} request
 * @param {Client} client
 * @returns {Promise<string>}
 */
function answer(agent, { path, method = "GET", json, ofAgent, lines }, { basic_auth: login }) {
    const headers = json === undefined ? {} : { "Content-Type": "application/json" };
    const options = { agent, host: "127.0.0.1", path, method, headers };
    const auth = login && { auth: `${login.username}:${login.password}` };
    return new Promise((resolve, reject) => {
        const request = http.request({ ...options, ...auth }, async (response) => {
            try {
                const said = await text(response);
                const { statusCode = 0 } = response;
                const isWell = statusCode >= 200 && statusCode < 300;
                // Source: https://github.com/prometheus/prometheus/blob/v3.13.5/web/api/v1/api.go (`wrapAgent`)
                const isOfAgent = statusCode === 422 && ofAgent !== undefined && /Prometheus Agent/.test(said);
                if (!isWell && !isOfAgent) {
                    throw new ToolError(`HTTP ${statusCode}: ${said.trim().slice(0, mostWords)}`);
                }
                resolve(isOfAgent ? ofAgent : only(said, lines));
            } catch (error) {
                reject(error);
            }
        });
        request.on("error", reject);
        request.end(json === undefined ? undefined : JSON.stringify(json));
    });
}

/**
 * @param {string} said
 * @param {string} [lines]
 */
function only(said, lines) {
    const pattern = lines === undefined ? undefined : new RegExp(lines);
    return pattern === undefined
        ? said
        : said
              .split("\n")
              .filter((line) => pattern.test(line))
              .map((line) => `${line}\n`)
              .join("");
}

module.exports = { throughTunnel };
