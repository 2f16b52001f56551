/** Where something stood in an imported file. */
export interface Place {
    /** The file, as it was given or found. */
    readonly file: string;
    readonly line: number;
}

const places = new WeakMap<object, Place>();

/** The nodes of a file are moved, and still know where they come from. */
export const remember = (node: object, place: Place) => places.set(node, place);

/** @returns undefined for what was in no file */
export const placeOf = (node: unknown): Place | undefined =>
    typeof node === "object" && node !== null ? places.get(node) : undefined;
