import type { UserFiles } from "../config/schema/part";

/** Files that a declaration may name, by their paths. A folder is there when a file is in it. */
export const userFiles = (files: Readonly<Record<string, string>>): UserFiles => ({
    readFile(path) {
        const text = files[path];
        if (text === undefined) {
            throw Object.assign(new Error("no such file"), { code: "ENOENT" });
        }
        return text;
    },
    listFolder(folder) {
        const inside = folder === "." ? "" : folder.replace(/\/?$/, "/");
        const below = Object.keys(files).filter((file) => file.startsWith(inside));
        return [...new Set(below.map((file) => file.slice(inside.length).replace(/\/.*/s, "/")))].sort();
    },
});
