import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { cached } from "../../toolchain/cache";
import { ToolError } from "../../toolchain/process";

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

    it("and takes over the lock of a process that is gone", async () => {
        const gone = spawn("true");
        await once(gone, "close");
        writeFileSync(path.join(folder, "made.lock"), String(gone.pid));
        await cached(name(), async () => undefined);
        assert.deepEqual(readdirSync(folder), ["made"]);
    });
});
