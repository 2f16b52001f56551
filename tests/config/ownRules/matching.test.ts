import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { matching } from "../../../config/ownRules/matching";
import { filesIn } from "../../../config/userFiles";

describe("The files of a pattern", () => {
    const folder = mkdtempSync(path.join(tmpdir(), "metrics-stack-matching-"));
    before(() => {
        for (const file of [
            "rules/a.yml",
            "rules/b.yaml",
            "rules/.a.yml.swp",
            "rules/._a.yml",
            "rules/team/c.yml",
            "가게.yml",
        ]) {
            mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
            writeFileSync(path.join(folder, file), file);
        }
        symlinkSync("a.yml", path.join(folder, "rules/link.yml"));
        symlinkSync("team", path.join(folder, "rules/linked"));
        symlinkSync("nowhere", path.join(folder, "rules/broken.yml"));
    });
    after(() => rmSync(folder, { recursive: true }));

    for (const [pattern, expected] of [
        ["rules/a.yml", ["rules/a.yml"]],
        ["./rules//a.yml", ["rules/a.yml"]],
        ["rules/missing.yml", ["rules/missing.yml"]],
        ["rules/*.yml", ["rules/a.yml", "rules/broken.yml", "rules/link.yml"]],
        ["rules/*", ["rules/a.yml", "rules/b.yaml", "rules/broken.yml", "rules/link.yml"]],
        ["rules/?.y*ml", ["rules/a.yml", "rules/b.yaml"]],
        ["rules/[ab].*", ["rules/a.yml", "rules/b.yaml"]],
        ["rules/[^a-b]*.yml", ["rules/link.yml"]],
        ["rules/*/c.yml", ["rules/linked/c.yml", "rules/team/c.yml"]],
        ["*/team/*.yml", ["rules/team/c.yml"]],
        ["*.yml", ["가게.yml"]],
        ["rules/.*.swp", ["rules/.a.yml.swp"]],
        ["missing/*.yml", []],
        ["rules/a.yml/*", []],
    ] as const) {
        it(`${pattern} are ${expected.join(", ") || "none"}`, () =>
            assert.deepEqual(matching(pattern, filesIn(folder)), expected));
    }
});
