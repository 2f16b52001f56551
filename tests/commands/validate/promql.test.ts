import assert from "node:assert/strict";
import { check } from "../../../commands/validate/promql";

describe("The check of PromQL", () => {
    for (const good of [
        "up",
        'sum by (job) (rate(x{job="a"}[5m])) > 0.5',
        "absent(up)",
        "predict_linear(x[6h], 3600)",
    ]) {
        it(`accepts ${good}`, () => assert.deepEqual(check(good), []));
    }

    for (const [what, bad] of [
        ["a rate of what is no range", "rate(foo)"],
        ["a missing parenthesis", "rate(x[5m]"],
        ["a comparison with nothing", "up =="],
        ["an unknown function", "ratee(x[5m])"],
        ["a missing argument", "predict_linear(x[6h])"],
        ["an aggregated number", "sum(1)"],
    ] as const) {
        it(`refuses ${what}`, () => assert.notDeepEqual(check(bad), []));
    }
});
