import assert from "node:assert/strict";
import { declaredFlags } from "../../../components/prometheus/flags";
import { mistakes, parse } from "../../declaration";

const flags = (prometheus: object) => declaredFlags(parse({ prometheus }).prometheus);

describe("Prometheus' flags", () => {
    it("are no more where nothing is declared: a new one would be a new container", () =>
        assert.deepEqual(flags({}), []));

    it("are those that are declared", () =>
        assert.deepEqual(
            flags({
                enableFeatures: ["exemplar-storage", "promql-experimental-functions"],
                ...{
                    queryTimeout: "30s",
                    queryMaxConcurrency: 4,
                    queryMaxSamples: 1_000_000,
                    queryLookbackDelta: "10m",
                },
                extraFlags: ["--web.page-title=Metrics of the shop", "--no-storage.tsdb.wal-compression"],
            }),
            [
                "--enable-feature=exemplar-storage,promql-experimental-functions",
                ...["--query.timeout=30s", "--query.max-concurrency=4", "--query.max-samples=1000000"],
                "--query.lookback-delta=10m",
                ...["--web.page-title=Metrics of the shop", "--no-storage.tsdb.wal-compression"],
            ],
        ));

    for (const [flag, advice] of [
        ["--config.file=/a.yml", "the stack delivers the configuration"],
        ["--storage.tsdb.path=/data", "write dataVolume for another one"],
        ["--storage.tsdb.retention.time=30d", "write retentionTime"],
        ["--no-web.enable-lifecycle", "the stack reloads by it"],
        ["--web.external-url=http://a", "write externalUrl"],
        ["--web.listen-address=:9091", "write port and bindAddress"],
        ["--web.config.file=/a", "write web"],
        ["--enable-feature=old-ui", "write enableFeatures"],
        ["--query.timeout=1m", "write queryTimeout"],
        ["--log.format=json", "read from its log"],
        ["--agent", "write mode: agent"],
        ["--storage.agent.path=/a", "is in the volume of the stack"],
        ["--help", "Prometheus says it and ends"],
    ] as const) {
        it(`are without ${flag}`, () => {
            const said = mistakes({ prometheus: { extraFlags: [flag] } }).join();
            assert.match(said, /^metrics-stack:prometheus\.extraFlags\[0\]: "\S+" is not for this stack: /);
            assert.ok(said.includes(advice), said);
        });
    }

    for (const [what, prometheus, expected] of [
        [
            "a misspelt flag",
            { extraFlags: ["--web.page-titel=a"] },
            /extraFlags\[0\]: "--web\.page-titel=a" is no flag of Prometheus 3\.13; did you mean --web\.page-title\?/,
        ],
        [
            "a word",
            { extraFlags: ["web.page-title=a"] },
            /extraFlags\[0\]: "web\.page-title=a" is not a flag; write one, such as "--log\.level=warn"/,
        ],
        [
            "a flag twice",
            { extraFlags: ["--log.level=warn", "--log.level=info"] },
            /extraFlags\[1\]: "--log\.level=info" stands there twice/,
        ],
        [
            "a misspelt feature",
            { enableFeatures: ["native-histogram"] },
            /enableFeatures\[0\]: "native-histogram" is no feature of Prometheus 3\.13; did you mean native-histograms\?/,
        ],
        [
            "a feature that the stack does itself",
            { enableFeatures: ["auto-reload-config"] },
            /"auto-reload-config" is not for this stack/,
        ],
        ["features in one text", { enableFeatures: "a,b" }, /enableFeatures: is text, not a list/],
        [
            "a lookback below that of the alerts",
            { queryLookbackDelta: "1m" },
            /queryLookbackDelta: "1m" is less than the 5m that alerts and graphs go by/,
        ],
        ["no samples", { queryMaxSamples: 0 }, /queryMaxSamples: 0 is not above zero/],
    ] as const) {
        it(`may not be ${what}`, () => assert.match(mistakes({ prometheus }).join(), expected));
    }

    it("may be of another version, with another image", () =>
        assert.deepEqual(
            flags({ image: "prom/prometheus:v4.0.0", extraFlags: ["--new.flag"], enableFeatures: ["new-feature"] }),
            ["--enable-feature=new-feature", "--new.flag"],
        ));
});
