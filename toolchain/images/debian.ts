import { mkdirSync } from "node:fs";
import * as path from "node:path";
import { cached, logFile } from "../cache";
import { installPackages } from "../debian";
import { find, logged } from "../process";
import { step } from "../progress";
import { asRoot } from "../root";

/** The Debian release that images are made of. */
const release = "bookworm";

/**
 * A small Debian with packages of its own, made once.
 * @param name of what it is for, e.g. "python"
 * @returns the path of a tar archive
 */
export async function debianWith(name: string, packages: readonly string[]): Promise<string> {
    const folder = await cached(`debian-${release}-${name}`, async (target) => {
        if (!find("debootstrap", `${process.env.PATH}:/usr/sbin`)) {
            await installPackages(["debootstrap"]);
        }
        const root = path.join(target, "root");
        mkdirSync(root);
        const log = logFile("debootstrap");
        const env = { PATH: `${process.env.PATH}:/usr/sbin:/sbin` };
        const args = ["--variant=minbase", `--include=${packages.join(",")}`, release, root];
        await step(`Installing Debian ${release} for ${name} into a folder (about a minute, once)`, () =>
            logged(log, ...asRoot("debootstrap", args), { env }),
        );
        const unneeded = ["var/cache", "var/lib/apt", "usr/share/doc", "usr/share/locale", "dev", "proc", "sys"];
        const exclude = unneeded.map((each) => `--exclude=./${each}/*`);
        await logged(log, ...asRoot("tar", ["-c", "-C", root, "-f", path.join(target, "root.tar"), ...exclude, "."]));
        await logged(log, ...asRoot("rm", ["-rf", root]));
    });
    return path.join(folder, "root.tar");
}
