import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { cached } from "../../toolchain/cache";
import { provide, toolchainMode } from "../../toolchain/mode";
import { logged, output, ToolError } from "../../toolchain/process";

describe("The toolchain", () => {
    let folder: string;
    beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), "metrics-stack-"))));
    afterEach(() => rmSync(folder, { recursive: true }));

    describe("takes a tool from where TOOLCHAIN says", () => {
        const sources = (reachable: boolean) => ({
            official: async () => {
                if (!reachable) {
                    throw new ToolError("out of reach");
                }
                return "official";
            },
            packages: async () => "packages",
        });

        it("auto: official, and packages where that is out of reach", async () => {
            assert.equal(await provide("auto", sources(true)), "official");
            assert.equal(await provide("auto", sources(false)), "packages");
        });

        it("official: never from packages", async () => {
            await assert.rejects(provide("official", sources(false)), /out of reach/);
        });

        it("packages: never official", async () => {
            assert.equal(await provide("packages", sources(true)), "packages");
        });

        it("and hides no mistake of its own behind the other source", async () => {
            const broken = { ...sources(true), official: () => Promise.reject(new TypeError("a mistake")) };
            await assert.rejects(provide("auto", broken), /a mistake/);
        });

        it("and refuses any other word", () => {
            assert.throws(() => toolchainMode("offline"), /TOOLCHAIN is "offline"; write official, packages or auto/);
        });
    });

    describe("keeps what it made", () => {
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

    describe("says what went wrong with a command", () => {
        it("in its own words", () => {
            assert.throws(
                () => output("sh", ["-c", "echo why >&2; exit 3"]),
                (error: Error) => {
                    assert.ok(error instanceof ToolError);
                    return /why/.test(error.message);
                },
            );
        });

        it("with the log and its last lines", async () => {
            const log = path.join(folder, "log");
            await assert.rejects(logged(log, "sh", ["-c", "echo first; echo last >&2; exit 1"]), (error: Error) => {
                assert.ok(error.message.includes(log) && error.message.includes("last"));
                return true;
            });
            assert.match(readFileSync(log, "utf8"), /first[^]*last/);
        });

        it("that is not there", async () => {
            await assert.rejects(
                logged(path.join(folder, "log"), "no-such-program", []),
                /no-such-program could not be run/,
            );
        });
    });
});
