import assert from "node:assert/strict";
import { parse } from "yaml";
import { deployParts } from "../../../../components/stackResources";
import { usualTraits } from "../../../../components/engineTraits";
import { check } from "../../../../components/thanos/ruler/delivery";
import { mistakes, plan } from "../../../declaration";
import { certificate } from "../../../certificates";
import { created, inputsOf, registered, types } from "../../../setup";
import { network } from "../../declared";

const everywhere = (own = "", rule = "") =>
    `groups:\n  - name: everywhere\n${own}    rules:\n      - alert: FewTargets\n        expr: count(up) < 10\n${rule}`;

const file = "rules/a/everywhere.yml";
const ruler = { rules: { files: ["rules/*/*.yml"] } };
const alertmanager = { enabled: true, receivers: [{ name: "nobody", silent: true }] };

const planned = (more: object = {}, own: object = {}, text = everywhere()) =>
    plan({ thanos: { query: {}, ruler: { ...ruler, ...own } }, ...more }, { [file]: text });

const part = (...args: Parameters<typeof planned>) =>
    planned(...args).parts.find((each) => each.part.role === "thanos-ruler") ?? assert.fail("it is off");

const alertmanagers = (...args: Parameters<typeof planned>) =>
    (parse(part(...args).secretFiles["alertmanagers.yml"]?.reveal() ?? "") as { alertmanagers: object[] })
        .alertmanagers;

async function command(...args: Parameters<typeof planned>): Promise<readonly string[]> {
    created.length = 0;
    await deployParts(planned(...args), { network: network(), generations: {}, engine: usualTraits, opts: {} });
    await registered();
    return inputsOf(types.container, "thanos-ruler").command as readonly string[];
}

