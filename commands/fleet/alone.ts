import { spawn } from "node:child_process";
import * as path from "node:path";
import { project } from "../../toolchain/checkout";
import type { Outcome } from "../../toolchain/process";
import { ToolError } from "../../toolchain/process";

/**
 * Runs a command for one stack. Nobody answers its questions. Ctrl-C reaches it too, and it decides when to stop.
 * @param args beside the stack, which is named last: the last one counts
 */
export function runAlone(name: string, stack: string, args: readonly string[]): Promise<Outcome> {
    const rest = args.indexOf("--") === -1 ? args.length : args.indexOf("--");
    const all = [...args.slice(0, rest), "--stack", stack, ...args.slice(rest)];
    return new Promise((resolve, reject) => {
        const child = spawn(process.execPath, [path.join("commands", "run.js"), name, ...all], {
            cwd: project,
            stdio: ["ignore", "pipe", "pipe"],
        });
        const said = { stdout: "", stderr: "" };
        for (const stream of ["stdout", "stderr"] as const) {
            child[stream].setEncoding("utf8").on("data", (chunk: string) => (said[stream] += chunk));
        }
        const ignore = () => undefined;
        process.on("SIGINT", ignore);
        child.on("error", (error) => reject(new ToolError(`${name} could not be run: ${error.message}`)));
        child.on("close", (status) => {
            process.off("SIGINT", ignore);
            resolve({ status: status ?? 1, ...said });
        });
    });
}
