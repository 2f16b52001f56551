import * as path from "node:path";
import { built } from "../../toolchain/go";
import { baseEntries, nobody } from "../../toolchain/images/base";
import type { Entry } from "../../toolchain/images/import";
import { importImage } from "../../toolchain/images/import";
import { versionOf } from "../part";
import { standardImage } from "./settings";

const version = versionOf(standardImage);

/** Makes the image of Prometheus. */
export async function importPrometheus(reference: string): Promise<void> {
    const folder = await built({
        title: `Prometheus ${version}`,
        duration: "5 minutes",
        name: "prometheus",
        folder: path.join(__dirname, "go"),
        packages: ["github.com/prometheus/prometheus/cmd/prometheus", "github.com/prometheus/prometheus/cmd/promtool"],
        version: `github.com/prometheus/common/version.Version=${version}`,
    });
    await importPrometheusFrom(folder, reference);
}

/**
 * Makes an image of a Prometheus, laid out as the official one.
 * Source: https://github.com/prometheus/prometheus/blob/main/Dockerfile
 * @param folder where its programs are
 * @param libraries what they need beside themselves
 */
export async function importPrometheusFrom(
    folder: string,
    reference: string,
    libraries: readonly Entry[] = [],
): Promise<void> {
    await importImage(reference, {
        settings: [
            `USER ${nobody}`,
            "WORKDIR /prometheus",
            "VOLUME /prometheus",
            "EXPOSE 9090",
            'ENTRYPOINT ["/bin/prometheus"]',
            'CMD ["--config.file=/etc/prometheus/prometheus.yml", "--storage.tsdb.path=/prometheus"]',
        ],
        entries: [
            ...(await baseEntries()),
            { name: "bin/prometheus", content: { file: path.join(folder, "prometheus") } },
            { name: "bin/promtool", content: { file: path.join(folder, "promtool") } },
            ...libraries,
            { name: "etc/prometheus", content: "folder", owner: nobody },
            { name: "prometheus", content: "folder", owner: nobody },
        ],
    });
}
