import type { Problem } from "./schema/problems";

/** A value that was put together from several files, and where each piece of it stands. */
export interface Merged {
    readonly value: unknown;
    /** The file, where it is not the stack file. */
    readonly file?: string;
    readonly path: Problem["path"];
    /** The pieces of an object or a list that is of more than one file. @default all of it stands together */
    readonly pieces?: ReadonlyMap<PropertyKey, Merged>;
}

/** A value of one file. */
export const single = (value: unknown, file?: string, path: Problem["path"] = []): Merged => ({
    value,
    ...(file !== undefined && { file }),
    path,
});

/**
 * Objects are put together key by key, lists are joined, the stronger one's entries first, and of anything else the stronger counts.
 * Entries of a list that have the same name are one.
 */
export function merged(strong: Merged, weak: Merged): Merged {
    if (Array.isArray(strong.value) && Array.isArray(weak.value)) {
        return joined(strong, weak);
    }
    if (isObject(strong.value) && isObject(weak.value)) {
        const own = piecesOf(strong);
        const pieces = new Map(own);
        for (const [key, piece] of piecesOf(weak)) {
            const stronger = own.get(key);
            pieces.set(key, stronger ? merged(stronger, piece) : piece);
        }
        const value = Object.fromEntries([...pieces].map(([key, piece]) => [key, piece.value]));
        return { ...strong, value, pieces };
    }
    return strong;
}

function joined(strong: Merged, weak: Merged): Merged {
    const items = [...piecesOf(strong).values()];
    const places = new Map(items.map(({ value }, i) => [identity(value), i] as const).reverse());
    places.delete(undefined);
    for (const piece of piecesOf(weak).values()) {
        const place = places.get(identity(piece.value));
        const same = place === undefined ? undefined : items[place];
        if (place === undefined || same === undefined) {
            items.push(piece);
        } else {
            items[place] = merged(same, piece);
        }
    }
    return { ...strong, value: items.map(({ value }) => value), pieces: new Map(items.entries()) };
}

const names = ["jobName", "name", "instance", "target"];

/** What makes an entry of a list the same as another one: its name, or all of it. @returns undefined where there is none */
function identity(value: unknown): unknown {
    if (!isObject(value)) {
        return Array.isArray(value) ? undefined : value;
    }
    const name = names.find((each) => typeof value[each] === "string");
    return name === undefined ? undefined : `${name}: ${String(value[name])}`;
}

function piecesOf({ value, file, path, pieces }: Merged): ReadonlyMap<PropertyKey, Merged> {
    if (pieces) {
        return pieces;
    }
    const entries: (readonly [PropertyKey, unknown])[] = Array.isArray(value)
        ? [...value.entries()]
        : Object.entries(value as object);
    return new Map(entries.map(([key, item]) => [key, single(item, file, [...path, key])]));
}

/** Where a place of the whole stands: that of the nearest thing that is there. */
export function placeIn(whole: Merged, [...path]: Problem["path"]): Pick<Merged, "file" | "path"> {
    let place = whole;
    for (let piece = place.pieces?.get(path[0] ?? ""); piece; piece = place.pieces?.get(path[0] ?? "")) {
        path.shift();
        place = piece;
    }
    return { ...(place.file !== undefined && { file: place.file }), path: [...place.path, ...path] };
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
    typeof value === "object" && value !== null && !Array.isArray(value);
