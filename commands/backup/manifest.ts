/** The first file of a backup: what the others are. */
export interface Manifest {
    /** What a reader has to understand. Another number is another layout. */
    readonly format: 1;
    readonly stack: string;
    /** When it was begun, UTC, e.g. "2026-01-31T12:00:00Z". */
    readonly time: string;
    /** By what the parts are called: `nameOf`. */
    readonly parts: Readonly<Record<string, PartManifest>>;
}

export interface PartManifest {
    /** The image that ran, e.g. "prom/prometheus:v3.13.5". */
    readonly image: string;
    /** What its program calls its version, e.g. "3.13.5". @default it did not say */
    readonly version?: string | undefined;
    /** How many bytes its files have. */
    readonly bytes: number;
}

/** @returns undefined if the text is not the manifest of a backup. One of another format has another `format`. */
export function parseManifest(text: string): Manifest | { readonly format: unknown } | undefined {
    try {
        const manifest = JSON.parse(text) as Partial<Manifest> | null;
        return manifest?.format === undefined ? undefined : (manifest as Manifest);
    } catch {
        return undefined;
    }
}
