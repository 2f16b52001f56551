import { readdirSync, readFileSync } from "node:fs";
import * as path from "node:path";

/** The keys that a program written in Go reads from YAML: the tags of its structs. */

/** The keys of a struct, with those of what is inside of them. Null for a value without keys. */
export interface Keys {
    readonly [key: string]: Keys | null;
}

interface Field {
    readonly type: string;
    /** Absent for an embedded struct. */
    readonly key: string | undefined;
}

type Structs = ReadonlyMap<string, readonly Field[]>;

const struct = /^type (\w+) struct \{(?: *\/\/.*)?\n([^]*?)^\}/gm;
const field = /^\t(?:\w+ +)?(\S+) +`yaml:"([\w-]*)(,inline)?[^`]*`/gm;

/** The structs of a package, by their names. */
function structsOf(folder: string): Structs {
    const files = readdirSync(folder).filter((file) => file.endsWith(".go") && !file.endsWith("_test.go"));
    const text = files.map((file) => readFileSync(path.join(folder, file), "utf8")).join("\n");
    const structs = new Map(
        [...text.matchAll(struct)].map(([, name = "", body = ""]): [string, Field[]] => [
            name,
            [...body.matchAll(field)].flatMap(([, type = "", key = "", inline]) =>
                key === "-" ? [] : [{ type, key: inline === undefined ? key : undefined }],
            ),
        ]),
    );
    for (const [, alias = "", name = ""] of text.matchAll(/^type (\w+) = (\w+)$/gm)) {
        structs.set(alias, structs.get(name) ?? []);
    }
    return structs;
}

/** Reads the keys of structs, those of packages that they name included. @param packages folders by the names in the source */
export function goKeys(folder: string, packages: Readonly<Record<string, string>> = {}): (name: string) => Keys {
    const own = structsOf(folder);
    const others = Object.entries(packages).map(([name, place]) => [name, structsOf(place)] as const);
    const found = new Map(others);
    /** @param around those that it stands in: what is within itself is not read again */
    const keysOf = (structs: Structs, name: string, around: readonly string[] = []): Keys =>
        Object.fromEntries(
            (structs.get(name) ?? []).flatMap(({ type, key }): [string, Keys | null][] => {
                const [, qualifier, word = ""] = /^(?:\[\]|\*|map\[string\])*(?:(\w+)\.)?(\w+)$/.exec(type) ?? [];
                const where = qualifier === undefined ? structs : found.get(qualifier);
                const isNew = ![...around, name].includes(word);
                const inside = isNew && where?.has(word) ? keysOf(where, word, [...around, name]) : undefined;
                if (key === undefined) {
                    return Object.entries(inside ?? {});
                }
                return [[key, inside && Object.keys(inside).length > 0 ? inside : null]];
            }),
        );
    return (name) => keysOf(own, name);
}
