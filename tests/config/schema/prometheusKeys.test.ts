import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import type { PrometheusKeys } from "../../conformance/prometheusKeys";
import { readPrometheusKeys } from "../../conformance/prometheusKeys";
import { unknownKeys } from "../../conformance/unknownKeys";
import { job } from "../../declaration";

const root = path.join(__dirname, "../../..");
const goModule = readFileSync(path.join(root, "components/prometheus/go/go.mod"), "utf8");
const version = /github\.com\/prometheus\/prometheus (v\S+)/.exec(goModule)?.[1] ?? "";
const recorded = path.join(root, "tests/conformance/prometheus-keys.json");

describe("The keys of the pinned Prometheus", function () {
    this.timeout(60_000);

    it("are recorded", function () {
        const keys = readPrometheusKeys(version);
        const text = keys && `${JSON.stringify({ version, ...keys }, null, 4)}\n`;
        if (text !== undefined && process.env.UPDATE_GOLDEN) {
            writeFileSync(recorded, text);
        }
        const record = readFileSync(recorded, "utf8");
        assert.equal(
            JSON.parse(record).version,
            version,
            "the record is of another version: go mod download github.com/prometheus/prometheus, then UPDATE_GOLDEN=1",
        );
        if (text === undefined) {
            return this.skip(); // Go's module cache does not have the source.
        }
        assert.equal(record, text);
    });

    const record = () => JSON.parse(readFileSync(recorded, "utf8")) as PrometheusKeys;

    it("of global can be declared, or it is said why not", () =>
        assert.deepEqual(
            unknownKeys("Prometheus", record().global, (value) => ({ ...value }), "global"),
            [],
        ));

    it("of alerting and storage can be declared, or it is said why not", () => {
        const { alerting, storage } = record();
        assert.deepEqual(
            unknownKeys("Prometheus", { alerting, storage }, (value) => ({ ...value }), ""),
            [],
        );
    });

    it("of a scrape job can be declared, or it is said why not", () =>
        assert.deepEqual(
            unknownKeys(
                "Prometheus",
                record().scrape_config,
                (value) => ({ scrapeJobs: [{ ...job("a"), ...value }] }),
                "scrape_config",
            ),
            [],
        ));
});
