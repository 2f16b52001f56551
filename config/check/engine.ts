import type { Used } from "./host";
import type { Problem } from "../schema/problems";
import { show } from "../schema/problems";
import type { StackConfig } from "../schema/stack";

/** What a Docker engine says of itself. Source: https://docs.docker.com/reference/api/engine/ (SystemInfo) */
export interface Engine {
    /** Its own, which it keeps. */
    readonly id: string;
    /** The name of its machine. */
    readonly name: string;
    readonly operatingSystem: string;
    /** E.g. "name=rootless". */
    readonly securityOptions: readonly string[];
    /** Whether its kernel limits the memory of containers, and their swap. */
    readonly memoryLimit: boolean;
    readonly swapLimit: boolean;
}

/** Whether an engine has one of its security options, e.g. "rootless". */
export const hasOption = ({ securityOptions }: Engine, name: string): boolean =>
    securityOptions.some((option) => option.split(",")[0] === `name=${name}`);

/** Docker gives a service of the host this name where it knows better than the stack which address that is. */
export const hostAlias = "host.docker.internal";

/** Where the Docker engine listens on its host, unless it is told otherwise. */
export const usualSocket = "/var/run/docker.sock";

/**
 * A rootless engine listens elsewhere, and reads nobody else's socket.
 * Source: https://docs.docker.com/engine/security/rootless/tips/#expose-docker-api-socket-through-tcp ("$XDG_RUNTIME_DIR/docker.sock")
 */
export const wrongSockets = (sockets: readonly Used[], engine: Engine): Problem[] =>
    sockets.flatMap(({ name, path }) => {
        const message = `${show(name)} is not where a rootless engine listens; write its own socket, such as "/run/user/1000/docker.sock"`;
        return hasOption(engine, "rootless") && name === usualSocket ? [{ path, message }] : [];
    });

/**
 * What the user is told of an engine on which a stack works, and not as elsewhere.
 * @param sharedRoot whether mounts that the host makes later show up in containers; undefined where nobody asked
 */
export function engineWarnings(config: StackConfig, engine: Engine, sharedRoot: boolean | undefined): string[] {
    const targets = config.scrapeJobs.flatMap(({ staticConfigs }) => staticConfigs.flatMap(({ targets }) => targets));
    const ofHost = targets.find((target) => target.startsWith(`${hostAlias}:`));
    const port = ofHost?.slice(hostAlias.length);
    const warnings: (readonly [isThere: boolean, sentence: string])[] = [
        [
            !engine.memoryLimit,
            "The Docker host cannot limit memory: no memoryLimit has an effect. Where that is a Raspberry Pi, add " +
                "cgroup_enable=memory to the line of /boot/firmware/cmdline.txt, and restart it.",
        ],
        [
            sharedRoot === false,
            "On the Docker host / is a private mount: node_exporter does not see what is mounted after it started. Run " +
                "`mount --make-rshared /` there at each start, and the next up has it see all.",
        ],
        [
            hasOption(engine, "rootless") && ofHost !== undefined,
            `${ofHost} may not be reached: to a rootless engine the host is another machine. Write the address of its network ` +
                `card, such as 192.0.2.10${port}, or have dockerd run with --host-gateway-ip and ` +
                "DOCKERD_ROOTLESS_ROOTLESSKIT_DISABLE_HOST_LOOPBACK=false.",
        ],
    ];
    return warnings.filter(([isThere]) => isThere).map(([, sentence]) => sentence);
}
