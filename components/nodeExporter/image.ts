import * as path from "node:path";
import { built } from "../../toolchain/go";
import { baseEntries, nobody } from "../../toolchain/images/base";
import { importImage } from "../../toolchain/images/import";
import { versionOf } from "../part";
import { standardImage } from "./settings";

const version = versionOf(standardImage);

/** Makes the image of node_exporter. Source: https://github.com/prometheus/node_exporter/blob/master/Dockerfile */
export async function importNodeExporter(reference: string): Promise<void> {
    const folder = await built({
        title: `node_exporter ${version}`,
        duration: "20 seconds",
        name: "node_exporter",
        folder: path.join(__dirname, "go"),
        packages: ["github.com/prometheus/node_exporter"],
        version: `github.com/prometheus/common/version.Version=${version}`,
    });
    await importImage(reference, {
        settings: [`USER ${nobody}`, "EXPOSE 9100", 'ENTRYPOINT ["/bin/node_exporter"]'],
        entries: [
            ...(await baseEntries()),
            { name: "bin/node_exporter", content: { file: path.join(folder, "node_exporter") } },
        ],
    });
}
