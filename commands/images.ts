import { imageOf } from "../components/planned";
import type { Part } from "../components/part";
import { parts } from "../components/parts";
import { readLeniently } from "../config/schema/lenient";
import type { CommonKeys } from "../config/schema/part";
import { isOn, leftOut } from "../config/schema/part";
import type { ImageSource } from "../toolchain/images/provide";
import { hasImage, provideImage } from "../toolchain/images/provide";
import type { Mode } from "../toolchain/mode";
import { ToolError } from "../toolchain/process";
import { readConfig } from "./stackFileCopy";

/** A part that a stack file turns on. */
export interface DeclaredPart {
    readonly part: Part;
    readonly declared: CommonKeys;
    readonly image: ImageSource;
}

/** The parts that a stack file turns on, as far as it can be read without Pulumi. */
export function declaredParts(stackFile: string): DeclaredPart[] {
    const config = readConfig(stackFile);
    const registry = config["metrics-stack:imageRegistry"];
    return parts
        .map((part) => {
            const { value } = readLeniently(part.settings, config[`metrics-stack:${part.key}`]);
            const declared = (value ?? {}) as CommonKeys;
            return { part, declared, image: imageSource(part, declared, registry) };
        })
        .filter(({ declared }) => isOn(declared));
}

/** Where a part's image comes from. */
export function imageSource(part: Part, declared: CommonKeys, registry: unknown): ImageSource {
    const { standard, builtFrom, fromPackages } = part.image;
    const name = declared.image ?? standard;
    return {
        name,
        reference: imageOf(part, declared, typeof registry === "string" ? registry : undefined),
        ...(builtFrom !== undefined && { builtFrom }),
        // Only what runs by default is known how to be made.
        ...(fromPackages && name === standard && { fromPackages }),
    };
}

/**
 * Sees to it that the Docker engine has the images of a stack.
 * @returns environment variables that tell the program what to do without
 */
export async function provideImages(stackFile: string, mode: Mode): Promise<Record<string, string>> {
    const missing: Record<string, string> = {};
    for (const { part, image } of declaredParts(stackFile)) {
        try {
            await provideImage(image, mode);
        } catch (error) {
            if (part.image.fromPackages || mode === "official" || !(error instanceof ToolError)) {
                throw error;
            }
            missing[leftOut(part)] = `its image ${image.reference} cannot be pulled here.`;
        }
    }
    return missing;
}

/** The parts that a stack is without though they are on, for who looks and pulls nothing. */
export function missingParts(stackFile: string, mode: Mode): { part: Part; reason: string }[] {
    return declaredParts(stackFile)
        .filter(({ part, image }) => !part.image.fromPackages && mode !== "official" && !hasImage(image.reference))
        .map(({ part, image }) => ({ part, reason: `its image ${image.reference} is not on the Docker host.` }));
}
