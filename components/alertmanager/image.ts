import * as path from "node:path";
import { built } from "../../toolchain/go";
import { baseEntries, nobody } from "../../toolchain/images/base";
import { importImage } from "../../toolchain/images/import";
import { versionOf } from "../part";
import { standardImage } from "./settings";

const version = versionOf(standardImage);

/**
 * Makes the image of Alertmanager, laid out as the official one.
 * Source: https://github.com/prometheus/alertmanager/blob/main/Dockerfile
 */
export async function importAlertmanager(reference: string): Promise<void> {
    const folder = await built({
        title: `Alertmanager ${version}`,
        duration: "2 minutes",
        name: "alertmanager",
        folder: path.join(__dirname, "go"),
        packages: ["./cmd/alertmanager", "./cmd/amtool"],
        version: `github.com/prometheus/common/version.Version=${version}`,
        // With the time zones in it, which the image has no files of. Source: https://pkg.go.dev/time/tzdata
        tags: "timetzdata",
        incomplete: { name: "github.com/prometheus/alertmanager", lacks: "ui/app/dist" },
    });
    await importImage(reference, {
        settings: [
            `USER ${nobody}`,
            "WORKDIR /alertmanager",
            "VOLUME /alertmanager",
            "EXPOSE 9093",
            'ENTRYPOINT ["/bin/alertmanager"]',
            'CMD ["--config.file=/etc/alertmanager/alertmanager.yml", "--storage.path=/alertmanager"]',
        ],
        entries: [
            ...(await baseEntries()),
            { name: "bin/alertmanager", content: { file: path.join(folder, "alertmanager") } },
            { name: "bin/amtool", content: { file: path.join(folder, "amtool") } },
            { name: "etc/alertmanager", content: "folder", owner: nobody },
            { name: "alertmanager", content: "folder", owner: nobody },
        ],
    });
}
