import { spawn, spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { find, output, succeeds } from "../../toolchain/process";
import type { Authority } from "./authority";

/** Skips a suite, and says why, where this machine cannot run a second engine. */
export function needsSecondEngine(suite: Mocha.Context): void {
    const reason = noSecondEngine();
    if (reason !== undefined) {
        console.log(`    skipped: ${reason}`);
        suite.skip();
    }
}

/** @returns undefined where it can */
function noSecondEngine(): string | undefined {
    if (process.getuid?.() !== 0) {
        return "a second Docker engine needs root";
    }
    const missing = ["dockerd", "ip", "nsenter", "unshare"].find((program) => !find(program, searchPath));
    return missing && `a second Docker engine needs ${missing}`;
}

const searchPath = `${process.env.PATH}:/usr/sbin:/sbin`;

/** What is not the same on every machine with a Docker engine. */
export interface Machine {
    /** Shell commands in its own mount namespace, before its engine starts. @param folder for files of its own */
    prepared(folder: string): readonly string[];
    /** Of its dockerd. */
    readonly options: string;
    /** The command that starts its dockerd otherwise than as root. @param start as root would */
    within?(start: string): string;
}

/** node_exporter mounts the host's root with propagation. */
const usualMachine: Machine = { prepared: () => ["mount --make-rshared /"], options: "" };

/**
 * A Docker engine of a test's own, which it may kill. It has its own network, so that its bridges and rules are not in the
 * way of the machine's engine; its published ports are reached from inside its containers only.
 *
 * With an authority it is a remote host: its network has an address that the machine reaches, through a pair of interfaces
 * that nobody else is connected to, and the engine listens there on port 2376, with TLS.
 */
export class Engine {
    private readonly folder = mkdtempSync(path.join(tmpdir(), "metrics-stack-engine-"));
    /** The name of its network, for `ip netns`. */
    public readonly network = path.basename(this.folder).toLowerCase();
    private readonly pidFile = path.join(this.folder, "pid");
    private readonly containerdPidFile = path.join(this.folder, "exec", "containerd", "containerd.pid");
    /** Its endpoint, for DOCKER_HOST. */
    public readonly host = `unix://${path.join(this.folder, "docker.sock")}`;
    /** Of a remote host. From the range for tests between networks: https://www.rfc-editor.org/rfc/rfc2544 */
    public readonly address = `198.18.${process.pid % 256}.2`;
    /** A program that starts it, and ends when it answers. */
    public readonly start = path.join(this.folder, "start");

    constructor(authority?: Authority, machine = usualMachine) {
        // A user of its host has to reach its socket.
        chmodSync(this.folder, 0o755);
        ip("netns", "add", this.network);
        if (authority) {
            this.connectNetwork();
        }
        const tls = authority ? this.tls(authority) : "";
        const folders = `--data-root ${this.folder}/data --exec-root ${this.folder}/exec --pidfile ${this.pidFile}`;
        const prepared = [...machine.prepared(this.folder), "ip link set lo up"].join("; ");
        const start = `exec dockerd ${folders} --host ${this.host} ${tls} ${machine.options}`;
        const dockerd = `${prepared}; ${machine.within?.(start) ?? start}`;
        const inNetwork = `nsenter --net=/var/run/netns/${this.network} unshare --mount --propagation private`;
        const script = [
            "#!/bin/sh",
            `export PATH="${searchPath}"`,
            // Of one that was killed: its process may not be gone for good yet, and would be taken for one that runs.
            `rm -f ${this.pidFile} ${this.containerdPidFile}`,
            `setsid ${inNetwork} sh -c '${dockerd}' >> ${this.folder}/log 2>&1 < /dev/null &`,
            "for i in $(seq 100); do",
            `    docker --host ${this.host} version > /dev/null 2>&1 && exit 0`,
            "    sleep 0.2",
            "done",
            `tail -n 5 ${this.folder}/log >&2; exit 1`,
        ];
        writeFileSync(this.start, `${script.join("\n")}\n`);
        chmodSync(this.start, 0o755);
        this.restart();
    }

    private connectNetwork(): void {
        const [here, there] = [`ms${process.pid % 256}`, this.network];
        ip("link", "add", here, "type", "veth", "peer", "name", "eth0", "netns", there);
        ip("address", "add", `${this.address.replace(/2$/, "1")}/30`, "dev", here);
        ip("link", "set", here, "up");
        ip("-netns", there, "address", "add", `${this.address}/30`, "dev", "eth0");
        ip("-netns", there, "link", "set", "eth0", "up");
    }

    /** dockerd's arguments for its address. It lets in who has a certificate of the authority. */
    private tls(authority: Authority): string {
        const certificate = authority.certificate("engine", `IP:${this.address}`);
        const folder = authority.certificateFolder("engine", certificate);
        const files = `--tlscacert ${folder}/ca.pem --tlscert ${folder}/cert.pem --tlskey ${folder}/key.pem`;
        return `--tlsverify ${files} --host tcp://${this.address}:2376`;
    }

    /** Its process. */
    public get pid(): string {
        return readFileSync(this.pidFile, "utf8").trim();
    }

    /** A shell command that ends it with no time to say anything, with its containerd, as a crash of the machine would. */
    public get kill(): string {
        return `kill -9 ${this.pid} ${readFileSync(this.containerdPidFile, "utf8").trim()}`;
    }

    public restart(): void {
        output(this.start, []);
    }

    /** Gives it images of the machine's engine. */
    public load(...images: string[]): Promise<void> {
        const save = spawn("docker", ["save", ...images], { stdio: ["ignore", "pipe", "inherit"] });
        const load = spawn("docker", ["--host", this.host, "load"], {
            stdio: [save.stdout, openSync("/dev/null", "w"), "inherit"],
        });
        return new Promise((resolve, reject) => {
            load.on("error", reject);
            load.on("close", (status) =>
                status === 0 ? resolve() : reject(new Error(`${images.join(" and ")} were not loaded`)),
            );
        });
    }

    /** Loses all that comes to a port of its address, as a firewall does. */
    public drop(port: number): void {
        const rule = ["-I", "INPUT", "--protocol", "tcp", "--dport", String(port), "--jump", "DROP"];
        ip("netns", "exec", this.network, "iptables", ...rule);
    }

    public docker(...args: string[]): string {
        return output("docker", ["--host", this.host, ...args]).trim();
    }

    public get answers(): boolean {
        return succeeds("docker", ["--host", this.host, "version"]);
    }

    /** Ends it, with its containers, and leaves nothing. */
    public async remove(): Promise<void> {
        if (!this.answers) {
            spawnSync(this.start); // Only an engine can end its containers.
        }
        if (this.answers) {
            const ids = this.docker("ps", "--all", "--quiet").split("\n").filter(Boolean);
            spawnSync("docker", ["--host", this.host, "rm", "--force", ...ids]);
            const { pid } = this;
            spawnSync("kill", [pid]);
            for (let i = 0; i < 100 && succeeds("kill", ["-0", pid]); i++) {
                await sleep(100);
            }
        }
        this.endLeftovers();
        // With the network goes the other end of its pair of interfaces.
        spawnSync("ip", ["netns", "del", this.network], { env: { PATH: searchPath } });
        rmSync(this.folder, { recursive: true, force: true });
    }

    /** A containerd that was killed leaves the processes that watched over its containers. */
    private endLeftovers(): void {
        for (const id of readdirSync("/proc").filter((entry) => /^\d+$/.test(entry))) {
            try {
                if (readFileSync(`/proc/${id}/cmdline`, "utf8").includes(this.folder)) {
                    process.kill(Number(id), "SIGKILL");
                }
            } catch {
                // It ended meanwhile.
            }
        }
    }
}

function ip(...args: string[]): void {
    output("ip", args, { env: { PATH: searchPath } });
}
