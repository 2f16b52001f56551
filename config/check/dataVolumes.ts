import { grafanaUserId } from "../../components/grafana/files";
import type { Problem } from "../schema/problems";
import { nearestOf, show } from "../schema/problems";
import { prometheusUserId } from "../../components/prometheus/files";
import type { StackConfig } from "../stackConfig";

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

/** A part whose data may be in a volume of somebody else. */
interface Adopter {
    readonly part: "prometheus" | "grafana";
    readonly program: string;
    readonly userId: number;
    readonly group: number;
    /** What is always at the top of a volume that the program used before. */
    readonly mark: string;
}

const adopters: readonly Adopter[] = [
    { part: "prometheus", program: "Prometheus", userId: prometheusUserId, group: prometheusUserId, mark: "wal" },
    { part: "grafana", program: "Grafana", userId: grafanaUserId, group: 0, mark: "grafana.db" },
];

/** The volumes of somebody else that a declaration names, each with the user who is to own its files. */
export function adoptedVolumes(config: StackConfig): { volume: string; userId: number }[] {
    return adopters.flatMap(({ part, userId }) => {
        const volume = config[part]?.dataVolume;
        return volume === undefined ? [] : [{ volume, userId }];
    });
}

/**
 * The mistakes with volumes of somebody else. Docker would create a volume that is not there, and Prometheus begin with no sample;
 * two programs would write into one database; files of another user would stop the new container after the old one is gone.
 * @param ownPrefix what Docker's names of the stack begin with, e.g. "metrics-stack-dev"
 */
export function checkDataVolumes(config: StackConfig, ownPrefix: string, volumes: readonly VolumeFacts[]): Problem[] {
    return adopters.flatMap((adopter) => {
        const { image, dataVolume } = config[adopter.part] ?? {};
        if (image === undefined || dataVolume === undefined) {
            return [];
        }
        const message = isOwn(dataVolume, ownPrefix)
            ? "is a volume of the stack's own; leave the key out"
            : volumeMistake(adopter, image, dataVolume, volumes);
        return message === undefined
            ? []
            : [{ path: [adopter.part, "dataVolume"], message: `${show(dataVolume)} ${message}` }];
    });
}

const isOwn = (volume: string, ownPrefix: string) =>
    ["prometheus", "alertmanager", "grafana"].some((role) =>
        [`${ownPrefix}-${role}-data`, `${ownPrefix}-${role}-config`].includes(volume),
    );

function volumeMistake(
    { program, userId, group, mark }: Adopter,
    image: string,
    name: string,
    volumes: readonly VolumeFacts[],
): string | undefined {
    const volume = volumes.find((each) => each.name === name);
    if (!volume) {
        const nearest = nearestOf(
            name,
            volumes.map((each) => each.name),
        );
        return `is no volume of the Docker host; ${nearest === undefined ? "write one that docker volume ls shows" : `did you mean ${nearest}?`}`;
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
            `docker run ${chown.join(" ")} -R ${userId}:${group} /data`
        );
    }
    if (program === "Grafana" && top.includes(mark) && !top.includes("secret-key")) {
        return "has a database and no file secret-key, without which Grafana cannot read the passwords in it; see docs/migrating.md";
    }
    return undefined;
}
