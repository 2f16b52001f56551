import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { cached } from "../../toolchain/cache";
import { project } from "../../toolchain/checkout";
import { output, ToolError } from "../../toolchain/process";

describe("The toolchain keeps what it made", () => {
    let folder: string;
    beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), "metrics-stack-"))));
    afterEach(() => rmSync(folder, { recursive: true }));

    // An absolute name stays outside the real cache.
    const name = () =>
        path.relative(
            path.join(process.env.XDG_CACHE_HOME ?? `${process.env.HOME}/.cache`, "metrics-stack"),
            path.join(folder, "made"),
        );

    it("and makes nothing twice, not even at the same time", async () => {
        let made = 0;
        const make = async (target: string) => {
            made += 1;
            await new Promise((resolve) => setTimeout(resolve, 50));
            writeFileSync(path.join(target, "file"), "x");
        };
        const folders = await Promise.all([cached(name(), make), cached(name(), make), cached(name(), make)]);
        assert.equal(made, 1);
        assert.ok(folders.every((each) => existsSync(path.join(each, "file"))));
        assert.deepEqual(readdirSync(folder), ["made"]);
    });

    it("and nothing of a broken attempt", async () => {
        const broken = cached(name(), async (target) => {
            writeFileSync(path.join(target, "half"), "x");
            throw new ToolError("broke off");
        });
        await assert.rejects(broken, /broke off/);
        assert.ok(!existsSync(path.join(folder, "made")));
        const made = await cached(name(), async (target) => writeFileSync(path.join(target, "whole"), "x"));
        assert.deepEqual(readdirSync(made), ["whole"]);
    });

    it("and takes over a lock that is older than anything takes, whoever has its number now", async () => {
        const lock = path.join(folder, "made.lock");
        writeFileSync(lock, String(process.pid));
        const longAgo = new Date(Date.now() - 2 * 60 * 60_000);
        utimesSync(lock, longAgo, longAgo);
        mkdirSync(path.join(folder, "made.unfinished-left"));
        utimesSync(path.join(folder, "made.unfinished-left"), longAgo, longAgo);
        await cached(name(), async () => undefined);
        assert.deepEqual(readdirSync(folder), ["made"]);
    });

    it("and is whole where two make it at the same time after all", async () => {
        const make = async (target: string) => {
            // Somebody took the lock for abandoned.
            rmSync(path.join(folder, "made.lock"), { force: true });
            writeFileSync(path.join(target, "first"), "x");
            await new Promise((resolve) => setTimeout(resolve, 700));
            writeFileSync(path.join(target, "second"), "x");
        };
        const folders = await Promise.all([cached(name(), make), cached(name(), make)]);
        folders.forEach((each) => assert.deepEqual(readdirSync(each), ["first", "second"]));
        assert.deepEqual(readdirSync(folder), ["made"]);
    });

    it("in the home's cache where XDG_CACHE_HOME is empty or names no absolute path", () => {
        const folderFor = (XDG_CACHE_HOME: string) =>
            output(process.execPath, ["-p", "require('./toolchain/cacheFolder').cacheFolder"], {
                cwd: project,
                env: { XDG_CACHE_HOME, HOME: "/home/me" },
            }).trim();
        assert.equal(folderFor("/var/cache/me"), "/var/cache/me/metrics-stack");
        assert.equal(folderFor(""), "/home/me/.cache/metrics-stack");
        assert.equal(folderFor("cache"), "/home/me/.cache/metrics-stack");
    });

    it("and takes over the lock of a process that is gone", async () => {
        const gone = spawn("true");
        await once(gone, "close");
        writeFileSync(path.join(folder, "made.lock"), String(gone.pid));
        await cached(name(), async () => undefined);
        assert.deepEqual(readdirSync(folder), ["made"]);
    });
});
