import * as path from "node:path";
import { built } from "../../toolchain/go";
import { baseEntries, nobody } from "../../toolchain/images/base";
import { importImage } from "../../toolchain/images/import";
import { versionOf } from "../part";
import { standardImage } from "./settings";

const version = versionOf(standardImage);

/** Makes the image of blackbox_exporter. Source: https://github.com/prometheus/blackbox_exporter/blob/master/Dockerfile */
export async function importBlackboxExporter(reference: string): Promise<void> {
    const folder = await built({
        title: `blackbox_exporter ${version}`,
        duration: "1 minute",
        name: "blackbox_exporter",
        folder: path.join(__dirname, "go"),
        packages: ["github.com/prometheus/blackbox_exporter"],
        version: `github.com/prometheus/common/version.Version=${version}`,
    });
    await importImage(reference, {
        settings: [`USER ${nobody}`, "EXPOSE 9115", 'ENTRYPOINT ["/bin/blackbox_exporter"]'],
        entries: [
            ...(await baseEntries()),
            { name: "bin/blackbox_exporter", content: { file: path.join(folder, "blackbox_exporter") } },
            { name: "etc/blackbox_exporter", content: "folder", owner: nobody },
        ],
    });
}
