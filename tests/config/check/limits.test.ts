import assert from "node:assert/strict";
import { job, mistakes, parse } from "../../declaration";

type Raw = Record<string, unknown>;
const shop = (rest: Raw, targets?: string[]): Raw => ({ scrapeJobs: [job("shop", rest, targets)] });
const three = ["a:1", "b:1", "c:1"];

const refused: readonly (readonly [what: string, raw: Raw, said: RegExp])[] = [
    [
        "a latency of the last bucket",
        shop({ application: { latency: "10s" } }),
        /application\.latency: "10s" is never exceeded: .* fastapi is above 10s; write less/,
    ],
    [
        "a latency above it",
        shop({ application: { latency: "30s", profile: "opentelemetry" } }),
        /"30s" is never exceeded/,
    ],
    [
        "that of the example service",
        { webBe: { enabled: true, application: { latency: "1m" } } },
        /webBe\.application\.latency: "1m" is never/,
    ],
    [
        "a targetLimit below the targets",
        shop({ targetLimit: 2 }, three),
        /targetLimit: 2 is less than the 3 targets of this job, .* write at least 3/,
    ],
    [
        "a labelLimit of one",
        shop({ labelLimit: 1 }),
        /labelLimit: 1 lets no scrape succeed: .* 3 labels .* write at least 3/,
    ],
    ["a labelNameLengthLimit", shop({ labelNameLengthLimit: 5 }), /labelNameLengthLimit: 5 lets .* write at least 8/],
    [
        "a labelValueLengthLimit",
        shop({ labelValueLengthLimit: 3 }),
        /labelValueLengthLimit: 3 lets .* write at least 9/,
    ],
];
const accepted: readonly (readonly [what: string, raw: Raw])[] = [
    ["a latency below the last bucket", shop({ application: { latency: "9s" } })],
    [
        "a latency of a profile of one's own",
        { applicationProfiles: { own: {} }, ...shop({ application: { profile: "own", latency: "30s" } }) },
    ],
    ["as many targets as there may be", shop({ targetLimit: 3 }, three)],
    [
        "more targets, some of which a rule drops",
        shop(
            { targetLimit: 2, relabelConfigs: [{ action: "drop", sourceLabels: ["__address__"], regex: "a:1" }] },
            three,
        ),
    ],
    ["limits that a plain target keeps", shop({ labelLimit: 3, labelNameLengthLimit: 8, labelValueLengthLimit: 9 })],
];

describe("A limit", () => {
    for (const [what, raw, said] of refused) {
        it(`that nothing can keep or exceed is refused: ${what}`, () => {
            const all = mistakes(raw);
            assert.match(all.join("\n"), said);
            assert.equal(all.length, 1, all.join("\n"));
        });
    }
    it("is held against as many targets as nobody can hand to a function", () => {
        const many = Array.from({ length: 50_000 }, (_, n) => `host-${n}:9100`);
        assert.match(mistakes(shop({ labelLimit: 2 }, many)).join(), /labelLimit: 2 lets no scrape succeed/);
    });
    for (const [what, raw] of accepted) {
        it(`is accepted: ${what}`, () => assert.ok(parse(raw)));
    }
});
