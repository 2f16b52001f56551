import { existsSync, renameSync, rmSync, statSync } from "node:fs";
import * as path from "node:path";
import { performance } from "node:perf_hooks";
import { parseArguments } from "./arguments";
import { ArchiveWriter } from "./archive";
import type { PartManifest } from "./manifest";
import type { Part, PartName } from "./parts";
import { deployedPart, partNames, versionOf } from "./parts";
import { formatBytes, Progress } from "./progress";
import { docker, interruptible, Volumes } from "./volumes";
import { prepareDocker } from "../environment";
import { ToolError } from "../../toolchain/process";
import { say, step } from "../../toolchain/progress";
import { stackFileCopy } from "../../toolchain/state";

/** How often the log is copied anew if its end was caught half written. */
const attempts = 3;

/**
 * Writes what a stack keeps into one file: samples, silences, Grafana's database. Everything goes on running. The file is
 * there only once promtool has read the samples in it and all of it is on the disk.
 * @throws ToolError where there is nothing to back up, or where the file could not be written
 */
export async function backup(stack: string, args: readonly string[]): Promise<number> {
    const { file } = parseArguments("backup", args);
    checkTarget(file);
    await prepareDocker(stackFileCopy(stack));
    const parts = partNames.flatMap((name) => deployedPart(stack, name) ?? []);
    const prometheus = parts.find(({ name }) => name === "prometheus");
    if (!prometheus) {
        throw new ToolError(`The stack ${stack} is not deployed: there is no container of its Prometheus.`);
    }
    const partial = `${file}.part`;
    const time = `${new Date().toISOString().slice(0, 19)}Z`;
    await interruptible(async (signal) => {
        const volumes = await Volumes.open(stack, prometheus.image, parts, signal);
        try {
            await freeze(volumes, parts, signal);
            const manifests = Object.fromEntries(
                await Promise.all(parts.map(async (part) => [part.name, await describe(volumes, part)] as const)),
            ) as Record<PartName, PartManifest>;
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

/** Copies each part within its volume, in a moment and without stopping it. */
async function freeze(volumes: Volumes, parts: readonly Part[], signal: AbortSignal): Promise<void> {
    await freezeSamples(volumes);
    for (const { name, container, status = "" } of parts) {
        if (name === "grafana") {
            await freezeDatabase(volumes, container, status, signal);
        } else if (name === "alertmanager") {
            await step("Waiting for Alertmanager to write its silences", () => volumes.run("freeze", name, status));
        }
    }
}

async function freezeSamples(volumes: Volumes): Promise<void> {
    for (let attempt = 1; ; attempt++) {
        await volumes.run("freeze", "prometheus", "");
        try {
            return await step("Having promtool read the samples", async () => {
                await volumes.run("verify", "frozen");
            });
        } catch (error) {
            if (attempt === attempts || !/corruption|torn|unexpected/.test(String(error))) {
                throw error;
            }
        }
    }
}

/** SQLite writes its file in place. Paused for a moment, Grafana leaves what a crash would, from which SQLite recovers. */
async function freezeDatabase(volumes: Volumes, container: string, status: string, signal: AbortSignal): Promise<void> {
    if (status !== "running") {
        await volumes.run("freeze", "grafana", status);
        return;
    }
    const started = performance.now();
    try {
        await docker(["pause", container], signal);
        await volumes.run("freeze", "grafana", status);
    } finally {
        await docker(["unpause", container]).catch((error: Error) => {
            if (!error.message.includes("is not paused")) {
                throw error;
            }
        });
    }
    say(`Grafana was paused for ${((performance.now() - started) / 1000).toFixed(1)} s.`);
}

async function describe(volumes: Volumes, part: Part): Promise<PartManifest> {
    return { image: part.image, version: versionOf(part), bytes: Number(await volumes.run("size", part.name)) };
}
