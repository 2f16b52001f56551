import type { Diff, Properties } from "../../toolchain/plugins/shared/provider";

/** The inputs with a recorded change: null removes one. */
export function changed(base: Properties, change: object): Properties {
    return Object.fromEntries(Object.entries({ ...base, ...change }).filter(([, value]) => value !== null));
}

/** What the engine would do with a resource. */
export function kindOfChange({ differences }: Diff): "none" | "update" | "replace" {
    const all = Object.values(differences);
    return all.length === 0 ? "none" : all.some(({ replace }) => replace) ? "replace" : "update";
}
