import { spawn } from "node:child_process";
import { statSync } from "node:fs";
import * as path from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { pack } from "tar-stream";
import { nameOf } from "../../config/schema/part";
import { stackLabels } from "../../components/stack";
import type { Command, Given } from "../command";
import { stackOption } from "../command";
import { addEntry, folders, readArchive } from "../backup/archive";
import type { Manifest } from "../backup/manifest";
import type { Kept } from "../backup/parts";
import { declared, deployed, isNewer, keepers, versionOf } from "../backup/parts";
import { Progress } from "../backup/progress";
import { interruptible, ownGroup, Volumes } from "../backup/volumes";
import { project } from "../../toolchain/checkout";
import { prepareDocker } from "../environment";
import { declaredParts, optionalImages } from "../images";
import { toolchainMode } from "../../toolchain/mode";
import { docker, dockerOutcomeSync } from "../../toolchain/docker";
import { ToolError } from "../../toolchain/process";
import { say, step } from "../../toolchain/progress";
import { stackFileCopy } from "../stackFileCopy";

/** How long a program may take to become ready with its new data, in milliseconds: it replays its log first. */
const patience = 900_000;

export const command: Command = {
    name: "restore",
    summary: "put a backup back",
    about: "The whole file is checked before anything is touched, and what fails is taken back: docs/backup.md.",
    operand: { name: "FILE", meaning: "what npm run backup wrote" },
    options: [
        { name: "replace", meaning: "put it in the place of the data that is there" },
        { name: "check", meaning: "only read the file, and say whether it is whole" },
        stackOption,
    ],
    examples: [
        "npm run restore -- metrics.tar.gz",
        "npm run restore -- --check metrics.tar.gz",
        "npm run restore -- --stack prod --replace metrics.tar.gz",
    ],
    run: restore,
};

/**
 * Puts a backup in the place of what a stack keeps, whether the stack runs or was destroyed. The whole file is checked before
 * anything is touched. The new data is complete beside the old before the containers are stopped; the old is removed when
 * they are ready with the new, and put back where they do not come up.
 * @throws ToolError where the file is no backup, or where what is there would be lost
 */
async function restore({ stack: { name: stack }, options, operands: [file = ""] }: Given): Promise<number> {
    await interruptible(async (signal) => {
        const manifest = await check(file, signal);
        if (!options.has("check")) {
            await restoreParts(stack, file, manifest, options.has("replace"), signal);
        }
    });
    return 0;
}

/** Reads the whole file. @throws ToolError if it is no backup, or not as it was written */
async function check(file: string, signal: AbortSignal): Promise<Manifest> {
    const progress = new Progress(`Checking ${file}`, sizeOf(file));
    let manifest: Manifest;
    try {
        manifest = await readArchive(file, ({ content }) => skip(content), progress.count, signal);
    } finally {
        progress.end();
    }
    const parts = Object.entries(manifest.parts).map(([name, { version, image }]) => `${name} ${version ?? image}`);
    say(`It is whole: a backup of the stack ${manifest.stack} of ${manifest.time}, with ${parts.join(", ")}.`);
    return manifest;
}

async function skip(content: AsyncIterable<Buffer>): Promise<void> {
    for await (const chunk of content) {
        void chunk;
    }
}

function sizeOf(file: string): number {
    try {
        return statSync(file).size;
    } catch (error) {
        throw new ToolError(`${file} cannot be read: ${(error as Error).message}.`);
    }
}

async function restoreParts(stack: string, file: string, manifest: Manifest, replace: boolean, signal: AbortSignal) {
    const stackFile = stackFileCopy(stack);
    await prepareDocker(stackFile);
    // They say their versions. What was deployed has its own already.
    await optionalImages(stackFile, toolchainMode());
    const parts = partsOf(stack, stackFile, manifest);
    refuseOlder(parts, manifest);
    const made = await makeVolumes(stack, parts);
    let done = false;
    try {
        const volumes = await Volumes.open(stack, declaredParts(stackFile)[0]?.image.reference ?? "", parts, signal);
        try {
            if (!replace) {
                await refuseFull(volumes, parts);
            }
            await unpack(volumes, file, parts, signal);
            for (const { part } of parts) {
                const { saying } = part.data;
                if (saying?.verify !== undefined) {
                    await step(saying.verify, () => volumes.run("verify", nameOf(part), "incoming"));
                }
            }
            await exchange(volumes, parts, signal);
            done = true;
        } finally {
            await volumes.close();
        }
    } finally {
        if (!done && made.length > 0) {
            await docker(["volume", "rm", ...made], ownGroup());
        }
    }
    const names = parts.map(({ part }) => nameOf(part)).join(", ");
    const isDeployed = parts.some(({ status }) => status !== undefined);
    say(
        `The stack ${stack} has the data of ${manifest.time} (${names})${isDeployed ? "." : "; npm run up starts it with them."}`,
    );
}

