import type { Answers } from "../../components/probe";
import { outcome, ToolError } from "../../toolchain/process";

/** The longest that one docker command may take, in milliseconds. */
export const patience = 30_000;

/** Runs a docker command beside others. @throws ToolError with what it said */
export async function docker(...args: readonly string[]): Promise<string> {
    const { status, stdout, stderr } = await outcome("docker", args, { timeout: patience });
    if (status !== 0) {
        throw new ToolError(stderr.trim() || stdout.trim() || `docker ${args[0]} ended with status ${status}`);
    }
    return stdout;
}

/**
 * Asks all that there is to ask of a container with one docker command: each takes a third of a second over ssh. What cannot
 * be answered is left out or empty.
 */
export async function askContainer(container: string, script: string, shell = "sh"): Promise<Answers> {
    const limited = ["timeout", String(patience / 1000 - 5), shell, "-c", `${memoryScript}\n${script}`];
    try {
        const { stdout, stderr } = await outcome("docker", ["exec", container, ...limited], { timeout: patience });
        const parts = stdout.split(/^@(\w+)\n/m).slice(1);
        return parts.length === 0
            ? { silent: stderr.trim() }
            : Object.fromEntries(parts.flatMap((part, i) => (i % 2 === 0 ? [[part, parts[i + 1]?.trim() ?? ""]] : [])));
    } catch (error) {
        if (!(error instanceof ToolError)) {
            throw error;
        }
        return { silent: error.message };
    }
}

/** Control groups of version 2, else 1. */
const memoryScript = `echo @memory
cd /sys/fs/cgroup
cat memory.current memory.stat 2> /dev/null || cat memory/memory.usage_in_bytes memory/memory.stat 2> /dev/null`;

/**
 * What a container uses, without the page cache that it could do without.
 * Source: https://docs.docker.com/reference/cli/docker/container/stats/
 */
export function memoryUsage({ memory = "" }: Answers): number | null {
    const [, usage] = /^(\d+)$/m.exec(memory) ?? [];
    const [, cache] = /^total_inactive_file (\d+)$/m.exec(memory) ?? /^inactive_file (\d+)$/m.exec(memory) ?? [];
    return usage === undefined ? null : Math.max(0, Number(usage) - Number(cache ?? 0));
}
