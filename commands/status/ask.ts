import { throughTunnel } from "../../components/delivery/tunnel";
import type { Answers, Probe } from "../../components/probe";
import { dockerOutcome, patience } from "../../toolchain/docker";
import { ToolError } from "../../toolchain/process";

const timeout = patience.look;

/**
 * Asks all that there is to ask of a container with one docker command: each takes a third of a second over ssh. What cannot
 * be answered is left out or empty.
 */
export async function askContainer(
    container: string,
    { script, shell = "sh", questions }: Pick<Probe, "script" | "shell" | "questions">,
): Promise<Answers> {
    const limited = ["timeout", String(timeout / 1000 - 5), shell, "-c", `${memoryScript}\n${script}`];
    try {
        const { stdout, stderr } = await dockerOutcome(["exec", container, ...limited], { timeout });
        const parts = stdout.split(/^@(\w+)\n/m).slice(1);
        if (parts.length === 0) {
            return { silent: stderr.trim() };
        }
        const answers: Answers = Object.fromEntries(
            parts.flatMap((part, i) => (i % 2 === 0 ? [[part, parts[i + 1]?.trim() ?? ""]] : [])),
        );
        return "tunnel" in answers && questions ? { ...answers, ...(await tunnelled(container, questions)) } : answers;
    } catch (error) {
        if (!(error instanceof ToolError)) {
            throw error;
        }
        return { silent: error.message };
    }
}

/** What a program says that has a certificate or users of its own. */
async function tunnelled(container: string, { port, requests }: NonNullable<Probe["questions"]>): Promise<Answers> {
    try {
        const said = await throughTunnel(container, port, Object.values(requests), timeout);
        return Object.fromEntries(Object.keys(requests).map((name, i) => [name, said[i] ?? ""]));
    } catch (error) {
        if (!(error instanceof ToolError)) {
            throw error;
        }
        return { silent: error.message };
    }
}

/**
 * Control groups of version 2, else 1. A container that sees those of its host, as cAdvisor does, has its own among them by its id, which
 * its host name is the beginning of.
 * Source: https://docs.docker.com/engine/containers/runmetrics/#find-the-cgroup-for-a-given-container
 */
const memoryScript = `echo @memory
cd /sys/fs/cgroup
cd memory 2> /dev/null
for own in docker/$HOSTNAME* system.slice/docker-$HOSTNAME*; do
    [ -n "$HOSTNAME" ] && cd $own 2> /dev/null && break
done
cat memory.current memory.usage_in_bytes memory.stat 2> /dev/null`;

/**
 * What a container uses, without the page cache that it could do without.
 * Source: https://docs.docker.com/reference/cli/docker/container/stats/
 */
export function memoryUsage({ memory = "" }: Answers): number | null {
    const [, usage] = /^(\d+)$/m.exec(memory) ?? [];
    const [, cache] = /^total_inactive_file (\d+)$/m.exec(memory) ?? /^inactive_file (\d+)$/m.exec(memory) ?? [];
    return usage === undefined ? null : Math.max(0, Number(usage) - Number(cache ?? 0));
}