describe("Thanos Ruler", () => {
    it("has its rules as they are, below one folder, and those of Prometheus are others", () => {
        const text = everywhere("    partial_response_strategy: warn\n");
        const { files, plan: own } = part({}, {}, text);
        assert.deepEqual(files, { "rules/rules%2Fa%2Feverywhere.yml": text });
        assert.deepEqual(own.placeOf?.(file), ["thanos", "ruler", "rules", "files", 0]);
        const all = planned();
        assert.ok(!all.parts.some(({ part: { key }, files: of }) => key === "prometheus" && "own-rules" in of));
        assert.deepEqual(all.published.ownAlerts, [{ alert: "FewTargets", runbookUrl: undefined }]);
    });

    it("is a job, and one of those whom Query asks", () => {
        const { published } = planned();
        const job = published.jobs.find(({ jobName }) => jobName === "thanos_ruler");
        assert.equal(job?.thanos?.component, "ruler");
        assert.deepEqual(published.stores[1], { address: "metrics-stack-test-thanos-ruler:10901" });
    });

    it("asks the stack's own Query, and marks what it makes", async () => {
        assert.deepEqual(await command(), [
            "rule",
            "--query=http://metrics-stack-test-thanos-query:10902",
            "--rule-file=/etc/thanos/current/rules/*",
            "--data-dir=/data",
            "--tsdb.retention=2d",
            "--eval-interval=15s",
            '--label=ruler="test"',
            "--alert.query-url=http://127.0.0.1:10902",
            "--alertmanagers.config-file=/etc/thanos/secrets/alertmanagers.yml",
            "--web.disable-cors",
            "--enable-auto-gomemlimit",
        ]);
    });

    it("is one of two that send the same alerts, where the stack is of a pair", async () => {
        const flags = await command({ pair: { replica: "a" } }, { labels: { ruler: "web" } });
        assert.deepEqual(
            flags.filter((flag) => /label/.test(flag)),
            ['--label=ruler="web"', '--label=replica="a"', "--alert.label-drop=replica"],
        );
    });

    it("ships what it records, and has its alerts lead to where people find Query", async () => {
        const objectStorage = { type: "FILESYSTEM", config: { directory: "/srv/metrics" } };
        const thanos = { objectStorage, query: {}, ruler };
        const door = { enabled: true, name: "metrics.example.com", users: { alice: `$2y$10$${"a".repeat(53)}` } };
        const flags = await command({ thanos, door });
        assert.ok(flags.includes("--objstore.config-file=/etc/thanos/secrets/objectStorage.yml"));
        assert.ok(flags.includes("--alert.query-url=https://metrics.example.com/thanos"), flags.join("\n"));
        const mounts = inputsOf(types.container, "thanos-ruler").mounts as { source: string; target: string }[];
        assert.deepEqual(
            mounts.map(({ source, target }) => `${source}:${target}`),
            [
                "metrics-stack-test-thanos-ruler-config:/etc/thanos",
                "metrics-stack-test-thanos-ruler-data:/data",
                "/srv/metrics:/bucket",
            ],
        );
    });

    it("tells whom Prometheus tells, with the same logins, which are files", () => {
        const web = { basicAuthUsers: { me: `$2y$10$${"a".repeat(53)}` }, itself: { password: "p".repeat(24) } };
        const elsewhere = {
            ...{ staticConfigs: [{ targets: ["alerts.example.com:443"] }], scheme: "https", pathPrefix: "/am" },
            ...{ timeout: "5s", authorization: { credentials: "token-to-be-hidden" } },
            tlsConfig: { ca: certificate, serverName: "alerts" },
        };
        const more = { alertmanager: { ...alertmanager, web }, alerting: { alertmanagers: [elsewhere] } };
        assert.deepEqual(alertmanagers(more), [
            {
                static_configs: ["metrics-stack-test-alertmanager:9093"],
                scheme: "http",
                http_config: {
                    basic_auth: {
                        ...{ username: "metrics-stack", password_file: "/etc/thanos/secrets/alertmanager0.password" },
                    },
                },
            },
            {
                ...{ static_configs: ["alerts.example.com:443"], scheme: "https", path_prefix: "/am", timeout: "5s" },
                http_config: {
                    bearer_token_file: "/etc/thanos/secrets/alertmanager1.credentials",
                    tls_config: { ca_file: "/etc/thanos/secrets/alertmanager1.ca.pem", server_name: "alerts" },
                },
            },
        ]);
        const { secretFiles } = part(more);
        assert.equal(secretFiles["alertmanager0.password"]?.reveal(), "p".repeat(24));
        assert.equal(secretFiles["alertmanager1.credentials"]?.reveal(), "token-to-be-hidden");
        assert.equal(secretFiles["alertmanager1.ca.pem"]?.reveal(), certificate);
    });

    it("changes the labels of its alerts as Prometheus does", async () => {
        const rules = [{ action: "labeldrop", regex: "pod" }];
        const more = { alerting: { alertRelabelConfigs: rules } };
        assert.deepEqual(parse(part(more).secretFiles["alertRelabeling.yml"]?.reveal() ?? ""), rules);
        assert.ok(
            (await command(more)).includes("--alert.relabel-config-file=/etc/thanos/secrets/alertRelabeling.yml"),
        );
    });

    const refused: readonly (readonly [why: string, declared: Record<string, unknown>, words: RegExp])[] = [
        [
            "no Query to ask",
            { thanos: { ruler } },
            /thanos\.query: is missing, which thanos\.ruler asks; write \{\} for one with every default/,
        ],
        [
            "no rules",
            { thanos: { query: {}, ruler: {} } },
            /thanos\.ruler\.rules\.files: names no file; write the paths of some/,
        ],
        [
            "a file that there is not",
            { thanos: { query: {}, ruler: { rules: { files: ["rules/b.yml"] } } } },
            /thanos\.ruler\.rules\.files\[0\]: rules\/b\.yml: cannot be read \(there is no such file\)/,
        ],
        [
            "a label that would take the place of the stacks' own",
            { thanos: { query: {}, ruler: { ...ruler, labels: { region: "eu" } } }, externalLabels: { region: "eu" } },
            /thanos\.ruler\.labels\.region: is a label by which the samples of stacks are told apart: .*; write another one/,
        ],
        [
            "one of a pair that has another name than the other one",
            { thanos: { query: {}, ruler }, pair: { replica: "a" } },
            /thanos\.ruler\.labels: is missing beside pair; write one that both have, such as \{ruler: "everywhere"\}/,
        ],
        [
            "an Alertmanager that Thanos cannot find",
            { thanos: { query: {}, ruler }, alerting: { alertmanagers: [{ dnsSdConfigs: [{ names: ["a"] }] }] } },
            /alerting\.alertmanagers\[0\]\.dnsSdConfigs: is not known to Thanos, and thanos\.ruler .*it knows staticConfigs/,
        ],
        [
            "an Alertmanager that Thanos cannot log in to",
            {
                thanos: { query: {}, ruler },
                alerting: {
                    alertmanagers: [
                        {
                            staticConfigs: [{ targets: ["a:9093"] }],
                            authorization: { type: "Token", credentials: "a" },
                        },
                    ],
                },
            },
            /alerting\.alertmanagers\[0\]\.authorization\.type: is not known to Thanos/,
        ],
    ];
    for (const [why, declared, words] of refused) {
        it(`refuses ${why}`, () =>
            assert.match(mistakes(declared, Object.keys(declared), { [file]: everywhere() }).join("\n"), words));
    }

    for (const [why, text, words] of [
        [
            "a strategy that there is not",
            everywhere("    partial_response_strategy: never\n"),
            /rules\/a\/everywhere\.yml:3: groups\[0\]\.partial_response_strategy: "never" is not a strategy; write "abort" or "warn"/,
        ],
        [
            "a key that there is not",
            everywhere("", "        labls: {a: b}\n"),
            /rules\/a\/everywhere\.yml:6: .*labls: is not a known key; did you mean labels\?/,
        ],
        [
            "the name of an alert of the jobs",
            everywhere().replace("FewTargets", "TargetDown"),
            /the alert "TargetDown" has the name of one of the stack's own/,
        ],
    ] as const) {
        it(`refuses a file with ${why}, and says the line`, () => {
            const said = mistakes({ thanos: { query: {}, ruler } }, [], { [file]: text }).join("\n");
            assert.match(said, /thanos\.ruler\.rules\.files\[0\]: /);
            assert.match(said, words);
        });
    }

    it("is said by Prometheus to be who knows such a file", () => {
        const said = mistakes({ rules: { files: [file] } }, [], {
            [file]: everywhere("    partial_response_strategy: warn\n"),
        });
        assert.match(
            said.join("\n"),
            /everywhere\.yml:3: .*partial_response_strategy: is for the files of thanos\.ruler/,
        );
    });
});

