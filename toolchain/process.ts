import { execFile, spawn, spawnSync } from "node:child_process";
import { accessSync, constants, createWriteStream } from "node:fs";
import * as path from "node:path";
import { ToolError } from "./toolError";

export { ToolError };

export interface RunOptions {
    readonly cwd?: string;
    /** Variables beside the process' own. */
    readonly env?: Readonly<Record<string, string>>;
    readonly input?: string | Buffer;
}

/** Where a program stands on the PATH. @returns undefined if it is not there. */
export function find(program: string, searchPath = process.env.PATH ?? ""): string | undefined {
    const candidates = searchPath.split(path.delimiter).map((folder) => path.join(folder, program));
    return candidates.find((candidate) => {
        try {
            accessSync(candidate, constants.X_OK);
            return true;
        } catch {
            return false;
        }
    });
}

/** Runs a program and returns what it printed. @throws ToolError with what it printed if it fails. */
export function output(program: string, args: readonly string[], options: RunOptions = {}): string {
    const { error, status, stdout, stderr } = start(program, args, options);
    if (error || status !== 0) {
        throw new ToolError(`${program} ${args.join(" ")} failed: ${error?.message ?? `${stdout}${stderr}`.trim()}`);
    }
    return stdout;
}

/** True if a program runs and ends well. */
export function succeeds(program: string, args: readonly string[], options: RunOptions = {}): boolean {
    return start(program, args, options).status === 0;
}

function start(program: string, args: readonly string[], { cwd, env, input }: RunOptions) {
    return spawnSync(program, args, {
        cwd,
        env: { ...process.env, ...env },
        input: input ?? "",
        encoding: "utf8",
        maxBuffer: 64 * 2 ** 20,
    });
}

/** How a program ended. */
export interface Outcome {
    readonly status: number;
    readonly stdout: string;
    readonly stderr: string;
}

/**
 * Runs a program beside others.
 * @param options timeout: the longest that it may take, in milliseconds
 * @throws ToolError if it cannot be run or takes too long; that it fails is for the caller to see
 */
export function outcome(
    program: string,
    args: readonly string[],
    { cwd, env, timeout }: RunOptions & { readonly timeout: number },
): Promise<Outcome> {
    const options = { cwd, env: { ...process.env, ...env }, timeout, maxBuffer: 512 * 2 ** 20 };
    return new Promise((resolve, reject) => {
        const child = execFile(program, args, options, (error, stdout, stderr) => {
            if (error && child.killed) {
                reject(new ToolError(`${program} ${args[0]} took longer than ${timeout / 1000} s.`));
            } else if (error && typeof error.code !== "number") {
                reject(new ToolError(`${program} could not be run: ${error.message}`));
            } else {
                resolve({ status: Number(error?.code ?? 0), stdout, stderr });
            }
        });
        child.stdin?.end();
    });
}

/** Runs a program in the user's terminal. @returns its exit status. */
export function inTerminal(program: string, args: readonly string[], options: RunOptions = {}): Promise<number> {
    return new Promise((resolve, reject) => {
        const child = spawn(program, args, {
            cwd: options.cwd,
            env: { ...process.env, ...options.env },
            stdio: "inherit",
        });
        // Ctrl-C reaches the child too; it decides when to stop.
        const ignore = () => undefined;
        process.on("SIGINT", ignore);
        child.on("error", (error) => reject(new ToolError(`${program} could not be run: ${error.message}`)));
        child.on("close", (status) => {
            process.off("SIGINT", ignore);
            resolve(status ?? 1);
        });
    });
}

/** Runs a long command with its output in a log file. @throws ToolError that names the log and quotes its end. */
export function logged(
    logFile: string,
    program: string,
    args: readonly string[],
    options: RunOptions = {},
): Promise<void> {
    return new Promise((resolve, reject) => {
        const log = createWriteStream(logFile, { flags: "a" });
        const child = spawn(program, args, {
            cwd: options.cwd,
            env: { ...process.env, ...options.env },
            stdio: ["ignore", "pipe", "pipe"],
        });
        let last = "";
        for (const stream of [child.stdout, child.stderr]) {
            stream.on("data", (chunk: Buffer) => {
                last = (last + chunk.toString()).slice(-2000);
                log.write(chunk);
            });
        }
        child.on("error", (error) => {
            log.end(() => reject(new ToolError(`${program} could not be run: ${error.message}`)));
        });
        child.on("close", (status) => {
            const lines = last.trim().split("\n").slice(-5).join("\n");
            const failure = new ToolError(`${[program, ...args].join(" ")} failed (log: ${logFile}):\n${lines}`);
            log.end(() => (status === 0 ? resolve() : reject(failure)));
        });
    });
}
