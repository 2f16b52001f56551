import assert from "node:assert/strict";
import { probed } from "../../../components/prometheus/probed";

describe("A target that is a probe", () => {
    const target = (instance: string, health: "up" | "down" = "up") => ({
        ...{ scrapePool: "probe", scrapeUrl: "http://blackbox:9115/probe?module=http", health, lastError: "" },
        labels: { job: "probe", instance },
    });
    const result = (instance: string, value: string, job = "probe") => ({
        ...{ metric: { job, instance }, value: [0, value] as const },
    });
    const shown = (...args: Parameters<typeof probed>) =>
        probed(...args).map(({ scrapeUrl, health, lastError }) => [scrapeUrl, health, lastError]);

    it("is as its result is, and is called as what is probed", () =>
        assert.deepEqual(
            shown([target("https://a/"), target("b:1")], [result("https://a/", "1"), result("b:1", "0")]),
            [
                ["https://a/", "up", ""],
                ["b:1", "down", "the probe fails (docs/runbooks/ProbeFailing.md)"],
            ],
        ));

    it("is down where the exporter is, whatever its last result was", () =>
        assert.deepEqual(shown([{ ...target("b:1", "down"), lastError: "refused" }], [result("b:1", "1")]), [
            ["b:1", "down", "refused"],
        ]));

    it("is any other as long as it has no result of its own job", () =>
        assert.deepEqual(shown([target("b:1")], [result("b:1", "0", "other")]), [
            ["http://blackbox:9115/probe?module=http", "up", ""],
        ]));
});
