import { pulledFrom } from "../../config/schema/imageRegistry";
import { images } from "../../config/images";
import { dockerName } from "../../components/stack";
import { output, succeeds, ToolError } from "../../toolchain/process";

/** A part of a stack that keeps something. */
export type PartName = "prometheus" | "alertmanager" | "grafana";

export const partNames: readonly PartName[] = ["prometheus", "grafana", "alertmanager"];

/** Where the part's container mounts its data volume. */
const folders: Readonly<Record<PartName, string>> = {
    prometheus: "/prometheus",
    alertmanager: "/alertmanager",
    grafana: "/var/lib/grafana",
};

/** A part of a certain stack. */
export interface Part {
    readonly name: PartName;
    /** Name or id of the image that runs. */
    readonly image: string;
    readonly volume: string;
    /** The container's name, e.g. "metrics-stack-dev-prometheus". */
    readonly container: string;
    /** Docker's word for how the container is, e.g. "running". @default there is no container */
    readonly status?: string;
    /** The most memory that the container may use, in bytes. @default no limit */
    readonly memory?: number;
}

/** A part as it runs. @returns undefined where it has no container */
export function deployedPart(stack: string, name: PartName): Part | undefined {
    const container = dockerName(stack, name);
    const found = inspect(container);
    if (!found) {
        return undefined;
    }
    const volume = found.Mounts.find(({ Destination }) => Destination === folders[name])?.Name;
    if (volume === undefined) {
        throw new ToolError(`${container} has no volume at ${folders[name]}: it was not made by this project.`);
    }
    const { Image: image } = found.Config;
    return { name, image, volume, container, status: found.State.Status, memory: found.HostConfig.Memory };
}

/** @returns undefined where there is no such container */
function inspect(container: string): Inspected | undefined {
    try {
        return JSON.parse(output("docker", ["container", "inspect", "--format", "{{json .}}", container])) as Inspected;
    } catch (error) {
        if (error instanceof ToolError) {
            return undefined;
        }
        throw error;
    }
}

interface Inspected {
    readonly Config: { readonly Image: string };
    readonly State: { readonly Status: string };
    readonly HostConfig: { readonly Memory: number };
    readonly Mounts: readonly { readonly Destination: string; readonly Name?: string }[];
}

/**
 * A part as the stack file declares it.
 * @param config the stack file's keys
 * @returns undefined where the part is off
 */
export function declaredPart(
    stack: string,
    name: PartName,
    config: Readonly<Record<string, unknown>>,
): Part | undefined {
    const {
        enabled = name !== "alertmanager",
        image = images[name],
        dataVolume = dockerName(stack, `${name}-data`),
    } = (config[`metrics-stack:${name}`] ?? {}) as { enabled?: boolean; image?: string; dataVolume?: string };
    const registry = config["metrics-stack:imageRegistry"] as string | undefined;
    return name === "prometheus" || enabled
        ? { name, image: pulledFrom(registry, image), volume: dataVolume, container: dockerName(stack, name) }
        : undefined;
}

/** The version that the image's program says it has, e.g. "3.13.5". @returns undefined where it does not say */
export function versionOf({ name, image }: Part): string | undefined {
    const args = ["run", "--rm", "--network", "none", "--log-driver", "none", "--entrypoint", name, image, "--version"];
    // Without a log driver Docker still hands over what an attached program prints.
    return succeeds("docker", ["image", "inspect", image])
        ? /version v?(\d+\.\d+\.\d+\S*)/.exec(output("docker", args))?.[1]
        : undefined;
}

/** True where a version is newer than another in more than its last number: what it wrote need not be readable. */
export function isNewer(version: string, than: string): boolean {
    const [a, b] = [version, than].map((each) => each.split(".").map((number) => parseInt(number, 10)));
    const [major = 0, minor = 0] = a ?? [];
    const [otherMajor = 0, otherMinor = 0] = b ?? [];
    return major > otherMajor || (major === otherMajor && minor > otherMinor);
}
