import { existsSync } from "node:fs";
import * as path from "node:path";
import { cached, logFile } from "../cache";
import { refreshPackageLists } from "../debian";
import { alertmanagerTool, built, nodeExporterTool, prometheusTool } from "../go";
import { logged, output, ToolError } from "../process";
import { step } from "../progress";
import type { Entry } from "./import";
import { importImage } from "./import";

/** User and group of the official images: nobody. */
const nobody = 65534;

/** Makes the image of Prometheus. */
export async function importPrometheus(reference: string): Promise<void> {
    await importPrometheusFrom(await built(prometheusTool), reference);
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
    const base = await baseEntries();
    await step(`Making the image ${reference}`, () =>
        importImage(reference, {
            settings: [
                `USER ${nobody}`,
                "WORKDIR /prometheus",
                "VOLUME /prometheus",
                "EXPOSE 9090",
                'ENTRYPOINT ["/bin/prometheus"]',
                'CMD ["--config.file=/etc/prometheus/prometheus.yml", "--storage.tsdb.path=/prometheus"]',
            ],
            entries: [
                ...base,
                { name: "bin/prometheus", content: { file: path.join(folder, "prometheus") } },
                { name: "bin/promtool", content: { file: path.join(folder, "promtool") } },
                ...libraries,
                { name: "etc/prometheus", content: "folder", owner: nobody },
                { name: "prometheus", content: "folder", owner: nobody },
            ],
        }),
    );
}

/**
 * Makes the image of Alertmanager, laid out as the official one.
 * Source: https://github.com/prometheus/alertmanager/blob/main/Dockerfile
 */
export async function importAlertmanager(reference: string): Promise<void> {
    const folder = await built(alertmanagerTool);
    const base = await baseEntries();
    await step(`Making the image ${reference}`, () =>
        importImage(reference, {
            settings: [
                `USER ${nobody}`,
                "WORKDIR /alertmanager",
                "VOLUME /alertmanager",
                "EXPOSE 9093",
                'ENTRYPOINT ["/bin/alertmanager"]',
                'CMD ["--config.file=/etc/alertmanager/alertmanager.yml", "--storage.path=/alertmanager"]',
            ],
            entries: [
                ...base,
                { name: "bin/alertmanager", content: { file: path.join(folder, "alertmanager") } },
                { name: "bin/amtool", content: { file: path.join(folder, "amtool") } },
                { name: "etc/alertmanager", content: "folder", owner: nobody },
                { name: "alertmanager", content: "folder", owner: nobody },
            ],
        }),
    );
}

/** Makes the image of node_exporter. Source: https://github.com/prometheus/node_exporter/blob/master/Dockerfile */
export async function importNodeExporter(reference: string): Promise<void> {
    const folder = await built(nodeExporterTool);
    const base = await baseEntries();
    await step(`Making the image ${reference}`, () =>
        importImage(reference, {
            settings: [`USER ${nobody}`, "EXPOSE 9100", 'ENTRYPOINT ["/bin/node_exporter"]'],
            entries: [...base, { name: "bin/node_exporter", content: { file: path.join(folder, "node_exporter") } }],
        }),
    );
}

/** What the official images' base has: a busybox with its applets, certificates, users. */
async function baseEntries(): Promise<Entry[]> {
    const busybox = await busyboxProgram();
    const applets = output(busybox, ["--list"]).trim().split("\n");
    const certificates = "/etc/ssl/certs/ca-certificates.crt";
    const folders = ["bin", "etc", "etc/ssl", "etc/ssl/certs", "tmp"];
    return [
        ...folders.map((name): Entry => ({ name, content: "folder", mode: name === "tmp" ? 0o1777 : 0o755 })),
        { name: "bin/busybox", content: { file: busybox } },
        ...applets
            .filter((applet) => applet !== "busybox")
            .map((applet): Entry => ({ name: `bin/${applet}`, content: { link: "busybox" } })),
        {
            name: "etc/passwd",
            content: { text: "root:x:0:0:root:/:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n" },
        },
        { name: "etc/group", content: { text: "root:x:0:\nnobody:x:65534:\n" } },
        ...(existsSync(certificates)
            ? [{ name: certificates.slice(1), content: { file: certificates }, mode: 0o644 }]
            : []),
    ];
}

/** Debian's static busybox, taken out of its package: the system itself stays as it is. */
async function busyboxProgram(): Promise<string> {
    const folder = await cached("busybox", async (target) => {
        await refreshPackageLists();
        await step("Downloading Debian's busybox-static", async () => {
            await logged(logFile("busybox"), "apt-get", ["download", "-q", "busybox-static"], { cwd: target });
            await logged(
                logFile("busybox"),
                "sh",
                ["-c", "dpkg-deb -x busybox-static_*.deb . && rm busybox-static_*.deb"],
                {
                    cwd: target,
                },
            );
        });
    });
    const program = ["bin/busybox", "usr/bin/busybox"].map((name) => path.join(folder, name)).find(existsSync);
    if (!program) {
        throw new ToolError(`Debian's busybox-static holds no busybox; delete ${folder} to try again.`);
    }
    return program;
}
