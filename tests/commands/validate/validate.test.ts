import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { parse as parseYaml } from "yaml";
import { project } from "../../../toolchain/checkout";
import { checkDashboard } from "../../../commands/validate/expressions";
import { conflicts } from "../../../commands/validate/relations";
import type { Stack } from "../../../commands/validate/stack";
import { checkStack } from "../../../commands/validate/stack";
import { plan } from "../../declaration";
import { userFiles } from "../../userFiles";

/** What is said about a stack file, a mistake each, with its line. @param files others, by path */
function said(text: string, files: Readonly<Record<string, string>> = {}): string[] {
    return checked(text, files).mistakes.map(({ line, message }) => `${line}: ${message}`);
}

function checked(text: string, files: Readonly<Record<string, string>> = {}): Stack {
    const all: Readonly<Record<string, string>> = { "Pulumi.yaml": "", "Pulumi.test.yaml": text, ...files };
    return checkStack("Pulumi.test.yaml", userFiles(all));
}

const job = (rest: string) => `config:
  metrics-stack:scrapeJobs:
    - jobName: shop
      staticConfigs: [{targets: ["shop:8080"]}]
      ${rest}
`;

describe("The check of a stack file", () => {
    for (const [what, text, expected] of [
        ["text that is no YAML", "config:\n  a: [\n", /^\d: is not YAML: /],
        [
            "a key twice",
            "config:\n  metrics-stack:retainData: true\n  metrics-stack:retainData: true\n",
            /^3: is not YAML: the key metrics-stack:retainData stands there twice, first in line 2; write it once$/,
        ],
        [
            "a key twice in a list of objects",
            job("jobName: again"),
            /^5: is not YAML: the key metrics-stack:scrapeJobs\[0\]\.jobName stands there twice, first in line 3/,
        ],
        ["config twice", "config: {}\nconfig: {}\n", /^2: is not YAML: the key config stands there twice/],
        ["a list", "- config\n", /^1: is no stack file; write config: and its keys$/],
        ["a text as config", "config: nothing\n", /^1: config: is no object/],
        [
            "a key beside config",
            "config: {}\nmetrics-stack:scrapeInterval: 15s\n",
            /^2: metrics-stack:scrapeInterval: .* below config:$/,
        ],
        [
            "a misspelt prefix",
            "config:\n  metrics-stak:scrapeInterval: 15s\n",
            /^2: .* did you mean metrics-stack:scrapeInterval\?$/,
        ],
        [
            "a prefix that nothing reads",
            "config:\n  aws:region: eu\n",
            /^2: aws:region: "aws" is a namespace that nothing here reads; remove it$/,
        ],
        [
            "the Docker host of a default provider",
            "config:\n  docker:host: x\n",
            /^2: .*; write metrics-stack:dockerHost$/,
        ],
        [
            "a key with and without its prefix",
            "config:\n  retainData: true\n  metrics-stack:retainData: true\n",
            /^3: .* twice; write it once$/,
        ],
        ["an unknown key", "config:\n  metrics-stack:scrapeIntervall: 15s\n", /^2: .* did you mean scrapeInterval\?$/],
        [
            "an unknown key without a prefix",
            "config:\n  scrapeIntervall: 15s\n",
            /^2: .* did you mean scrapeInterval\?$/,
        ],
        [
            "a number where text belongs, as Pulumi reads it",
            "config:\n  metrics-stack:scrapeInterval: 15\n",
            /^2: .*"15" is not a duration/,
        ],
        ["nothing where something belongs", "config:\n  metrics-stack:scrapeInterval:\n", /^2: .*"" is not a duration/],
        [
            "a wrong key of a job",
            job("metricPath: /m"),
            /^5: metrics-stack:scrapeJobs\[0\]\.metricPath: .* metricsPath\?$/,
        ],
        [
            "a wrong value in a list",
            job("scrapeInterval: 15s").replace("shop:8080", "shop"),
            /^4: .*targets\[0\]: "shop" has no port/,
        ],
        [
            "something missing, where it is missing",
            job("basicAuth: {username: u}"),
            /^5: .*basicAuth\.password: is missing/,
        ],
        [
            "a list that is text",
            'config:\n  metrics-stack:scrapeJobs: \'[{"jobName": ""}]\'\n',
            /^2: .*"" is not a job name/,
        ],
        [
            "a secret in plain text",
            job("basicAuth: {username: u, password: hunter2}"),
            /^5: .*is in plain text; remove it and store it encrypted/,
        ],
        ["text as an encrypted number", job("sampleLimit: many"), /^5: .*sampleLimit: "many" is not a whole number/],
    ] as const) {
        it(`refuses ${what}`, () => {
            const mistakes = said(text);
            assert.ok(
                mistakes.some((mistake) => expected.test(mistake)),
                JSON.stringify(mistakes),
            );
            assert.doesNotMatch(mistakes.join("\n"), /hunter2/);
        });
    }

    for (const [what, text] of [
        ["an empty file", ""],
        ["a file without keys", "config:\n"],
        ["keys without a prefix, which Pulumi takes for the project's own", "config:\n  scrapeInterval: 20s\n"],
        ["Pulumi's own keys", "encryptionsalt: v1:x\nconfig:\n  pulumi:disable-default-providers: [docker]\n"],
        ["encrypted secrets", job("basicAuth: {username: u, password: {secure: v1:abc}}")],
        ["a list that is text, as `pulumi config set` writes it", `config:\n  metrics-stack:scrapeJobs: '[]'\n`],
        [
            "true, and the text of it",
            'config:\n  metrics-stack:retainData: true\n  metrics-stack:grafana: {enabled: "false"}\n',
        ],
        [
            "anchors, and what they are merged into",
            `config:
  metrics-stack:nodeExporter: {host: &host {cpuBusy: 0.8}}
  metrics-stack:scrapeJobs:
    - {jobName: a, staticConfigs: [{targets: ["a:1"]}], host: {<<: *host, diskQueue: 3}}
`,
        ],
    ] as const) {
        it(`accepts ${what}`, () => {
            const { mistakes, unreadable, plan } = checked(text);
            assert.deepEqual([mistakes, unreadable], [[], []]);
            assert.ok(plan);
        });
    }

    it("does not take for wrong what only Pulumi can read, and says that it did not check it", () => {
        const text = "config:\n  metrics-stack:alertmanager: {secure: v1:abc}\n  metrics-stack:scrapeInterval: 15\n";
        assert.equal(said(text).length, 1);
        const { plan, mistakes, unreadable } = checked(text.replace(/ +metrics-stack:scrapeInterval.*/, ""));
        assert.deepEqual([plan, mistakes], [undefined, []]);
        assert.deepEqual(
            unreadable.map(({ path: place }) => place),
            [["alertmanager"]],
        );
    });

    it("reads a number at the top, which Pulumi hands over as text", () => {
        const { mistakes, plan: read } = checked("config:\n  metrics-stack:sampleLimit: 1500\n");
        assert.deepEqual(mistakes, []);
        assert.equal(read?.config.sampleLimit, 1500);
    });

    it("counts in what Pulumi.yaml declares for all stacks", () => {
        const withProject = (declared: string, text = "") =>
            said(text, { "Pulumi.yaml": `name: metrics-stack\nconfig:\n  ${declared}\n` });
        const own = "config:\n  metrics-stack:scrapeTimeout: 20s\n";
        assert.match(said(own).join(), /scrapeTimeout: "20s" is longer/);
        for (const declared of [
            "scrapeInterval: 20s",
            "metrics-stack:scrapeInterval: {type: string, default: 20s}",
            "metrics-stack:scrapeInterval: {value: 20s}",
        ]) {
            assert.deepEqual(withProject(declared, own), []);
        }
        assert.match(
            withProject("scrapeInterval: 20").join(),
            /^1: metrics-stack:scrapeInterval: "20" is not a duration/,
        );
        assert.deepEqual(withProject("scrapeInterval: 20", "config: {scrapeInterval: 20s}\n"), []);
        assert.deepEqual(withProject("pulumi:disable-default-providers: {value: [docker]}"), []);
    });

    it("reads the dashboards that are declared, and their queries", () => {
        const text = "config:\n  metrics-stack:grafana:\n    dashboardFiles: [shop.json, missing.json]\n";
        const dashboard = (expr: string) =>
            JSON.stringify({ uid: "shop", title: "Shop", panels: [{ title: "Orders", targets: [{ expr }] }] });
        assert.deepEqual(said(text, { "shop.json": dashboard("up"), "missing.json": dashboard("up") }).length, 1);
        const missing = said(text, { "shop.json": dashboard("rate(x[5m") });
        assert.match(missing.join("\n"), /^3: .*dashboardFiles\[1\]: "missing\.json" cannot be read/);
        const only = text.replace(", missing.json", "");
        assert.deepEqual(said(only, { "shop.json": dashboard("sum(rate(x[$__rate_interval]))") }), []);
        assert.match(
            said(only, { "shop.json": dashboard("rate(x[5m]") }).join("\n"),
            /^3: metrics-stack:grafana\.dashboardFiles\[0\]: "shop\.json" has no valid PromQL in the panel "Orders": /,
        );
    });
});

