import { createHash } from "node:crypto";
import { once } from "node:events";
import { createReadStream, createWriteStream } from "node:fs";
import type { Readable, Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip, createGzip } from "node:zlib";
import type { Header, Pack } from "tar-stream";
import { extract, pack } from "tar-stream";
import { ToolError } from "../../toolchain/process";
import type { Manifest } from "./manifest";
import { parseManifest } from "./manifest";

/*
 * A backup is a tar archive, compressed with gzip:
 *
 *     manifest.json      what it is
 *     prometheus/...     the files of each part
 *     checksums          "<sha256>  <path>" of each file, as sha256sum writes and checks it; it ends a whole archive
 *
 * All of it is streamed: neither side ever holds more than a few buffers.
 */
const manifestName = "manifest.json";
const checksumsName = "checksums";

/** Where data.sh has a backup's copy in a volume, and a restore's data. */
export const folders = { frozen: ".metrics-stack/frozen", incoming: ".metrics-stack/incoming" } as const;

/** A file or folder of a part: its path within it, the rest of what tar knows of it, and what it holds. */
export interface File {
    readonly part: string;
    readonly path: string;
    readonly header: Header;
    readonly content: AsyncIterable<Buffer>;
}

/** What tar-stream gives for each file or folder. */
type Entry = AsyncIterable<Buffer> & { readonly header: Header };

/** Is told how many bytes went through. */
export type Count = (bytes: number) => void;

/** Writes a backup. @throws ToolError where there is no room for it */
export class ArchiveWriter {
    private readonly entries = pack();
    private readonly written: Promise<void>;
    private readonly checksums: string[] = [];

    constructor(
        file: string,
        private readonly count: Count,
        signal: AbortSignal,
    ) {
        // The fastest level: samples are compressed already, and more effort gains little.
        const gzip = createGzip({ level: 1, chunkSize: 256 * 1024 });
        const output = createWriteStream(file, { flags: "wx", mode: 0o600, flush: true });
        this.written = pipeline(this.entries as unknown as Readable, gzip, output, { signal }).catch((error: Error) => {
            throw signal.aborted ? signal.reason : new ToolError(`${file} could not be written: ${error.message}`);
        });
        this.written.catch(() => undefined);
    }

    public begin(manifest: Manifest): void {
        this.entries.entry({ name: manifestName, mode: 0o600 }, `${JSON.stringify(manifest, undefined, 4)}\n`);
    }

    /** Adds what was frozen. @param tar an archive of it */
    public async add(tar: Readable): Promise<void> {
        // Who waits for room in a stream that has failed waits for ever.
        await Promise.race([this.copy(tar), this.written]);
    }

    private async copy(tar: Readable): Promise<void> {
        for await (const entry of entriesOf(tar)) {
            const name = entry.header.name.replace(`/${folders.frozen}`, "");
            const { content, digest } = hashed(entry, this.count);
            await addEntry(this.entries, { ...entry.header, name }, content);
            if (entry.header.type === "file") {
                this.checksums.push(`${digest()}  ${name}\n`);
            }
        }
    }

    public async finish(): Promise<void> {
        this.entries.entry({ name: checksumsName, mode: 0o600 }, this.checksums.join(""));
        this.entries.finalize();
        await this.written;
    }
}

/**
 * Reads a backup from its beginning to its end.
 * @param take has to read what a file holds
 * @param count is told of the bytes that were read of the backup itself
 * @throws ToolError if it is no backup, or is not whole
 */
