import * as path from "node:path";
import { project } from "../checkout";
import { logFile } from "../cache";
import type { Mode } from "../mode";
import { provide } from "../mode";
import { logged, output, succeeds, ToolError } from "../process";
import { say, step } from "../progress";

/** An image, and where it comes from. */
export interface ImageSource {
    /** As it is declared, e.g. "prom/prometheus:v3.13.5". */
    readonly name: string;
    /** As it is pulled: the name, or the name below a registry of the user's own. */
    readonly reference: string;
    /** Makes it where it cannot be pulled. @default it cannot be made */
    fromPackages?(reference: string): Promise<void>;
    /** The folder with its Dockerfile, for one that is in no registry. @default it is pulled */
    readonly builtFrom?: string;
}

/** Sees to it that the Docker engine has an image. */
export async function provideImage(image: ImageSource, mode: Mode): Promise<void> {
    if (!hasImage(image.reference)) {
        await provide(mode, { official: () => official(image), packages: () => fromPackages(image) });
    }
}

export const hasImage = (reference: string) => succeeds("docker", ["image", "inspect", reference]);

function official({ name, reference, builtFrom }: ImageSource): Promise<void> {
    if (builtFrom === undefined) {
        return pull(reference, reference !== name);
    }
    return step(`Building the image of ${path.relative(project, builtFrom)}`, () =>
        logged(logFile(path.basename(builtFrom)), "docker", ["build", "--quiet", "--tag", reference, builtFrom]),
    );
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

async function fromPackages(image: ImageSource): Promise<void> {
    const { name, reference } = image;
    if (!image.fromPackages) {
        throw new ToolError(`The image ${reference} cannot be pulled, and cannot be made from packages.`);
    }
    if (reference !== name && hasImage(name)) {
        output("docker", ["tag", name, reference]);
    } else {
        await image.fromPackages(reference);
    }
}
