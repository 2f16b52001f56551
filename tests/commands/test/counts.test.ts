import assert from "node:assert/strict";
import { counts, total } from "../../../commands/test/counts";

describe("Tests are counted as their runners do", () => {
    const runs: [text: string, status: number, expected: [number, number, number]][] = [
        ["\n  219 passing (2s)\n", 0, [219, 0, 0]],
        [
            "\n  \u001b[32m20 passing\u001b[0m (2s)\n  \u001b[36m1 pending\u001b[0m\n  \u001b[31m2 failing\u001b[0m\n",
            2,
            [20, 2, 1],
        ],
        ["27 passed in 0.79s\n", 0, [27, 0, 0]],
        ["=== 1 failed, 26 passed, 3 skipped in 1.0s ===\n", 1, [26, 1, 3]],
        ["=== 2 passed, 1 error in 1.0s ===\n", 1, [2, 1, 0]],
        // The name of a test is no count.
        ["  ✔ 9 failed, 9 passed\n\n  2 passing (1s)\n", 0, [2, 0, 0]],
        // What Pulumi counts is no test.
        ["  2 passing (1s)\n  1 failing\n\n  1) a test:\n    2 errored\n", 1, [2, 1, 0]],
        // It broke off before it could count.
        ["SyntaxError: what is this\n", 1, [0, 1, 0]],
    ];
    for (const [text, status, [passed, failed, skipped]] of runs) {
        it(JSON.stringify(text.trim().slice(0, 40)), () =>
            assert.deepEqual(counts(status, text), { status, passed, failed, skipped }),
        );
    }

    it("and all of them in one line", () => {
        const all = runs.slice(0, 2).map(([text, status]) => counts(status, text));
        assert.equal(total(all), "239 passed, 2 failed, 1 skipped");
        assert.equal(total(all.slice(0, 1)), "219 passed, 0 failed");
    });
});
