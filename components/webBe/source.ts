import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import * as path from "node:path";

/** The example application's folder. */
export const webBeFolder = path.join(__dirname, "..", "..", "examples", "web_be");

/** The example's image, tagged by its content: another source text is another image, so none is ever stale. */
export function webBeImage(): string {
    const hash = createHash("sha256");
    for (const file of webBeSources()) {
        hash.update(`${file}\0`)
            .update(readFileSync(path.join(webBeFolder, file)))
            .update("\0");
    }
    return `metrics-stack/web-be:${hash.digest("hex").slice(0, 12)}`;
}

/** What makes the image, relative to the application's folder: its own files, without its tests. */
function webBeSources(): string[] {
    const modules = readdirSync(path.join(webBeFolder, "web_be")).filter((file) => file.endsWith(".py"));
    return ["Dockerfile", "requirements.txt", ...modules.sort().map((file) => `web_be/${file}`)];
}
