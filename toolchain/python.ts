import * as path from "node:path";
import { cached, contentHash, logFile } from "./cache";
import { installPackages } from "./debian";
import { logged, succeeds } from "./process";
import { step } from "./progress";

/**
 * Installs Python packages into a folder for PYTHONPATH, once.
 * @param requirements a requirements.txt
 * @param platform for another Python than this machine's, e.g. ["--python-version", "3.11"]
 */
export async function pythonPackages(
    requirements: readonly string[],
    platform: readonly string[] = [],
): Promise<string> {
    if (!succeeds("python3", ["-m", "pip", "--version"])) {
        await installPackages(["python3", "python3-pip"]);
    }
    const last = requirements.at(-1) ?? "";
    const key = [contentHash(requirements), ...platform.filter((option) => !option.startsWith("--"))].join("-");
    return cached(path.join("python", key), (folder) =>
        step(`Installing the Python packages of ${path.basename(last)}`, () =>
            logged(logFile("python"), "python3", [
                ...["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "--target", folder],
                ...[...platform, "--requirement", last],
            ]),
        ),
    );
}
