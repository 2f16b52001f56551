import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import type { Keys } from "../../conformance/goStructs";
import type { PrometheusKeys } from "../../conformance/prometheusKeys";
import { readPrometheusKeys } from "../../conformance/prometheusKeys";
import { job, mistakes } from "../../declaration";

const root = path.join(__dirname, "../../..");
const goModule = readFileSync(path.join(root, "components/prometheus/go/go.mod"), "utf8");
const version = /github\.com\/prometheus\/prometheus (v\S+)/.exec(goModule)?.[1] ?? "";
const recorded = path.join(root, "tests/conformance/prometheus-keys.json");

const camelCase = (key: string) => key.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

/** The keys that may be declared have no file names, but the contents. @returns those that nobody knows here */
function unknown(keys: Keys, declare: (value: object) => Record<string, unknown>, place: string): string[] {
    const written = Object.fromEntries(Object.keys(keys).map((key) => [camelCase(key), null]));
    const said = mistakes(declare(written));
    const here = Object.keys(keys).filter((key) =>
        said.some((line) => new RegExp(`^metrics-stack:\\S*\\b${camelCase(key)}: is not a known key`).test(line)),
    );
    const inside = Object.entries(keys).flatMap(([key, below]) => {
        const isList = /configs$|^alertmanagers$|^filters$|^selectors$/.test(key);
        const isLeftOut = said.some((line) => line.includes(`${camelCase(key)}: is a key of Prometheus that`));
        return below === null || isLeftOut
            ? []
            : unknown(
                  below,
                  (value) =>
                      declare({ [camelCase(key)]: key === "http_headers" ? { a: value } : isList ? [value] : value }),
                  `${place}.${key}`,
              );
    });
    return [...here.map((key) => `${place}.${key}`), ...inside];
}

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
            unknown(record().global, (value) => ({ ...value }), "global"),
            [],
        ));

    it("of alerting and storage can be declared, or it is said why not", () => {
        const { alerting, storage } = record();
        assert.deepEqual(
            unknown({ alerting, storage }, (value) => ({ ...value }), ""),
            [],
        );
    });

    it("of a scrape job can be declared, or it is said why not", () =>
        assert.deepEqual(
            unknown(record().scrape_config, (value) => ({ scrapeJobs: [{ ...job("a"), ...value }] }), "scrape_config"),
            [],
        ));
});
