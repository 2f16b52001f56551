import type { DeclaredPart, LenientDeclaration } from "../schema/part";
import { commonKeys, pathOf, placeOf } from "../schema/part";
import type { Problem } from "../schema/problems";
import { show } from "../schema/problems";

/**
 * Two programs in one volume would take each other's files for their own.
 * @param parts those that are on
 */
export function sharedVolumes(declared: LenientDeclaration, parts: readonly DeclaredPart[]): Problem[] {
    const owners = new Map<string, string>();
    return parts.flatMap((part) => {
        const { dataVolume } = commonKeys(declared, part);
        const owner = dataVolume === undefined ? undefined : owners.get(dataVolume);
        if (dataVolume === undefined || owner === undefined) {
            owners.set(dataVolume ?? "", placeOf(part));
            return [];
        }
        const message = `${show(dataVolume)} is already the dataVolume of ${owner}; write another one`;
        return [{ path: [...pathOf(part), "dataVolume"], message }];
    });
}
