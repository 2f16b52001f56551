import assert from "node:assert/strict";
import { missingMetrics } from "../../../components/prometheus/missingMetrics";

/** A Prometheus with one application, whose rule finds these instances and whose targets announce these metrics. */
function prometheusWith(instances: readonly string[], announced: readonly string[] = []) {
    const asked: string[] = [];
    const ask = (paths: readonly string[]) =>
        Object.fromEntries(
            paths.map((path) => {
                asked.push(path);
                const { searchParams, pathname } = new URL(path, "http://prometheus/");
                const metric = searchParams.get("metric") ?? "";
                const answers: Record<string, unknown> = {
                    "/rules": {
                        groups: [
                            {
                                rules: [
                                    {
                                        query: "a unless b",
                                        annotations: {
                                            summary:
                                                "{{ $labels.instance }} of {{ $labels.job }} exposes no http_requests_total",
                                        },
                                    },
                                ],
                            },
                        ],
                    },
                    "/query": { result: instances.map((instance) => ({ metric: { instance, job: "shop" } })) },
                    "/targets/metadata": announced.includes(metric) ? [{ metric }] : [],
                };
                return [path, answers[pathname]];
            }),
        );
    return { asked, said: missingMetrics(ask) };
}

describe("Applications without the metrics of their profile", () => {
    it("are named, each target", () =>
        assert.deepEqual(prometheusWith(["a:1", "b:1"]).said, [
            "a:1 of shop exposes no http_requests_total",
            "b:1 of shop exposes no http_requests_total",
        ]));

    it("are none that only wait for their first request, in either text format", () => {
        for (const announced of ["http_requests_total", "http_requests"]) {
            assert.deepEqual(prometheusWith(["a:1"], [announced]).said, []);
        }
    });

    it("cost two questions where there are none", () => {
        const { asked, said } = prometheusWith([]);
        assert.deepEqual(said, []);
        assert.equal(asked.length, 2);
    });
});
