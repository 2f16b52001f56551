import { createHash } from "node:crypto";
import { stringify } from "yaml";
import type { Files } from "../config/render/files";

/** The files of a configuration volume, as they are handed over. */
export interface Release {
    /** Follows from the files, e.g. "3f1c26a90bd1". */
    readonly name: string;
    /** A YAML mapping of relative path to content. */
    readonly text: string;
}

const known = new WeakMap<Files, Release>();

/** The release that files are. */
export function releaseOf(files: Files): Release {
    const release = known.get(files) ?? made(files);
    known.set(files, release);
    return release;
}

function made(files: Files): Release {
    const text = stringify(files, { lineWidth: 0, sortMapEntries: true });
    return { name: createHash("sha256").update(text).digest("hex").slice(0, 12), text };
}
