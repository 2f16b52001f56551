import { spawn } from "node:child_process";
import { once } from "node:events";
import { createReadStream, lstatSync } from "node:fs";
import { pipeline } from "node:stream/promises";
import type { Pack } from "tar-stream";
import { extract, pack } from "tar-stream";
import { ToolError } from "../process";
import { step } from "../progress";

/** A file of an image. */
export interface Entry {
    /** Path in the image, without a leading slash. */
    readonly name: string;
    /** The path of a file of this machine, a text, the target of a symbolic link, or a folder. */
    readonly content: { file: string } | { text: string } | { link: string } | "folder";
    /** @default 0o755, and 0o644 for a text */
    readonly mode?: number;
    /** User and group id. @default 0 */
    readonly owner?: number;
}

export interface ImageParts {
    /** The image's configuration as Dockerfile instructions, e.g. "USER 65534". */
    readonly settings: readonly string[];
    /** A tar archive to begin with. @default nothing */
    readonly base?: string;
    readonly entries: readonly Entry[];
}

/** Makes an image from files. Source: https://docs.docker.com/reference/cli/docker/image/import/ */
export function importImage(reference: string, parts: ImageParts): Promise<void> {
    return step(`Making the image ${reference}`, () => imported(reference, parts));
}

async function imported(reference: string, { settings, base, entries }: ImageParts): Promise<void> {
    const changes = [...settings, "LABEL metrics-stack.made-from=packages"].flatMap((line) => ["--change", line]);
    const docker = spawn("docker", ["import", ...changes, "-", reference], { stdio: ["pipe", "ignore", "pipe"] });
    let said = "";
    docker.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
    const closed = once(docker, "close") as Promise<[number | null]>;
    const archive = pack();
    // Where docker ends early its status and its words say why, and the broken pipe says nothing more.
    const sent = pipeline(archive, docker.stdin).catch(() => undefined);
    if (base !== undefined) {
        await copy(base, archive);
    }
    for (const entry of entries) {
        await add(entry, archive);
    }
    archive.finalize();
    await sent;
    const [status] = await closed;
    if (status !== 0) {
        throw new ToolError(`docker import of ${reference} failed: ${said.trim()}`);
    }
}

async function copy(base: string, archive: Pack): Promise<void> {
    const source = extract();
    const read = pipeline(createReadStream(base), source);
    for await (const entry of source) {
        if (entry.header.type === "file") {
            await pipeline(entry, archive.entry(entry.header));
        } else {
            archive.entry(entry.header);
            entry.resume();
        }
    }
    await read;
}

async function add({ name, content, mode, owner = 0 }: Entry, archive: Pack): Promise<void> {
    const header = { name, uid: owner, gid: owner };
    if (content === "folder") {
        archive.entry({ ...header, type: "directory", mode: mode ?? 0o755 });
    } else if ("link" in content) {
        archive.entry({ ...header, type: "symlink", linkname: content.link });
    } else if ("text" in content) {
        archive.entry({ ...header, mode: mode ?? 0o644 }, content.text);
    } else {
        const { size } = lstatSync(content.file);
        await pipeline(createReadStream(content.file), archive.entry({ ...header, size, mode: mode ?? 0o755 }));
    }
}
