import assert from "node:assert/strict";
import { median, missedScrapes } from "../../bench/numbers";

describe("The benchmark's numbers", () => {
    it("have their median in the middle, or between two", () => {
        assert.equal(median([10, 2, 1]), 2);
        assert.equal(median([10, 2, 1, 3]), 2.5);
    });

    it("count the scrapes that are missing, and not those that are late", () => {
        assert.equal(missedScrapes([1, 2.4, 3, 4.001], 1), 0);
        assert.equal(missedScrapes([1, 2, 3.9, 4.9], 1), 1);
        assert.equal(missedScrapes([10, 20, 51, 60], 10), 2);
        assert.equal(missedScrapes([], 1), 0);
    });
});
