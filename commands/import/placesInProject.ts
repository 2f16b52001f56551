import * as path from "node:path";
import { project } from "../../toolchain/checkout";

/** Where files that are taken over stand in the project. */

/** The path from the project's folder. @returns undefined for a file elsewhere */
export function ownPath(file: string): string | undefined {
    const place = path.relative(project, path.resolve(file));
    return place.startsWith("..") || path.isAbsolute(place) ? undefined : place;
}

/** A free place in a folder for the copy of a file: by its name, and as much of its path as tells it from others. */
export function placeIn(folder: string, file: string, taken: readonly string[]): string {
    const steps = path.resolve(file).split(path.sep);
    const names = steps.map((_, i) => path.posix.join(folder, steps.slice(-1 - i).join("-")));
    return names.find((place) => !taken.includes(place)) ?? "";
}
