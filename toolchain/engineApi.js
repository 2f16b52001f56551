// @ts-check
const { Agent, get } = require("node:http");
const { Duplex } = require("node:stream");
const { json } = require("node:stream/consumers");
const { setTimeout: sleep } = require("node:timers/promises");
const { dockerStream, patience } = require("./docker");
const { ToolError } = require("./toolError");

/**
 * The engine's API, through one docker command that passes on what is said: any endpoint will do, and over ssh it logs in
 * once, where each docker command would anew.
 * Source: https://docs.docker.com/reference/api/engine/
 */
class EngineApi {
    constructor() {
        const { child, outcome } = dockerStream(["system", "dial-stdio"]);
        this.child = child;
        this.outcome = outcome;
        // One connection is all that there is: one question goes after the other.
        this.agent = new Agent({ keepAlive: true, maxSockets: 1 });
        this.agent.createConnection = () => connection(child);
    }

    /**
     * Whether the engine answers soon. Where it does not, another way may tell why: see endpoint.js.
     * @param {number} milliseconds
     */
    async answers(milliseconds) {
        const asked = this.get("/version").then(Boolean, () => false);
        return Promise.race([asked, sleep(milliseconds, false, { ref: false })]);
    }

    /**
     * @param {string} path e.g. "/containers/json"
     * @returns {Promise<any>} undefined where there is no such thing
     * @throws {ToolError} with what the engine says, or docker
     */
    async get(path) {
        const { status, content } = await Promise.race([this.ask(path), this.ended()]);
        if (status !== 200 && status !== 404) {
            throw new ToolError(`The Docker engine answers ${path} with ${status}: ${content.message}`);
        }
        return status === 200 ? content : undefined;
    }

    /**
     * @param {string} path
     * @returns {Promise<{ status: number | undefined, content: any }>}
     */
    ask(path) {
        const signal = AbortSignal.timeout(patience.look);
        // The name is never looked up: the engine is at the other end.
        const options = { host: "docker.example.com", path: encodeURI(path), agent: this.agent, signal };
        return new Promise((resolve, reject) => {
            const fail = () => {
                const late = `The Docker engine did not answer within ${patience.look / 1000} s`;
                this.close();
                // Where the connection broke, the command says why.
                (signal.aborted ? Promise.reject(new ToolError(late)) : this.ended()).catch(reject);
            };
            get(options, (response) => {
                json(response).then((content) => resolve({ status: response.statusCode, content }), fail);
            }).on("error", fail);
        });
    }

    /**
     * @returns {Promise<never>}
     * @throws {ToolError} with the command's words, as soon as it has ended
     */
    async ended() {
        const { status, stderr } = await this.outcome;
        throw new ToolError(stderr.trim() || `docker system dial-stdio ended with status ${status}`);
    }

    /** Ends the command, which would go on after a SIGTERM until the engine closes the connection. */
    close() {
        this.child.kill("SIGKILL");
    }
}

/**
 * The two pipes of a process as the socket that an Agent wants.
 * @param {import("node:child_process").ChildProcessWithoutNullStreams} child
 */
function connection(child) {
    const stream = Duplex.from({ readable: child.stdout, writable: child.stdin });
    // Where it breaks the command ends, and says why.
    stream.on("error", () => undefined);
    const nothing = () => stream;
    return Object.assign(stream, {
        ...{ setKeepAlive: nothing, setNoDelay: nothing, setTimeout: nothing },
        ...{ ref: nothing, unref: nothing },
    });
}

module.exports = { EngineApi };
