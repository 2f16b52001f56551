import type Docker from "dockerode";
import type { Properties } from "../shared/provider";
import { labelMap } from "./labels";

const mebibyte = 2 ** 20;

const list = (value: unknown) => (value ?? []) as Properties[];
const texts = (value: unknown) => (value as string[] | undefined) ?? undefined;

/** A container's inputs as the engine's API takes them. Source: https://docs.docker.com/reference/api/engine/ */
export function createOptions(inputs: Properties): Docker.ContainerCreateOptions {
    const { adds, drops } = (inputs.capabilities ?? {}) as Properties;
    return {
        name: String(inputs.name),
        Image: String(inputs.image),
        Cmd: texts(inputs.command),
        Entrypoint: texts(inputs.entrypoints),
        Env: texts(inputs.envs),
        Labels: labelMap(inputs.labels),
        User: inputs.user as string | undefined,
        StopTimeout: inputs.stopTimeout as number | undefined,
        Healthcheck: healthcheck(inputs.healthcheck),
        ExposedPorts: Object.fromEntries(list(inputs.ports).map((port) => [portKey(port), {}])),
        HostConfig: {
            ...limits(inputs),
            NetworkMode: String(inputs.networkMode ?? "bridge"),
            PidMode: inputs.pidMode as string | undefined,
            UsernsMode: inputs.usernsMode as string | undefined,
            ExtraHosts: list(inputs.hosts).map(({ host, ip }) => `${String(host)}:${String(ip)}`),
            PortBindings: portBindings(list(inputs.ports)),
            Mounts: list(inputs.mounts).map(mount),
            Tmpfs: inputs.tmpfs as Record<string, string> | undefined,
            CapAdd: texts(adds),
            CapDrop: texts(drops),
            Devices: list(inputs.devices).map(device),
            SecurityOpt: texts(inputs.securityOpts),
            ReadonlyRootfs: inputs.readOnly === true,
            LogConfig:
                inputs.logDriver === undefined
                    ? undefined
                    : { Type: String(inputs.logDriver), Config: (inputs.logOpts ?? {}) as Record<string, string> },
        },
    };
}

/** What can be changed while the container runs. */
export const updateOptions = (inputs: Properties): object => limits(inputs);

function limits(inputs: Properties): Docker.HostConfig {
    const bytes = (value: unknown) => (value === undefined ? undefined : Number(value) * mebibyte);
    return {
        RestartPolicy: { Name: String(inputs.restart ?? "no") },
        Memory: bytes(inputs.memory),
        // -1 is no limit, not a number of bytes.
        MemorySwap: inputs.memorySwap === -1 ? -1 : bytes(inputs.memorySwap),
    };
}

const portKey = ({ internal }: Properties) => `${Number(internal)}/tcp`;

function portBindings(ports: readonly Properties[]): Docker.PortMap {
    const bindings: Record<string, { HostIp: string; HostPort: string }[]> = {};
    for (const port of ports) {
        const binding = {
            HostIp: String(port.ip ?? "0.0.0.0"),
            HostPort: port.external === undefined ? "" : String(port.external),
        };
        (bindings[portKey(port)] ??= []).push(binding);
    }
    return bindings;
}

function mount({ type, source, target, readOnly, bindOptions }: Properties): Docker.MountSettings {
    const { propagation } = (bindOptions ?? {}) as Properties;
    return {
        Type: type,
        Source: source ?? "",
        Target: target,
        ReadOnly: readOnly === true,
        ...(propagation !== undefined && { BindOptions: { Propagation: propagation } }),
    } as Docker.MountSettings;
}

const device = ({ hostPath, containerPath, permissions }: Properties) => ({
    PathOnHost: String(hostPath),
    PathInContainer: String(containerPath),
    CgroupPermissions: String(permissions),
});

function healthcheck(value: unknown): Docker.HealthConfig | undefined {
    if (value === undefined) {
        return undefined;
    }
    const { tests, interval, timeout, retries, startPeriod } = value as Properties;
    return {
        Test: tests as string[],
        Interval: nanoseconds(interval),
        Timeout: nanoseconds(timeout),
        StartPeriod: nanoseconds(startPeriod),
        Retries: Number(retries ?? 0),
    };
}

const units: Record<string, number> = { ns: 1, us: 1e3, µs: 1e3, ms: 1e6, s: 1e9, m: 60e9, h: 3600e9 };

/** Reads a Go duration ("1m30s"). Source: https://pkg.go.dev/time#ParseDuration */
function nanoseconds(duration: unknown): number {
    const parts = String(duration ?? "").matchAll(/(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)/g);
    return [...parts].reduce((sum, [, amount, unit]) => sum + Number(amount) * (units[unit ?? ""] ?? 0), 0);
}

/** Writes a Go duration of whole seconds, or of milliseconds below one second ("1m0s", "500ms"). */
export function goDuration(value: number): string {
    const seconds = Math.floor(value / 1e9);
    if (seconds === 0) {
        return value === 0 ? "0s" : `${value / 1e6}ms`;
    }
    const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
    return `${h > 0 ? `${h}h` : ""}${h > 0 || m > 0 ? `${m}m` : ""}${s}s`;
}
