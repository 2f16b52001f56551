import { pulledFrom } from "../../config/schema/imageRegistry";
import { images } from "../../config/images";
import { webBeFolder, webBeImage } from "../../components/webBe/source";
import { logFile } from "../cache";
import type { Mode } from "../mode";
import { provide } from "../mode";
import { logged, output, succeeds, ToolError } from "../process";
import { say, step } from "../progress";
import { readConfig } from "../state";
import { importAlertmanager, importNodeExporter, importPrometheus } from "./exporters";
import { importWebBe } from "../../components/webBe/image";

/** How the images that the program uses by default are made where none can be pulled. */
const fromPackages: Readonly<Record<string, (reference: string) => Promise<void>>> = {
    [images.prometheus]: importPrometheus,
    [images.alertmanager]: importAlertmanager,
    [images.nodeExporter]: importNodeExporter,
};

/** What a stack file says of the parts with an image. */
type Part = { enabled?: boolean; image?: string } | undefined;

/** What a stack file says of images. */
function declared(stackFile: string): { part: (key: string) => Part; registry: string | undefined } {
    const config = readConfig(stackFile);
    const registry = config["metrics-stack:imageRegistry"];
    return {
        part: (key) => config[`metrics-stack:${key}`] as Part,
        registry: typeof registry === "string" ? registry : undefined,
    };
}

/**
 * Sees to it that the Docker engine has the images of a stack.
 * @returns environment variables that tell the program what to do without
 */
export async function provideImages(stackFile: string, mode: Mode): Promise<Record<string, string>> {
    const { part, registry } = declared(stackFile);
    await provideImage(part("prometheus")?.image ?? images.prometheus, mode, registry);
    if (part("nodeExporter")?.enabled !== false) {
        await provideImage(part("nodeExporter")?.image ?? images.nodeExporter, mode, registry);
    }
    if (part("alertmanager")?.enabled === true) {
        await provideImage(part("alertmanager")?.image ?? images.alertmanager, mode, registry);
    }
    if (part("webBe")?.enabled === true) {
        await provideWebBe(mode);
    }
    if (part("grafana")?.enabled === false) {
        return {};
    }
    const grafana = part("grafana")?.image ?? images.grafana;
    try {
        await provideImage(grafana, mode, registry);
        return {};
    } catch (error) {
        if (mode === "official" || !(error instanceof ToolError)) {
            throw error;
        }
        return { METRICS_STACK_WITHOUT_GRAFANA: `its image ${pulledFrom(registry, grafana)} cannot be pulled here.` };
    }
}

/** Why a stack has no Grafana though it is declared, for who looks and pulls nothing. @returns undefined where it has one */
export function missingGrafana(stackFile: string, mode: Mode): string | undefined {
    const { part, registry } = declared(stackFile);
    const grafana = part("grafana");
    const image = pulledFrom(registry, grafana?.image ?? images.grafana);
    const isLeftOut = grafana?.enabled !== false && mode !== "official" && !has(image);
    return isLeftOut ? `its image ${image} is not on the Docker host.` : undefined;
}

/**
 * Sees to it that the Docker engine has an image, one of the defaults where none can be pulled.
 * @param image as it is declared
 * @param registry the stack's own, see config/imageRegistry.ts
 */
export async function provideImage(image: string, mode: Mode, registry?: string): Promise<void> {
    const reference = pulledFrom(registry, image);
    if (!has(reference)) {
        await provide(mode, {
            official: () => pull(reference, registry !== undefined),
            packages: async () => {
                const make = fromPackages[image];
                if (!make) {
                    throw new ToolError(`The image ${reference} cannot be pulled, and cannot be made from packages.`);
                }
                if (reference !== image && has(image)) {
                    output("docker", ["tag", image, reference]);
                } else {
                    await make(reference);
                }
            },
        });
    }
}

async function pull(reference: string, fromOwnRegistry: boolean): Promise<void> {
    try {
        await step(`Pulling ${reference}`, () => logged(logFile("images"), "docker", ["pull", "--quiet", reference]));
    } catch (error) {
        if (fromOwnRegistry) {
            // Who declares a registry expects it to answer: what comes from packages instead must not hide why it did not.
            say((error as Error).message);
        }
        throw error;
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
