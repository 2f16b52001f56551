import { readdirSync, readFileSync } from "node:fs";
import * as path from "node:path";
import { project } from "../../toolchain/checkout";
import { output } from "../../toolchain/process";

/** The files of the project, by their paths from its folder. */
export interface Files {
    /** Those of the project's own folder, sorted. */
    readonly list: () => string[];
    /** @throws if there is no such file */
    readonly read: (file: string) => string;
}

export const inFolder: Files = {
    list: () => readdirSync(project).sort(),
    read: (file) => readFileSync(path.resolve(project, file), "utf8"),
};

/** As they would be committed now, which is not always how they stand in the folder. */
export const staged: Files = {
    list: () => git("ls-files", "-z").split("\0").sort(),
    read: (file) => git("show", `:./${file}`),
};

const git = (...args: string[]) => output("git", args, { cwd: project });
