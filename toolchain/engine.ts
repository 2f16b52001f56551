import { existsSync, openSync, readFileSync } from "node:fs";
import { spawn } from "node:child_process";
import { homedir } from "node:os";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { failure, unprotected } from "./endpoint";
import { logFile } from "./cache";
import { installPackages } from "./debian";
import { find, output, succeeds, ToolError } from "./process";
import { say, told } from "./progress";
import { asRoot } from "./root";

/** How long a Docker engine that was just started may take to answer, in milliseconds. */
const patience = 60_000;

/**
 * The environment with which docker and Pulumi reach one and the same engine: that of DOCKER_HOST, else of the current context.
 * The Docker provider knows a context's name and not its certificates, prefers it to the endpoint of a stack, and speaks TLS
 * wherever DOCKER_CERT_PATH is set; docker does neither.
 * @param declared the stack's own endpoint, if it has one
 */
export function dockerEnvironment(declared?: string): Readonly<Record<string, string>> {
    const { DOCKER_HOST, DOCKER_CERT_PATH, DOCKER_TLS_VERIFY, DOCKER_CONFIG } = process.env;
    const context = declared === undefined && !DOCKER_HOST ? currentContext() : undefined;
    const endpoint = declared ?? (DOCKER_HOST || context?.endpoint);
    if (!endpoint) {
        return {};
    }
    const usual = DOCKER_TLS_VERIFY ? (DOCKER_CONFIG ?? path.join(homedir(), ".docker")) : undefined;
    const certificates = endpoint.startsWith("tcp://") && (DOCKER_CERT_PATH || context?.certificates || usual);
    return {
        DOCKER_HOST: endpoint,
        DOCKER_CONTEXT: "",
        DOCKER_CERT_PATH: certificates || "",
        DOCKER_TLS_VERIFY: certificates ? "1" : "",
    };
}

/** @returns undefined for the default local socket */
function currentContext(): { endpoint: string; certificates: string | undefined } | undefined {
    const format = "{{.Endpoints.docker.Host}}\n{{.Storage.TLSPath}}/docker";
    if (!choosesContext() || !find("docker") || !succeeds("docker", ["context", "inspect"])) {
        return undefined;
    }
    const [endpoint = "", folder = ""] = output("docker", ["context", "inspect", "--format", format]).split("\n");
    const certificates = existsSync(path.join(folder, "cert.pem")) ? folder : undefined;
    return endpoint === "unix:///var/run/docker.sock" ? undefined : { endpoint, certificates };
}

/** Whether somebody chose a context other than the default one: where nobody did, docker need not be asked. */
function choosesContext(): boolean {
    const { DOCKER_CONTEXT, DOCKER_CONFIG } = process.env;
    const file = path.join(DOCKER_CONFIG ?? path.join(homedir(), ".docker"), "config.json");
    if (DOCKER_CONTEXT || !existsSync(file)) {
        return Boolean(DOCKER_CONTEXT);
    }
    return readFileSync(file, "utf8").includes("currentContext");
}

/**
 * Sees to it that a Docker engine answers. One that runs is never touched; one is installed only where none answers at the
 * default local socket.
 * @param declared whether the stack itself names the endpoint
 */
export async function ensureEngine(declared = false): Promise<void> {
    const endpoint = process.env.DOCKER_HOST;
    const open = unprotected();
    if (open !== undefined && declared) {
        throw new ToolError(open);
    }
    if (open !== undefined) {
        say(`Warning: ${open}`);
    }
    const reason = find("docker")
        ? await told(`Waiting for ${endpoint ?? "the Docker engine"} ...`, failure())
        : { message: "Docker's command line is not on the PATH: install docker-cli.", passes: true };
    if (reason === undefined) {
        return;
    }
    if (endpoint || !reason.passes) {
        throw new ToolError(reason.message);
    }
    if (process.platform !== "linux") {
        throw new ToolError("No Docker engine answers. Install and start one, such as Docker Desktop, and try again.");
    }
    if (!find("dockerd", `${process.env.PATH}:/usr/sbin:/sbin`)) {
        await install();
    }
    await startEngine();
}

const answers = () =>
    find("docker") !== undefined && succeeds("docker", ["version", "--format", "{{.Server.Version}}"]);

async function install(): Promise<void> {
    if (!find("apt-get")) {
        throw new ToolError("No Docker engine answers, and this is no Debian system: install Docker and try again.");
    }
    say("No Docker engine answers: installing Debian's.");
    await installPackages(["docker.io", "iptables"]);
}

async function startEngine(): Promise<void> {
    if (existsSync("/run/systemd/system")) {
        say("Starting the Docker engine (systemctl start docker) ...");
        output(...asRoot("systemctl", ["start", "docker"]));
    } else {
        const log = logFile("dockerd");
        say(`Starting the Docker engine (dockerd, log: ${log}) ...`);
        // Without it Docker refuses a mount with propagation rslave, which node_exporter has.
        output(...asRoot("mount", ["--make-rshared", "/"]));
        const file = openSync(log, "a");
        const [program, args] = asRoot("dockerd", []);
        const searchPath = `${process.env.PATH}:/usr/sbin:/sbin`;
        spawn(program, args, {
            detached: true,
            stdio: ["ignore", file, file],
            env: { ...process.env, PATH: searchPath },
        }).unref();
    }
    for (const deadline = Date.now() + patience; !answers(); await sleep(500)) {
        if (Date.now() > deadline) {
            throw new ToolError(`The Docker engine was started but does not answer; see ${logFile("dockerd")}.`);
        }
    }
}
