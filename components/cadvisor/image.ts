import * as path from "node:path";
import { built } from "../../toolchain/go";
import { baseEntries } from "../../toolchain/images/base";
import { importImage } from "../../toolchain/images/import";
import { versionOf } from "../part";
import { standardImage } from "./settings";

const version = versionOf(standardImage);

/**
 * Makes an image of cAdvisor's library, with what collects metrics and without the web UI.
 * Source: https://github.com/google/cadvisor/blob/master/deploy/Dockerfile
 */
export async function importCadvisor(reference: string): Promise<void> {
    const folder = await built({
        title: `cAdvisor ${version}`,
        duration: "2 minutes",
        name: "cadvisor",
        folder: path.join(__dirname, "go"),
        packages: ["."],
        version: `github.com/google/cadvisor/lib/version.Version=${version}`,
    });
    await importImage(reference, {
        settings: ["EXPOSE 8080", 'ENTRYPOINT ["/usr/bin/cadvisor"]'],
        entries: [
            ...(await baseEntries()),
            { name: "usr", content: "folder" },
            { name: "usr/bin", content: "folder" },
            { name: "usr/bin/cadvisor", content: { file: path.join(folder, "cadvisor") } },
        ],
    });
}