describe("What Thanos says of rules that it refuses", () => {
    const name = "rules/rules%2Fa b.yml";
    const log = [
        'ts=1 caller=tools.go:53 level=info msg=checking pattern="rules/*"',
        `ts=1 caller=tools.go:62 level=info msg=checking filename="${name}"`,
        "ts=1 caller=tools.go:73 level=error result=FAILED",
        String.raw`ts=1 caller=tools.go:75 level=error error="0:0: group \"everywhere\", rule 0, \"FewTargets\": could not parse expression: 1:7: parse error"`,
        String.raw`ts=1 caller=tools.go:75 level=error error="group \"everywhere\", rule 0, \"FewTargets\": annotation \"a\": unclosed action"`,
        'ts=1 caller=tools.go:75 level=error error="yaml: line 3: mapping values are not allowed"',
        String.raw`ts=1 caller=main.go:143 level=error err="3 errors: 0:0: group \"everywhere\", rule 0"`,
    ].join("\n");

    it("is told by the file's path in the repository, and its line", async () => {
        const asked = { program: "thanos", image: "a", mountPath: "/etc/thanos", secretFiles: [] };
        const files = { [name]: everywhere() };
        const found = await check.refusals(log, { ...asked, files }, () => Promise.resolve(""));
        assert.deepEqual(found, [
            {
                about: "rules/a b.yml",
                words: '4: group "everywhere", rule 0, "FewTargets": could not parse expression: 1:7: parse error',
            },
            {
                about: "rules/a b.yml",
                words: '4: group "everywhere", rule 0, "FewTargets": annotation "a": unclosed action',
            },
            { about: "rules/a b.yml", words: "yaml: line 3: mapping values are not allowed" },
        ]);
        assert.deepEqual(await check.refusals("", { ...asked, files }, () => Promise.resolve("")), []);
    });
});
