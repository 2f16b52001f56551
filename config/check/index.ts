import { checkReceivers } from "../../components/alertmanager/settings";
import type { Problem } from "../schema/problems";
import type { Surroundings } from "../stackConfig";
import { jobMistakes } from "./jobs";
import { unknownNames } from "./names";
import { networkMistakes } from "./network";
import { readLeniently } from "./read";
import { plainSecrets } from "./secrets";
import { sharedVolume } from "./volumes";

/**
 * The mistakes that only show when several keys are seen together.
 * @param settings what zod made of the declaration, also where it refused single keys
 */
export function crossCheck(settings: unknown, surroundings: Surroundings): Problem[] {
    const read = readLeniently(settings);
    return [
        ...jobMistakes(read),
        ...unknownNames(read),
        ...networkMistakes(read),
        ...sharedVolume(read),
        ...checkReceivers(settings),
        ...plainSecrets(settings, surroundings),
    ];
}
