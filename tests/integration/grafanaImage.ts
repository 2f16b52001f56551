import * as path from "node:path";
import { images } from "../images";
import { importImage } from "../../toolchain/images/import";
import { debianWithPython } from "../../components/webBe/image";
import { docker, testRun } from "./checkout";

const given = process.env.METRICS_STACK_GRAFANA_IMAGE;
const double = `metrics-stack/grafana-double:it${testRun}-${process.pid}`;

/** Grafana's own image where it can be had; else a strict double of what a deployment relies on, in grafana_double/. */
export const isDouble = given === undefined && process.env.METRICS_STACK_WITHOUT_GRAFANA !== undefined;
export const grafanaImage = given ?? (isDouble ? double : images.grafana);

/** Makes the double where it is needed: a small Debian with Python, and Grafana's paths. */
export async function provideGrafana(): Promise<void> {
    if (!isDouble) {
        return;
    }
    const script = path.join(__dirname, "grafana_double", "grafana");
    await importImage(double, {
        base: await debianWithPython(),
        settings: ["USER 472", "ENV GF_PATHS_HOME=/usr/share/grafana", 'ENTRYPOINT ["/run.sh"]'],
        entries: [
            { name: "usr/bin/grafana", content: { file: script } },
            { name: "run.sh", content: { text: "#!/bin/bash -e\nexec grafana server\n" }, mode: 0o755 },
            { name: "usr/bin/wget", content: { text: wget }, mode: 0o755 },
            { name: "var/lib/grafana", content: "folder", owner: 472 },
        ],
    });
}

export function removeDouble(): void {
    if (isDouble) {
        docker("image", "rm", double);
    }
}

/** The one use that a health check makes of it. */
const wget = `#!/usr/bin/python3
import sys, urllib.request
urllib.request.urlopen(sys.argv[-1], timeout=3)
`;
