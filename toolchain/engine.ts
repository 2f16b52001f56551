import { existsSync, openSync } from "node:fs";
import { spawn } from "node:child_process";
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
