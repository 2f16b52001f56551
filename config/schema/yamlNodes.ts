import type { Document } from "yaml";
import { isAlias, isMap, isSeq } from "yaml";

/** The deepest node on the way along a path that is there, a key where it is one. @param from where the path begins */
export function nodeAt(
    document: Document,
    from: { found: unknown; inside: unknown },
    path: readonly PropertyKey[],
): unknown {
    let { found, inside } = from;
    for (const step of path) {
        const resolved = isAlias(inside) ? inside.resolve(document) : inside;
        if (isSeq(resolved)) {
            inside = found = resolved.items[Number(step)] ?? found;
        } else if (isMap(resolved)) {
            const next = resolved.items.find(({ key }) => String(key) === String(step));
            [found, inside] = [next?.key ?? found, next?.value];
        } else {
            break;
        }
    }
    return found;
}
