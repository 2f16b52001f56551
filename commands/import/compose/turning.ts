import type { Beside } from "../converted";
import type { Note } from "../notes";
import type { Part } from "./moved";
import type { Project } from "./project";
import type { Service } from "./service";

/** A service that becomes a part. */
export interface Moved {
    readonly service: Service;
    readonly part: Part;
}

/** What a compose file is turned with. */
export interface Turning extends Beside {
    readonly project: Project;
    readonly say: (said: Note) => void;
    /** Adds a file to the project. */
    readonly add: (path: string, text: string) => void;
    /** Where a service's files are on this machine, from the compose file's folder. @returns undefined for what is in its image */
    readonly placeOf: (service: Service, inside: string) => string | undefined;
}
