import { isMap } from "yaml";
import type { Source } from "./source";
import { keyOf, mapsIn } from "./source";

/** What a YAML file is to whom, told by what it holds: people call their files as they like. */
export type Kind = "prometheus" | "rules" | "ruleTests" | "targets" | "alertmanager" | "compose";

/** In their order: the first one that has one of its keys, and none that another program's file has beside it. */
const kinds: readonly { readonly kind: Kind; readonly keys: readonly string[] }[] = [
    { kind: "compose", keys: ["services"] },
    { kind: "alertmanager", keys: ["route", "receivers"] },
    { kind: "ruleTests", keys: ["tests"] },
    { kind: "rules", keys: ["groups"] },
    {
        kind: "prometheus",
        keys: ["scrape_configs", "scrape_config_files", "alerting", "rule_files", "remote_write", "global"],
    },
];

/** @returns undefined for a file of none of them */
export function kindOf({ root }: Source): Kind | undefined {
    const keys = isMap(root) ? root.items.map(keyOf) : [];
    const isList = mapsIn(root).some((group) => group.has("targets"));
    return isList ? "targets" : kinds.find(({ keys: own }) => own.some((key) => keys.includes(key)))?.kind;
}
