import type { ChildProcess } from "node:child_process";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { installPackages } from "../../toolchain/debian";
import { find, output } from "../../toolchain/process";
import { freePort } from "./checkout";
import { eventually } from "./prometheusApi";

const program = "docker-registry";
const user = "ops";
const password = "mirror-password";
/** That password, as htpasswd writes it. */
const hash = "$2b$05$abcdefghijklmnopqrstuu7cx3z1Pv9avYj6RYqVXnjVOLN7aepSm";

/** Why this machine cannot run a registry. @returns undefined where it can */
export function noRegistry(): string | undefined {
    if (process.env.DOCKER_HOST !== undefined && !process.env.DOCKER_HOST.startsWith("unix:")) {
        return "the Docker engine of another machine cannot reach a registry of this one";
    }
    return find(program) || (process.getuid?.() === 0 && find("apt-get"))
        ? undefined
        : `there is no ${program}, and Debian's cannot be installed`;
}

/** An image registry of a test's own on loopback, behind a password. Docker speaks plain HTTP with it there. */
export class Registry {
    private readonly folder = mkdtempSync(path.join(tmpdir(), "metrics-stack-registry-"));
    private process: ChildProcess | undefined;
    /** Host, port and path, as a stack file declares it. */
    public name = "";
    /** The docker command line's folder, with the login: for DOCKER_CONFIG. */
    public readonly login = path.join(this.folder, "docker");

    public async start(): Promise<void> {
        if (!find(program)) {
            await installPackages([program]);
        }
        const address = `127.0.0.1:${await freePort()}`;
        this.name = `${address}/mirror`;
        const [users, settings] = ["users", "config.yml"].map((file) => path.join(this.folder, file)) as [
            string,
            string,
        ];
        writeFileSync(users, `${user}:${hash}\n`);
        const storage = { filesystem: { rootdirectory: path.join(this.folder, "images") } };
        const auth = { htpasswd: { realm: "test", path: users } };
        // JSON is YAML.
        writeFileSync(settings, JSON.stringify({ version: 0.1, storage, http: { addr: address }, auth }));
        const log = openSync(path.join(this.folder, "log"), "a");
        this.process = spawn(program, ["serve", settings], { stdio: ["ignore", log, log] });
        await eventually(20_000, async () => void (await fetch(`http://${address}/v2/`)));
        const signIn = ["login", "--username", user, "--password-stdin", address];
        output("docker", signIn, { env: { DOCKER_CONFIG: this.login }, input: password });
    }

    /** Stores an image, and takes the name under which it was stored off the engine. @returns its digest */
    public store(image: string, name: string): string {
        const reference = `${this.name}/${name}`;
        const env = { DOCKER_CONFIG: this.login };
        output("docker", ["tag", image, reference]);
        const said = output("docker", ["push", reference], { env });
        output("docker", ["image", "rm", reference]);
        const [, digest = ""] = /digest: (sha256:[0-9a-f]{64})/.exec(said) ?? [];
        return digest;
    }

    /** Ends it, and leaves nothing, on the engine neither. */
    public async remove(): Promise<void> {
        if (this.process?.exitCode === null) {
            const ended = once(this.process, "exit");
            this.process.kill();
            await ended;
        }
        this.forget();
        rmSync(this.folder, { recursive: true, force: true });
    }

    /** Takes everything off the engine that was pulled from here. */
    public forget(): void {
        const format = "{{.Repository}} {{.Repository}}:{{.Tag}} {{.Repository}}@{{.Digest}}";
        const lines = output("docker", ["images", "--digests", "--format", format]).split("\n");
        for (const [repository = "", ...references] of lines.map((line) => line.split(" "))) {
            if (this.name !== "" && repository.startsWith(`${this.name}/`)) {
                // With its last tag an image's digest is gone too.
                references.forEach((reference) => void spawnSync("docker", ["image", "rm", reference]));
            }
        }
    }
}
