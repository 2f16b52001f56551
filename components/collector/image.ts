import * as path from "node:path";
import { built } from "../../toolchain/go";
import { certificateEntries } from "../../toolchain/images/base";
import type { Entry } from "../../toolchain/images/import";
import { importImage } from "../../toolchain/images/import";
import { versionOf } from "../part";
import { standardImage } from "./settings";

/**
 * Makes an image of the collector with what this project configures of it, and with nothing else, as the official one.
 * Source: https://github.com/open-telemetry/opentelemetry-collector-releases/blob/main/distributions/otelcol-contrib/Dockerfile
 */
export async function importCollector(reference: string): Promise<void> {
    const folder = await built({
        title: `the OpenTelemetry Collector ${versionOf(standardImage)}`,
        duration: "4 minutes",
        name: "collector",
        folder: path.join(__dirname, "go"),
        packages: ["."],
    });
    await importImage(reference, {
        settings: ["USER 10001:10001", "EXPOSE 4317", 'ENTRYPOINT ["/otelcol-contrib"]'],
        entries: [
            ...["etc", "etc/ssl", "etc/ssl/certs"].map((name): Entry => ({ name, content: "folder", mode: 0o755 })),
            ...certificateEntries(),
            { name: "otelcol-contrib", content: { file: path.join(folder, "collector") } },
        ],
    });
}
