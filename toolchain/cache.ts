import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
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

/**
 * Makes a folder of the cache unless it is there. The work happens in a temporary folder that is renamed at the end, so a
 * broken attempt leaves nothing; a second process waits for the first.
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
            const unfinished = `${folder}.unfinished`;
            rmSync(unfinished, { recursive: true, force: true });
            mkdirSync(unfinished);
            await make(unfinished);
            renameSync(unfinished, folder);
        }
    } finally {
        release();
    }
    return folder;
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
        if (abandoned(file)) {
            rmSync(file, { force: true });
            continue;
        }
        if (!told) {
            say(`Waiting for another process that makes the same thing (lock ${file}) ...`);
        }
        await sleep(500);
    }
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