export async function readArchive(
    file: string,
    take: (file: File) => Promise<void>,
    count: Count,
    signal: AbortSignal,
): Promise<Manifest> {
    const source = createReadStream(file, { highWaterMark: 1024 * 1024 });
    const unzipped = createGunzip({ chunkSize: 256 * 1024 });
    source.on("data", (chunk) => count(chunk.length));
    pipeline(source, unzipped, { signal }).catch(() => undefined); // The one who reads what was unzipped is told.
    const found = new Map<string, string>();
    let manifest: Manifest | undefined;
    let checksums: string | undefined;
    try {
        for await (const entry of entriesOf(unzipped)) {
            const { name, type } = entry.header;
            if (!manifest) {
                manifest = knownManifest(file, name === manifestName ? await textOf(entry) : "");
            } else if (name === checksumsName) {
                checksums = await textOf(entry);
            } else {
                const { part, path } = placeOf(file, entry.header, manifest);
                const { content, digest } = hashed(entry);
                await take({ part, path, header: entry.header, content });
                if (type === "file") {
                    found.set(name, digest());
                }
            }
        }
    } catch (error) {
        source.destroy();
        throw signal.aborted || error instanceof ToolError
            ? (signal.reason ?? error)
            : unreadable(file, error, manifest);
    }
    if (!manifest || checksums === undefined) {
        throw unreadable(file, new Error("its end is missing"), manifest);
    }
    const recorded = new Map(
        checksums
            .split("\n")
            .filter(Boolean)
            .map((line) => [line.slice(66), line.slice(0, 64)]),
    );
    const damaged = [...new Set([...recorded.keys(), ...found.keys()])].filter(
        (name) => recorded.get(name) !== found.get(name),
    );
    if (damaged.length > 0) {
        throw new ToolError(`${file} is damaged: its ${damaged.slice(0, 3).join(", ")} is not what was archived.`);
    }
    return manifest;
}

/** Adds a file or folder to a tar archive that is being written. */
export async function addEntry(entries: Pack, header: Header, content: AsyncIterable<Buffer>): Promise<void> {
    const sink = entries.entry(header) as unknown as Writable;
    for await (const chunk of content) {
        if (!sink.write(chunk)) {
            await once(sink, "drain");
        }
    }
    if (header.type === "file") {
        sink.end();
    }
}

function entriesOf(tar: Readable): AsyncIterable<Entry> {
    const entries = extract();
    pipeline(tar, entries as unknown as Writable).catch(() => undefined); // The one who reads the entries is told.
    return entries as unknown as AsyncIterable<Entry>;
}

/** What a file holds, with the checksum of all that was read of it. */
function hashed(entry: Entry, count?: Count): { content: AsyncIterable<Buffer>; digest: () => string } {
    const hash = createHash("sha256");
    async function* content() {
        for await (const chunk of entry) {
            hash.update(chunk);
            count?.(chunk.length);
            yield chunk;
        }
    }
    return { content: content(), digest: () => hash.digest("hex") };
}

async function textOf(entry: Entry): Promise<string> {
    const chunks: Buffer[] = [];
    for await (const chunk of entry) {
        chunks.push(chunk);
    }
    return Buffer.concat(chunks).toString();
}

/** Where a file belongs. @throws ToolError for what a backup never holds: it could end up anywhere */
function placeOf(file: string, { name, type }: Header, manifest: Manifest): { part: string; path: string } {
    const [part = "", ...steps] = name.split("/");
    if (!Object.hasOwn(manifest.parts, part) || steps.includes("..") || !(type === "file" || type === "directory")) {
        throw new ToolError(`${file} is not a backup: ${JSON.stringify(name)} does not belong into one.`);
    }
    return { part, path: steps.join("/") };
}

/** @throws ToolError if the text is no manifest, or one of a later format */
function knownManifest(file: string, text: string): Manifest {
    const manifest = parseManifest(text);
    if (manifest === undefined) {
        throw unreadable(file, new Error("its first file is not a manifest"));
    }
    if (manifest.format !== 1) {
        throw new ToolError(
            `${file} has the format ${JSON.stringify(manifest.format)}, which this version does not know: restore it with a newer one.`,
        );
    }
    return manifest as Manifest;
}

function unreadable(file: string, error: unknown, manifest?: Manifest): ToolError {
    const { message, code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "EACCES" || code === "EISDIR") {
        return new ToolError(`${file} cannot be read: ${message}.`);
    }
    const verdict = manifest ? "is incomplete or damaged" : "is not a backup, or is damaged";
    return new ToolError(`${file} ${verdict}: ${message}.`);
}
