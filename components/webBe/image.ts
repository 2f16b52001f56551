import { lstatSync, readdirSync } from "node:fs";
import { arch } from "node:os";
import * as path from "node:path";
import { webBeFolder } from "./source";
import { pythonPackages } from "../../toolchain/python";
import { debianWith } from "../../toolchain/images/debian";
import type { Entry } from "../../toolchain/images/import";
import { importImage } from "../../toolchain/images/import";

/** The Python of the Debian release that the image is made of: the same as in the application's Dockerfile. */
const python = "3.11";

const home = "opt/web_be";

/** Makes the example application's image from Debian's and PyPI's packages, as its Dockerfile would. */
export async function importWebBe(reference: string): Promise<void> {
    const base = await debianWithPython();
    const machine = arch() === "arm64" ? "aarch64" : "x86_64";
    const packages = await pythonPackages(
        [path.join(webBeFolder, "requirements.txt")],
        ["--python-version", python, "--platform", `manylinux2014_${machine}`, "--only-binary", ":all:"],
    );
    await importImage(reference, {
        base,
        settings: [
            `ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 PYTHONPATH=/${home}/site-packages`,
            `WORKDIR /${home}`,
            "USER 10001:10001",
            "EXPOSE 8000",
            'CMD ["python3", "-m", "uvicorn", "web_be.main:app", "--host", "0.0.0.0", "--port", "8000"]',
        ],
        entries: [
            ...folderEntries(path.join(webBeFolder, "web_be"), `${home}/web_be`),
            ...folderEntries(packages, `${home}/site-packages`),
        ],
    });
}

/** A small Debian with Python, made once. @returns the path of a tar archive */
export const debianWithPython = () =>
    // libgcc-s1: what the compiled Python packages are linked with.
    debianWith("python", ["python3", "libgcc-s1"]);

/** A folder of this machine with all that it holds, as entries below a path of the image. */
function folderEntries(folder: string, name: string): Entry[] {
    return readdirSync(folder, { recursive: true, encoding: "utf8" })
        .filter((relative) => !relative.includes("__pycache__"))
        .map((relative) => {
            const file = path.join(folder, relative);
            const isFolder = lstatSync(file).isDirectory();
            return {
                name: path.posix.join(name, relative),
                content: isFolder ? "folder" : { file },
                mode: isFolder ? 0o755 : 0o644,
            };
        });
}
