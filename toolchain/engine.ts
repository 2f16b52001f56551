import { existsSync, openSync } from "node:fs";
import { spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { logFile } from "./cache";
import { installPackages } from "./debian";
import { find, output, succeeds, ToolError } from "./process";
import { say } from "./progress";
import { asRoot } from "./root";

/** How long a Docker engine that was just started may take to answer, in milliseconds. */
const patience = 60_000;

/**
 * The Docker endpoint in use, as DOCKER_HOST names it: the environment's, or the current context's. The Docker provider
 * knows nothing of contexts, so it has to be told. @returns undefined for the default local socket.
 */
export function dockerEndpoint(): string | undefined {
    if (process.env.DOCKER_HOST) {
        return process.env.DOCKER_HOST;
    }
    if (!find("docker") || !succeeds("docker", ["context", "inspect"])) {
        return undefined;
    }
    const endpoint = output("docker", ["context", "inspect", "--format", "{{.Endpoints.docker.Host}}"]).trim();
    return endpoint === "unix:///var/run/docker.sock" ? undefined : endpoint;
}

/** Sees to it that a Docker engine answers. One that runs is never touched; one is installed only where none answers. */
export async function ensureEngine(): Promise<void> {
    if (answers()) {
        return;
    }
    const endpoint = dockerEndpoint();
    if (endpoint !== undefined) {
        throw new ToolError(`No Docker engine answers at ${endpoint}. Start it, or unset DOCKER_HOST or the context.`);
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
        const path = `${process.env.PATH}:/usr/sbin:/sbin`;
        spawn(program, args, {
            detached: true,
            stdio: ["ignore", file, file],
            env: { ...process.env, PATH: path },
        }).unref();
    }
    for (const deadline = Date.now() + patience; !answers(); await sleep(500)) {
        if (Date.now() > deadline) {
            throw new ToolError(`The Docker engine was started but does not answer; see ${logFile("dockerd")}.`);
        }
    }
}
