import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { spawn } from "node:child_process";
import { Agent } from "node:http";
import { Duplex } from "node:stream";
import { sshArguments } from "../../endpoint";

/**
 * Connections to a Docker engine through the ssh of this machine, as the docker command line makes them: the user's own ssh
 * configuration, agent and known hosts count. Making one takes a third of a second, so each is used again.
 * Source: https://github.com/docker/cli/blob/master/cli/connhelper/connhelper.go
 */
export class SshAgent extends Agent {
    /** @param endpoint e.g. "ssh://admin@web-1:22" */
    constructor(private readonly endpoint: URL) {
        // An sshd refuses connections at random where more than ten log in at a time (MaxStartups).
        super({ keepAlive: true, maxSockets: 8 });
    }

    override createConnection(): Duplex {
        // In a session of its own it cannot ask on the terminal, and fails instead.
        return new SshConnection(spawn("ssh", sshArguments(this.endpoint), { detached: true }));
    }
}

/** The two pipes of an ssh process as one stream. Where ssh fails, its words are the reason. */
class SshConnection extends Duplex {
    private said = "";

    constructor(private readonly ssh: ChildProcessWithoutNullStreams) {
        super({ allowHalfOpen: false });
        ssh.stdout.on("data", (chunk) => this.push(chunk) || ssh.stdout.pause());
        ssh.stderr.on("data", (chunk: Buffer) => (this.said = `${this.said}${chunk.toString()}`.slice(-4096)));
        ssh.stdin.on("error", () => undefined); // It ended: `close` says why.
        ssh.on("error", (error) => this.destroy(new Error(`ssh could not be run: ${error.message}`)));
        ssh.on("close", (status) => {
            if (status === 0) {
                this.push(null);
            } else {
                this.destroy(new Error(this.said.trim() || `ssh ended with status ${status}`));
            }
        });
    }

    override _read(): void {
        this.ssh.stdout.resume();
    }

    override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
        if (this.ssh.stdin.write(chunk)) {
            done();
        } else {
            this.ssh.stdin.once("drain", done);
        }
    }

    override _final(done: () => void): void {
        this.ssh.stdin.end(done);
    }

    override _destroy(error: Error | null, done: (error: Error | null) => void): void {
        this.ssh.kill();
        done(error);
    }

    // What an Agent asks of a socket.
    setKeepAlive = () => this;
    setNoDelay = () => this;
    setTimeout = () => this;
    ref = () => this;
    unref = () => this;
}
