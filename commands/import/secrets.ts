import type { Node, Pair } from "yaml";
import { isMap, isSeq, Pair as YamlPair, Scalar, YAMLMap } from "yaml";
import { keyOf } from "./source";

/** Secrets never stand in a stack file as they are: something stands for each, and at the end is a command that stores it. */

/** A secret that was in a file, or in one that it names. */
interface Origin {
    /** Where its value was. */
    readonly node: unknown;
    /** The file that holds it, as the configuration names it. @default the value stood in the configuration */
    readonly namedFile?: string | undefined;
}

const origins = new WeakMap<object, Origin>();

/** What stands in a declaration for a secret: as Pulumi writes one that is encrypted. */
export function hidden(node: unknown, namedFile?: string): YAMLMap {
    const map = new YAMLMap();
    map.flow = true;
    map.add(new YamlPair(new Scalar("secure"), new Scalar("to be stored")));
    origins.set(map, { node, namedFile });
    return map;
}

/** A secret that has to be stored. */
export interface ToStore extends Origin {
    /** Its place in the declaration, e.g. ["scrapeJobs", 0, "basicAuth", "password"]. */
    readonly path: readonly (string | number)[];
}

/** The secrets of a declaration, which are taken out of it. */
export function takeSecrets(node: unknown, path: ToStore["path"] = []): ToStore[] {
    if (isMap(node)) {
        const inside = node.items.flatMap((pair) => secretsAt(pair.value, [...path, keyOf(pair)]));
        node.items = node.items.filter(({ value }: Pair) => !isHidden(value));
        return inside;
    }
    if (isSeq(node)) {
        const inside = node.items.flatMap((item, i) => secretsAt(item, [...path, i]));
        node.items = node.items.filter((item) => !isHidden(item));
        return inside;
    }
    return [];
}

const isHidden = (node: unknown) => origins.has(node as Node);

function secretsAt(node: unknown, path: ToStore["path"]): ToStore[] {
    const origin = typeof node === "object" && node !== null ? origins.get(node) : undefined;
    return origin ? [{ ...origin, path }] : takeSecrets(node, path);
}
