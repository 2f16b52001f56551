import assert from "node:assert/strict";
import { rangeOf, readView, search } from "../../../../components/prometheus/console/view";

const variables = ["job", "instance"].map((name) => ({ name, title: name, series: "up", all: ".+" }));
const usual = { from: "now-1h", to: "now", refresh: "30s", chosen: { job: [], instance: [] } };

describe("The address of a page", () => {
    it("is read as it was written", () => {
        for (const view of [
            usual,
            { ...usual, from: "now-30d", refresh: "" },
            { ...usual, from: "1700000000000", to: "1700003600000" },
            { ...usual, chosen: { job: ["a b&c", "<i>"], instance: ['"'] } },
        ]) {
            assert.deepEqual(readView(search(view), variables), view);
        }
        assert.equal(search(usual), "");
    });

    it("is as usual where it is wrong", () => {
        for (const wrong of [
            "?from=x",
            "?from=now&to=now-1h",
            "?from=now-1y",
            "?refresh=1ms",
            "?var-other=1",
            "?from=-1",
        ]) {
            assert.deepEqual(readView(wrong, variables), usual, wrong);
        }
    });

    it("says a range of time", () => {
        assert.deepEqual(rangeOf({ from: "now-15m", to: "now" }, 1000), { start: 100, end: 1000 });
        assert.deepEqual(rangeOf({ from: "5000", to: "now" }, 1000), { start: 5, end: 1000 });
    });
});
