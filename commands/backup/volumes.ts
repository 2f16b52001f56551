import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import * as path from "node:path";
import type { Readable, Writable } from "node:stream";
import { once, setMaxListeners } from "node:events";
import { rootOfVolumes } from "../../toolchain/docker";
import { dockerName } from "../../components/stack";
import { ToolError } from "../../toolchain/process";
import type { Kept } from "./parts";
import { keepers } from "./parts";

/**
 * The data volumes of a stack, opened by a container that mounts them: each action of data.sh is a program run in it. Only
 * docker commands and their streams are used, so that any Docker endpoint will do.
 *
 * The container ends with this process, whatever ends it, and removes what it has not finished. Its name is the lock: there is
 * one backup or restore of a stack at a time.
 */
export class Volumes {
    private constructor(
        private readonly container: string,
        private readonly holder: ChildProcess,
        private readonly signal: AbortSignal,
    ) {}

    /** @param image of the first part, Prometheus: it has a shell, tar and promtool */
    public static async open(
        stack: string,
        image: string,
        parts: readonly Kept[],
        signal: AbortSignal,
    ): Promise<Volumes> {
        const container = dockerName(stack, "backup");
        const memory = parts.find(({ part }) => part === keepers[0])?.memory;
        const holder = start([
            ...["run", "--rm", "--interactive", "--name", container, "--label", `metrics-stack.stack=${stack}`],
            // What is streamed from it would be written to the Docker host's disk once more.
            ...["--log-driver", "none"],
            ...[...rootOfVolumes, "--tmpfs", "/tmp"],
            // promtool needs as much as Prometheus itself. Where that is too much, this container is the one to be killed.
            ...(memory ? ["--memory", String(memory)] : []),
            ...["--oom-score-adj", "1000"],
            ...parts.flatMap(({ part, volume }) => [
                "--mount",
                `type=volume,src=${volume},dst=/data/${part.key},volume-nocopy`,
            ]),
            ...["--entrypoint", "/bin/sh", image, "-c", script, "sh", "hold"],
        ]);
        const volumes = new Volumes(container, holder, signal);
        const failed = ended(holder);
        failed.catch(() => undefined);
        try {
            await Promise.race([once(holder.stdout as Readable, "data"), failed, aborted(signal)]);
        } catch (error) {
            await volumes.close();
            throw error instanceof ToolError && error.message.includes("is already in use")
                ? new ToolError(
                      `Another backup or restore of the stack ${stack} is under way: there is a container ${container}. ` +
                          `It ends with the command that started it.`,
                  )
                : error;
        }
        return volumes;
    }

    /** Runs an action to its end. @returns what it printed */
    public async run(action: string, ...args: readonly string[]): Promise<string> {
        const child = this.exec(action, args);
        child.stdin?.end();
        let text = "";
        child.stdout?.on("data", (chunk: Buffer) => (text += chunk.toString()));
        await this.end(child);
        return text.trim();
    }

    /** Runs an action that must come to its end even where all else was interrupted. */
    public async runAnyway(action: string, ...args: readonly string[]): Promise<void> {
        const child = this.exec(action, args);
        child.stdin?.end();
        child.stdout?.resume();
        await ended(child);
    }

    /** What was frozen of all parts, as a tar archive: "<part>/.metrics-stack/frozen/...". */
    public async read(take: (tar: Readable) => Promise<void>): Promise<void> {
        const child = this.exec("pack", []);
        child.stdin?.end();
        await this.with(child, take(child.stdout as Readable));
    }

    /** Unpacks a tar archive beside the data: "<part>/.metrics-stack/incoming/...". */
    public async write(give: (tar: Writable) => Promise<void>): Promise<void> {
        const child = this.exec("unpack", []);
        child.stdout?.resume();
        await this.with(child, give(child.stdin as Writable));
    }

    /** Has the container remove what is unfinished, and waits until it is gone. */
    public async close(): Promise<void> {
        this.holder.stdin?.end();
        if (this.holder.exitCode === null && this.holder.signalCode === null) {
            await once(this.holder, "close");
        }
    }

    private exec(action: string, args: readonly string[]): ChildProcess {
        return start(["exec", "--interactive", this.container, "/bin/sh", "-c", script, "sh", action, ...args]);
    }

    private async with(child: ChildProcess, work: Promise<void>): Promise<void> {
        const end = this.end(child);
        end.catch(() => undefined);
        try {
            await Promise.race([work, end.then(() => work)]);
        } catch (error) {
            if (error instanceof ToolError) {
                child.kill();
                throw error;
            }
            await end; // A stream broke because the program failed, which knows better why.
            throw error;
        }
        await end;
    }

    private async end(child: ChildProcess): Promise<void> {
        try {
            await Promise.race([ended(child), aborted(this.signal)]);
        } catch (error) {
            child.kill();
            throw error;
        }
    }
}

/** Begins with what the parts know of their own. */
const script = [
    ...keepers.map(({ key, data }) => `STATE_${key}='${data.files ?? "*"}'`),
    ...keepers.flatMap(({ data }) => (data.script === undefined ? [] : readFileSync(data.script, "utf8"))),
    readFileSync(path.join(__dirname, "data.sh"), "utf8"),
].join("\n");

/** Runs a docker command to its end. @returns what it printed @throws ToolError with what it said */
export async function docker(args: readonly string[], signal?: AbortSignal): Promise<string> {
    const child = start(args);
    child.stdin?.end();
    let text = "";
    child.stdout?.on("data", (chunk: Buffer) => (text += chunk.toString()));
    await Promise.race([ended(child), ...(signal ? [aborted(signal)] : [])]);
    return text.trim();
}

/** A docker command in a process group of its own: Ctrl-C is for this process alone, which ends what has to end. */
function start(args: readonly string[]): ChildProcess {
    return spawn("docker", args, { detached: true, stdio: ["pipe", "pipe", "pipe"] });
}

/** @throws ToolError with what a program said when it failed */
function ended(child: ChildProcess): Promise<void> {
    let said = "";
    child.stderr?.on("data", (chunk: Buffer) => (said = (said + chunk.toString()).slice(-2000)));
    child.stdin?.on("error", () => undefined); // It ended before it had read all: its status says why.
    return new Promise((resolve, reject) => {
        child.on("error", (error) => reject(new ToolError(`docker could not be run: ${error.message}`)));
        child.on("close", (status) =>
            status === 0
                ? resolve()
                : reject(
                      new ToolError(
                          status === 137
                              ? "It was killed for lack of memory: it may use as much as Prometheus (prometheus.memoryLimit)."
                              : said.trim() || `docker ${child.spawnargs[1] ?? ""} ended with status ${status}`,
                      ),
                  ),
        );
    });
}

function aborted(signal: AbortSignal): Promise<never> {
    return new Promise((_, reject) => {
        const stop = () => reject(signal.reason as Error);
        signal.addEventListener("abort", stop, { once: true });
        if (signal.aborted) {
            stop();
        }
    });
}

/** Does work that a signal ends in order: what it began is taken back. */
export async function interruptible<Result>(work: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
    const controller = new AbortController();
    setMaxListeners(0, controller.signal); // One for each program that runs, as long as the work takes.
    const stop = () => controller.abort(new ToolError("Interrupted; what was begun is taken back."));
    const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
    signals.forEach((name) => process.on(name, stop));
    try {
        return await work(controller.signal);
    } finally {
        signals.forEach((name) => process.off(name, stop));
    }
}
