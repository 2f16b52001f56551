import { placeOf } from "./places";

/** What became of a line of an imported file, for the person who runs the import. */
export interface Note {
    /**
     * `moved`: as it was. `changed`: otherwise, and why. `decide`: something is written, and a person has to say whether that is
     * meant. `lost`: it cannot move, so that nothing is written; the words say what to write by hand.
     */
    readonly kind: "moved" | "changed" | "decide" | "lost";
    /** The file, as it was named. */
    readonly file: string;
    /** @default the whole file */
    readonly line?: number | undefined;
    /** E.g. `job "shop"`. */
    readonly what: string;
    /** What was done, or is to be done. @default nothing is to be said */
    readonly words?: string | undefined;
    /** What of the original is another one now, as the comparison calls it, e.g. `job "shop": targets`. @default nothing */
    readonly differs?: readonly string[] | undefined;
}

/** A note about a node of a file. */
export function note(kind: Note["kind"], node: unknown, what: string, words?: string, differs?: Note["differs"]): Note {
    const { file = "", line } = placeOf(node) ?? {};
    return { kind, file, line, what, words, differs };
}
