import type { Dirent } from "node:fs";
import { readdirSync, readFileSync, statSync } from "node:fs";
import * as path from "node:path";
import type { UserFiles } from "./schema/part";

/** The files in a folder. */
export const filesIn = (folder: string): UserFiles => ({
    readFile: (file) => readFileSync(path.resolve(folder, file), "utf8"),
    listFolder(inside) {
        const place = path.resolve(folder, inside);
        return entriesOf(place)
            .map((entry) => (isFolder(place, entry) ? `${entry.name}/` : entry.name))
            .sort();
    },
});

function entriesOf(folder: string): Dirent[] {
    try {
        return readdirSync(folder, { withFileTypes: true });
    } catch {
        return []; // There is none, or it is a file.
    }
}

/** A link is what it leads to; one that leads nowhere is a file, which cannot be read. */
const isFolder = (folder: string, entry: Dirent) =>
    entry.isSymbolicLink()
        ? statSync(path.join(folder, entry.name), { throwIfNoEntry: false })?.isDirectory() === true
        : entry.isDirectory();
