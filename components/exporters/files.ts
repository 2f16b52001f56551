import type { Files } from "../../config/render/files";
import type { Problem } from "../../config/schema/problems";
import { show, unreadableFile } from "../../config/schema/problems";

/**
 * Reads the files of the repository that an exporter has.
 * @param paths by the name that a file has in the container; one that was refused is passed over
 * @param readFile gives a file's text. Throws where it cannot be read
 */
export function readFiles(
    paths: Readonly<Record<string, string | undefined>>,
    readFile: (path: string) => string,
): { readonly files: Files; readonly problems: readonly Problem[] } {
    const files: Record<string, string> = {};
    const problems: Problem[] = [];
    for (const [name, path] of Object.entries(paths)) {
        try {
            files[name] = path === undefined ? "" : readFile(path);
        } catch (error) {
            problems.push({ path: ["files", name], message: `${show(path)} ${unreadableFile(error)}` });
        }
    }
    return { files, problems };
}
