import assert from "node:assert/strict";
import type { Series } from "../../../../components/prometheus/console/api";
import { someSeries } from "../../../../components/prometheus/console/lines";

describe("The lines of a graph", () => {
    const series = (count: number): Series[] => Array.from({ length: count }, (_, i) => ({ metric: { i: String(i) } }));

    /** Which queries are asked, and how many series they come to, where each moment and the whole range have so many. */
    async function asked(ofMoments: number, ofRange: number, many: boolean) {
        const queries: string[] = [];
        const answer = (query: string) => {
            queries.push(query.includes("_over_time") ? "range" : "moments");
            return Promise.resolve(series(query.includes("_over_time") ? ofRange : ofMoments));
        };
        const found = await someSeries({ query: "a", lowest: false, many, range: { start: 0, end: 100 } }, answer);
        return [found.length, ...queries];
    }

    it("are all series where they are few, by one query", async () => {
        assert.deepEqual(await asked(3, 0, false), [3, "moments"]);
    });

    it("are the same ones all the time where they are many", async () => {
        assert.deepEqual(await asked(200, 31, false), [31, "moments", "range"]);
        assert.deepEqual(await asked(200, 31, true), [31, "range"]);
    });

    it("are all series again where they were many", async () => {
        assert.deepEqual(await asked(3, 2, true), [3, "range", "moments"]);
    });

    it("are those of each moment where no moment of the range has many", async () => {
        assert.deepEqual(await asked(200, 2, false), [200, "moments", "range"]);
        assert.deepEqual(await asked(200, 2, true), [200, "range", "moments"]);
    });
});
