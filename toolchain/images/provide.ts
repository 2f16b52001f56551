import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { images } from "../../config/images";
import { webBeFolder, webBeImage } from "../../config/webBeImage";
import { logFile } from "../cache";
import type { Mode } from "../mode";
import { provide } from "../mode";
import { logged, succeeds, ToolError } from "../process";
import { step } from "../progress";
import { importAlertmanager, importNodeExporter, importPrometheus } from "./exporters";
import { importWebBe } from "./webBe";

/** How the images that the program uses by default are made where none can be pulled. */
const fromPackages: Readonly<Record<string, (reference: string) => Promise<void>>> = {
    [images.prometheus]: importPrometheus,
    [images.alertmanager]: importAlertmanager,
    [images.nodeExporter]: importNodeExporter,
};

/** What a stack file says of the parts with an image. */
type Part = { enabled?: boolean; image?: string } | undefined;

function partsOf(stackFile: string): (key: string) => Part {
    const { config = {} } = (parse(readFileSync(stackFile, "utf8")) ?? {}) as { config?: Record<string, Part> };
    return (key) => config[`metrics-stack:${key}`];
}

/**
 * Sees to it that the Docker engine has the images of a stack.
 * @returns environment variables that tell the program what to do without
 */
export async function provideImages(stackFile: string, mode: Mode): Promise<Record<string, string>> {
    const part = partsOf(stackFile);
    await provideImage(part("prometheus")?.image ?? images.prometheus, mode);
    if (part("nodeExporter")?.enabled !== false) {
        await provideImage(part("nodeExporter")?.image ?? images.nodeExporter, mode);
    }
    if (part("alertmanager")?.enabled === true) {
        await provideImage(part("alertmanager")?.image ?? images.alertmanager, mode);
    }
    if (part("webBe")?.enabled === true) {
        await provideWebBe(mode);
    }
    if (part("grafana")?.enabled === false) {
        return {};
    }
    const grafana = part("grafana")?.image ?? images.grafana;
    try {
        await provideImage(grafana, mode);
        return {};
    } catch (error) {
        if (mode === "official" || !(error instanceof ToolError)) {
            throw error;
        }
        return { METRICS_STACK_WITHOUT_GRAFANA: `its image ${grafana} cannot be pulled here.` };
    }
}

/** Why a stack has no Grafana though it is declared, for who looks and pulls nothing. @returns undefined where it has one */
export function missingGrafana(stackFile: string, mode: Mode): string | undefined {
    const grafana = partsOf(stackFile)("grafana");
    const image = grafana?.image ?? images.grafana;
    const isLeftOut = grafana?.enabled !== false && mode !== "official" && !has(image);
    return isLeftOut ? `its image ${image} is not on the Docker host.` : undefined;
}

/** Sees to it that the Docker engine has an image, one of the defaults where none can be pulled. */
export async function provideImage(reference: string, mode: Mode): Promise<void> {
    if (!has(reference)) {
        await provide(mode, {
            official: () =>
                step(`Pulling ${reference}`, () => logged(logFile("images"), "docker", ["pull", "--quiet", reference])),
            packages: async () => {
                const make = fromPackages[reference];
                if (!make) {
                    throw new ToolError(`The image ${reference} cannot be pulled, and cannot be made from packages.`);
                }
                await make(reference);
            },
        });
    }
}

/** The example application's image. Plain `pulumi up` builds it too; here its base image may be out of reach. */
async function provideWebBe(mode: Mode): Promise<void> {
    const reference = webBeImage();
    if (!has(reference)) {
        await provide(mode, {
            official: () =>
                step(`Building the image of examples/web_be`, () =>
                    logged(logFile("web_be"), "docker", ["build", "--quiet", "--tag", reference, webBeFolder]),
                ),
            packages: () => importWebBe(reference),
        });
    }
}

const has = (reference: string) => succeeds("docker", ["image", "inspect", reference]);
