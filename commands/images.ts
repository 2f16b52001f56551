import { configVolumeName, dataVolumeName, dockerName } from "../components/dockerName";
import { imageOf } from "../components/planned";
import type { Part } from "../components/part";
import { declarable } from "../components/parts";
import { readLeniently } from "../config/schema/lenient";
import type { CommonKeys } from "../config/schema/part";
import { commonKeys, isOn, leftOut, partsOf } from "../config/schema/part";
import { dockerSync } from "../toolchain/docker";
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
    const settings = Object.fromEntries(
        declarable.map(({ key, settings: schema }) => [key, readLeniently(schema, config[key]).value]),
    );
    return partsOf(declarable, settings)
        .filter((part) => isOn({ ...config, ...settings }, part))
        .map((part) => {
            const declared = commonKeys(settings, part);
            return { part, declared, image: imageSource(part, declared, config.imageRegistry) };
        });
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
 * @param stack its name, e.g. "dev"
 * @returns environment variables that tell the program what to do without
 * @throws ToolError where one cannot be had that the stack needs, before anything is changed
 */
export async function provideImages(
    stack: string,
    stackFile: string,
    mode: Mode,
): Promise<Readonly<Record<string, string>>> {
    const missing = await optionalImages(stackFile, mode);
    missing.forEach((each) => refuseDeployed(stack, each));
    return withoutParts(missing);
}

/** Environment variables that tell the program what to do without, and why. */
export const withoutParts = (missing: readonly DeclaredPart[]): Readonly<Record<string, string>> =>
    Object.fromEntries(
        missing.map(({ part, image }) => [leftOut(part), `its image ${image.reference} cannot be pulled here.`]),
    );

/** A part whose image cannot be had. */
interface Missing extends DeclaredPart {
    readonly error: ToolError;
}

/**
 * Has the Docker engine pull or make the images of a stack.
 * @returns the parts without which a stack comes up that have none
 * @throws ToolError where any other has none
 */
export async function optionalImages(stackFile: string, mode: Mode): Promise<Missing[]> {
    const missing: Missing[] = [];
    for (const declared of declaredParts(stackFile)) {
        try {
            await provideImage(declared.image, mode);
        } catch (error) {
            if (!(error instanceof ToolError) || !isOptional(declared.part, mode)) {
                throw error;
            }
            missing.push({ ...declared, error });
        }
    }
    return missing;
}

/** The parts that a stack is without though they are on, for who looks and pulls nothing. */
export function missingParts(stack: string, stackFile: string, mode: Mode): { part: Part; reason: string }[] {
    return declaredParts(stackFile)
        .filter(({ part, image }) => isOptional(part, mode) && !hasImage(image.reference))
        .filter(({ part }) => thereOf(stack, part).length === 0)
        .map(({ part, image }) => ({ part, reason: `its image ${image.reference} is not on the Docker host.` }));
}

/** Whether a stack comes up without the part where its image cannot be had. What is in a list was declared by name. */
const isOptional = ({ image, path }: Part, mode: Mode) => !image.fromPackages && mode !== "official" && !path;

/** Left out of the program, what was deployed of a part would be deleted, with all that it holds. */
function refuseDeployed(stack: string, { part, image, error }: Missing): void {
    const there = thereOf(stack, part);
    if (there.length > 0) {
        throw new ToolError(
            `${error.message}\nNothing was changed: ${part.title} was deployed before (${there.join(", ")}), and cannot be ` +
                `left out. Bring ${image.reference} with docker load, name another image in ` +
                `metrics-stack:${part.key}.image, or turn ${part.title} off: metrics-stack:${part.key}.enabled: false.`,
        );
    }
}

/** What there is of a part on the Docker host: its container, running or not, and its volumes. */
function thereOf(stack: string, part: Part): string[] {
    const listed = (...list: string[]) => dockerSync(list).split("\n");
    const own = [dockerName(stack, part.role), configVolumeName(stack, part), dataVolumeName(stack, part)];
    return [
        ...listed("ps", "--all", "--format", "{{.Names}}"),
        ...listed("volume", "ls", "--format", "{{.Name}}"),
    ].filter((name) => own.includes(name));
}
