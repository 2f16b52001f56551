import assert from "node:assert/strict";
import fc from "fast-check";
import { mistakes, plan } from "../../declaration";
import { relabeling } from "../../../config/check/relabel";
import { runs } from "../../property/runs";

const host = fc
    .stringMatching(/^[a-z]([a-z0-9.-]{0,20}[a-z0-9])?$/)
    .filter((name) => !/^localhost$|\.\.|-\.|\.-/.test(name));
const targets = fc.uniqueArray(
    fc.tuple(host, fc.integer({ min: 1, max: 65_535 })).map(([name, port]) => `${name}:${port}`),
    { minLength: 1, maxLength: 20 },
);

/** The targets of the jobs that are declared, in a share. */
function shareOf(declared: object, shard?: object): string[] {
    const { published } = plan({ ...declared, ...(shard && { shard }) });
    return published.jobs
        .filter(({ jobName }) => /^(a|b|probe)$/.test(jobName))
        .flatMap(({ jobName, staticConfigs }) =>
            staticConfigs.flatMap((group) => group.targets.map((each) => `${jobName} ${each}`)),
        );
}

describe("The shares of the targets", function () {
    this.timeout(120_000);

    it("are together all of them, and no target is in two, as relabeling's hashmod has it", () => {
        fc.assert(
            fc.property(targets, targets, fc.integer({ min: 1, max: 7 }), (first, second, of) => {
                const declared = {
                    scrapeJobs: [
                        { jobName: "a", staticConfigs: [{ targets: first }] },
                        {
                            jobName: "b",
                            staticConfigs: second.map((target) => ({ targets: [target], labels: { port: target } })),
                        },
                    ],
                    probes: first.map((target) => ({ target })),
                };
                const shares = Array.from({ length: of }, (_, index) => shareOf(declared, { of, index }));
                assert.deepEqual(shares.flat().sort(), shareOf(declared).sort());
                for (const [index, share] of shares.entries()) {
                    const keep = relabeling([
                        { sourceLabels: ["__address__"], modulus: of, targetLabel: "__tmp_share", action: "hashmod" },
                        { sourceLabels: ["__tmp_share"], regex: String(index), action: "keep" },
                    ]);
                    const kept = share.map((each) => keep?.(new Map([["__address__", each.replace(/^\w+ /, "")]])));
                    assert.ok(!kept.includes(undefined), JSON.stringify(share));
                }
            }),
            { ...runs, numRuns: 40 },
        );
    });

    it("leave out a job that has no target in them, with its alerts, and nothing of the stack's own", () => {
        const declared = { scrapeJobs: [{ jobName: "a", staticConfigs: [{ targets: ["shop:8080"] }] }] };
        const both = [0, 1].map((index) => plan({ ...declared, shard: { of: 2, index } }));
        const names = both.map(({ published }) => published.jobs.map(({ jobName }) => jobName));
        assert.deepEqual(names.map((each) => each.includes("a")).sort(), [false, true]);
        for (const { published, parts } of both) {
            const files = JSON.stringify(parts.map(({ files }) => files));
            assert.equal(
                files.includes("shop:8080"),
                published.jobs.some(({ jobName }) => jobName === "a"),
            );
            assert.ok(published.jobs.some(({ jobName }) => jobName === "node_exporter"));
        }
    });

    it("have Prometheus drop what it discovers and another share has, before the job's own rules", () => {
        const own = { targetLabel: "team", replacement: "shop" };
        const declared = {
            scrapeJobs: [
                {
                    ...{ jobName: "a", staticConfigs: [{ targets: ["shop:8080"] }], relabelConfigs: [own] },
                    dnsSdConfigs: [{ names: ["shops"], type: "A", port: 80 }],
                },
            ],
        };
        for (const index of [0, 1]) {
            const { published } = plan({ ...declared, shard: { of: 2, index } });
            const rules = published.jobs.find(({ jobName }) => jobName === "a")?.relabelConfigs ?? [];
            assert.deepEqual(
                rules.map(({ action, regex, modulus }) => [action, regex, modulus]),
                [
                    ["hashmod", undefined, 2],
                    ["keep", String(index), undefined],
                    [undefined, undefined, undefined],
                ],
            );
        }
    });

    for (const [shard, expected] of [
        [{ of: 4, index: 4 }, /^metrics-stack:shard\.index: 4 is not below 4; write a number from 0 to 3$/],
        [
            { of: 0, index: 0 },
            /^metrics-stack:shard\.of: 0 is not a number of shares; write a whole number from 1 to 1000$/,
        ],
        [{ of: 4 }, /^metrics-stack:shard\.index: is missing; write a whole number, 0 for the first share$/],
        [{ of: 4, index: -1 }, /^metrics-stack:shard\.index: -1 is not the number of a share; /],
        [4, /^metrics-stack:shard: 4 is not an object; write an object with keys from of, index$/],
    ] as const) {
        it(`are not ${JSON.stringify(shard)}`, () => {
            const said = mistakes({ shard });
            assert.ok(
                said.some((line) => expected.test(line)),
                said.join("\n"),
            );
        });
    }
});
