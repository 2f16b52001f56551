import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import * as path from "node:path";
import { allSuites, longest, selectTests } from "../../../commands/test/selection";
import { project } from "../../../toolchain/checkout";

const suites = ["tests/integration/stack.test.ts", "tests/property/mistakes.test.ts", "tests/property/texts.test.ts"];
const examples = ["examples/otel", "examples/web_be"];
const select = (...args: string[]) => selectTests(args, suites, examples);

describe("Which tests npm test runs", () => {
    it("all, where nothing is said", () => assert.deepEqual(select(), { suites, examples, options: [] }));

    it("one file, a folder, several of them, each once and nothing else", () => {
        assert.deepEqual(select("./tests/property/texts.test.ts").suites, suites.slice(2));
        assert.deepEqual(select("tests/property/", "tests/property/texts.test.ts").suites, suites.slice(1));
        assert.deepEqual(select(path.join(project, "tests", "property")).suites, suites.slice(1));
        assert.deepEqual(select("tests").examples, []);
    });

    it("an example, or one of its files", () => {
        const file = "examples/web_be/tests/test_metrics.py";
        assert.deepEqual(select("examples/otel"), { suites: [], examples: ["examples/otel"], options: [] });
        assert.deepEqual(select(file, "-k", "errors"), { suites: [], examples: [file], options: ["-k", "errors"] });
    });

    it("those of all suites that an option of mocha picks", () => {
        const picked = ["--grep", "docs"];
        assert.deepEqual(select(...picked), { suites, examples: [], options: picked });
        assert.deepEqual(select("tests/integration", ...picked), {
            suites: suites.slice(0, 1),
            examples: [],
            options: picked,
        });
    });

    it("none of a path that has none, which is said", () => {
        for (const wrong of ["tests/property/text.test.ts", "docs/backup.md", "tests/prop", "examples/go"]) {
            const words = new RegExp(`^${wrong} has no tests of this command; they are in tests/ and examples/\\.$`);
            assert.throws(() => select("tests/property", wrong), { message: words });
        }
        assert.throws(() => selectTests(["tests/integration"], suites.slice(1)), /integration has no tests of this/);
    });
});

describe("The suites", () => {
    it("begin with those that take longest, then come those that need an engine, each once", () => {
        const all = allSuites();
        assert.equal(new Set(all).size, all.length);
        assert.ok([...all, ...longest].every((suite) => existsSync(path.join(project, suite))));
        assert.deepEqual(all.slice(0, longest.length), longest);
        const places = all.map((suite, i) => (suite.startsWith("tests/integration/") ? i : -1)).filter((i) => i >= 0);
        assert.ok(Math.max(...places) < longest.length + places.length);
        assert.ok(all.includes("tests/commands/test/selection.test.ts"));
    });
});
