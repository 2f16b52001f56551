import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { randomInt } from "node:crypto";
import {
    cpSync,
    existsSync,
    mkdtempSync,
    readdirSync,
    readFileSync,
    rmSync,
    symlinkSync,
    writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { parseDocument } from "yaml";
import { dockerName } from "../../components/dockerName";
import { images } from "../images";
import { defaultSubnet } from "../../config/declaration";
import { project } from "../../toolchain/checkout";
import { output } from "../../toolchain/process";

/** What the tests' own environment says of another stack. */
const foreign = new Set([
    ...["PULUMI_BACKEND_URL", "PULUMI_CONFIG_PASSPHRASE", "PULUMI_CONFIG_PASSPHRASE_FILE"],
    "METRICS_STACK_WITHOUT_GRAFANA",
]);

/** What a command printed, and how it ended. */
export interface Ended {
    readonly status: number;
    readonly text: string;
}

/**
 * A clone of this project with a stack of its own: what a new user has. Ports are free ones, and the stack's name is part of
 * every Docker name, so that it collides with nothing on this machine.
 */
export class Checkout {
    public readonly folder: string;
    public readonly stack: string;
    /** What the commands run with; a test may set variables. */
    public readonly environment: NodeJS.ProcessEnv;
    /** Secrets that the stack file has had, encrypted: to have Pulumi do that takes seconds. */
    private readonly encrypted = new Map<string, string>();

    /**
     * @param first the one whose clone and state this one's stack shares, as dev and prod do. @default a clone of its own
     * @param beginning of the folder's name
     * @param other what the stack is called after the first one's
     */
    constructor(
        private readonly first?: Checkout,
        beginning = "metrics-stack-",
        other = "second",
    ) {
        this.stack = first ? `${first.stack}-${other}` : stackName();
        this.folder = first?.folder ?? mkdtempSync(path.join(tmpdir(), beginning));
        const inherited = Object.entries(process.env).filter(([name]) => !foreign.has(name));
        this.environment = { ...Object.fromEntries(inherited), PULUMI_STACK: this.stack };
        if (!first) {
            this.clone();
        }
    }

    private clone(): void {
        const files = output("git", ["ls-files", "--cached", "--others", "--exclude-standard"], { cwd: project });
        for (const file of files.trim().split("\n")) {
            cpSync(path.join(project, file), path.join(this.folder, file));
        }
        symlinkSync(path.join(project, "node_modules"), path.join(this.folder, "node_modules"));
    }

    /** Writes the stack file. The first one is committed, with all that there is. */
    public declare(config: Readonly<Record<string, unknown>>): void {
        const document = parseDocument("");
        const entries = Object.entries(config).map(([key, value]) => [`metrics-stack:${key}`, value]);
        document.contents = document.createNode({ config: Object.fromEntries(entries) }) as never;
        writeFileSync(this.stackFile, document.toString());
        if (!existsSync(path.join(this.folder, ".git"))) {
            const author = ["-c", "user.name=test", "-c", "user.email=test@localhost"];
            this.git("init", "--quiet");
            this.git("add", "--all");
            this.git(...author, "commit", "--quiet", "--message", "test");
        }
    }

    private get stackFile(): string {
        return path.join(this.folder, `Pulumi.${this.stack}.yaml`);
    }

    public git(...args: string[]): string {
        return output("git", args, { cwd: this.folder });
    }

    /** Runs one of the npm scripts of the toolchain. */
    public npm(script: string, ...args: string[]): Promise<Ended> {
        return this.run(process.execPath, ["commands/run.js", script, ...args]);
    }

    /** Runs one of them, and fails the test with what it printed where it fails. */
    public async succeed(script: string, ...args: string[]): Promise<string> {
        const { status, text } = await this.npm(script, ...args);
        assert.equal(status, 0, text);
        return text;
    }

    /** Stores a secret encrypted in the stack file. @param key e.g. "grafana.adminPassword" */
    public async setSecret(key: string, value: string): Promise<void> {
        const [name = "", ...rest] = key.split(/[.[\]]+/).map((step) => (/^\d+$/.test(step) ? Number(step) : step));
        const place = ["config", `metrics-stack:${name}`, ...rest, "secure"];
        const known = this.encrypted.get(value);
        if (known !== undefined) {
            const document = this.readStackFile();
            document.setIn(place, known);
            writeFileSync(this.stackFile, document.toString());
            return;
        }
        const set = ["commands/run.js", "pulumi", "config", "set", "--path", "--secret", `metrics-stack:${key}`];
        const { status, text } = await this.run(process.execPath, set, value);
        assert.equal(status, 0, text);
        this.encrypted.set(value, String(this.readStackFile().getIn(place)));
    }

    private readStackFile = () => parseDocument(readFileSync(this.stackFile, "utf8"));

    /** Runs a program in the checkout with the tests' environment, and more variables where a test has some. */
    public run(program: string, args: readonly string[], input = "", more: NodeJS.ProcessEnv = {}): Promise<Ended> {
        return new Promise((resolve, reject) => {
            const child = spawn(program, args, { cwd: this.folder, env: { ...this.environment, ...more } });
            let text = "";
            for (const stream of [child.stdout, child.stderr]) {
                stream.on("data", (chunk: Buffer) => (text += chunk.toString()));
            }
            child.on("error", reject);
            child.on("close", (status) => resolve({ status: status ?? 1, text }));
            child.stdin.on("error", () => undefined); // It ended before it had read all.
            child.stdin.end(input);
        });
    }

    /** Paths of all files below a folder of the checkout. */
    public files(folder: string): string[] {
        const below = path.join(this.folder, folder);
        const entries = existsSync(below) ? readdirSync(below, { recursive: true, withFileTypes: true }) : [];
        return entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
    }

    /** The name of a container of the stack. */
    public container(role: string): string {
        return dockerName(this.stack, role);
    }

    /** Runs a shell command in a volume of the stack, as root. @param role of the volume, e.g. "prometheus-config" */
    public inVolume(role: string, script: string): string {
        const volume = ["--volume", `${this.container(role)}:/v`, "--workdir", "/v"];
        return docker("run", "--rm", "--user", "0:0", ...volume, "--entrypoint", "sh", images.prometheus, "-c", script);
    }

    /** Id and start time of every container of the stack. */
    public containers(): string {
        const ids = docker("ps", "--quiet", "--no-trunc", "--filter", `label=metrics-stack.stack=${this.stack}`);
        const format = "{{.Name}} {{.Id}} {{.State.StartedAt}}";
        return ids === "" ? "" : docker("inspect", "--format", format, ...ids.split("\n"));
    }

    /**
     * Removes everything of the stack, also what a broken test left; of two in one clone the second comes first. Not with
     * `npm run down`, which is tested where it belongs, and takes as long as a deployment.
     */
    public remove(): void {
        for (const [list, remove] of [
            ["ps --all", "rm --force --volumes"],
            ["network ls", "network rm"],
            ["volume ls", "volume rm --force"],
        ] as const) {
            const ids = docker(...list.split(" "), "--quiet", "--filter", `label=metrics-stack.stack=${this.stack}`);
            if (ids !== "") {
                spawnSync("docker", [...remove.split(" "), ...ids.split("\n")]);
            }
        }
        if (!this.first) {
            rmSync(this.folder, { recursive: true, force: true });
        }
    }
}

/** A number that all files of a run have in common, and in the names of all that they make. */
export const testRun = (process.env.METRICS_STACK_TEST_RUN ??= String(process.pid));

/** How many groups the default subnets are parted into, one for each test file that may run at a time. */
const groups = 4;

/** What further stacks of a test are called after the first one's. */
const others = ["second", "third"];

/** A name whose default subnet, and those of further stacks, no stack of another worker has: they deploy at the same time. */
function stackName(): string {
    const own = Number(process.env.MOCHA_WORKER_ID ?? 0) % groups;
    for (;;) {
        const name = `it${testRun}-${randomInt(100_000)}`;
        const subnets = [name, ...others.map((other) => `${name}-${other}`)].map(defaultSubnet);
        const isOwn = subnets.every((subnet) => Number(subnet.split(".")[2]) % groups === own);
        if (isOwn && new Set(subnets).size === subnets.length) {
            return name;
        }
    }
}

/** What a docker command printed. @throws if it fails */
export const docker = (...args: string[]) => output("docker", args).trim();

/**
 * A TCP port that nobody listens on, below those that Linux gives to outgoing connections: it is still free when a stack comes
 * up for the second time.
 */
export function freePort(): Promise<number> {
    return new Promise((resolve) => {
        const port = randomInt(15_000, 32_768);
        const server = createServer();
        server.on("error", () => resolve(freePort()));
        server.listen(port, "127.0.0.1", () => server.close(() => resolve(port)));
    });
}
