import {
    appendFileSync,
    chmodSync,
    existsSync,
    mkdtempSync,
    readFileSync,
    rmSync,
    statSync,
    writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { installPackages } from "../../toolchain/debian";
import { find, output } from "../../toolchain/process";
import type { Engine } from "./engine";

/**
 * An sshd on the address of a remote engine, and the ssh of somebody who may log in there. Both have all their files in a folder
 * of their own: keys, configuration, known hosts, and the users of the remote host. Nothing of this machine's is read or
 * changed.
 *
 * The docker command line and the Docker provider call `ssh` without a way to name another configuration, and ssh takes the
 * home of the user from the list of users, whatever HOME says. So `environment` has a PATH where ssh is a script that runs the real
 * one with this configuration, and counts the connections.
 *
 * Its users: `operator`, who may use the engine's socket; `guest`, who may not; `bare`, who finds no docker.
 */
export class SshServer {
    private readonly folder = mkdtempSync(path.join(tmpdir(), "metrics-stack-ssh-"));
    private readonly pidFile = this.path("pid");
    /** The name by which the client's configuration knows the host. */
    public readonly name = "web-1";

    private constructor(private readonly engine: Engine) {
        chmodSync(this.folder, 0o755);
        this.makeKey("host");
        this.makeKey("key");
        this.makeKey("strange");
        this.write("authorized_keys", this.read("key.pub"));
        this.writeUsers();
        this.writeServerConfig();
        this.writeClientConfig();
        this.start();
    }

    public static async started(engine: Engine): Promise<SshServer> {
        if (!existsSync("/usr/sbin/sshd")) {
            await installPackages(["openssh-server"]);
        }
        return new SshServer(engine);
    }

    /** A list of users of its own: that of the machine may be replaced meanwhile, and a mounted file would go with it. */
    private writeUsers(): void {
        const group = statSync(this.engine.host.replace("unix://", "")).gid;
        const user = (name: string, id: number, main: number) => `${name}:*:${id}:${main}::${this.folder}:/bin/sh\n`;
        const users = [user("operator", 4001, group), user("guest", 4002, 4002), user("bare", 4003, group)];
        output("cp", ["-a", "/etc", this.path("etc")]);
        appendFileSync(this.path("etc/passwd"), users.join(""));
    }

    private writeServerConfig(): void {
        const socket = `SetEnv DOCKER_HOST=${this.engine.host}`;
        this.write("sshd_config", [
            ...[`ListenAddress ${this.engine.address}`, `HostKey ${this.path("host")}`, `PidFile ${this.pidFile}`],
            ...[`AuthorizedKeysFile ${this.path("authorized_keys")}`, "StrictModes no", "UsePAM no"],
            ...[`Match User bare`, "    SetEnv PATH=/nonexistent", "Match all", `    ${socket}`],
        ]);
    }

    private writeClientConfig(): void {
        const known = `${this.engine.address} ${this.read("host.pub")}`;
        this.write("known_hosts", known);
        this.write("known_hosts.changed", `${this.engine.address} ${this.read("strange.pub")}`);
        this.write("known_hosts.none", "");
        this.write("ssh_config", [
            `Host ${this.name}`,
            `    HostName ${this.engine.address}`,
            "Host *",
            `    UserKnownHostsFile \${KNOWN_HOSTS}`,
            `    IdentityFile \${IDENTITY}`,
            ...["    IdentitiesOnly yes", "    IdentityAgent none", "    GlobalKnownHostsFile none"],
        ]);
        const ssh = [
            "#!/bin/sh",
            `echo >> ${this.path("connections")}`,
            `exec ${find("ssh")} -F ${this.path("ssh_config")} "$@"`,
        ];
        output("mkdir", [this.path("bin")]);
        this.write("bin/ssh", ssh, 0o755);
    }

    /** sshd in the engine's network, with the users and the /run of a host of its own. One that runs stays. */
    public start(): void {
        const script = [
            `mount --bind ${this.path("etc")} /etc`,
            "mount -t tmpfs -o mode=755 tmpfs /run",
            "mkdir -m 755 /run/sshd",
            `/usr/sbin/sshd -f ${this.path("sshd_config")} -E ${this.path("log")}`,
            `until [ -s ${this.pidFile} ]; do sleep 0.1; done`,
        ];
        if (!existsSync(this.pidFile)) {
            const inNetwork = ["unshare", "--mount", "--propagation", "private", "sh", "-ec", script.join("\n")];
            output("nsenter", [`--net=/var/run/netns/${this.engine.network}`, ...inNetwork]);
        }
    }

    /** A shell command that ends the server and all connections at once. */
    public get kill(): string {
        const tree = `tree() { for child in $(pgrep -P $1); do tree $child; done; echo $1; }`;
        return `${tree}; kill -9 $(tree $(cat ${this.pidFile})); rm ${this.pidFile}`;
    }

    /** What a command runs with that is to use this ssh. */
    public environment({ identity = "key", knownHosts = "known_hosts" } = {}): Record<string, string> {
        return {
            PATH: `${this.path("bin")}${path.delimiter}${process.env.PATH}`,
            IDENTITY: this.path(identity),
            KNOWN_HOSTS: this.path(knownHosts),
        };
    }

    /** How often ssh was called. */
    public get connections(): number {
        return existsSync(this.path("connections")) ? statSync(this.path("connections")).size : 0;
    }

    public remove(): void {
        if (existsSync(this.pidFile)) {
            output("sh", ["-c", this.kill]);
        }
        rmSync(this.folder, { recursive: true, force: true });
    }

    private path(file: string): string {
        return path.join(this.folder, file);
    }

    private read = (file: string) => readFileSync(this.path(file), "utf8");

    private write(file: string, content: string | readonly string[], mode = 0o644): void {
        writeFileSync(this.path(file), typeof content === "string" ? content : `${content.join("\n")}\n`, { mode });
    }

    private makeKey(name: string): void {
        output("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", name, "-f", this.path(name)]);
    }
}
