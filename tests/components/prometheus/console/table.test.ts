import assert from "node:assert/strict";
import { merged } from "../../../../components/prometheus/console/table";

describe("The rows of a table", () => {
    it("are one for what has the same labels, as far as both have them", () => {
        const series = (metric: Record<string, string>, value: string) => ({ metric, value: [0, value] as const });
        const rows = merged(
            [
                [series({ job: "b", dashboard: "host" }, "2"), series({ job: "a", dashboard: "x" }, "1")],
                [series({ job: "b" }, "0"), series({ job: "c" }, "+Inf")],
            ],
            ["job", "dashboard"],
        );
        assert.deepEqual(
            rows.map((row) => Object.fromEntries(row)),
            [
                { job: "a", dashboard: "x", 0: "1" },
                { job: "b", dashboard: "host", 0: "2", 1: "0" },
                { job: "c", 1: "Infinity" },
            ],
        );
    });
});
