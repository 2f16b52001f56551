import { logFile } from "./cache";
import { find, logged, ToolError } from "./process";
import { step } from "./progress";
import { asRoot } from "./root";

const env = { DEBIAN_FRONTEND: "noninteractive" };

let refreshed: Promise<void> | undefined;

/** Reads the package lists anew, once in a run. @throws ToolError on a system without Debian's packages */
export function refreshPackageLists(): Promise<void> {
    if (!find("apt-get")) {
        throw new ToolError("This is no Debian system, so nothing can be taken from Debian's packages.");
    }
    refreshed ??= step("Reading Debian's package lists", () =>
        logged(logFile("debian"), ...asRoot("apt-get", ["update", "-q"]), { env }),
    );
    return refreshed;
}

/** Installs Debian packages. */
export async function installPackages(names: readonly string[]): Promise<void> {
    await refreshPackageLists();
    await step(`Installing Debian's ${names.join(", ")}`, () =>
        logged(logFile("debian"), ...asRoot("apt-get", ["install", "-y", "-q", "--no-install-recommends", ...names]), {
            env,
        }),
    );
}
