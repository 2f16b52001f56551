import assert from "node:assert/strict";
import { readPrometheusKeys } from "../../conformance/prometheusKeys";
import { recordedKeys } from "../../conformance/recordedKeys";
import { unknownKeys } from "../../conformance/unknownKeys";
import { job } from "../../declaration";

const { record, test } = recordedKeys("prometheus", readPrometheusKeys);

describe("The keys of the pinned Prometheus", function () {
    this.timeout(60_000);

    it("are recorded", test);

    it("of global can be declared, or it is said why not", () =>
        assert.deepEqual(
            unknownKeys("Prometheus", record.global, (value) => ({ ...value }), "global"),
            [],
        ));

    it("of alerting, storage, otlp, tracing and runtime can be declared, or it is said why not", () => {
        const { alerting, storage, otlp, tracing, runtime } = record;
        const keys = { alerting, storage, otlp, tracing, runtime };
        assert.deepEqual(
            unknownKeys("Prometheus", keys, (value) => ({ ...value }), ""),
            [],
        );
    });

    for (const key of ["remoteWrite", "remoteRead"] as const) {
        it(`of ${key} can be declared, or it is said why not`, () =>
            assert.deepEqual(
                unknownKeys(
                    "Prometheus",
                    key === "remoteWrite" ? record.remote_write : record.remote_read,
                    (value) => ({ [key]: [{ url: "http://archive/api", ...value }] }),
                    key,
                ),
                [],
            ));
    }

    it("of a scrape job can be declared, or it is said why not", () =>
        assert.deepEqual(
            unknownKeys(
                "Prometheus",
                record.scrape_config,
                (value) => ({ scrapeJobs: [{ ...job("a"), ...value }] }),
                "scrape_config",
            ),
            [],
        ));

    for (const [kind, keys] of Object.entries(record.discovery)) {
        it(`of ${kind} can be declared, or it is said why not`, () =>
            assert.deepEqual(
                unknownKeys(
                    "Prometheus",
                    { [kind]: keys },
                    (value) => ({ scrapeJobs: [{ ...job("a"), ...value }] }),
                    "scrape_config",
                ),
                [],
            ));
    }
});
