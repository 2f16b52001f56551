import * as path from "node:path";
import type { UserFiles } from "../../config/schema/part";
import { filesIn } from "../../config/userFiles";
import { project } from "../../toolchain/checkout";
import { output } from "../../toolchain/process";

export const inFolder: UserFiles = filesIn(project);

/** As they would be committed now, which is not always how they stand in the folder. */
export const staged: UserFiles = {
    listFolder(folder) {
        const inside = path.posix.join(folder, "/");
        const below = [...entries().keys()].flatMap((file) =>
            inside === "./" ? [file] : file.startsWith(inside) ? [file.slice(inside.length)] : [],
        );
        return [...new Set(below.map((file) => file.replace(/\/.*/s, "/")))].sort();
    },
    readFile(file) {
        const text = git("show", `:./${file}`);
        return entries().get(file) === link ? staged.readFile(path.posix.join(path.posix.dirname(file), text)) : text;
    },
};

/** The mode of a symbolic link, whose text is where it leads to. Source: https://git-scm.com/docs/git-fast-import */
const link = "120000";

let known: ReadonlyMap<string, string> | undefined;

/** What would be committed: the paths with their modes. */
const entries = () =>
    (known ??= new Map(
        [...git("ls-files", "--stage", "-z").matchAll(/(\d+) \S+ \d+\t([^\0]*)\0/g)].map(([, mode = "", file = ""]) => [
            file,
            mode,
        ]),
    ));

const git = (...args: string[]) => output("git", args, { cwd: project });