/** The parts of the backup that the stack has too: as they run, or else as the stack file declares them. */
function partsOf(stack: string, stackFile: string, manifest: Manifest): Kept[] {
    const on = declaredParts(stackFile);
    return keepers
        .filter((part) => manifest.parts[nameOf(part)])
        .flatMap((part) => {
            const kept = deployed(stack, part) ?? declared(stack, part, on);
            if (!kept) {
                say(`Left out: the stack ${stack} has no ${nameOf(part)}.`);
            }
            return kept ?? [];
        });
}

/** What a newer program wrote need not be readable for an older one: Grafana's database is only ever migrated forward. */
function refuseOlder(parts: readonly Kept[], manifest: Manifest): void {
    const problems = parts.flatMap((kept) => {
        const { key } = kept.part;
        const made = manifest.parts[nameOf(kept.part)];
        const version = versionOf(kept);
        return made?.version !== undefined && version !== undefined && isNewer(made.version, version)
            ? `the backup is of ${key} ${made.version}, and ${kept.image} is ${version}; deploy metrics-stack:${key}.image: ${made.image} or a newer one`
            : [];
    });
    if (problems.length > 0) {
        throw new ToolError(
            `Nothing was changed: an older version cannot be relied on to read the data.\n${list(problems)}`,
        );
    }
}

/** @throws ToolError that says what is there, if anything is */
async function refuseFull(volumes: Volumes, parts: readonly Kept[]): Promise<void> {
    const problems: string[] = [];
    for (const { part, volume } of parts) {
        const holds = await volumes.run("holds", nameOf(part));
        if (holds !== "") {
            problems.push(`${volume} holds ${holds}`);
        }
    }
    if (problems.length > 0) {
        throw new ToolError(
            `Nothing was changed: write --replace to have the backup in the place of\n${list(problems)}`,
        );
    }
}

const list = (lines: readonly string[]) => lines.map((line) => `  ${line}`).join("\n");

/** Makes the volumes that are not there, as a deployment would. @returns their names */
async function makeVolumes(stack: string, parts: readonly Kept[]): Promise<string[]> {
    const missing = parts
        .map(({ volume }) => volume)
        .filter((name) => dockerOutcomeSync(["volume", "inspect", name]).status !== 0);
    const labels = stackLabels(stack).flatMap(({ label, value }) => ["--label", `${label}=${value}`]);
    for (const name of missing) {
        await docker(["volume", "create", ...labels, name], ownGroup());
    }
    return missing;
}

async function unpack(volumes: Volumes, file: string, parts: readonly Kept[], signal: AbortSignal): Promise<void> {
    const wanted = new Set(parts.map(({ part }) => nameOf(part)));
    const progress = new Progress("Unpacking it beside the present data", sizeOf(file));
    const entries = pack();
    try {
        await volumes.write(async (tar) => {
            const written = pipeline(entries as unknown as Readable, tar);
            const read = readArchive(
                file,
                async ({ part, path: name, header, content }) => {
                    if (wanted.has(part)) {
                        await addEntry(entries, { ...header, name: `${part}/${folders.incoming}/${name}` }, content);
                    } else {
                        await skip(content);
                    }
                },
                progress.count,
                signal,
            ).then(() => entries.finalize());
            await Promise.all([read, written]);
        });
    } finally {
        progress.end();
    }
}

/** Stops what runs, puts the new data in place, starts it, and waits until it is ready. What fails is taken back. */
async function exchange(volumes: Volumes, parts: readonly Kept[], signal: AbortSignal): Promise<void> {
    const running = parts
        .filter(({ status }) => status === "running" || status === "restarting" || status === "paused")
        .map(({ container }) => container);
    try {
        if (running.length > 0) {
            await step(`Stopping ${running.join(", ")}`, () => docker(["stop", ...running], ownGroup(signal)));
        }
        for (const { part } of parts) {
            await volumes.runAnyway("switch", nameOf(part));
        }
        await startAll(running, signal);
    } catch (error) {
        say("That failed; putting the previous data back.");
        if (running.length > 0) {
            await docker(["stop", ...running], ownGroup());
        }
        for (const { part } of parts) {
            await volumes.runAnyway("back", nameOf(part));
        }
        await startAll(running);
        throw new ToolError(`${(error as Error).message}\nThe previous data is in place again.`);
    }
    for (const { part } of parts) {
        await volumes.runAnyway("settle", nameOf(part));
    }
}

async function startAll(containers: readonly string[], signal?: AbortSignal): Promise<void> {
    if (containers.length > 0) {
        await docker(["start", ...containers], ownGroup(signal));
        await step("Waiting until they are ready", async () => {
            for (const container of containers) {
                await ready(container, signal);
            }
        });
    }
}

/** @throws ToolError with the container's last words */
function ready(container: string, signal?: AbortSignal): Promise<void> {
    const file = path.join(project, "components", "delivery", "ready.js");
    const env = { ...process.env, CONTAINER: container, START_TIMEOUT: String(patience) };
    const child = spawn(process.execPath, [file], { env, detached: true, stdio: ["ignore", "ignore", "pipe"], signal });
    let said = "";
    child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
    return new Promise((resolve, reject) => {
        child.on("error", (error) => reject((signal?.reason as Error | undefined) ?? error));
        child.on("close", (status) => (status === 0 ? resolve() : reject(new ToolError(said.trim()))));
    });
}
