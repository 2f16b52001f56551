import { existsSync } from "node:fs";
import * as path from "node:path";
import { cached, logFile } from "../cache";
import { refreshPackageLists } from "../debian";
import { logged, output, ToolError } from "../process";
import { step } from "../progress";
import type { Entry } from "./import";

/** User and group of the official images of Prometheus' programs. */
export const nobody = 65534;

/** What the official images' base has: a busybox with its applets, certificates, users. */
export async function baseEntries(): Promise<Entry[]> {
    const busybox = await busyboxProgram();
    const applets = output(busybox, ["--list"]).trim().split("\n");
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
        ...certificateEntries(),
    ];
}

/** The certificates of this machine's authorities, in a folder that is there already. */
export function certificateEntries(): Entry[] {
    const certificates = "/etc/ssl/certs/ca-certificates.crt";
    return existsSync(certificates)
        ? [{ name: certificates.slice(1), content: { file: certificates }, mode: 0o644 }]
        : [];
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
