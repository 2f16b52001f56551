import assert from "node:assert/strict";
import { job, mistakes, parse } from "../../declaration";

const jobWith = (rest: object, targets?: string[]) => ({ scrapeJobs: [job("a", rest, targets)] });
const loopback = [
    ...[
        "localhost:8000",
        "LOCALHOST:8000",
        "localhost.:1",
        "x.localhost:1",
        "localhost.localdomain:1",
        "ip6-localhost:1",
    ],
    ...["127.0.0.1:1", "127.1.2.3:9", "127.255.255.255:9", "0.0.0.0:1"],
    ...[
        "[::1]:9",
        "[0:0:0:0:0:0:0:1]:9",
        "[::]:1",
        "[::ffff:127.0.0.1]:9",
        "[::ffff:7f01:203]:9",
        "[::FFFF:0.0.0.0]:9",
    ],
];
const identity = { sourceLabels: ["__address__"], targetLabel: "__address__" };

describe("A target that leads Prometheus' container to itself", () => {
    for (const target of loopback) {
        it(`is refused: ${target}`, () => {
            const [said = "", ...others] = mistakes(jobWith({}, [target]));
            const port = target.slice(target.lastIndexOf(":"));
            assert.deepEqual(others, []);
            assert.ok(said.includes(`targets[0]: "${target}" is Prometheus' own container`), said);
            assert.ok(said.includes(`write "host.docker.internal${port}"`), said);
        });
    }

    it("may be meant through a proxy, or where a rule writes the address", () => {
        parse(jobWith({ proxyUrl: "http://proxy:3128" }, loopback));
        parse(jobWith({ relabelConfigs: [identity] }, loopback));
    });

    it("is none that only looks like it", () =>
        void parse(
            jobWith({}, [
                "localhost.example.com:1",
                "notlocalhost:1",
                "128.0.0.1:1",
                "0.0.0.1:1",
                "[::2]:1",
                "local:1",
            ]),
        ));

    it("is a proxy of its own too", () =>
        assert.match(
            mistakes(jobWith({ proxyUrl: "http://localhost:3128/" })).join("\n"),
            /proxyUrl: .* is Prometheus' own container .* write "host\.docker\.internal:3128"/,
        ));
});

describe("A host's name", () => {
    const long = (labels: number) => Array.from({ length: labels }, () => "a".repeat(62)).join(".");
    it("is refused where it is longer than DNS allows", () => {
        for (const name of ["a".repeat(64), `${"a".repeat(64)}.example`, `${long(4)}.aaa`]) {
            assert.match(
                mistakes(jobWith({}, [`${name}:80`])).join("\n"),
                /longer than DNS allows; write one of at most 253/,
            );
        }
    });

    it("of a proxy neither", () =>
        assert.match(
            mistakes(jobWith({ proxyUrl: `http://${"a".repeat(64)}:3128` })).join("\n"),
            /proxyUrl: .* longer than DNS allows/,
        ));

    it("may be as long as DNS allows", () =>
        void parse(jobWith({}, [`${"a".repeat(63)}:80`, `${long(4)}.a:80`, `${long(4)}.a.:81`])));
});

describe("After relabeling", () => {
    const probes = ["https://a.example/", "https://b.example/"];
    const param = { sourceLabels: ["__address__"], targetLabel: "__param_target" };
    const instance = { sourceLabels: ["__param_target"], targetLabel: "instance" };
    const exporter = { targetLabel: "__address__", replacement: "blackbox:9115" };
    const said = (targets: string[], ...relabelConfigs: object[]) => mistakes(jobWith({ relabelConfigs }, targets));

    it("a target that stands there twice is refused beside rules that cannot be computed", () => {
        const found = said(["a:1", "a:1"], { sourceLabels: ["a"], regex: "(?!b)", targetLabel: "c" });
        assert.equal(found.length, 2);
        assert.match(found.join("\n"), /targets\[1\]: "a:1" is in this job twice/);
    });

    it("two probes with the same labels are refused", () => {
        for (const rules of [
            [param, exporter],
            [param, { ...instance, replacement: "fixed" }, exporter],
            [param, { ...instance, regex: "https://.*(example)/" }, exporter],
            [param, exporter, { action: "lowercase", sourceLabels: ["job"], targetLabel: "instance" }],
            [param, exporter, instance, { action: "labeldrop", regex: "instance" }],
            [param, exporter, instance, { action: "labelkeep", regex: "__.*|job" }],
            [
                param,
                exporter,
                { action: "hashmod", sourceLabels: ["__param_target"], modulus: 1, targetLabel: "shard" },
            ],
        ]) {
            const [found = "", ...others] = said(probes, ...rules);
            assert.match(
                found,
                /targets\[1\]: "https:\/\/b\.example\/" has the same labels as "https:\/\/a\.example\/"/,
            );
            assert.match(found, /relabelConfigs .*targetLabel: "instance"/);
            assert.deepEqual(others, []);
        }
    });

    it("probes with labels of their own are accepted, and targets that a rule drops", () => {
        for (const rules of [
            [param, instance, exporter],
            [param, { sourceLabels: ["__param_target"], targetLabel: "site" }, exporter],
            [
                param,
                exporter,
                { action: "hashmod", sourceLabels: ["__param_target"], modulus: 1e9, targetLabel: "shard" },
            ],
            [{ action: "drop", sourceLabels: ["__address__"], regex: "https://b\\..*" }, param, exporter],
            [{ action: "keep", sourceLabels: ["__address__"], regex: "https://a\\..*" }, param, exporter],
        ]) {
            parse(jobWith({ relabelConfigs: rules }, probes));
        }
    });

    it("a target without an address is refused, and one with a path", () => {
        const lost = /relabelConfigs: leaves "a:1" with(out an|) ?.*, so that it is never scraped/;
        for (const rule of [
            { action: "labelkeep", regex: "job|instance" },
            { action: "labeldrop", regex: "__addr.*" },
            { targetLabel: "__address__", replacement: "" },
            { sourceLabels: ["nothing"], targetLabel: "__address__" },
            { targetLabel: "__address__", replacement: "http://b:1" },
            { action: "labelkeep", regex: "job|__address__" },
            { targetLabel: "__scrape_interval__", replacement: "often" },
        ]) {
            const [found = "", ...others] = said(["a:1"], rule);
            assert.match(found, lost);
            assert.deepEqual(others, []);
        }
        assert.match(
            said(["https://a/x"], { ...identity, regex: "b.*" }).join("\n"),
            /with the __address__ .*, not host:port/,
        );
    });

    it("what a rule is mistaken in is told alone", () =>
        assert.equal(said(["a:1", "b:1"], { action: "labeldrop" }, { targetLabel: "instance", regex: "(" }).length, 2));
});

