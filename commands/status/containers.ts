import { docker, dockerOutcome, patience } from "../../toolchain/docker";
import { json } from "../../components/probe";
import { by, span } from "../../toolchain/words";
import type { Container } from "./facts";

const timeout = patience.look;

/** What `docker inspect` says of a container, as far as it is asked. */
interface Inspected {
    readonly Name: string;
    readonly State: {
        readonly Status: Container["status"];
        readonly OOMKilled: boolean;
        readonly ExitCode: number;
        readonly Error: string;
        readonly StartedAt: string;
        readonly FinishedAt: string;
        readonly Health?: {
            readonly Status: "none" | NonNullable<Container["health"]>;
            readonly Log: readonly { readonly Output: string }[] | null;
        };
    };
    readonly RestartCount: number;
    readonly Config: { readonly Image: string };
    readonly HostConfig: { readonly Memory: number };
    readonly NetworkSettings: {
        readonly Ports: Readonly<
            Record<string, readonly { readonly HostIp: string; readonly HostPort: string }[] | null>
        > | null;
    };
}

/** The containers of a stack, by name. @throws ToolError where no engine answers */
export async function containers(stack: string): Promise<Container[]> {
    const ids = await docker(["ps", "--all", "--quiet", "--filter", `label=metrics-stack.stack=${stack}`], { timeout });
    if (ids.trim() === "") {
        return [];
    }
    // One that is removed meanwhile is an error beside the others.
    const { stdout } = await dockerOutcome(["inspect", ...ids.trim().split("\n")], { timeout });
    return (json<Inspected[]>(stdout) ?? []).map(container).sort(by(({ name }) => name));
}

function container({ Name, State, RestartCount, Config, HostConfig, NetworkSettings }: Inspected): Container {
    const { Status, Health } = State;
    const health = Health === undefined || Health.Status === "none" ? null : Health.Status;
    return {
        name: Name.slice(1),
        image: Config.Image,
        status: Status,
        // What Docker says of one that does not run is what it said when it ran.
        health: Status === "running" ? health : null,
        startedAt: State.StartedAt,
        finishedAt: State.FinishedAt.startsWith("0001") ? null : State.FinishedAt,
        exitCode: Status === "running" || Status === "paused" ? null : State.ExitCode,
        oomKilled: State.OOMKilled,
        restartCount: RestartCount,
        memoryUsage: null,
        memoryLimit: HostConfig.Memory > 0 ? HostConfig.Memory : null,
        ports: Object.entries(NetworkSettings.Ports ?? {}).flatMap(([port, published]) =>
            (published ?? []).map(({ HostIp, HostPort }) => `${HostIp}:${HostPort}->${port}`),
        ),
        lastWords: [State.Error, Health?.Status === "unhealthy" ? (Health.Log?.at(-1)?.Output ?? "") : ""]
            .map((words) => words.trim())
            .filter(Boolean),
    };
}

/** True for one that does its work, as far as Docker knows. */
export const isWell = ({ status, health }: Container) => status === "running" && health !== "unhealthy";

const longest = 300;

/** What a container wrote last. Programs log to stderr, and docker keeps the two streams apart. */
export async function lastLines(name: string): Promise<string[]> {
    const { stdout, stderr } = await dockerOutcome(["logs", "--tail", "3", name], { timeout });
    const lines = `${stdout}${stderr}`.trim().split("\n").filter(Boolean).slice(-3);
    return lines.map((line) => (line.length > longest ? `${line.slice(0, longest)} ...` : line));
}

/** How a container is, in Docker's words: "Up 2 hours (healthy)". @param now milliseconds */
export function containerStatus(container: Container, now: number): string {
    const { status, health, startedAt, finishedAt, exitCode, oomKilled, restartCount } = container;
    const since = (time: string | null) => span(now - Date.parse(time ?? startedAt));
    const killed = oomKilled ? ", killed for lack of memory" : "";
    const restarts =
        restartCount > 0 ? `, restarted ${restartCount === 1 ? "once" : `${restartCount} times`}${killed}` : "";
    switch (status) {
        case "running":
            return `Up ${since(startedAt)}${health === null ? "" : ` (${health})`}${restarts}`;
        case "paused":
            return `Up ${since(startedAt)} (paused)${restarts}`;
        case "restarting":
            return `Restarting (${exitCode}) ${since(finishedAt)} ago${restarts}`;
        case "exited":
        case "dead":
            return `${status === "dead" ? "Dead" : "Exited"} (${exitCode}) ${since(finishedAt)} ago${restarts || killed}`;
        default:
            return status === "created" ? "Created, never started" : "Being removed";
    }
}
