import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { constants } from "node:os";
import type { Log, Properties } from "../shared/provider";

const running = new Set<ChildProcess>();

/** Stops every command that runs, with all that it started. */
export function stopAll(): void {
    for (const { pid } of running) {
        if (pid !== undefined) {
            process.kill(-pid, "SIGKILL");
        }
    }
}

export interface CommandOutput {
    readonly stdout: string;
    readonly stderr: string;
}

/**
 * Runs a command with the inputs' stdin and environment.
 * @throws with the command and all it printed, as the official plugin does
 */
export function execute(
    command: string,
    inputs: Properties,
    previous: Record<string, string>,
    log?: Log,
): Promise<CommandOutput> {
    const logging = String(inputs.logging ?? "stdoutAndStderr");
    return new Promise((resolve, reject) => {
        const child = spawn("/bin/sh", ["-c", command], {
            env: { ...process.env, ...previous, ...(inputs.environment as Record<string, string> | undefined) },
            // A process group of its own, so that cancelling reaches what the command started.
            detached: true,
        });
        running.add(child);
        const both: Buffer[] = [];
        const logged: Promise<void>[] = [];
        const collect = (stream: NodeJS.ReadableStream, shown: boolean) => {
            const chunks: Buffer[] = [];
            stream.on("data", (chunk: Buffer) => {
                chunks.push(chunk);
                both.push(chunk);
                if (shown && log) {
                    logged.push(log(chunk.toString().trimEnd()));
                }
            });
            return () => Buffer.concat(chunks).toString().trimEnd();
        };
        const stdout = collect(child.stdout, logging === "stdout" || logging === "stdoutAndStderr");
        const stderr = collect(child.stderr, logging === "stderr" || logging === "stdoutAndStderr");
        child.on("error", (error) => reject(new Error(`${error.message}: running ${JSON.stringify(command)}`)));
        child.on("close", (status, signal) => {
            running.delete(child);
            void Promise.all(logged).then(() => {
                if (status === 0) {
                    resolve({ stdout: stdout(), stderr: stderr() });
                    return;
                }
                const ended = signal ? `signal: ${constants.signals[signal]}` : `exit status ${status}`;
                reject(new Error(`${ended}: running ${JSON.stringify(command)}:\n${Buffer.concat(both).toString()}`));
            });
        });
        // A command that does not read its stdin is no error.
        child.stdin.on("error", () => undefined);
        child.stdin.end(inputs.stdin ?? "");
    });
}
