import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { logged, output, ToolError } from "../../toolchain/process";

describe("The toolchain says what went wrong with a command", () => {
    let folder: string;
    beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), "metrics-stack-"))));
    afterEach(() => rmSync(folder, { recursive: true }));

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
