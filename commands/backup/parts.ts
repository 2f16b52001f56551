import { dataVolumeName, dockerName } from "../../components/dockerName";
import type { Data, Part } from "../../components/part";
import { parts } from "../../components/parts";
import { dockerOutcomeSync, dockerSync, successful } from "../../toolchain/docker";
import { ToolError } from "../../toolchain/process";
import type { DeclaredPart } from "../images";

/** A part that keeps something. */
export type Keeper = Part & { readonly data: Data };

export const keepers = parts.filter((part): part is Keeper => part.data !== undefined);

/** What a part of a certain stack keeps. */
export interface Kept {
    readonly part: Keeper;
    /** Name or id of the image that runs. */
    readonly image: string;
    readonly volume: string;
    /** The container's name, e.g. "metrics-stack-dev-prometheus". */
    readonly container: string;
    /** Docker's word for how the container is, e.g. "running". @default there is no container */
    readonly status?: string;
    /** Whether its program does its work, as far as Docker knows. */
    readonly isWell?: boolean;
    /** The most memory that the container may use, in bytes. @default no limit */
    readonly memory?: number;
}

/** A part as it runs. @returns undefined where it has no container */
export function deployed(stack: string, part: Keeper): Kept | undefined {
    const container = dockerName(stack, part.role);
    const found = inspect(container);
    if (!found) {
        return undefined;
    }
    const { mountPath } = part.data;
    const volume = found.Mounts.find(({ Destination }) => Destination === mountPath)?.Name;
    if (volume === undefined) {
        throw new ToolError(`${container} has no volume at ${mountPath}: it was not made by this project.`);
    }
    const { Image: image } = found.Config;
    const { Status: status, Health } = found.State;
    const isWell = status === "running" && (Health === undefined || Health.Status === "healthy");
    return { part, image, volume, container, status, isWell, memory: found.HostConfig.Memory };
}

/** @returns undefined where there is no such container */
function inspect(container: string): Inspected | undefined {
    try {
        return JSON.parse(dockerSync(["container", "inspect", "--format", "{{json .}}", container])) as Inspected;
    } catch (error) {
        if (error instanceof ToolError) {
            return undefined;
        }
        throw error;
    }
}

interface Inspected {
    readonly Config: { readonly Image: string };
    readonly State: { readonly Status: string; readonly Health?: { readonly Status: string } };
    readonly HostConfig: { readonly Memory: number };
    readonly Mounts: readonly { readonly Destination: string; readonly Name?: string }[];
}

/** A part as a stack file declares it. @returns undefined where it is off */
export function declared(stack: string, part: Keeper, on: readonly DeclaredPart[]): Kept | undefined {
    const found = on.find((each) => each.part === part);
    return (
        found && {
            part,
            image: found.image.reference,
            volume: found.declared.dataVolume ?? dataVolumeName(stack, part),
            container: dockerName(stack, part.role),
        }
    );
}

/** The version that the image's program says it has, e.g. "3.13.5". @returns undefined where it does not say */
export function versionOf({ part, image }: Kept): string | undefined {
    const { program } = part.image;
    if (program === undefined) {
        return undefined;
    }
    const alone = ["run", "--rm", "--network", "none", "--log-driver", "none"];
    const args = [...alone, "--entrypoint", program, image, "--version"];
    if (dockerOutcomeSync(["image", "inspect", image]).status !== 0) {
        return undefined;
    }
    // Without a log driver Docker still hands over what an attached program prints. Thanos does so to stderr.
    const { stdout, stderr } = successful(args, dockerOutcomeSync(args));
    return /version v?(\d+\.\d+\.\d+\S*)/.exec(stdout + stderr)?.[1];
}

/** True where a version is newer than another in more than its last number: what it wrote need not be readable. */
export function isNewer(version: string, than: string): boolean {
    const [a, b] = [version, than].map((each) => each.split(".").map((number) => parseInt(number, 10)));
    const [major = 0, minor = 0] = a ?? [];
    const [otherMajor = 0, otherMinor = 0] = b ?? [];
    return major > otherMajor || (major === otherMajor && minor > otherMinor);
}
