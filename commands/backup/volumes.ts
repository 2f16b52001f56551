import { once, setMaxListeners } from "node:events";
import { readFileSync } from "node:fs";
import * as path from "node:path";
import type { Readable, Writable } from "node:stream";
import { text } from "node:stream/consumers";
import { dockerStream, rootOfVolumes, successful } from "../../toolchain/docker";
import { nameOf } from "../../config/schema/part";
import { dockerName } from "../../components/dockerName";
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
        private readonly holder: Stream,
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
                `type=volume,src=${volume},dst=/data/${nameOf(part)},volume-nocopy`,
            ]),
            ...["--env", `WELL=${parts.flatMap(({ part, isWell }) => (isWell ? [nameOf(part)] : [])).join(" ")}`],
            ...["--entrypoint", "/bin/sh", image, "-c", script, "sh", "hold"],
        ]);
        const volumes = new Volumes(container, holder, signal);
        const failed = ended(holder);
        failed.catch(() => undefined);
        try {
            await Promise.race([once(holder.child.stdout, "data"), failed, aborted(signal)]);
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
    public run(action: string, ...args: readonly string[]): Promise<string> {
        return printed(this.exec(action, args, this.signal));
    }

    /** Runs an action that must come to its end even where all else was interrupted. */
    public async runAnyway(action: string, ...args: readonly string[]): Promise<void> {
        await printed(this.exec(action, args));
    }

    /** What was frozen of all parts, as a tar archive: "<part>/.metrics-stack/frozen/...". */
    public async read(take: (tar: Readable) => Promise<void>): Promise<void> {
        const stream = this.exec("pack", [], this.signal);
        stream.child.stdin.end();
        await workWith(stream, take(stream.child.stdout));
    }

    /** Unpacks a tar archive beside the data: "<part>/.metrics-stack/incoming/...". */
    public async write(give: (tar: Writable) => Promise<void>): Promise<void> {
        const stream = this.exec("unpack", [], this.signal);
        stream.child.stdout.resume();
        await workWith(stream, give(stream.child.stdin));
    }

    /** Has the container remove what is unfinished, and waits until it is gone. */
    public async close(): Promise<void> {
        this.holder.child.stdin.end();
        await this.holder.outcome.catch(() => undefined);
    }

    private exec(action: string, args: readonly string[], signal?: AbortSignal): Stream {
        return start(["exec", "--interactive", this.container, "/bin/sh", "-c", script, "sh", action, ...args], signal);
    }
}

/** Begins with what the parts know of their own. */
const script = [
    ...keepers.map((part) => `STATE_${nameOf(part)}='${part.data.files ?? "*"}'`),
    ...keepers.flatMap(({ data }) => (data.script === undefined ? [] : readFileSync(data.script, "utf8"))),
    readFileSync(path.join(__dirname, "data.sh"), "utf8"),
].join("\n");

/** A docker command that takes as long as the data is large. */
interface Stream extends ReturnType<typeof dockerStream> {
    readonly args: readonly string[];
}

const start = (args: readonly string[], signal?: AbortSignal): Stream => ({
    ...dockerStream(args, ownGroup(signal)),
    args,
});

/** Options of a docker command. Ctrl-C is for this process alone, which ends what has to end. */
export const ownGroup = (signal?: AbortSignal) => ({ detached: true, ...(signal && { signal }) });

async function printed(stream: Stream): Promise<string> {
    stream.child.stdin.end();
    const all = text(stream.child.stdout);
    // A stream that breaks is what the outcome tells, with its reason.
    all.catch(() => undefined);
    await ended(stream);
    return (await all).trim();
}

/** Does work with the streams of a command. */
async function workWith(stream: Stream, work: Promise<void>): Promise<void> {
    const end = ended(stream);
    end.catch(() => undefined);
    try {
        await Promise.race([work, end.then(() => work)]);
    } catch (error) {
        if (error instanceof ToolError) {
            stream.child.kill();
            throw error;
        }
        await end; // A stream broke because the program failed, which knows better why.
        throw error;
    }
    await end;
}

/** @throws ToolError with what a command said when it failed */
async function ended({ args, outcome }: Stream): Promise<void> {
    const result = await outcome;
    if (result.status === 137) {
        throw new ToolError(
            "It was killed for lack of memory: it may use as much as Prometheus (prometheus.memoryLimit).",
        );
    }
    successful(args, result);
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
