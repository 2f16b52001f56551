import { existsSync, renameSync, rmSync, statSync } from "node:fs";
import * as path from "node:path";
import { performance } from "node:perf_hooks";
import type { Command, Given } from "../command";
import { stackOption } from "../command";
import { ArchiveWriter } from "./archive";
import type { PartManifest } from "./manifest";
import type { Kept } from "./parts";
import { deployed, keepers, versionOf } from "./parts";
import { formatBytes, Progress } from "./progress";
import { interruptible, ownGroup, Volumes } from "./volumes";
import { prepareDocker } from "../environment";
import { docker } from "../../toolchain/docker";
import { nameOf } from "../../config/schema/part";
import { ToolError } from "../../toolchain/process";
import { say, step } from "../../toolchain/progress";
import { stackFileCopy } from "../stackFileCopy";

/** How often the log is copied anew if its end was caught half written. */
const attempts = 3;

export const command: Command = {
    name: "backup",
    summary: "write what the stack keeps into a file, such as samples and silences, while all goes on",
    about: "What a backup holds, and what it does not: docs/backup.md. It never replaces a file.",
    operand: { name: "FILE", meaning: "where to write it" },
    options: [stackOption],
    fleet: { perStack: "operand" },
    examples: [
        "npm run backup -- metrics.tar.gz",
        "npm run backup -- --stack prod prod.tar.gz",
        "npm run backup -- --all '{stack}.tar.gz'",
    ],
    run: backup,
};

/**
 * Writes what a stack keeps into one file: samples, silences, Grafana's database. Everything goes on running. The file is
 * there only once promtool has read the samples in it and all of it is on the disk.
 * @throws ToolError where there is nothing to back up, or where the file could not be written
 */
async function backup({ stack: { name: stack }, operands: [file = ""] }: Given): Promise<number> {
    checkTarget(file);
    await prepareDocker(stackFileCopy(stack));
    const there = keepers.flatMap((part) => deployed(stack, part) ?? []);
    const first = there.find(({ part }) => part === keepers[0]);
    if (!first) {
        throw new ToolError(`The stack ${stack} is not deployed: there is no container of its ${keepers[0]?.title}.`);
    }
    const partial = `${file}.part`;
    const time = `${new Date().toISOString().slice(0, 19)}Z`;
    await interruptible(async (signal) => {
        const volumes = await Volumes.open(stack, first.image, there, signal);
        try {
            const parts = await withData(volumes, there);
            await freeze(volumes, parts, signal);
            const manifests = Object.fromEntries(
                await Promise.all(
                    parts.map(async (kept) => [nameOf(kept.part), await describe(volumes, kept)] as const),
                ),
            ) as Record<string, PartManifest>;
            const total = Object.values(manifests).reduce((sum, { bytes }) => sum + bytes, 0);
            const progress = new Progress(`Writing ${file}`, total);
            try {
                rmSync(partial, { force: true });
                const archive = new ArchiveWriter(partial, progress.count, signal);
                archive.begin({ format: 1, stack, time, parts: manifests });
                await volumes.read((tar) => archive.add(tar));
                await archive.finish();
            } finally {
                progress.end();
            }
            renameSync(partial, file);
        } finally {
            rmSync(partial, { force: true });
            await volumes.close();
        }
    });
    say(
        `${file} is a backup of the stack ${stack} (${formatBytes(statSync(file).size)}). It holds what is secret: docs/backup.md.`,
    );
    return 0;
}

/** @throws ToolError if the file is there, or cannot be: before anything was done */
function checkTarget(file: string): void {
    if (existsSync(file)) {
        throw new ToolError(`${file} exists; a backup never replaces a file: name another one.`);
    }
    if (!existsSync(path.dirname(file))) {
        throw new ToolError(`${file} cannot be written: there is no folder ${path.dirname(file)}.`);
    }
}

/**
 * The parts that have something to keep: an agent's Prometheus does not, unless it was a server before. Of others nobody knows:
 * Alertmanager writes what it keeps in a while.
 * @throws ToolError where none does
 */
async function withData(volumes: Volumes, there: readonly Kept[]): Promise<Kept[]> {
    const parts: Kept[] = [];
    for (const kept of there) {
        const { title, data } = kept.part;
        if (data.saying?.verify !== undefined && (await volumes.run("holds", nameOf(kept.part))) === "") {
            say(`Left out: ${title} has no ${data.holds}.`);
        } else {
            parts.push(kept);
        }
    }
    if (parts.length === 0) {
        throw new ToolError("Nothing was written: there is nothing to back up (docs/backup.md).");
    }
    return parts;
}

/** Copies each part within its volume, in a moment. */
async function freeze(volumes: Volumes, parts: readonly Kept[], signal: AbortSignal): Promise<void> {
    for (const kept of parts) {
        const { saying, paused } = kept.part.data;
        if (saying?.verify !== undefined) {
            await verified(volumes, kept, saying.verify);
        } else if (paused && kept.status === "running") {
            await whilePaused(kept, signal, () => copied(volumes, kept));
        } else {
            await copied(volumes, kept);
        }
    }
}

function copied(volumes: Volumes, { part, status = "" }: Kept): Promise<string> {
    const { saying } = part.data;
    const copy = () => volumes.run("freeze", nameOf(part), status);
    return saying?.freeze === undefined ? copy() : step(saying.freeze, copy);
}

/** Copies a part until its program can read the copy: one that was caught half written is made anew. */
async function verified(volumes: Volumes, kept: Kept, saying: string): Promise<void> {
    for (let attempt = 1; ; attempt++) {
        await copied(volumes, kept);
        try {
            await step(saying, () => volumes.run("verify", nameOf(kept.part), "frozen"));
            return;
        } catch (error) {
            if (attempt === attempts || !/corruption|torn|unexpected/.test(String(error))) {
                throw error;
            }
        }
    }
}

async function whilePaused(
    { part, container }: Kept,
    signal: AbortSignal,
    copy: () => Promise<unknown>,
): Promise<void> {
    const started = performance.now();
    try {
        await docker(["pause", container], ownGroup(signal));
        await copy();
    } finally {
        await docker(["unpause", container], ownGroup()).catch((error: Error) => {
            if (!error.message.includes("is not paused")) {
                throw error;
            }
        });
    }
    say(`${part.title} was paused for ${((performance.now() - started) / 1000).toFixed(1)} s.`);
}

async function describe(volumes: Volumes, kept: Kept): Promise<PartManifest> {
    const bytes = Number(await volumes.run("size", nameOf(kept.part)));
    return { image: kept.image, version: versionOf(kept), bytes };
}
