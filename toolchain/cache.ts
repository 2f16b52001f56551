import { createHash, randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { cacheFolder } from "./cacheFolder";
import { say } from "./progress";

/** Path of a log file in the cache. */
export function logFile(name: string): string {
    mkdirSync(path.join(cacheFolder, "logs"), { recursive: true });
    return path.join(cacheFolder, "logs", `${name}.log`);
}

/** A short hash of files' contents: what is made from them is kept under it. */
export function contentHash(files: readonly string[]): string {
    const hash = createHash("sha256");
    for (const file of files) {
        hash.update(readFileSync(file)).update("\0");
    }
    return hash.digest("hex").slice(0, 12);
}

/** Nothing takes as long as this to be made, in milliseconds: what is older is left of a process that is gone. */
const longest = 60 * 60_000;

/**
 * Makes a folder of the cache unless it is there. The work happens in a folder of this process' own that is renamed at the end,
 * so a broken attempt leaves nothing. A second process waits for the first; where it does not, because it takes the first for
 * gone, both make the same thing, and the first one that is ready counts.
 */
export async function cached(name: string, make: (folder: string) => Promise<void>): Promise<string> {
    const folder = path.join(cacheFolder, name);
    if (existsSync(folder)) {
        return folder;
    }
    mkdirSync(path.dirname(folder), { recursive: true });
    const release = await lock(`${folder}.lock`);
    try {
        if (!existsSync(folder)) {
            await makeApart(folder, make);
        }
    } finally {
        release();
    }
    return folder;
}

async function makeApart(folder: string, make: (folder: string) => Promise<void>): Promise<void> {
    const unfinished = `${folder}.unfinished`;
    for (const name of readdirSync(path.dirname(folder))) {
        const left = path.join(path.dirname(folder), name);
        if (left.startsWith(unfinished) && isOld(left)) {
            rmSync(left, { recursive: true, force: true });
        }
    }
    const own = `${unfinished}-${randomUUID()}`;
    mkdirSync(own);
    try {
        await make(own);
        renameSync(own, folder);
    } catch (error) {
        rmSync(own, { recursive: true, force: true });
        if (!existsSync(folder)) {
            throw error;
        }
    }
}

/** Takes a lock file that names its owner; the lock of a process that no longer runs is taken over. */
async function lock(file: string): Promise<() => void> {
    for (let told = false; ; told = true) {
        try {
            writeFileSync(file, String(process.pid), { flag: "wx" });
            return () => rmSync(file, { force: true });
        } catch (error) {
            if ((error as NodeJS.ErrnoException).code !== "EEXIST") {
                throw error;
            }
        }
        if (isOld(file) || abandoned(file)) {
            rmSync(file, { force: true });
            continue;
        }
        if (!told) {
            say(`Waiting for another process that makes the same thing (lock ${file}) ...`);
        }
        await sleep(500);
    }
}

function isOld(file: string): boolean {
    const made = statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    return Date.now() - made > longest;
}

function abandoned(file: string): boolean {
    try {
        const owner = Number(readFileSync(file, "utf8"));
        // An empty file is one that its owner is just writing, unless it is old.
        if (owner === 0) {
            return Date.now() - statSync(file).mtimeMs > 5000;
        }
        process.kill(owner, 0);
        return false;
    } catch (error) {
        return (error as NodeJS.ErrnoException).code === "ESRCH";
    }
}