describe("A group that regex does not have is refused in a rule", () => {
    const env = { sourceLabels: ["env"], targetLabel: "site" };
    for (const [rule, field, advice] of [
        [{ ...env, replacement: "$1_eu" }, "replacement", 'write "${1}_eu"'],
        [{ ...env, replacement: "x-$1eu" }, "replacement", 'write "${1}eu"'],
        [{ ...env, replacement: "$2" }, "replacement", 'write "${1}"'],
        [{ ...env, replacement: "${2}" }, "replacement", 'write "${1}"'],
        [{ ...env, regex: "eu", replacement: "$1" }, "replacement", "(.*)"],
        [{ ...env, replacement: "\\1" }, "replacement", 'write "${1}"'],
        [{ ...env, replacement: "${HOME}" }, "replacement", '"$$HOME"'],
        [{ ...env, regex: "(?P<zone>.*)", replacement: "$zoned" }, "replacement", '"${zone}"'],
        [{ sourceLabels: ["env"], targetLabel: "x_$1_y" }, "targetLabel", 'write "${1}_y"'],
        [{ ...env, regex: "eu" }, "replacement", 'write one, such as ""'],
        [{ action: "labelmap", regex: "x_.+" }, "replacement", "into brackets"],
        [{ action: "labelmap", regex: "x_(.+)", replacement: "$1_total" }, "replacement", 'write "${1}_total"'],
    ] as const) {
        it(JSON.stringify(rule), () => {
            for (const key of ["relabelConfigs", "metricRelabelConfigs"]) {
                const [found = "", ...others] = mistakes(jobWith({ [key]: [rule] }));
                assert.ok(found.startsWith(`metrics-stack:scrapeJobs[0].${key}[0].${field}: `), found);
                assert.ok(found.includes(advice), found);
                assert.deepEqual(others, []);
            }
        });
    }

    it("and what Go reads as it stands is accepted", () => {
        for (const replacement of ["${1}_eu", "$1-eu", "$0", "$$1", "100$", "$", "${", "a\\b", "$-", ""]) {
            parse(jobWith({ relabelConfigs: [{ ...env, replacement }] }));
        }
        parse(jobWith({ relabelConfigs: [{ ...env, regex: "(?P<zone>a)|(b)", replacement: "$zone-${2}" }] }));
    });
});

describe("Half of a character is refused in any text", () => {
    const key = { "\ud800": "x" };
    for (const [where, raw] of [
        ["externalLabels.region", { externalLabels: { region: "a\ud800" } }],
        [
            "scrapeJobs[0].staticConfigs[0].labels.x",
            jobWith({ staticConfigs: [{ targets: ["a:1"], labels: { x: "\udc00" } }] }),
        ],
        [
            "scrapeJobs[0].relabelConfigs[0].replacement",
            jobWith({ relabelConfigs: [{ targetLabel: "x", replacement: "\ud83d" }] }),
        ],
        ['scrapeJobs[0].params["\\ud800"]', jobWith({ params: key })],
        ["scrapeJobs[0].basicAuth.password", jobWith({ basicAuth: { username: "u", password: "\ud83d-hunter2" } })],
    ] as const) {
        it(where, () => {
            const said = mistakes(raw);
            assert.ok(
                said.some((line) => line.startsWith(`metrics-stack:${where}: has half of a character`)),
                said.join("\n"),
            );
            assert.doesNotMatch(said.join("\n"), /hunter2/);
        });
    }

    it("and whole ones are accepted", () => void parse({ externalLabels: { region: "\u{1f600}" } }));
});
