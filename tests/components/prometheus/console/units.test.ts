import assert from "node:assert/strict";
import { format } from "../../../../components/prometheus/console/units";

describe("A value on a page", () => {
    it("is written in its unit", () => {
        const written: [number, string | undefined, string][] = [
            [0, "s", "0 s"],
            [0.00052, "s", "520 µs"],
            [90, "s", "1.5 mins"],
            [59.9999, "s", "1 mins"],
            [-7200, "s", "-2 hours"],
            [0.1234, "percentunit", "12.3%"],
            [1536, "bytes", "1.5 KiB"],
            [2 ** 30, "bytes", "1 GiB"],
            [2 ** 30 - 1, "bytes", "1 GiB"],
            [1e6, "binBps", "977 KiB/s"],
            [0.5, "bytes", "0.5 B"],
            [1_230_000, "short", "1.23 Mil"],
            [999.9, undefined, "1 K"],
            [0, "bps", "0 b/s"],
            [8e6, "bps", "8 Mb/s"],
            [12, "reqps", "12 req/s"],
            [5, "of another kind", "5"],
            [NaN, "s", "NaN"],
            [-Infinity, "s", "-Inf"],
        ];
        assert.deepEqual(
            written.map(([value, unit]) => format(value, unit)),
            written.map(([, , text]) => text),
        );
    });
});