describe("The check of somebody's own rules", () => {
    const text = "config:\n  metrics-stack:rules:\n    files: [rules/*.yml]\n    tests: [rules/tests/*.yml]\n";
    const rules = (expr: string) =>
        `groups:\n  - name: a\n    rules:\n      - alert: A\n        expr: ${expr}\n      - record: b\n        expr: sum(up)\n`;
    const test = "rule_files: [../a.yml]\ntests: [{promql_expr_test: [{expr: b, eval_time: 1m}]}]\n";
    const with_ = (expr: string) => ({ "rules/a.yml": rules(expr), "rules/tests/a.yml": test });

    it("names the file and the line of an expression that is none", () => {
        assert.deepEqual(said(text, with_("up == 0")), []);
        const wrong = { ...with_("sum(up"), "rules/b.yml": rules("ratee(up[5m])").replace("record: b", "record: c") };
        const mistakes = said(text, wrong).join("\n");
        assert.match(
            mistakes,
            /^3: metrics-stack:rules\.files\[0\]: rules\/a\.yml:4: there is no valid PromQL in the alert A: /m,
        );
        assert.match(mistakes, /^3: metrics-stack:rules\.files\[0\]: rules\/b\.yml:4: .*ratee/m);
    });

    it("names the line of the stack file, and that of the file", () => {
        const mistakes = said(text, { ...with_("up"), "rules/tests/a.yml": test.replace("tests:", "test:") });
        assert.match(
            mistakes.join("\n"),
            /^4: metrics-stack:rules\.tests\[0\]: rules\/tests\/a\.yml:2: test: .* tests\?$/,
        );
    });

    it("tells all of them to the stack, alerts and recording rules", () => {
        const { own, plan: planned } = checked(text, with_("up"));
        assert.deepEqual(
            own?.map(({ kind, name }) => `${kind} ${name}`),
            ["alert A", "record b"],
        );
        assert.deepEqual(planned?.published.ownAlerts, [{ alert: "A", runbookUrl: undefined }]);
    });
});

