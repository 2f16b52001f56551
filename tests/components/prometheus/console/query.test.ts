import assert from "node:assert/strict";
import {
    filled,
    legendOf,
    metricsIn,
    momentsOf,
    mostInRange,
    stepOf,
} from "../../../../components/prometheus/console/query";

const variables = [{ name: "job", title: "Job", series: "up", all: "a|b" }];
const hour = { start: 0, end: 3600 };

describe("A query of a page", () => {
    const asked = (expression: string, values: string[] = [], range = hour, scrapeInterval = 15_000) =>
        filled(expression, { scrapeInterval, variables }, { chosen: { job: values } }, range);

    it("has the chosen values as they are, whatever is in them", () => {
        assert.equal(asked('up{job=~"$job"}'), 'up{job=~"a|b"}');
        assert.equal(asked('up{job=~"$job"}', ["a.b", "c"]), String.raw`up{job=~"a\\.b|c"}`);
        assert.equal(asked('up{job=~"$job"}', ['"} or vector(1) #']), String.raw`up{job=~"\"\\} or vector\\(1\\) #"}`);
        assert.equal(asked('up{job=~"$job"}', ["$&\n"]), String.raw`up{job=~"\\$&\n"}`);
    });

    it("takes rates over four scrapes, or a step and a scrape", () => {
        assert.equal(asked("[$__rate_interval] [$__range]"), "[60s] [3600s]");
        assert.equal(asked("[$__rate_interval]", [], { start: 0, end: 30 * 86_400 }), "[7215s]");
        assert.equal(asked("$1 $unknown"), "$1 $unknown");
    });

    it("has at most 500 points, and never two between scrapes", () => {
        for (const hours of [0.25, 1, 24, 720]) {
            const range = { start: 1000, end: 1000 + 3600 * hours };
            const step = stepOf({ scrapeInterval: 15_000 }, range);
            assert.ok(step >= 15 && momentsOf(range, step).length <= 501, `${hours} h`);
        }
        assert.deepEqual(momentsOf({ start: 7, end: 31 }, 10), [10, 20, 30]);
    });

    it("is for the series that go highest or lowest in a range, at some moments of it", () => {
        assert.equal(
            mostInRange("a or b", 31, false, { start: 0, end: 3600 }),
            "(a or b) and topk(31, max_over_time((a or b)[3600s:180s] @ end()))",
        );
        assert.match(mostInRange("a", 31, true, hour), /^\(a\) and bottomk\(31, min_over_time\(/);
    });

    it("names its metrics, and its series as Grafana does", () => {
        assert.deepEqual(metricsIn('up{job="a{\\"b{"}'), ["up"]);
        assert.deepEqual(metricsIn('rate(a_total{x="1"}[5m]) / a_total{} + up{}'), ["a_total", "up"]);
        assert.equal(legendOf({ job: "a", instance: "<b>" }, "{{job}} {{ instance }} {{no}}"), "a <b>");
        assert.equal(legendOf({ __name__: "up", job: 'a"' }, undefined), String.raw`up{job="a\""}`);
    });
});
