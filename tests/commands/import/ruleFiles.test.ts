import assert from "node:assert/strict";
import { imported } from "./importing";

const group = (rules: string, name = "shop") => `# Ours
groups:
  - name: ${name}
    rules:
${rules.replaceAll(/^/gm, "      ")}
`;
const down = "# Somebody looks at it\n- alert: ShopDown\n  expr: up == 0 # gone\n  for: 5m";
const config = (rest: string) =>
    `rule_files: ${rest}\nscrape_configs: [{job_name: shop, static_configs: [{targets: ["a:1"]}]}]\n`;

describe("The import of rule files", () => {
    it("copies those that are named, as they are", () => {
        const result = imported({ "prometheus.yml": config("[rules/*.yml]"), "rules/a.yml": group(down, "alerts") });
        assert.deepEqual(result.files, { "rules/imported/a.yml": group(down, "alerts") });
        assert.match(result.text, /rules:\n {2}files:\n {4}- rules\/imported\/a\.yml/);
        assert.deepEqual([result.lost, result.unexplained], [[], []]);
    });

    it("finds them by the path in the container, and of a pattern takes rules alone", () => {
        const files = {
            "prometheus.yml": config("[/etc/prometheus/rules/*.yml]"),
            "rules/list.yml": "- targets: [a:1]\n",
        };
        const result = imported({ ...files, "rules/a.yml": group(down, "alerts") });
        assert.deepEqual(Object.keys(result.files), ["rules/imported/a.yml"]);
    });

    it("takes those that are named alone, and gives two of one name different ones", () => {
        const result = imported({ "a/r.yml": group(down, "a"), "b/r.yml": group(down.replace("Shop", "Web"), "b") });
        assert.deepEqual(Object.keys(result.files), ["rules/imported/r.yml", "rules/imported/b-r.yml"]);
        assert.deepEqual([result.lost, result.differences], [[], []]);
    });

    it("says which are not at hand", () => {
        const { said, lost } = imported({ "prometheus.yml": config("[alerts.yml]") });
        assert.match(said.join("\n"), /1 decide rule_files: alerts\.yml is not at hand, and its rules are not moved/);
        assert.deepEqual(lost, []);
    });

    it("has an alert take the place of the stack's own of that name", () => {
        const result = imported({
            "prometheus.yml": config("[a.yml]"),
            "a.yml": group(down.replace("ShopDown", "TargetDown"), "a"),
        });
        assert.match(result.text, /alerts:\n {2}disabled:\n {4}- TargetDown/);
        assert.deepEqual([result.lost, result.unexplained], [[], []]);
    });

    it("gives another name to a group that has a job's, and to nothing else", () => {
        const result = imported({ "prometheus.yml": config("[a.yml]"), "a.yml": group(down) });
        assert.deepEqual(result.files, { "rules/imported/a.yml": group(down, '"shop_rules"') });
        assert.deepEqual([result.lost, result.unexplained], [[], []]);
        assert.match(result.differences.join("\n"), /group "shop" is not there any more, group "shop_rules" is new/);
    });

    it("leaves out what stands there twice", () => {
        const after = "# Another one\n- record: shop:up\n  expr: up";
        const result = imported({ "a.yml": group(`${down}\n${down}\n${after}`, "a") });
        assert.deepEqual(result.files["rules/imported/a.yml"], group(`${down}\n# Somebody looks at it\n${after}`, "a"));
        assert.deepEqual([result.lost, result.unexplained], [[], []]);
    });

    for (const [what, text, expected] of [
        [
            "an expression that is none",
            group("- alert: A\n  expr: up ==", "a"),
            /a\.yml:\d: there is no valid PromQL in the alert A/,
        ],
        [
            "a key that nobody knows",
            group("- alert: A\n  expr: up\n  four: 5m", "a"),
            /a\.yml:\d: .*four: is not a known key/,
        ],
        [
            "another program's file",
            "apiVersion: v1\nkind: PrometheusRule\nspec: {groups: []}\n",
            /a\.yml: the file: is no configuration/,
        ],
    ] as const) {
        it(`says so of ${what}`, () => assert.match(imported({ "a.yml": text }, ["a.yml"]).lost.join("\n"), expected));
    }
});

describe("The import of unit tests of rules", () => {
    const shop = group(down, "alerts");
    const unit = (ruleFiles: string, rest = "") =>
        `# Of ours\nrule_files:${ruleFiles} # these\n${rest}tests:\n  - alert_rule_test: [{eval_time: 5m, alertname: ShopDown}]\n`;

    it("copies them, and has them name the copies", () => {
        const result = imported({
            "prometheus.yml": config("[rules/*.yml]"),
            "rules/a.yml": shop,
            "rules/b.yml": shop.replaceAll(/ShopDown|alerts/g, "WebDown"),
            "tests/a_test.yml": unit("\n  - ../rules/a.yml\n  - ../rules/b.yml"),
        });
        assert.deepEqual(result.files, {
            "rules/imported/a.yml": shop,
            "rules/imported/b.yml": shop.replaceAll(/ShopDown|alerts/g, "WebDown"),
            "rules/imported/tests/a_test.yml": unit('\n  ["../a.yml", "../b.yml"]'),
        });
        assert.match(result.text, /tests:\n {4}- rules\/imported\/tests\/a_test\.yml/);
        assert.match(result.said.join("\n"), /moved tests: are in rules\/imported\/tests\/a_test\.yml/);
        assert.deepEqual([result.lost, result.unexplained], [[], []]);
    });

    it("finds rules by a pattern, and those of two folders with one name", () => {
        const result = imported({
            "prometheus.yml": config("[rules/*.yml]"),
            "rules/a.yml": shop,
            "a/test.yaml": unit(" ['../rules/*.yml']"),
            "b/test.yaml": unit(" ['../rules/a.yml']"),
        });
        const name = "rules/imported/tests";
        assert.deepEqual(Object.keys(result.files).slice(1), [`${name}/test.yaml`, `${name}/b-test.yaml`]);
        assert.equal(result.files[`${name}/b-test.yaml`], unit(' ["../a.yml"]'));
        assert.deepEqual([result.lost, result.unexplained], [[], []]);
    });

    it("gives groups the names that they have in the copies", () => {
        const result = imported({
            "prometheus.yml": config("[a.yml]"),
            "a.yml": group(down),
            "a_test.yml": unit(" [a.yml]", "group_eval_order: [shop, other]\n"),
        });
        assert.match(
            result.files["rules/imported/tests/a_test.yml"] ?? "",
            /group_eval_order: \["shop_rules", other\]/,
        );
        assert.deepEqual([result.lost, result.unexplained], [[], []]);
    });

    it("says of which the rules are not moved", () => {
        const result = imported({
            "prometheus.yml": config("[a.yml]"),
            "a.yml": shop,
            "others.yml": shop.replaceAll(/ShopDown|alerts/g, "WebDown"),
            "others_test.yml": unit(" [others.yml]"),
            "gone_test.yml": unit(" [gone.yml]"),
        });
        assert.doesNotMatch(result.text, /tests:/);
        const said = result.said.filter((line) => / tests: are not moved: .*is no rule file that is moved/.test(line));
        for (const file of ["others.yml", "gone.yml"]) {
            assert.ok(said.some((line) => line.includes(`${file}, which they test,`)));
        }
        assert.deepEqual([result.lost, result.unexplained], [[], []]);
    });
});
