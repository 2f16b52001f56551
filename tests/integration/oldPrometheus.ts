import { realpathSync } from "node:fs";
import * as path from "node:path";
import { cached, logFile } from "../../toolchain/cache";
import { refreshPackageLists } from "../../toolchain/debian";
import { importPrometheusFrom } from "../../components/prometheus/image";
import { find, logged, output } from "../../toolchain/process";

/** Why there is no older Prometheus here. @returns undefined where there is one */
export function noOldPrometheus(): string | undefined {
    return find("apt-get") && process.getuid?.() === 0
        ? undefined
        : "an older Prometheus is taken from Debian's packages";
}

/** Makes an image of Debian's Prometheus, which is a 2.x: laid out as the official image, with the libraries of this machine. */
export async function importOldPrometheus(reference: string): Promise<void> {
    const folder = await cached("prometheus-2", async (target) => {
        await refreshPackageLists();
        const script = "apt-get download -q prometheus && dpkg-deb -x prometheus_*.deb . && rm prometheus_*.deb";
        await logged(logFile("prometheus-2"), "sh", ["-c", script], { cwd: target });
    });
    const programs = path.join(folder, "usr", "bin");
    // "libc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x...)", and the loader alone
    const needed = output("ldd", [path.join(programs, "prometheus"), path.join(programs, "promtool")]);
    const libraries = new Set([...needed.matchAll(/(\/\S+) \(0x/g)].map(([, file = ""]) => file));
    await importPrometheusFrom(
        programs,
        reference,
        [...libraries].map((file) => ({ name: file.slice(1), content: { file: realpathSync(file) } })),
    );
}
