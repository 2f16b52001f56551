import type Docker from "dockerode";
import type { Properties } from "../shared/provider";
import { goDuration } from "./containerOptions";

const mebibyte = 2 ** 20;

/** What the engine reports and the client library does not declare. */
interface Stopping {
    readonly StopSignal?: string;
    readonly StopTimeout?: number;
}

/**
 * The outputs of a container: what the engine says of it, and the inputs that the official plugin does not read back
 * either (image, envs, labels, volumes, networks, and the settings of the plugin itself).
 */
export function containerState(container: Docker.ContainerInspectInfo, inputs: Properties): Properties {
    const { HostConfig: host, State: state } = container;
    const config = container.Config as typeof container.Config & Stopping;
    return {
        ...settings(inputs),
        ...hostState(host),
        id: container.Id,
        name: container.Name.slice(1),
        image: inputs.image,
        command: config.Cmd,
        entrypoints: config.Entrypoint ?? [],
        envs: inputs.envs ?? [],
        labels: inputs.labels ?? [],
        user: config.User,
        workingDir: config.WorkingDir,
        hostname: config.Hostname,
        domainname: config.Domainname,
        tty: config.Tty,
        stdinOpen: config.OpenStdin,
        stopSignal: config.StopSignal ?? "SIGTERM",
        stopTimeout: config.StopTimeout ?? 0,
        healthcheck: healthcheck(config.Healthcheck),
        platform: container.Platform,
        ports: host.PortBindings && state.Running ? ports(container) : (inputs.ports ?? []),
        volumes: inputs.volumes ?? [],
        networksAdvanced: inputs.networksAdvanced ?? [],
        hosts: inputs.hosts ?? [],
        networkDatas: networkDatas(container),
        bridge: "",
        exitCode: null,
        containerLogs: null,
        // A container that should run and does not: the next update starts it.
        mustRun:
            inputs.mustRun === undefined || inputs.mustRun === true ? state.Running || inputs.start === false : false,
    };
}

function settings(inputs: Properties): Properties {
    return {
        attach: inputs.attach ?? false,
        logs: inputs.logs ?? false,
        start: inputs.start ?? true,
        wait: inputs.wait ?? false,
        waitTimeout: inputs.waitTimeout ?? 60,
        destroyGraceSeconds: inputs.destroyGraceSeconds ?? null,
        removeVolumes: inputs.removeVolumes ?? true,
        tmpfs: inputs.tmpfs ?? null,
        init: inputs.init ?? null,
    };
}

function hostState(host: Docker.HostConfig): Properties {
    const megabytes = (bytes: number | undefined) => (bytes === -1 ? -1 : Math.floor((bytes ?? 0) / mebibyte));
    return {
        restart: host.RestartPolicy?.Name || "no",
        maxRetryCount: host.RestartPolicy?.MaximumRetryCount ?? 0,
        memory: megabytes(host.Memory),
        memorySwap: megabytes(host.MemorySwap),
        memoryReservation: megabytes(host.MemoryReservation),
        cpuShares: host.CpuShares ?? 0,
        cpuSet: host.CpusetCpus ?? "",
        networkMode: host.NetworkMode,
        pidMode: host.PidMode || null,
        ipcMode: host.IpcMode,
        usernsMode: host.UsernsMode ?? "",
        runtime: host.Runtime,
        dns: host.Dns?.length ? host.Dns : null,
        mounts: (host.Mounts ?? []).map(mount),
        capabilities: { adds: host.CapAdd ?? [], drops: host.CapDrop ?? [] },
        securityOpts: host.SecurityOpt ?? [],
        privileged: host.Privileged ?? false,
        publishAllPorts: host.PublishAllPorts ?? false,
        readOnly: host.ReadonlyRootfs ?? false,
        rm: host.AutoRemove ?? false,
        shmSize: megabytes(host.ShmSize),
        logDriver: host.LogConfig?.Type,
        logOpts: host.LogConfig?.Config ?? {},
        ulimits: (host.Ulimits ?? []).map((limit) => {
            const { Name, Soft, Hard } = limit as { Name: string; Soft: number; Hard: number };
            return { name: Name, soft: Soft, hard: Hard };
        }),
    };
}

function mount(setting: Docker.MountSettings): Properties {
    const propagation = setting.BindOptions?.Propagation;
    const noCopy = setting.VolumeOptions?.NoCopy;
    return {
        type: setting.Type,
        source: setting.Source ?? "",
        target: setting.Target,
        readOnly: setting.ReadOnly ?? false,
        bindOptions: propagation === undefined ? null : { propagation },
        volumeOptions: noCopy === undefined ? null : { noCopy },
        tmpfsOptions: setting.TmpfsOptions ?? null,
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

function networkDatas(container: Docker.ContainerInspectInfo): Properties[] {
    return Object.entries(container.NetworkSettings.Networks ?? {})
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([networkName, network]) => ({
            networkName,
            gateway: network.Gateway,
            ipAddress: network.IPAddress,
            ipPrefixLength: network.IPPrefixLen,
            ipv6Gateway: network.IPv6Gateway,
            globalIpv6Address: network.GlobalIPv6Address,
            globalIpv6PrefixLength: network.GlobalIPv6PrefixLen,
            macAddress: network.MacAddress,
        }));
}
