import assert from "node:assert/strict";
import { changed, errorIn, sentIn } from "../../../components/collector/delivery";

const config = (exporters: Readonly<Record<string, { endpoint: string }>>) => ({
    exporters,
    service: { telemetry: { resource: { config: "1df2702fb83e" } } },
});
const [prometheus, archive] = ["otlp_http/prometheus", "otlp_http/archive"];
const both = config({ [prometheus]: { endpoint: "http://p" }, [archive]: { endpoint: "http://a" } });

describe("Whom a collector is verified to send to", () => {
    const ids = (...args: Parameters<typeof changed>) => changed(...args).map(({ id }) => id);

    it("is everybody where nothing is known of before", () =>
        assert.deepEqual(ids(both, undefined, []), [prometheus, archive]));

    it("is who is new, or sent to in another way", () => {
        assert.deepEqual(ids(both, config({ [prometheus]: { endpoint: "http://p" } }), []), [archive]);
        const before = config({ ...both.exporters, [archive]: { endpoint: "http://b" } });
        assert.deepEqual(ids(both, before, []), [archive]);
    });

    it("is who has another secret", () => assert.deepEqual(ids(both, both, ["archive.login"]), [archive]));

    it("is nobody where all is as before", () => assert.deepEqual(ids(both, both, []), []));
});

describe("What a collector says", () => {
    it("has the data points that arrived, by whom they were sent to", () => {
        const metrics = [
            "# TYPE otelcol_exporter_sent_metric_points counter",
            `otelcol_exporter_sent_metric_points{data_type="metrics",exporter="${prometheus}"} 1.2e+03`,
            `otelcol_exporter_sent_metric_points{exporter="${archive}"} 7`,
            `otelcol_exporter_send_failed_metric_points{exporter="${archive}"} 3`,
        ].join("\n");
        assert.deepEqual(
            [...sentIn(metrics)],
            [
                [prometheus, 1200],
                [archive, 7],
            ],
        );
    });

    it("has the error of a line of its log, and whose it is", () => {
        const line = `{"level":"info","msg":"Exporting failed.","otelcol.component.id":"${archive}","error":"Post \\"http://a\\": refused"}`;
        assert.deepEqual(errorIn(line), [{ id: archive, error: 'Post "http://a": refused' }]);
        assert.deepEqual(errorIn('{"level":"info","msg":"Everything is ready."}'), []);
    });
});
