import type { Pair } from "yaml";
import { isMap, isSeq, YAMLMap } from "yaml";
import type { Note } from "./notes";
import { keyOf } from "./source";

/** What a file becomes. */
export interface Converted {
    /** Keys of the stack file without their prefix, e.g. `scrapeJobs`: the file's own nodes, with their comments. */
    readonly declaration: YAMLMap;
    /** Texts of files that the declaration names, by their paths from the project's folder. */
    readonly files: Readonly<Record<string, string>>;
    readonly notes: readonly Note[];
}

/** What a converter may ask about what stands beside its file. */
export interface Beside {
    /** The stack that is imported. */
    readonly stack: string;
    /**
     * The files that a path or a pattern in the configuration stands for, as far as they are at hand: relative ones from the
     * configuration's folder, others by what is mounted there, or by their names.
     */
    readonly find: (name: string) => readonly FoundFile[];
    /** The part of the stack that takes the place of what answers at host:port, e.g. "nodeExporter". */
    readonly partAt: (address: string) => string | undefined;
}

export interface FoundFile {
    readonly file: string;
    readonly text: string;
}

/** A declaration with further keys. */
export function add(declaration: YAMLMap, pairs: readonly Pair[]): void {
    const further = new YAMLMap();
    further.items = [...pairs];
    merged(declaration, further);
}

/** Two declarations in one: what both have is merged, and of single values the first one stays. */
export function merged(first: YAMLMap, second: YAMLMap): YAMLMap {
    for (const pair of second.items) {
        const twin = first.items.find((each) => keyOf(each) === keyOf(pair));
        if (twin === undefined) {
            first.items.push(pair);
        } else if (isMap(twin.value) && isMap(pair.value)) {
            merged(twin.value, pair.value);
        } else if (isSeq(twin.value) && isSeq(pair.value)) {
            twin.value.items.push(...pair.value.items);
        }
    }
    return first;
}
