import type { Problem } from "../schema/problems";
import { instead, show } from "../schema/problems";

/** A volume of the Docker host. */
export interface VolumeFacts {
    readonly name: string;
    /** The running containers that mount it, without the stack's own. */
    readonly usedBy: readonly string[];
    /** What it holds at its top; known of volumes that the stack is about to take over. */
    readonly top?: readonly string[];
    /** A file or folder in it that its new program does not own, e.g. "./wal/00000001". */
    readonly foreign?: string;
}

/** The program that a part keeps data of. */
export interface DataOwner {
    /** The user and the group that its files belong to. */
    readonly userId: number;
    readonly groupId: number;
    /** What is always at the top of a volume that the program used before, e.g. "wal". */
    readonly mark: string;
    /** What is wrong with the top of such a volume, and what to do. @default nothing ever */
    misses?(top: readonly string[]): string | undefined;
}

/** A part that was declared to have its data in a volume of somebody else. */
export interface Adopter extends DataOwner {
    /** Where it stands in the stack file, e.g. ["prometheus"]. */
    readonly path: Problem["path"];
    readonly title: string;
    readonly image: string;
    readonly volume: string;
}

/**
 * The mistakes with volumes of somebody else. Docker would create a volume that is not there, and Prometheus begin with no sample;
 * two programs would write into one database; files of another user would stop the new container after the old one is gone.
 * @param own the volumes of the stack's own
 */
export function checkDataVolumes(
    adopters: readonly Adopter[],
    own: readonly string[],
    volumes: readonly VolumeFacts[],
): Problem[] {
    return adopters.flatMap((adopter) => {
        const message = own.includes(adopter.volume)
            ? "is a volume of the stack's own; leave the key out"
            : volumeMistake(adopter, volumes);
        return message === undefined
            ? []
            : [{ path: [...adopter.path, "dataVolume"], message: `${show(adopter.volume)} ${message}` }];
    });
}

function volumeMistake(adopter: Adopter, volumes: readonly VolumeFacts[]): string | undefined {
    const { title: program, userId, groupId, mark, image, volume: name } = adopter;
    const volume = volumes.find((each) => each.name === name);
    if (!volume) {
        const known = volumes.map((each) => each.name);
        return `is no volume of the Docker host; ${instead(name, known, "write one that docker volume ls shows")}`;
    }
    const [user] = volume.usedBy;
    if (user !== undefined) {
        return `is in use by the container ${user}, and two programs with one database damage it; stop that one first: docker stop ${user}`;
    }
    const { top = [], foreign } = volume;
    if (top.length > 0 && !top.includes(mark)) {
        return `holds files and no data of ${program} (there is no ${mark} at its top); write the volume that ${program} kept its data in`;
    }
    if (top.length > 0 && foreign !== undefined) {
        const chown = ["--rm", "--user 0:0", `--volume ${name}:/data`, "--entrypoint chown", image];
        return (
            `has files that ${program} may not write, such as ${foreign}; give them to it: ` +
            `docker run ${chown.join(" ")} -R ${userId}:${groupId} /data`
        );
    }
    return top.includes(mark) ? adopter.misses?.(top) : undefined;
}