describe("The check of a dashboard's queries", () => {
    const dashboard = (expr: string, rest: object = {}) =>
        JSON.stringify({ panels: [{ type: "row", panels: [{ title: "P", targets: [{ expr }], ...rest }] }] });

    for (const good of [
        "rate(x[$__rate_interval])",
        "rate(x[$window])",
        "topk($n, up)",
        'up{job=~"$job", instance=~"${instance:regex}"}',
        "sum by ($label) (up)",
        "$metric > 0",
        "increase(x[${__range}]) / $__range_s",
        "rate(x[[[window]]])",
        "avg_over_time(up[1h:$__interval])",
        "",
    ]) {
        it(`accepts ${good || "a query that is not written yet"}`, () =>
            assert.deepEqual(checkDashboard(dashboard(good)), []));
    }
    for (const bad of ["rate(x[$__rate_interval]", 'ratee(x{job="$job"}[5m])', "sum(up{job=$job"]) {
        it(`refuses ${bad}`, () => assert.match(checkDashboard(dashboard(bad)).join(), /^the panel "P": /));
    }
    it("leaves other kinds of data sources alone", () => {
        assert.deepEqual(checkDashboard(dashboard('{app="x"} |= "error"', { datasource: { type: "loki" } })), []);
    });
});

describe("Two stacks", () => {
    const between = (a: Record<string, unknown>, b: Record<string, unknown>) =>
        conflicts(
            plan({ network: { subnet: "172.28.1.0/24" }, ...a }),
            plan({ network: { subnet: "172.28.2.0/24" }, ...b }),
            "b",
        ).map(({ path: place, message }) => `${place.join(".")} ${message}`);
    const ssh = { dockerHost: "ssh://admin@web-1" };
    const tcp = { dockerHost: "tcp://web-1:2376" };
    const others = { prometheus: { port: 9091 }, grafana: { port: 3001 } };

    it("of one Docker host cannot publish one port", () => {
        assert.deepEqual(between(ssh, { ...tcp, prometheus: { port: 9091 } }), [
            "grafana.port 3000 is the port of grafana in b on the same Docker host; write another one, such as 3001",
        ]);
        assert.match(
            between({ ...ssh, prometheus: { port: 3001 } }, { ...tcp, ...others }).join(),
            /^prometheus\.port 3001 is the port of grafana/,
        );
    });

    it("of one Docker host can publish ports on other addresses, and other ports", () => {
        assert.deepEqual(between(ssh, { ...tcp, ...others }), []);
        const elsewhere = { prometheus: { bindAddress: "192.0.2.1" }, grafana: { bindAddress: "192.0.2.1" } };
        assert.deepEqual(between(ssh, { ...tcp, ...elsewhere }), []);
        const everywhere = { ...others, prometheus: { bindAddress: "0.0.0.0" } };
        assert.match(between(ssh, { ...tcp, ...everywhere }).join(), /^prometheus\.port/);
    });

    it("of one Docker host cannot have networks that overlap", () => {
        const network = { subnet: "172.28.0.0/16" };
        assert.deepEqual(between({ ...ssh, network }, { ...tcp, ...others }), [
            'network.subnet "172.28.0.0/16" overlaps 172.28.2.0/24 of b on the same Docker host; write another one, such as "172.29.0.0/24"',
        ]);
    });

    it("share a Docker host whose name has a domain in one of them only", () => {
        for (const other of ["ssh://web-1.example.com", "tcp://WEB-1.example.com:2376", "ssh://web-1."]) {
            const [said = ""] = between(ssh, { dockerHost: other });
            assert.match(said, /^prometheus\.port 9090 is the port of prometheus in b .* such as 9091/);
        }
        assert.match(
            between(ssh, { dockerHost: "ssh://web-1.example.com" })[0] ?? "",
            /; if web-1 and web-1\.example\.com are two hosts, write the full name of both$/,
        );
        const full = { dockerHost: "ssh://web-1.eu.example.com" };
        assert.deepEqual(between(full, { dockerHost: "ssh://web-1.us.example.com" }), []);
        assert.deepEqual(between({ dockerHost: "ssh://10.0.0.5" }, { dockerHost: "ssh://10.0.0.5.example" }), []);
    });

    for (const [one, two] of [
        ["node1", "server1"],
        ["db-1", "server2"],
        ["pre-prod", "host2"],
    ] as const) {
        it(`of one Docker host cannot be ${one} and ${two}, whose names give one network, without a subnet`, () => {
            const [said = { path: [], message: "" }, ...rest] = conflicts(
                plan(ssh, {}, one),
                plan({ ...tcp, ...others }, {}, two),
                "b",
            );
            const [, advised = ""] = /; write another one, such as "(.*)"$/.exec(said.message) ?? [];
            assert.deepEqual([said.path, rest], [["network", "subnet"], []]);
            const repaired = plan({ ...ssh, network: { subnet: advised } }, {}, one);
            assert.deepEqual(conflicts(repaired, plan({ ...tcp, ...others }, {}, two), "b"), []);
        });
    }

    it("may be alike where it is not said that they share a Docker host", () => {
        assert.deepEqual(between({}, {}), []);
        assert.deepEqual(between(ssh, {}), []);
        assert.deepEqual(between(ssh, { dockerHost: "ssh://admin@web-2" }), []);
        const local = { dockerHost: "unix:///var/run/docker.sock" };
        assert.deepEqual(between(local, local), []);
    });
});

