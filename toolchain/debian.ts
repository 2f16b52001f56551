import { logFile } from "./cache";
import { find, logged, ToolError } from "./process";
import { step } from "./progress";
import { asRoot } from "./root";

/** apt-get as root. It fails where another one is at work: those of this project wait for one another. */
const aptGet = (...args: string[]) => asRoot("flock", ["/tmp/metrics-stack-apt.lock", "apt-get", ...args]);

const env = { DEBIAN_FRONTEND: "noninteractive" };

let refreshed: Promise<void> | undefined;

/** Reads the package lists anew, once in a run. @throws ToolError on a system without Debian's packages */
export function refreshPackageLists(): Promise<void> {
    if (!find("apt-get")) {
        throw new ToolError("This is no Debian system, so nothing can be taken from Debian's packages.");
    }
    refreshed ??= step("Reading Debian's package lists", () =>
        logged(logFile("debian"), ...aptGet("update", "-q"), { env }),
    );
    return refreshed;
}

/** Installs Debian packages. */
export async function installPackages(names: readonly string[]): Promise<void> {
    await refreshPackageLists();
    await step(`Installing Debian's ${names.join(", ")}`, () =>
        logged(logFile("debian"), ...aptGet("install", "-y", "-q", "--no-install-recommends", ...names), {
            env,
        }),
    );
}
