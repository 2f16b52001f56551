import * as path from "node:path";
import { built } from "../../toolchain/go";
import { baseEntries } from "../../toolchain/images/base";
import { importImage } from "../../toolchain/images/import";
import { versionOf } from "../part";
import { standardImage } from "./settings";

const version = versionOf(standardImage);

/**
 * Makes the image of Thanos, with the user of the official one.
 * Source: https://github.com/thanos-io/thanos/blob/main/Dockerfile
 */
export async function importThanos(reference: string): Promise<void> {
    const folder = await built({
        title: `Thanos ${version}`,
        duration: "2 minutes",
        name: "thanos",
        folder: path.join(__dirname, "go"),
        packages: ["github.com/thanos-io/thanos/cmd/thanos"],
        version: `github.com/prometheus/common/version.Version=${version}`,
        // Without it the program starts, and panics at its first series: https://github.com/thanos-io/thanos/blob/main/.promu.yml
        tags: "slicelabels",
    });
    await importImage(reference, {
        settings: ["USER 1001", 'ENTRYPOINT ["/bin/thanos"]'],
        entries: [...(await baseEntries()), { name: "bin/thanos", content: { file: path.join(folder, "thanos") } }],
    });
}
