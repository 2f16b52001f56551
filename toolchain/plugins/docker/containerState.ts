import type Docker from "dockerode";
import type { Properties } from "../shared/provider";
import { goDuration } from "./containerOptions";

const mebibyte = 2 ** 20;

/** What the engine reports and the client library does not declare. */
interface Stopping {
    readonly StopTimeout?: number;
}

interface Device {
    readonly PathOnHost: string;
    readonly PathInContainer: string;
    readonly CgroupPermissions: string;
}

/** Inputs that are left out, as the official plugin records them: without, it would find a difference when it takes over. */
export const defaults = {
    ...{
        attach: false,
        logs: false,
        rm: false,
        start: true,
        stdinOpen: false,
        tty: false,
        wait: false,
        waitTimeout: 60,
    },
    ...{ containerReadRefreshTimeoutMilliseconds: 15_000, memoryReservation: 0, removeVolumes: true },
};

/**
 * The outputs of a container: what the engine says of its inputs, and those that the official plugin does not read back either
 * (image, envs, labels, hosts, networks, and the settings of the plugin itself).
 */
export function containerState(container: Docker.ContainerInspectInfo, inputs: Properties): Properties {
    const { HostConfig: host, State: state } = container;
    const config = container.Config as typeof container.Config & Stopping;
    return {
        ...defaults,
        ...hostState(host),
        id: container.Id,
        name: container.Name.slice(1),
        image: inputs.image,
        command: config.Cmd,
        entrypoints: config.Entrypoint ?? [],
        envs: inputs.envs ?? [],
        labels: inputs.labels ?? [],
        user: config.User,
        stopTimeout: config.StopTimeout ?? 0,
        destroyGraceSeconds: inputs.destroyGraceSeconds ?? null,
        healthcheck: healthcheck(config.Healthcheck),
        tmpfs: inputs.tmpfs ?? null,
        ports: host.PortBindings && state.Running ? ports(container) : (inputs.ports ?? []),
        networksAdvanced: inputs.networksAdvanced ?? [],
        hosts: inputs.hosts ?? [],
        // Of one that does not run the next update starts it.
        mustRun: state.Running,
    };
}

function hostState(host: Docker.HostConfig): Properties {
    const megabytes = (bytes: number | undefined) => (bytes === -1 ? -1 : Math.floor((bytes ?? 0) / mebibyte));
    return {
        restart: host.RestartPolicy?.Name || "no",
        memory: megabytes(host.Memory),
        memorySwap: megabytes(host.MemorySwap),
        networkMode: host.NetworkMode,
        pidMode: host.PidMode || null,
        usernsMode: host.UsernsMode || null,
        mounts: (host.Mounts ?? []).map(mount),
        capabilities: { drops: host.CapDrop ?? [], ...(host.CapAdd?.length && { adds: host.CapAdd }) },
        // As are added capabilities, absent where there are none: a refresh of an older stack finds nothing new.
        ...(host.Devices?.length && { devices: (host.Devices as Device[]).map(device) }),
        securityOpts: host.SecurityOpt ?? [],
        readOnly: host.ReadonlyRootfs ?? false,
        logDriver: host.LogConfig?.Type,
        logOpts: host.LogConfig?.Config ?? {},
    };
}

const device = ({ PathOnHost, PathInContainer, CgroupPermissions }: Device): Properties => ({
    ...{ hostPath: PathOnHost, containerPath: PathInContainer, permissions: CgroupPermissions },
});

function mount(setting: Docker.MountSettings): Properties {
    const propagation = setting.BindOptions?.Propagation;
    return {
        type: setting.Type,
        source: setting.Source ?? "",
        target: setting.Target,
        readOnly: setting.ReadOnly ?? false,
        bindOptions: propagation === undefined ? null : { propagation },
    };
}

function healthcheck(check: Docker.HealthConfig | undefined): Properties | null {
    return check?.Test?.length
        ? {
              tests: check.Test,
              interval: goDuration(check.Interval ?? 0),
              timeout: goDuration(check.Timeout ?? 0),
              startPeriod: goDuration(check.StartPeriod ?? 0),
              startInterval: "0s",
              retries: check.Retries ?? 0,
          }
        : null;
}

function ports(container: Docker.ContainerInspectInfo): Properties[] {
    return Object.entries(container.NetworkSettings.Ports ?? {}).flatMap(([key, bindings]) => {
        const [internal, protocol] = key.split("/");
        return (bindings ?? []).map(({ HostIp, HostPort }) => ({
            internal: Number(internal),
            external: Number(HostPort),
            ip: HostIp,
            protocol,
        }));
    });
}
