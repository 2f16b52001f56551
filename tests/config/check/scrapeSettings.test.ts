import assert from "node:assert/strict";
import { job, mistakes, ownJob, parse } from "../../declaration";
import { rulesOf } from "../../../config/render/rules";

const one = (raw: Record<string, unknown>) => {
    const [said = "", ...others] = mistakes(raw);
    assert.deepEqual(others, []);
    return said;
};
const jobWith = (rest: object) => ({ scrapeJobs: [job("a", rest)] });

describe("Settings of scrapes that do not go together", () => {
    it("are names that are asked for and refused", () => {
        const both = { metricNameValidationScheme: "legacy", metricNameEscapingScheme: "allow-utf-8" };
        assert.match(
            one(both),
            /^metrics-stack:metricNameEscapingScheme: "allow-utf-8" asks for names that .* "legacy" refuses/,
        );
        assert.match(one(jobWith(both)), /scrapeJobs\[0\]\.metricNameEscapingScheme: .* write "underscores"$/);
        // Prometheus asks for underscores where a job says only that names are legacy ones.
        parse({ metricNameEscapingScheme: "allow-utf-8", ...jobWith({ metricNameValidationScheme: "legacy" }) });
    });

    it("are buckets that a latency is read from and that are not stored", () => {
        const application = { profile: "fastapi" };
        const converted = { convertClassicHistogramsToNhcb: true };
        assert.match(
            one(jobWith({ application, ...converted })),
            /scrapeJobs\[0\]\.convertClassicHistogramsToNhcb: takes away the buckets .* write alwaysScrapeClassicHistograms: true/,
        );
        assert.match(
            one({ scrapeNativeHistograms: true, ...jobWith({ application }) }),
            /^metrics-stack:scrapeNativeHistograms: takes away the buckets/,
        );
        assert.match(
            one(jobWith({ thanos: {}, ...converted })),
            /the buckets that the alerts and graphs of thanos read/,
        );
        parse({ ...converted, alwaysScrapeClassicHistograms: true, ...jobWith({ application }) });
        parse({ ...converted, ...jobWith({ application, convertClassicHistogramsToNhcb: false }) });
    });

    it("are a list of hosts without the proxy, and two logins", () => {
        assert.match(one(jobWith({ noProxy: "a" })), /noProxy: has no effect without a proxy; write proxyUrl too/);
        const oauth2 = { clientId: "a", clientSecret: "b", tokenUrl: "https://login.example.com/" };
        assert.match(
            one(jobWith({ oauth2, authorization: { credentials: "c" } })),
            /oauth2: stands beside authorization; write one of the two/,
        );
    });

    it("are limits of the stack that no scrape of a job can keep", () =>
        assert.match(
            one({ labelLimit: 1, ...jobWith({}) }),
            /^metrics-stack:labelLimit: 1 lets no scrape succeed: .* write at least 3$/,
        ));
});

describe("A setting of scrapes is refused for", () => {
    const cases: [what: string, rest: object, said: RegExp][] = [
        [
            "a log elsewhere",
            { scrapeFailureLogFile: "/var/log/a.log" },
            /scrapeFailureLogFile: .* write one, such as "\/prometheus\//,
        ],
        ["a log over the samples", { scrapeFailureLogFile: "/prometheus/wal/00000001" }, /is not a log file/],
        ["a protocol twice", { scrapeProtocols: ["PrometheusProto", "PrometheusProto"] }, /has one protocol twice/],
        [
            "a header of Prometheus' own",
            { httpHeaders: { Authorization: { values: ["x"] } } },
            /httpHeaders\.Authorization: is a header that Prometheus sets itself/,
        ],
        ["a header without a value", { httpHeaders: { "X-A": {} } }, /httpHeaders\.X-A: has no value/],
        [
            "a header's file",
            { httpHeaders: { "X-A": { values: ["x"], files: ["/x"] } } },
            /files: does not stand here; write .* in secrets/,
        ],
        [
            "a token without a secret",
            { oauth2: { clientId: "a", tokenUrl: "https://a.example/" } },
            /oauth2\.clientSecret: is missing/,
        ],
    ];
    for (const [what, rest, said] of cases) {
        it(what, () => assert.match(one(jobWith(rest)), said));
    }
});

describe("A limit of the stack", () => {
    it("has an alert, for the jobs without one of their own", () => {
        const limits = (raw: Record<string, unknown>) =>
            rulesOf(parse(raw), ownJob("prometheus")).filter(({ alert }) => alert === "TargetNearSampleLimit");
        assert.equal(limits({}).length, 0);
        assert.match(limits({ sampleLimit: 700 })[0]?.expr ?? "", /\/ 700 > /);
    });
});