describe("npm run validate", function () {
    this.timeout(300_000);
    const folder = mkdtempSync(path.join(tmpdir(), "metrics-stack-validate-"));
    const write = (file: string, text: string) => writeFileSync(path.join(folder, file), text);
    const run = (program: string, ...args: string[]) => {
        const { status, stdout, stderr } = spawnSync(program, args, {
            cwd: folder,
            encoding: "utf8",
            env: environment,
        });
        return { status, stdout, stderr };
    };
    /** What `npm run validate` runs. */
    const validate = (...args: string[]) => run(process.execPath, "commands/run.js", "validate", ...args);
    // A hook that runs these tests has a repository of its own in the environment.
    const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("GIT_")));
    const git = (...args: string[]) =>
        run("git", "-c", "user.name=test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false", ...args);
    const right = "config:\n  metrics-stack:dockerHost: ssh://web-1\n";
    const broken = "config:\n  metrics-stack:scrapeInterval: 15\n";

    before(() => {
        const left = ["node_modules", ".git", ".state"].map((name) => path.join(project, name));
        cpSync(project, folder, { recursive: true, filter: (file) => !left.includes(file) });
        symlinkSync(path.join(project, "node_modules"), path.join(folder, "node_modules"));
        git("init", "--quiet");
        git("add", ".");
        assert.equal(git("commit", "--quiet", "--message", "All").status, 0);
    });
    after(() => rmSync(folder, { recursive: true }));

    it("accepts three stacks that are right, with a line for each", () => {
        write("Pulumi.blue.yaml", right);
        write("Pulumi.green.yaml", right.replace("web-1", "web-2"));
        const { status, stdout, stderr } = run("npm", "run", "--silent", "validate");
        assert.deepEqual([status, stderr], [0, ""]);
        assert.deepEqual(
            stdout.split("\n").filter((line) => /blue|green/.test(line)),
            [
                "Pulumi.blue.yaml: 2 scrape jobs, 2 targets, 44 alert rules",
                "Pulumi.green.yaml: 2 scrape jobs, 2 targets, 44 alert rules",
            ],
        );
    });

    it("refuses them where one is broken, and where two are in each other's way", () => {
        write("Pulumi.green.yaml", broken);
        const { status, stdout, stderr } = validate();
        assert.deepEqual([status, stdout], [1, ""]);
        assert.match(
            stderr,
            /^1 mistake in the stack files:\n {2}Pulumi\.green\.yaml:2: metrics-stack:scrapeInterval: "15" is not .*\n$/,
        );
        // A hook names the files that were changed.
        assert.equal(validate("Pulumi.blue.yaml").status, 0);
        assert.equal(validate("Pulumi.green.yaml").status, 1);
        write("Pulumi.green.yaml", right);
        const same = validate("Pulumi.blue.yaml");
        assert.match(
            same.stderr,
            /Pulumi\.blue\.yaml:1: metrics-stack:prometheus\.port: 9090 is the port of prometheus in Pulumi\.green\.yaml/,
        );
        assert.match(validate("Pulumi.red.yaml").stderr, /^Pulumi\.red\.yaml is no stack file/);
    });

    it("tells a mistake in a file that stacks extend once, and what is wrong in one stack alone there", () => {
        mkdirSync(path.join(folder, "shared"), { recursive: true });
        const extending = (host: string, more = "") =>
            `config:\n  metrics-stack:extends: [shared/web.yaml]\n  metrics-stack:dockerHost: ssh://${host}\n${more}`;
        const shared = (interval: string) =>
            write(
                "shared/web.yaml",
                `config:\n  metrics-stack:prometheus: {port: 9091}\n  metrics-stack:scrapeInterval: ${interval}\n  metrics-stack:grafana: {enabled: false}\n`,
            );
        write("Pulumi.x-1.yaml", extending("web-11"));
        write("Pulumi.x-2.yaml", extending("web-12"));
        write("Pulumi.x-3.yaml", extending("web-13", "  metrics-stack:scrapeTimeout: 1m\n"));
        shared("30");
        assert.equal(
            validate("Pulumi.x-1.yaml", "Pulumi.x-2.yaml", "Pulumi.x-3.yaml").stderr,
            '1 mistake in the stack files:\n  shared/web.yaml:3: metrics-stack:scrapeInterval: "30" is not a duration above zero; ' +
                'write whole numbers with units, such as "15s" or "1m30s" (Pulumi.x-1.yaml and 2 more)\n',
        );
        shared("30s");
        assert.match(
            validate("Pulumi.x-1.yaml", "Pulumi.x-3.yaml").stderr,
            /^1 mistake .*\n {2}Pulumi\.x-3\.yaml:4: metrics-stack:scrapeTimeout: "1m" is longer than the scrapeInterval of 30s/,
        );
        // Two on one host have the port of the file that both extend: that is a mistake of the two.
        write("Pulumi.x-2.yaml", extending("web-11"));
        assert.match(
            validate("Pulumi.x-1.yaml", "Pulumi.x-2.yaml").stderr,
            /^1 mistake .*\n {2}Pulumi\.x-2\.yaml:2: metrics-stack:prometheus\.port: 9091 is the port of prometheus in Pulumi\.x-1\.yaml on the same Docker host; .* \(shared\/web\.yaml:2 says it\)\n$/,
        );
        for (const stack of ["x-1", "x-2", "x-3"]) {
            rmSync(path.join(folder, `Pulumi.${stack}.yaml`));
        }
    });

    it("does not let a broken stack file be committed, with the Git hook", () => {
        git("config", "core.hooksPath", ".githooks");
        write("Pulumi.green.yaml", broken);
        git("add", "Pulumi.green.yaml");
        // What is committed counts, not how the file stands in the folder by now.
        write("Pulumi.green.yaml", right.replace("web-1", "web-2"));
        const refused = git("commit", "--message", "Broken");
        assert.notEqual(refused.status, 0);
        assert.match(refused.stderr, /Pulumi\.green\.yaml:2: metrics-stack:scrapeInterval: "15"/);
        git("add", "Pulumi.blue.yaml", "Pulumi.green.yaml");
        const accepted = git("commit", "--message", "Right");
        assert.equal(accepted.status, 0, accepted.stderr);
        assert.match(git("log", "--format=%s", "-2").stdout, /^Right\nAll\n$/);
    });

    it("reads own rules as they are staged, those behind a link too", () => {
        const rules = "groups: [{name: a, rules: [{record: b, expr: sum(up)}]}]\n";
        const files =
            "config:\n  metrics-stack:dockerHost: ssh://web-3\n  metrics-stack:rules: {files: [rules/*.yml]}\n";
        mkdirSync(path.join(folder, "rules"));
        write("shared rules.yml", rules);
        symlinkSync("../shared rules.yml", path.join(folder, "rules/link.yml"));
        write("Pulumi.staged.yaml", files);
        const staged = () => validate("--staged", "Pulumi.staged.yaml");
        git("add", "Pulumi.staged.yaml");
        assert.match(staged().stderr, /rules\.files\[0\]: "rules\/\*\.yml" is the name of no file/);
        git("add", ".");
        assert.match(staged().stdout, /^Pulumi\.staged\.yaml: .* alert rules, 1 recording rule\n$/);
        write("shared rules.yml", rules.replace("expr", "exp"));
        assert.equal(staged().status, 0);
        git("add", ".");
        assert.match(
            staged().stderr,
            /rules\/link\.yml:1: groups\[0\]\.rules\[0\]\.exp: is not a known key; did you mean expr\?/,
        );
        git("rm", "-f", "--quiet", "Pulumi.staged.yaml", "rules/link.yml", "shared rules.yml");
    });

    it("is the hook that docs/validate.md has for pre-commit", () => {
        const [, text = ""] =
            /```yaml\n(repos:[^]*?)```/.exec(readFileSync(path.join(project, "docs", "validate.md"), "utf8")) ?? [];
        const [hook] = parseYaml(text).repos[0].hooks;
        const files = new RegExp(hook.files);
        assert.ok(
            files.test("Pulumi.prod.yaml") &&
                files.test("dashboards/shop.json") &&
                files.test("rules/shop.yml") &&
                !files.test("index.ts"),
        );
        assert.equal(hook.pass_filenames, false);
        const [program = "", ...args] = hook.entry.split(" ");
        assert.equal(run(program, ...args).status, 0);
        write("Pulumi.green.yaml", broken);
        assert.equal(run(program, ...args).status, 1);
    });
});
