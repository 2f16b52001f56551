// @ts-check
const { spawn } = require("node:child_process");
const { createConnection } = require("node:net");
const { URL } = require("node:url");

// Whether the Docker engine of a stack can be used, and why not, in one line that says what to do. For docs/remote-hosts.md.

/** The longest that asking may take, in milliseconds. The docker command line gives up on a dead host after 20 s or 60 s. */
const patience = 30_000;

/** The words of bash, dash, BusyBox, csh; zsh; fish; env. */
const notOnPath =
    /docker: (command )?not found|docker: No such file|command not found: docker|unknown command:? .?docker|[‘'"]docker[’'"]: No such file|.docker. is not recognized/i;

/**
 * Docker's words, and what to do about them. `passes`: it may be over in a moment, or be so only from this machine.
 * @type {readonly { words: RegExp, advice: string, passes?: true }[]}
 */
const reasons = [
    {
        words: /could not resolve hostname|no such host|server misbehaving/i,
        advice: "Check the name and this machine's DNS.",
        passes: true,
    },
    {
        words: /timed out|timeout|did not answer|unreachable|no route to host|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH/i,
        advice: "Check that the host is up, and the firewalls and the VPN on the way to it.",
        passes: true,
    },
    {
        words: /host key .*has changed|REMOTE HOST IDENTIFICATION/i,
        advice: "Find out why before you remove the old key (ssh-keygen -R): somebody may be in between.",
    },
    {
        words: /host key verification failed/i,
        advice: "Log in once with ssh, compare the fingerprint, and accept the key.",
    },
    {
        words: /permission denied \(|too many authentication failures/i,
        advice: "The ssh server takes none of your keys: ssh has to log in without asking (ssh-add, or IdentityFile in ~/.ssh/config).",
    },
    {
        words: notOnPath,
        advice:
            "Install Docker on the host; where it is there, as on macOS and on a NAS, it is not on the PATH that ssh has: see " +
            "docs/remote-hosts.md. `ssh <host> docker version` has to find it.",
    },
    {
        words: /permission denied/i,
        advice: "The user may not use Docker's socket: put it into the group docker (sudo usermod -aG docker <user>), and log in anew.",
    },
    {
        words: /certificate required|bad certificate|unknown certificate|--tlsverify/i,
        advice: "The engine does not take the certificate in DOCKER_CERT_PATH: cert.pem and key.pem have to be from its authority.",
    },
    {
        words: /x509|failed to verify certificate/i,
        advice: "The engine's certificate has to be for this name or address, and from the authority in ca.pem of DOCKER_CERT_PATH.",
    },
    {
        words: /HTTP request to an HTTPS server/i,
        advice: "The engine wants TLS: set DOCKER_CERT_PATH to the folder with ca.pem, cert.pem and key.pem, and DOCKER_TLS_VERIFY=1.",
    },
    {
        words: /HTTP response to HTTPS client|first record does not look like a TLS handshake/i,
        advice: "The engine speaks no TLS there: have it listen with --tlsverify.",
    },
    {
        words: /\.pem: no such file/i,
        advice: "DOCKER_CERT_PATH has to be a folder with ca.pem, cert.pem and key.pem.",
    },
    {
        words: /cannot connect to the docker daemon|connection refused|ECONNREFUSED|connection (closed|reset)|no such file/i,
        advice: "Start it, or unset DOCKER_HOST or the context.",
        passes: true,
    },
];

/** @typedef {{ readonly message: string, readonly passes: boolean }} Failure */

/**
 * Asks the engine at DOCKER_HOST, as the docker command line would.
 * @param {NodeJS.ProcessEnv} [env]
 * @param {() => Promise<boolean>} [answers] whether it answers who asks in another way already: then nobody asks again
 * @returns {Promise<Failure | undefined>} undefined where it answers
 */
async function failure(env = process.env, answers = async () => false) {
    const endpoint = env.DOCKER_HOST ?? "";
    const wrong = wrongTls(env);
    if (wrong !== undefined) {
        return { message: wrong, passes: false };
    }
    if (await answers()) {
        return undefined;
    }
    const said = endpoint.startsWith("ssh://") ? await askOverSsh(endpoint, env) : await askWithDocker(endpoint, env);
    if (said === undefined) {
        return undefined;
    }
    const reason = adviceFor(said);
    const where = endpoint === "" ? "" : ` at ${shown(endpoint)}`;
    return {
        message: `No Docker engine answers${where}: ${oneLine(said)} ${reason?.advice ?? ""}`.trim(),
        passes: reason?.passes ?? false,
    };
}

/**
 * What to do about Docker's words, or ssh's.
 * @param {string} said
 */
function adviceFor(said) {
    return reasons.find(({ words }) => words.test(said));
}

/**
 * The Docker provider speaks TLS where DOCKER_CERT_PATH is set, and the docker command line where DOCKER_TLS_VERIFY is.
 * @param {NodeJS.ProcessEnv} env
 */
function wrongTls({ DOCKER_HOST = "", DOCKER_CERT_PATH = "", DOCKER_TLS_VERIFY = "" }) {
    const isTcp = DOCKER_HOST.startsWith("tcp://");
    const [missing, value] = DOCKER_CERT_PATH
        ? ["DOCKER_TLS_VERIFY", "1"]
        : ["DOCKER_CERT_PATH", "the folder with ca.pem, cert.pem and key.pem"];
    return isTcp && (DOCKER_CERT_PATH === "") !== (DOCKER_TLS_VERIFY === "")
        ? `TLS to ${shown(DOCKER_HOST)} needs DOCKER_CERT_PATH and DOCKER_TLS_VERIFY: ${missing} is not set; set it to ${value}.`
        : undefined;
}

/**
 * Docker without TLS asks nobody who he is.
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {string | undefined} what is wrong with a tcp:// endpoint that is not on this machine
 */
function unprotected({ DOCKER_HOST = "", DOCKER_CERT_PATH = "" } = process.env) {
    const isRemote = /^tcp:\/\/(?!(localhost|127(\.\d+){3}|\[::1\])(:|\/|$))/.test(DOCKER_HOST);
    return isRemote && DOCKER_CERT_PATH === ""
        ? `${shown(DOCKER_HOST)} is without TLS: whoever reaches that port is root on its host, and whoever is in between reads every secret. ` +
              "Set DOCKER_CERT_PATH to the folder with ca.pem, cert.pem and key.pem, or use ssh://."
        : undefined;
}

/**
 * Through the ssh that the docker command line would run: it tells less of what ssh and the other side said.
 * @param {string} endpoint
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<string | undefined>} why it does not answer
 */
async function askOverSsh(endpoint, env) {
    if (!URL.canParse(endpoint)) {
        return `${shown(endpoint)} is no URL.`;
    }
    const args = ["-o", "ConnectTimeout=15", ...sshArguments(new URL(endpoint))];
    const { text, status } = await run("ssh", args, env, "GET /_ping HTTP/1.0\r\n\r\n");
    if (text.includes(" 200 OK")) {
        return undefined;
    }
    return text.trim() || `ssh ended with status ${status}.`;
}

/**
 * @param {URL} endpoint e.g. ssh://admin@web-1:22
 * @returns {string[]} the arguments of ssh, as the docker command line gives them
 * Source: https://github.com/docker/cli/blob/master/cli/connhelper/connhelper.go
 */
function sshArguments({ username, hostname, port, pathname }) {
    const socket = /^\/*$/.test(pathname) ? [] : [`--host=unix://${decodeURIComponent(pathname)}`];
    return [
        ...["-o", "ConnectTimeout=30", "-T"],
        ...(username === "" ? [] : ["-l", decodeURIComponent(username)]),
        ...(port === "" ? [] : ["-p", port]),
        ...["--", hostname.replace(/^\[|\]$/g, ""), "docker", ...socket, "system", "dial-stdio"],
    ];
}

/**
 * @param {string} endpoint
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<string | undefined>} why it does not answer
 */
async function askWithDocker(endpoint, env) {
    const { text, status } = await run("docker", ["version", "--format", "{{.Server.Version}}"], env);
    if (status === 0) {
        return undefined;
    }
    // To the docker command line a closed port and a host that is not there are the same.
    const hidden = endpoint.startsWith("tcp://") && /Cannot connect to the Docker daemon/.test(text);
    return (hidden && (await tcpError(new URL(endpoint)))) || text.trim();
}

/**
 * @param {URL} endpoint
 * @returns {Promise<string | undefined>} why a connection fails
 */
function tcpError({ hostname, port }) {
    return new Promise((resolve) => {
        const socket = createConnection({ host: hostname.replace(/^\[|\]$/g, ""), port: Number(port) || 2376 });
        socket.setTimeout(5000, () => socket.destroy(new Error("the connection timed out")));
        socket.on("connect", () => socket.end() && resolve(undefined));
        socket.on("error", ({ message }) => resolve(`${message}.`));
    });
}

/**
 * Runs a program in a session of its own: it cannot ask anything on the terminal, and fails instead.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<{ text: string, status: number | null }>}
 */
function run(program, args, env, input = "") {
    return new Promise((resolve) => {
        const child = spawn(program, args, { env, detached: true });
        let text = "";
        const give = (/** @type {string} */ words, /** @type {number | null} */ status) => {
            clearTimeout(late);
            resolve({ text: words, status });
        };
        const late = setTimeout(() => {
            child.kill();
            give(`it did not answer within ${patience / 1000} s.`, null);
        }, patience);
        for (const stream of [child.stdout, child.stderr]) {
            stream.on("data", (chunk) => (text += String(chunk)));
        }
        child.stdin.on("error", () => undefined);
        child.on("error", ({ message }) => give(`${program} could not be run: ${message}. Is it on the PATH?`, null));
        child.on("close", (status) => give(text, status));
        child.stdin.end(input);
    });
}

/**
 * What was said in the end, as one sentence: ssh draws boxes around a changed key.
 * @param {string} said
 */
function oneLine(said) {
    const line = said
        .split("\n")
        .map((each) => each.trim())
        .filter(Boolean)
        .at(-1);
    const words = (line ?? "").replace(/^.*?error during connect: |Get "[^"]*": |^.*Error response from daemon: /g, "");
    return /[.?!]$/.test(words) ? words : `${words}.`;
}

/** @param {string} endpoint without a password */
const shown = (endpoint) => endpoint.replace(/:\/\/([^:@/]*):[^@/]*@/, "://$1:...@");

module.exports = {
    adviceFor,
    failure,
    sshArguments,
    unprotected,
};
