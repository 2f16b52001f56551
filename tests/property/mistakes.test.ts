import assert from "node:assert/strict";
import fc from "fast-check";
import { assertRefusedOrUsable, assertTelling } from "./mistaken";
import { mistaken } from "./mutations";
import { few } from "./runs";

describe(`${few.numRuns} declarations with mistakes`, function () {
    this.timeout(60_000);

    it("are each refused with the keys that are wrong and without a secret, or can be rendered", () => {
        const counts = { refused: 0, accepted: 0 };
        fc.assert(
            fc.property(mistaken, (raw) => void counts[assertRefusedOrUsable(raw) ? "accepted" : "refused"]++),
            few,
        );
        assert.equal(counts.refused + counts.accepted, few.numRuns);
        assertTelling(counts);
    });
});
