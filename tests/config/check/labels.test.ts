import assert from "node:assert/strict";
import { job, mistakes, parse } from "../../declaration";

type Raw = Record<string, unknown>;

/** A job with these keys, and labels of its only target. */
const shop = (rest: Raw, labels: Raw = {}): Raw => ({
    scrapeJobs: [{ ...job("shop", rest), staticConfigs: [{ targets: ["shop:8000"], labels }] }],
});
const application = { application: {} };
const host = { host: {} };
const relabel = (...relabelConfigs: Raw[]) => shop({ relabelConfigs }, { app: "cart", x: "j" });
const samples = (rule: Raw, rest: Raw = {}) => shop({ metricRelabelConfigs: [rule], ...rest });

const refused: readonly (readonly [what: string, raw: Raw, said: RegExp])[] = [
    ...["status", "path", "method", "le"].map(
        (name) =>
            [
                `a target's label ${name} where application reads it`,
                shop(application, { [name]: "live" }),
                new RegExp(
                    `labels\\.${name}: "live" hides the label ${name} .* of application read; write .* target_${name}$`,
                ),
            ] as const,
    ),
    ...["mode", "cpu", "device", "fstype", "mountpoint"].map(
        (name) =>
            [
                `a target's label ${name} where host reads it`,
                shop(host, { [name]: "prod" }),
                new RegExp(`labels\\.${name}: "prod" hides the label ${name} .* of host read`),
            ] as const,
    ),
    [
        "a label that a profile of one's own names",
        {
            applicationProfiles: { own: { statusLabel: "code" } },
            ...shop({ application: { profile: "own" } }, { code: "x" }),
        },
        /labels\.code: "x" hides the label code/,
    ],
    [
        "a label that OpenTelemetry names",
        shop({ application: { profile: "opentelemetry" } }, { http_route: "x" }),
        /labels\.http_route: "x" hides/,
    ],
    [
        "a rule that writes one",
        shop({ ...host, relabelConfigs: [{ targetLabel: "mode", replacement: "prod" }] }),
        /relabelConfigs: writes the label mode of "shop:8000", and hides the label mode/,
    ],
    [
        "honorLabels with host",
        shop({ ...host, honorLabels: true }),
        /honorLabels: keeps the job and instance .* of host/,
    ],
    [
        "honorLabels with application",
        shop({ ...application, honorLabels: "true" }),
        /honorLabels: .*leave application out$/,
    ],
    ["a labeldrop of job", relabel({ action: "labeldrop", regex: "job" }), /relabelConfigs\[0\]: takes the label job/],
    [
        "a labeldrop of more",
        relabel({ action: "labeldrop", regex: "j.*|app" }),
        /relabelConfigs\[0\]: takes the label job/,
    ],
    [
        "a labelkeep without job",
        relabel({ action: "labelkeep", regex: "__.*|app" }),
        /relabelConfigs\[0\]: takes the label job/,
    ],
    [
        "a labelmap to job",
        relabel({ targetLabel: "y", replacement: "1" }, { action: "labelmap", regex: "app", replacement: "job" }),
        /relabelConfigs\[1\]: takes the label job .* write it as jobName/,
    ],
    [
        "a template that becomes job",
        relabel({ sourceLabels: ["x"], targetLabel: "${1}ob", replacement: "b" }),
        /relabelConfigs\[0\]: takes the label job/,
    ],
    [
        "samples with another job",
        samples({ targetLabel: "job", replacement: "x" }),
        /metricRelabelConfigs\[0\]: puts another value into the label job/,
    ],
    [
        "samples with a job in capitals",
        samples({ action: "uppercase", sourceLabels: ["job"], targetLabel: "job" }),
        /label job/,
    ],
    [
        "samples with a hashed job",
        samples({ action: "hashmod", sourceLabels: ["a"], targetLabel: "job", modulus: 2 }),
        /label job/,
    ],
    [
        "samples without an instance",
        samples({ action: "labeldrop", regex: "instance|le" }),
        /metricRelabelConfigs\[0\]\.regex: takes the label instance/,
    ],
    [
        "samples without a job",
        samples({ action: "labelkeep", regex: "__name__|instance" }),
        /regex: takes the label job .* keeps it$/,
    ],
    [
        "samples whose exported_job is mapped",
        samples({ action: "labelmap", regex: "exported_(.+)" }),
        /label job of samples/,
    ],
    [
        "samples with a job from another label's name",
        samples({ action: "labelmap", regex: "app", replacement: "job" }),
        /label job of samples/,
    ],
    [
        "samples with a template that can become job",
        samples({ sourceLabels: ["a"], regex: "(.).*", targetLabel: "${1}ob" }),
        /metricRelabelConfigs\[0\]: puts another value into the label job/,
    ],
    [
        "buckets without le",
        samples({ action: "labeldrop", regex: "le" }, application),
        /regex: takes the label le of samples away/,
    ],
    ["disks without device", samples({ action: "labeldrop", regex: "dev.*" }, host), /regex: takes the label device/],
    [
        "samples with another instance, where they are read",
        samples({ sourceLabels: ["pod"], targetLabel: "instance" }, host),
        /puts another value into the label instance/,
    ],
];

const accepted: readonly (readonly [what: string, raw: Raw])[] = [
    ["a label of the same name where nothing reads it", shop({}, { status: "live", mode: "prod" })],
    ["host's names with application", shop(application, { mode: "prod", device: "x" })],
    ["honorLabels without a profile", shop({ honorLabels: true })],
    ["a rule that writes the instance", relabel({ sourceLabels: ["app"], targetLabel: "instance" })],
    ["a labelkeep with job", relabel({ action: "labelkeep", regex: "__.*|job" })],
    ["a labelmap to others", relabel({ action: "labelmap", regex: "(a.*)", replacement: "${1}_x" })],
    ["a rule that compares with job", relabel({ action: "keepequal", sourceLabels: ["job"], targetLabel: "job" })],
    [
        "a template that becomes another name",
        relabel({ sourceLabels: ["app"], targetLabel: "${1}ob", replacement: "b" }),
    ],
    [
        "a label named after a value",
        samples({ sourceLabels: ["a"], regex: "(.+)=(.+)", targetLabel: "$1", replacement: "$2" }),
    ],
    [
        "a path that is made shorter",
        samples({ sourceLabels: ["path"], regex: "/v1(/.*)", targetLabel: "path" }, application),
    ],
    [
        "samples with an instance of their own, where nothing reads it",
        samples({ sourceLabels: ["pod"], targetLabel: "instance" }),
    ],
    ["samples without a label that nobody reads", samples({ action: "labeldrop", regex: "tmp_.*" }, application)],
];

describe("The labels that alerts and graphs read", () => {
    for (const [what, raw, said] of refused) {
        it(`are kept: refuses ${what}`, () => {
            const all = mistakes(raw);
            assert.ok(
                all.some((mistake) => said.test(mistake)),
                all.join("\n"),
            );
            assert.equal(all.length, 1, all.join("\n"));
        });
    }
    for (const [what, raw] of accepted) {
        it(`are kept: accepts ${what}`, () => assert.ok(parse(raw)));
    }
});
