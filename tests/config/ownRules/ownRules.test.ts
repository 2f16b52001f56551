import assert from "node:assert/strict";
import { mistakes, parse, plan } from "../../declaration";

/** A rule file with one alert. @param rest lines of the rule, or what stands behind it */
const shop = (rest = "", name = "ShopDown", group = "shop-alerts") => `# 가게
groups:
  - name: ${group}
    rules:
      - alert: ${name}
        expr: up{job="shop"} == 0
${rest}`;

const test = (rest = "", alertname = "ShopDown") => `rule_files: [../shop.yml]
tests:
  - input_series: [{series: up, values: "0 0"}]
    alert_rule_test: [{eval_time: 1m, alertname: ${alertname}, exp_alerts: }]
${rest}`;

const files = ["rules/shop.yml"];
const tests = ["rules/tests/shop.yml"];

/** The mistakes of own rules. @param content of rules/shop.yml */
const of = (content: string, rest: object = {}, more: Readonly<Record<string, string>> = {}) =>
    mistakes({ rules: { files, ...rest } }, [], { "rules/shop.yml": content, ...more });

describe("Rules of somebody's own", () => {
    for (const [what, content] of [
        ["an alert", shop()],
        [
            "an alert with all that one may have",
            shop(
                "        for: 0s\n        keep_firing_for: 1h30m\n        labels: {n: 1, on: yes}\n        annotations: {summary: '{{ $value }}'}\n",
            ),
        ],
        [
            "a group with all that one may have",
            shop("    interval: 1m\n    query_offset: 30s\n    limit: 10\n    labels: {team: 1}\n"),
        ],
        ["a recording rule", "groups: [{name: a, rules: [{record: 'job:up:sum', expr: sum(up), labels: {a: b}}]}]\n"],
        ["no groups", "groups: []\n"],
        ["nothing but a comment", "# later\n"],
        ["an empty file", ""],
        ["groups with nothing behind it", "groups:\n"],
        ["a group without rules", "groups: [{name: a, rules: }]\n"],
        ["a name in Korean, and a group of the same", shop("", "가게_중단", "가게")],
        ["marks of a document's beginning and end", `---\n${shop()}---\n`],
        [
            "anchors and what is merged",
            "groups:\n  - name: a\n    rules:\n      - &one {alert: A, expr: up, labels: &l {x: y}}\n      - {<<: *one, alert: B, labels: {<<: *l}}\n",
        ],
        [
            "two alerts of one name with expressions of their own",
            shop("      - {alert: ShopDown, expr: 'up{job=\"other\"} == 0'}\n"),
        ],
        [
            "an alert in two severities",
            shop(
                "        labels: {severity: warning}\n      - {alert: ShopDown, expr: 'up{job=\"shop\"} == 0', labels: {severity: critical}}\n",
            ),
        ],
    ] as const) {
        it(`may be ${what}`, () =>
            assert.deepEqual(parse({ rules: { files } }, [], { "rules/shop.yml": content }).rules.files, files));
    }

    for (const [what, content, expected] of [
        ["no YAML", "groups:\n  - name: [\n", /^metrics-stack:rules\.files\[0\]: rules\/shop\.yml:\d: is not YAML: /],
        ["a key twice", "groups: []\ngroups: []\n", /rules\/shop\.yml:2: is not YAML: .*unique/],
        ["a tab", "groups:\n\t- name: a\n", /rules\/shop\.yml:2: is not YAML/],
        [
            "a misspelt key of a rule",
            shop("        annotation: {}\n"),
            /rules\/shop\.yml:7: groups\[0\]\.rules\[0\]\.annotation: is not a known key; did you mean annotations\?$/,
        ],
        ["a key in camelCase", shop("        keepFiringFor: 5m\n"), /did you mean keep_firing_for\?$/],
        [
            "a misspelt key of a group",
            shop("    intervall: 1m\n"),
            /rules\/shop\.yml:7: groups\[0\]\.intervall: is not a known key; did you mean interval\?$/,
        ],
        [
            "a key beside groups",
            `${shop()}group: []\n`,
            /rules\/shop\.yml:7: group: is not a known key; did you mean groups\?$/,
        ],
        [
            "rules without a group",
            "rules:\n  - alert: A\n",
            /rules\/shop\.yml:1: rules: does not stand here; write groups: /,
        ],
        ["a list", "- alert: A\n", /rules\/shop\.yml:1: .*is not an object/],
        ["rules of Prometheus 1", "ALERT ShopDown IF up == 0\n", /rules\/shop\.yml:1: is text, not an object/],
        [
            "groups that are no list",
            "groups: {name: a}\n",
            /rules\/shop\.yml:1: groups: an object is not a list; write a list of groups/,
        ],
        ["a test file", test(), /rules\/shop\.yml:1: is a test file of promtool; write it into rules\.tests$/],
        [
            "a Kubernetes object",
            "apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nspec: {groups: []}\n",
            /is an object of Kubernetes; write a file with what stands below its spec$/,
        ],
        ["a configuration of Prometheus", "global: {}\n", /is a configuration of Prometheus; write a rule file$/],
        [
            "no duration",
            shop("        for: 5 minutes\n"),
            /rules\/shop\.yml:7: groups\[0\]\.rules\[0\]\.for: "5 minutes" is not a duration; write /,
        ],
        ["a number as duration", shop("    interval: 30\n"), /rules\/shop\.yml:7: .*interval: "30" is not a duration/],
        [
            "no number",
            shop("    limit: many\n"),
            /rules\/shop\.yml:7: groups\[0\]\.limit: "many" is not a whole number/,
        ],
        [
            "labels in a list",
            shop("        labels: [a]\n"),
            /rules\/shop\.yml:7: .*labels: a list is not an object; write names with texts/,
        ],
        [
            "a label that is an object",
            shop("        labels: {a: {b: c}}\n"),
            /rules\/shop\.yml:7: .*labels\.a: an object is not text/,
        ],
        [
            "an alert without an expression",
            "groups: [{name: a, rules: [{alert: A, expr: }]}]\n",
            /rules\/shop\.yml:1: groups\[0\]\.rules\[0\]\.expr: is missing; write a PromQL expression$/,
        ],
        [
            "an alert that records",
            shop("        record: a\n"),
            /rules\/shop\.yml:7: groups\[0\]\.rules\[0\]\.record: stands beside alert/,
        ],
        [
            "a rule that is neither",
            "groups: [{name: a, rules: [{expr: up}]}]\n",
            /groups\[0\]\.rules\[0\]: has neither alert nor record; write one of them$/,
        ],
        [
            "a recording rule that waits",
            "groups: [{name: a, rules: [{record: b, expr: up, for: 5m}]}]\n",
            /rules\[0\]\.for: is for alerts only/,
        ],
        [
            "an expression as a metric's name",
            "groups: [{name: a, rules: [{record: 'b{c=\"d\"}', expr: up}]}]\n",
            /rules\[0\]\.record: ".*" is no metric's name/,
        ],
        ["a group without a name", "groups: [{rules: []}]\n", /groups\[0\]\.name: is missing; write a name/],
        [
            "a group's name twice",
            shop("  - {name: shop-alerts, rules: []}\n"),
            /rules\/shop\.yml:7: groups\[1\]\.name: "shop-alerts" is the name of another group of this file/,
        ],
        [
            "two documents",
            `${shop()}---\n${shop()}`,
            /rules\/shop\.yml:\d+: begins another document, and only the first one of a file is read/,
        ],
        ["UTF-16", shop().replace(/(.)/gs, "$1\0"), /rules\/shop\.yml: is not in UTF-8/],
        ["Latin-1", shop("        annotations: {summary: K\ufffdche}\n"), /rules\/shop\.yml: is not in UTF-8/],
        [
            "a control character",
            shop('        annotations: {summary: "\x1b"}\n'),
            /rules\/shop\.yml:7: has a control character/,
        ],
        [
            "the same rule twice",
            shop('      - {alert: ShopDown, expr: "up{job=\\"shop\\"} == 0"}\n'),
            /rules\/shop\.yml:7: the alert "ShopDown" stands there twice, first in rules\/shop\.yml:5; write it once$/,
        ],
    ] as const) {
        it(`may not be ${what}`, () => {
            const said = of(content);
            assert.match(said.join("\n"), expected);
            assert.equal(said.length, 1, said.join("\n"));
        });
    }

    it("are refused with all mistakes at once, each in its line", () => {
        const content = shop("        fro: 5m\n      - expr: up\n      - {record: a, expr: up, for: x}\n");
        assert.deepEqual(
            of(content, { files: [...files, "rules/missing.yml", "more/*.yml"], tests: ["t.yml"] }).map((line) =>
                line.replace(/;.*/, ""),
            ),
            [
                "metrics-stack:rules.files[0]: rules/shop.yml:7: groups[0].rules[0].fro: is not a known key",
                "metrics-stack:rules.files[0]: rules/shop.yml:8: groups[0].rules[1]: has neither alert nor record",
                'metrics-stack:rules.files[0]: rules/shop.yml:9: groups[0].rules[2].for: "x" is not a duration',
                "metrics-stack:rules.files[0]: rules/shop.yml:9: groups[0].rules[2].for: is for alerts only",
                "metrics-stack:rules.files[1]: rules/missing.yml: cannot be read (there is no such file)",
                'metrics-stack:rules.files[2]: "more/*.yml" is the name of no file',
                "metrics-stack:rules.tests[0]: t.yml: cannot be read (there is no such file)",
            ],
        );
    });

    for (const [path, expected] of [
        [
            "/etc/prometheus/rules.yml",
            /"\/etc\/prometheus\/rules\.yml" is a place that another machine does not have; write a path/,
        ],
        ["~/rules.yml", /is a place that another machine does not have/],
        ["C:/rules.yml", /is a place that another machine does not have/],
        ["rules\\shop.yml", /has a backslash; write \/ between folders/],
        ["../rules.yml", /leads out of the project's folder/],
        ["rules/../../rules.yml", /leads out of the project's folder/],
        ["rules/**/*.yml", /has "\*\*", which is one folder to Prometheus/],
        ["rules/[.yml", /has a "\[" without letters and "\]"/],
        ["https://example.com/rules.yml", /is a URL; write the path of a file/],
        ["rules/", /"rules\/" is not a file; write a path/],
        ["", /"" is not a file; write a path/],
    ] as const) {
        it(`are not found by ${path || "no path"}`, () =>
            assert.match(mistakes({ rules: { files: [path] } }).join("\n"), expected));
    }

    it("have to be named in a list", () => {
        assert.match(
            mistakes({ rules: { files: "rules/*.yml" } }).join(),
            /rules\.files: is text, not a list; write a list of paths/,
        );
        assert.match(mistakes({ ruleFiles: [] }).join(), /ruleFiles: does not stand here; write rules: \{files: /);
    });

    it("may not have the names of the jobs' alerts, which theirs may take the place of", () => {
        const down = shop("", "TargetDown");
        assert.match(
            of(down).join(),
            /shop\.yml:5: the alert "TargetDown" has the name of one of the stack's own; .* alerts: \{disabled: \["TargetDown"\]\}$/,
        );
        parse({ rules: { files }, alerts: { disabled: ["TargetDown"] } }, [], { "rules/shop.yml": down });
    });

    it("may not have the names of the jobs' groups", () => {
        const job = { jobName: "shop", staticConfigs: [{ targets: ["shop:1"] }] };
        for (const [group, declared] of [
            ["shop", { scrapeJobs: [job] }],
            ["prometheus", {}],
        ] as const) {
            const said = mistakes({ rules: { files }, ...declared }, [], { "rules/shop.yml": shop("", "A", group) });
            assert.match(
                said.join(),
                new RegExp(`shop\\.yml:3: the group "${group}" has the name of the alerts of that job`),
            );
        }
        parse({ rules: { files } }, [], { "rules/shop.yml": shop("", "A", "shop") });
    });
});

describe("Unit tests of somebody's own rules", () => {
    const with_ = (content: string, more: Readonly<Record<string, string>> = {}) =>
        mistakes({ rules: { files: ["rules/*.yml"], tests } }, [], {
            "rules/shop.yml": shop(),
            "rules/tests/shop.yml": content,
            ...more,
        });

    it("may stand beside the rules, and are no rule files then", () => {
        const { rules } = plan(
            { rules: { files: ["rules/*.yml"], tests: ["rules/*_test.yml"] } },
            { "rules/shop.yml": shop(), "rules/shop_test.yml": test().replace("../", "") },
        ).config;
        assert.deepEqual(rules.tests, ["rules/*_test.yml"]);
    });

    for (const [what, content, expected] of [
        [
            "a misspelt key",
            test("    alert_rule_tests: []\n"),
            /tests\/shop\.yml:5: tests\[0\]\.alert_rule_tests: is not a known key; did you mean alert_rule_test\?$/,
        ],
        ["rules", `${test()}groups: []\n`, /tests\/shop\.yml:5: groups: does not stand here/],
        [
            "an alert that there is not",
            test("", "ShopDwon"),
            /tests\/shop\.yml:4: .*alertname: "ShopDwon" is no alert of its rule_files; did you mean ShopDown\?$/,
        ],
        [
            "a rule file that there is not",
            test().replace("shop.yml", "shop.yaml"),
            /tests\/shop\.yml:1: rule_files\[0\]: "\.\.\/shop\.yaml" is the path of "rules\/shop\.yaml", which rules\.files does not name/,
        ],
        [
            "a pattern of no rule file",
            test().replace("shop.yml", "x*.yml"),
            /rule_files\[0\]: "\.\.\/x\*\.yml" is the name of no file; write a path from this file's folder$/,
        ],
        [
            "a rule file that is not delivered",
            test().replace("../", ""),
            /rule_files\[0\]: "shop\.yml" is the path of "rules\/tests\/shop\.yml", which rules\.files does not name; add it there$/,
        ],
        ["no YAML", "tests: [\n", /tests\/shop\.yml:\d: is not YAML/],
    ] as const) {
        it(`may not have ${what}`, () => assert.match(with_(content).join("\n"), expected));
    }

    it("have to be some that rules.files does not name alone", () =>
        assert.match(
            mistakes({ rules: { files: tests, tests } }, [], {
                "rules/shop.yml": shop(),
                "rules/tests/shop.yml": test(),
            }).join("\n"),
            /rules\.files\[0\]: "rules\/tests\/shop\.yml" names files of rules\.tests only/,
        ));
});

describe("What is delivered of somebody's own rules", () => {
    const prometheus = (stack: ReturnType<typeof plan>) => {
        const found = stack.parts.find(({ part }) => part.key === "prometheus");
        assert.ok(found);
        return found;
    };

    it("is every file with its path in the repository, and prometheus.yml names it", () => {
        const all = {
            "rules/shop.yml": shop(),
            "가게/a [1].yml": shop("", "B", "b"),
            "rules/deep/shop.yml": shop("", "C", "c"),
        };
        const { files: delivered } = prometheus(
            plan({ rules: { files: ["rules/*.yml", "rules/shop.yml", "rules/*/*.yml", "가게/*"] } }, all),
        );
        for (const [file, text] of Object.entries(all)) {
            assert.equal(delivered[`own-rules/${file}`], text);
        }
        assert.match(
            delivered["prometheus.yml"] ?? "",
            /rule_files:\n {2}- \/etc\/prometheus\/current\/rules\/\*\.yml\n {2}- \/etc\/prometheus\/current\/own-rules\/rules\/shop\.yml\n.*deep\/shop\.yml\n.*가게\/a \\+\[1\]\.yml/,
        );
    });

    it("is its text, whatever ends its lines and stands before it", () => {
        const windows = `\ufeff${shop().replaceAll("\n", "\r\n")}`;
        const { files: delivered } = prometheus(plan({ rules: { files } }, { "rules/shop.yml": windows }));
        assert.equal(delivered["own-rules/rules/shop.yml"], shop());
    });

    it("is no test: promtool alone runs those, beside the rules", () => {
        const { files: delivered, tests: run } = prometheus(
            plan({ rules: { files, tests } }, { "rules/shop.yml": shop(), "rules/tests/shop.yml": test() }),
        );
        assert.ok(!Object.keys(delivered).some((file) => file.includes("tests")));
        assert.deepEqual(run, { "own-rules/rules/tests/shop.yml": test() });
    });

    it("changes nothing of a stack that declares none", () => {
        const { files: delivered, tests: run } = prometheus(plan({ rules: {} }));
        assert.deepEqual([delivered, run], [prometheus(plan()).files, {}]);
    });
});
