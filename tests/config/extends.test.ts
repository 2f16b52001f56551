import assert from "node:assert/strict";
import { mistakes as mistakesOf, parse, plan } from "../declaration";

/** A file that stacks extend. */
const shared = (...lines: string[]) => `config:\n${lines.map((line) => `  metrics-stack:${line}\n`).join("")}`;

const job = (jobName: string, ...targets: string[]) => ({ jobName, staticConfigs: [{ targets }] });

/** What is said of a stack that extends these files, in the order of their names. */
const mistakes = (files: Readonly<Record<string, string>>, own: Record<string, unknown> = {}) =>
    mistakesOf({ extends: Object.keys(files), ...own }, Object.keys(own), files);

const declared = (own: Record<string, unknown>, files: Readonly<Record<string, string>>) =>
    parse(own, Object.keys(own), files);

describe("The files that a stack extends", () => {
    it("give what the stack file does not say", () => {
        const { scrapeInterval, prometheus } = declared(
            { extends: ["shared/web.yaml"], prometheus: { memoryLimit: "1GB" } },
            { "shared/web.yaml": shared("scrapeInterval: 30s", "prometheus: {memoryLimit: 4GB, retentionTime: 90d}") },
        );
        assert.equal(scrapeInterval, 30_000);
        assert.deepEqual([prometheus.memoryLimit, prometheus.retentionTime], [2 ** 30, 90 * 86_400_000]);
    });

    it("have their lists joined, the own entries first, and entries of one name made one", () => {
        const { scrapeJobs, network, alertmanager, probes } = declared(
            {
                extends: ["shared/web.yaml"],
                scrapeJobs: [job("own", "own:80"), { ...job("shop", "shop-1:80"), scrapeInterval: "1m" }],
                network: { join: ["b"] },
                alertmanager: { receivers: [{ name: "team", webhook: { url: "https://own.example.com" } }] },
                probes: [{ target: "https://shop.example.com/", status: [204] }],
            },
            {
                "shared/web.yaml": shared(
                    "scrapeJobs: [{jobName: shop, scrapeInterval: 30s, staticConfigs: [{targets: ['shop-2:80']}]}," +
                        " {jobName: db, staticConfigs: [{targets: ['db:80']}]}]",
                    "network: {join: [a, b]}",
                    "alertmanager: {enabled: true, receivers: [{name: team, email: {to: a@example.com, from: b@example.com," +
                        " smarthost: 'smtp.example.com:25'}}]}",
                    "probes: [{target: 'https://shop.example.com/', status: [200]}, {target: 'db:5432'}]",
                ),
            },
        );
        assert.deepEqual(
            scrapeJobs.map(({ jobName, scrapeInterval, staticConfigs }) => [
                jobName,
                scrapeInterval,
                staticConfigs.flatMap(({ targets }) => targets),
            ]),
            [
                ["own", undefined, ["own:80"]],
                ["shop", 60_000, ["shop-1:80", "shop-2:80"]],
                ["db", undefined, ["db:80"]],
            ],
        );
        assert.deepEqual(network.join, ["b", "a"]);
        assert.deepEqual(Object.keys(alertmanager?.receivers[0] ?? {}).sort(), ["email", "name", "webhook"]);
        assert.deepEqual(
            probes.map(({ target, status }) => [target, status]),
            [
                ["https://shop.example.com/", [204, 200]],
                ["db:5432", undefined],
            ],
        );
    });

    it("win over those that are named before them, and over those that they extend", () => {
        const files = {
            "shared/base.yaml": shared("scrapeInterval: 10s", "evaluationInterval: 10s", "ruleQueryOffset: 10s"),
            "shared/a.yaml": shared("extends: [shared/base.yaml]", "scrapeInterval: 20s", "evaluationInterval: 20s"),
            "shared/b.yaml": shared("extends: [./shared/base.yaml]", "scrapeInterval: 30s"),
        };
        const all = declared({ extends: ["shared/a.yaml", "shared/b.yaml"] }, files);
        assert.deepEqual([all.scrapeInterval, all.evaluationInterval, all.ruleQueryOffset], [30_000, 20_000, 10_000]);
    });

    it("are read once where more than one of them leads to a file", () => {
        const files = {
            "shared/base.yaml": shared("scrapeJobs: [{jobName: db, staticConfigs: [{targets: ['db:80']}]}]"),
            "shared/a.yaml": shared("extends: [shared/base.yaml]"),
            "shared/b.yaml": shared("extends: [shared/base.yaml]"),
        };
        const { scrapeJobs } = declared({ extends: ["shared/a.yaml", "shared/b.yaml"] }, files);
        assert.deepEqual(scrapeJobs[0]?.staticConfigs.length, 1);
    });

    it("give what a stack file alone would give, to the byte", () => {
        const jobs = "scrapeJobs: [{jobName: shop, staticConfigs: [{targets: ['shop:80']}]}]";
        const alone = plan({ scrapeInterval: "30s", scrapeJobs: [job("shop", "shop:80")] });
        const both = plan({ extends: ["a.yaml"], scrapeInterval: "30s" }, { "a.yaml": shared(jobs) });
        assert.deepEqual(
            both.parts.map(({ files }) => files),
            alone.parts.map(({ files }) => files),
        );
    });

    for (const [what, files, expected] of [
        [
            "a value, in its file and line",
            { "shared/web.yaml": shared("scrapeInterval: 30s", "scrapeTimeout: 5") },
            /^shared\/web\.yaml:3: metrics-stack:scrapeTimeout: "5" is not a duration/,
        ],
        [
            "a key that nobody knows",
            { "shared/web.yaml": shared("scrapeIntervall: 30s") },
            /^shared\/web\.yaml:2: .* did you mean scrapeInterval\?$/,
        ],
        ["text that is no YAML", { "shared/web.yaml": "config:\n  a: [\n" }, /^shared\/web\.yaml:\d: is not YAML: /],
        [
            "a key without config above it",
            { "shared/web.yaml": "metrics-stack:scrapeInterval: 30s\n" },
            /^shared\/web\.yaml:1: metrics-stack:scrapeInterval: .* below config:$/,
        ],
        [
            "what Pulumi itself would have to read",
            { "shared/web.yaml": "encryptionsalt: x\n" },
            /^shared\/web\.yaml:1: encryptionsalt: is read by nobody here; write it into the stack file$/,
        ],
        [
            "settings of Pulumi",
            { "shared/web.yaml": "config: {'pulumi:disable-default-providers': [docker]}\n" },
            /^shared\/web\.yaml:1: .* is read by Pulumi, in stack files alone; write it there$/,
        ],
        [
            "an encrypted secret",
            { "shared/web.yaml": shared("grafana: {adminPassword: {secure: x}}") },
            /^shared\/web\.yaml:2: metrics-stack:grafana\.adminPassword: is a secret in a file that stacks extend, .* store it in each stack file/,
        ],
        [
            "a secret in plain text",
            { "shared/web.yaml": shared("grafana: {adminPassword: hunter2hunter2}") },
            /^shared\/web\.yaml:2: metrics-stack:grafana\.adminPassword: is a secret in a file that stacks extend, /,
        ],
        [
            "a file that extends itself",
            {
                "shared/a.yaml": shared("extends: [shared/b.yaml]"),
                "shared/b.yaml": shared("extends: [shared/a.yaml]"),
            },
            /^shared\/b\.yaml:2: metrics-stack:extends\[0\]: "shared\/a\.yaml" extends itself \(shared\/a\.yaml -> shared\/b\.yaml -> shared\/a\.yaml\); leave it out$/,
        ],
        [
            "a file that is not there, of a file that is",
            { "shared/a.yaml": shared("extends: [shared/nope.yaml]") },
            /^shared\/a\.yaml:2: metrics-stack:extends\[0\]: "shared\/nope\.yaml" cannot be read: there is no such file; write the path of one/,
        ],
        [
            "text in place of a list, in a file",
            { "shared/a.yaml": shared("extends: shared/b.yaml") },
            /^shared\/a\.yaml:2: metrics-stack:extends: is no list of paths; write one, such as \["shared\/base\.yaml"\]$/,
        ],
        [
            "two jobs of one name in a file, by their places in it",
            {
                "shared/a.yaml": shared("scrapeJobs: [{jobName: db, staticConfigs: [{targets: ['db:80']}]}]"),
                "shared/b.yaml": shared(
                    "scrapeJobs:",
                    "- {jobName: shop, staticConfigs: [{targets: ['a:80']}]}",
                    "- {jobName: shop, staticConfigs: [{targets: ['b:80']}]}",
                ).replaceAll("metrics-stack:- ", "  - "),
            },
            /^shared\/b\.yaml:4: metrics-stack:scrapeJobs\[1\]\.jobName: "shop" is already the name of scrapeJobs\[0\]; /,
        ],
    ] as const) {
        it(`are refused for ${what}`, () => {
            const said = mistakes(files, { scrapeJobs: [job("own", "own:80")], grafana: {} });
            assert.ok(
                said.some((line) => expected.test(line)),
                said.join("\n"),
            );
            assert.doesNotMatch(said.join("\n"), /hunter2/);
        });
    }

    for (const [written, expected] of [
        [
            "shared/nope.yaml",
            /^metrics-stack:extends\[0\]: "shared\/nope\.yaml" cannot be read: there is no such file; /,
        ],
        ["../other/web.yaml", /^metrics-stack:extends\[0\]: "\.\.\/other\/web\.yaml" is outside of the project; /],
        ["shared/../../web.yaml", /is outside of the project; write the path of one from the project's folder/],
        ["/etc/web.yaml", /^metrics-stack:extends\[0\]: "\/etc\/web\.yaml" is outside of the project; /],
        ["Pulumi.prod.yaml", /^metrics-stack:extends\[0\]: "Pulumi\.prod\.yaml" is a stack's own; move what both have/],
        ["", /^metrics-stack:extends\[0\]: "" is not a path; write one/],
    ] as const) {
        it(`are not ${JSON.stringify(written)}`, () => {
            const said = mistakesOf({ extends: [written] }, [], { "Pulumi.prod.yaml": "config: {}" });
            assert.ok(
                said.some((line) => expected.test(line)),
                said.join("\n"),
            );
        });
    }

    it("leave a mistake of the stack file's own where it is", () => {
        const said = mistakes({ "shared/web.yaml": shared("scrapeInterval: 30s") }, { scrapeTimeout: "1h" });
        assert.deepEqual(said, [
            'metrics-stack:scrapeTimeout: "1h" is longer than the scrapeInterval of 30s; write at most that',
        ]);
    });
});
