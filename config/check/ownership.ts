import type { HostFacts, Wanted } from "./host";
import type { Problem } from "../schema/problems";

/** What Pulumi's state knows of a stack, against what is there under the stack's names. */

/** An object of Docker that the stack's state knows. */
export interface KnownObject {
    /** What the program calls it, e.g. "prometheus-data". */
    readonly resource: string;
    readonly kind: "container" | "network" | "volume";
    /** Docker's name of it. */
    readonly name: string;
    /** Docker's id, of a container. */
    readonly id?: string;
}

/** Docker's ids of the containers among them. */
export const containerIds = (known: readonly KnownObject[]): string[] =>
    known.flatMap(({ kind, id }) => (kind === "container" && id !== undefined ? [id] : []));

/**
 * The containers that have the names of the stack's own, and that its state does not know: another state deployed them, and the
 * steps before the name is refused would write into the volumes of what runs.
 */
export function strangers({ own = [] }: HostFacts, known: readonly KnownObject[]): string[] {
    const ids = containerIds(known);
    return own.filter(({ id }) => !ids.includes(id)).map(({ name }) => name);
}

/** @param names whose they are @returns what to do about containers that the state does not know */
export const aboutStrangers = (stack: string, names: readonly string[]) =>
    `The Docker host has containers of the stack ${stack} that this state does not know: ${names.join(", ")}. ` +
    `Nothing was changed. Use the state that they were deployed with (PULUMI_BACKEND_URL, docs/environments.md), take them ` +
    `over with pulumi import, or give this stack another name. Where that state is lost, remove them, and the next ` +
    `deployment goes on with their data: docker rm --force ${names.join(" ")} && docker network rm metrics-stack-${stack}`;

/**
 * The parts whose data the state knows under the name that the stack had before: under the new one they would begin without any.
 * Whoever wants that makes the new volume.
 */
export function leftBehind({ keepers }: Wanted, { volumes }: HostFacts, known: readonly KnownObject[]): Problem[] {
    const isThere = (wanted: string) => volumes.some(({ name }) => name === wanted);
    return keepers.flatMap(({ path, role, holds, volume }) => {
        const former = known.find(({ kind, name }) => kind === "volume" && name.endsWith(`-${role}-data`))?.name;
        if (former === undefined || isThere(volume) || !isThere(former)) {
            return [];
        }
        const message =
            `is not declared, and the stack was renamed: its ${holds} are in ${former}; write "${former}", or begin ` +
            `without them: docker volume create ${volume}`;
        return [{ path: [...path, "dataVolume"], message }];
    });
}
