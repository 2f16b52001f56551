import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import * as path from "node:path";
import { project } from "../../../toolchain/checkout";
import { imported } from "./importing";

/** A prometheus.yml with the intervals of a stack. */
const config = (jobs: string, rest = "") =>
    `global: {scrape_interval: 15s, evaluation_interval: 15s}\n${rest}scrape_configs:\n${jobs}`;

const job = (rest: string, name = "shop") => config(`  - job_name: ${name}\n${rest.replaceAll(/^/gm, "    ")}\n`);
const own = 'job "node_exporter" is new, job "prometheus" is new: a stack watches this of its own accord';
const ownReversed = 'job "prometheus" is new, job "node_exporter" is new: a stack watches this of its own accord';

/** What it becomes, below the intervals. */
const jobs = (text: string) => text.replace(/^scrapeInterval: 15s\nevaluationInterval: 15s\n/, "");

/** The differences but for what every stack has. */
const different = ({ differences }: { differences: readonly string[] }) =>
    differences.filter((each) => ![own, ownReversed].includes(each));

describe("The import of a prometheus.yml", () => {
    it("keeps its words, their order and their comments", () => {
        const { text, said, lost, unexplained } = imported(`# All of the shop
global:
  scrape_interval: 15s # as in the book
  evaluation_interval: 30s
  external_labels:
    region: eu-1

scrape_configs:
  # What people buy
  - job_name: 'shop'
    metrics_path: /internal/metrics
    static_configs:
      - targets: ['shop:8000'] # the first one
        labels: {version: 1.10}

  # Who asks for it
  - job_name: "Who asks"
    scrape_interval: 1m
    static_configs: [{targets: [web:80]}]
    relabel_configs:
      # Its short name
      - source_labels: [__address__]
        regex: (.*):\\d+
        target_label: instance
`);
        assert.deepEqual([lost, unexplained], [[], []]);
        assert.equal(
            text,
            `scrapeInterval: 15s # as in the book
evaluationInterval: 30s
externalLabels:
  region: eu-1
scrapeJobs:
  # What people buy
  - jobName: 'shop'
    metricsPath: /internal/metrics
    staticConfigs:
      - targets: ['shop:8000'] # the first one
        labels: {version: "1.10"}

  # Who asks for it
  - jobName: "Who asks"
    scrapeInterval: 1m
    staticConfigs: [{targets: [web:80]}]
    relabelConfigs:
      # Its short name
      - sourceLabels: [__address__]
        regex: (.*):\\d+
        targetLabel: instance
`,
        );
        assert.deepEqual(said, [
            "3 moved scrapeInterval",
            "4 moved evaluationInterval",
            "5 moved externalLabels",
            '10 moved job "shop": 1 target',
            '17 moved job "Who asks": 1 target',
        ]);
    });

    it("is what docs/migrating.md shows", () => {
        const page = readFileSync(path.join(project, "docs", "migrating.md"), "utf8");
        const [config = "", stackFile = ""] = [...page.matchAll(/^```yaml\n([^]*?)^```/gm)].map(
            ([, text = ""]) => text,
        );
        const alert = '{alert: OrdersStopped, expr: "rate(shop_orders_total[5m]) == 0", for: 30m}';
        const rules = `groups: [{name: shop, rules: [${alert}]}]\n`;
        const { text, differences } = imported({ "prometheus.yml": config, "alerts.yml": rules }, ["."], "prod");
        const own = /172\.\d+\.\d+\.1/g;
        const lines = (yaml: string) => yaml.replaceAll("metrics-stack:", "").replaceAll(/^ +/gm, "");
        assert.equal(lines(text), lines(stackFile.replace("config:\n", "")));
        const shown = differences.map((line) => `  ${line}\n`.replaceAll(own, "GATEWAY"));
        assert.ok(page.replaceAll(own, "GATEWAY").includes(shown.join("")), shown.join(""));
    });

    it("writes out what Prometheus assumes and a stack does not", () => {
        const { text, said } = imported("scrape_configs: [{job_name: shop, static_configs: [{targets: ['shop:80']}]}]");
        assert.match(text, /^scrapeInterval: 1m\nevaluationInterval: 1m\nscrapeJobs:/);
        assert.match(said.join("\n"), /changed scrapeInterval: is 1m where Prometheus is told nothing/);
    });

    it("copies no alias that leads nowhere, and no merge key", () => {
        const { text, lost, unexplained } = imported(
            config(`  - &first
    job_name: shop
    scheme: https
    params: &params {module: [http]}
    static_configs: [{targets: ["a:443"]}]
  - {<<: *first, job_name: web, params: *params}
`),
        );
        assert.doesNotMatch(text, /[*&<]/);
        assert.match(text, /jobName: web/);
        assert.equal(text.match(/scheme: https/g)?.length, 2);
        assert.deepEqual([lost, unexplained], [[], []]);
    });

    for (const [what, rest, expected] of [
        ["a number where text is meant", "static_configs: [{targets: ['a:1'], labels: {n: 5}}]", /labels: \{n: "5"\}/],
        ["yes and no", "honor_labels: yes\nstatic_configs: [{targets: ['a:1']}]", /honorLabels: true/],
        ["a limit that nobody set", "sample_limit: 0\nstatic_configs: [{targets: ['a:1']}]", /^(?![^]*sampleLimit)/],
        ["a key without a value", "relabel_configs:\nstatic_configs: [{targets: ['a:1']}]", /^(?![^]*relabelConfigs)/],
        [
            "a rule without labels to read",
            "static_configs: [{targets: ['a:1']}]\nrelabel_configs: [{source_labels: [], target_label: env, replacement: prod}]",
            /relabelConfigs: \[\{targetLabel: env, replacement: prod\}\]/,
        ],
        [
            "what a rule's action does not read",
            "static_configs: [{targets: ['a:1']}]\nrelabel_configs: [{action: Keep, source_labels: [__address__], regex: a.*, target_label: x}]",
            /\{action: keep, sourceLabels: \[__address__\], regex: a\.\*\}/,
        ],
        [
            "a target that stands there twice",
            "static_configs: [{targets: ['a:1', 'b:1', 'a:1']}]",
            /targets: \['a:1', 'b:1'\]/,
        ],
        [
            "a group without targets",
            "static_configs: [{targets: []}, {targets: ['a:1']}]",
            /staticConfigs: \[\{targets: \['a:1'\]\}\]/,
        ],
    ] as const) {
        it(`takes ${what} as Prometheus does`, () => {
            const result = imported(job(rest));
            assert.deepEqual([result.lost, result.unexplained, different(result)], [[], [], []]);
            assert.match(result.text, expected);
        });
    }

    it("leaves out a job without targets, and says so", () => {
        const result = imported(job("static_configs: [{targets: []}]"));
        assert.doesNotMatch(result.text, /shop/);
        assert.deepEqual(different(result), ['job "shop" is not there any more: has no targets, and is left out']);
    });

    it("writes a port, and the Docker host in the place of the container itself, and says both", () => {
        const result = imported(job("scheme: https\nstatic_configs: [{targets: [web, 'localhost:8000', '[::1]:1']}]"));
        assert.match(result.text, /targets: \[web:443, 'host\.docker\.internal:8000', 'host\.docker\.internal:1'\]/);
        assert.match(result.said.join("\n"), /4? ?changed job "shop": web has no port/);
        assert.match(result.said.join("\n"), /decide job "shop": localhost:8000 is Prometheus' container to itself/);
        assert.deepEqual(result.unexplained, []);
    });

    it("writes logs beside the samples, and reaches the Docker host in other addresses, too", () => {
        const text = job(
            "scrape_failure_log_file: logs/failed.txt\nproxy_url: http://localhost:3128\nstatic_configs: [{targets: ['a:1']}]",
        ).replace("15s}", "15s, query_log_file: /var/log/queries.log}");
        const result = imported(text);
        assert.match(result.text, /queryLogFile: \/prometheus\/queries\.log/);
        assert.match(result.text, /scrapeFailureLogFile: \/prometheus\/failed\.txt\.log/);
        assert.match(result.text, /proxyUrl: http:\/\/host\.docker\.internal:3128/);
        assert.match(
            result.said.join("\n"),
            /decide job "shop": proxy_url: http:\/\/localhost:3128 is Prometheus' container/,
        );
        assert.deepEqual([result.lost, result.unexplained], [[], []]);
    });

    it("leaves addresses alone that a rule writes, but for the host itself", () => {
        const { text, lost } = imported(
            job(`static_configs: [{targets: ["https://shop.example.com"]}]
relabel_configs:
  - {source_labels: [__address__], target_label: __param_target}
  - {target_label: __address__, replacement: "127.0.0.1:9115"}`),
        );
        assert.deepEqual(lost, []);
        assert.match(text, /targets: \["https:\/\/shop\.example\.com"\]/);
        assert.match(text, /replacement: "host\.docker\.internal:9115"/);
    });

    it("makes jobs of what has another label job, so that its series stay the same", () => {
        const result = imported(
            job(`static_configs:
  - {targets: ["a:1"], labels: {job: front}}
  - {targets: ["b:1", "c:1"], labels: {job: back, env: prod}}`),
        );
        assert.equal(
            jobs(result.text),
            `scrapeJobs:
  - jobName: front
    staticConfigs:
      - {targets: ["a:1"], labels: {}}
  - jobName: back
    staticConfigs:
      - {targets: ["b:1", "c:1"], labels: {env: prod}}
`,
        );
        assert.deepEqual([result.lost, result.unexplained], [[], []]);
    });

    it("does so for what rules write, too", () => {
        const result = imported(
            job(`static_configs: [{targets: ["a-front:1", "a-back:1"]}]
relabel_configs: [{source_labels: [__address__], regex: "a-(.*):1", target_label: job}]`),
        );
        assert.match(result.text, /jobName: front\n[^]*a-front:1[^]*jobName: back\n[^]*a-back:1/);
        assert.doesNotMatch(result.text, /relabelConfigs/);
        assert.deepEqual([result.lost, result.unexplained], [[], []]);
    });

    describe("with a secret", () => {
        const secrets: readonly (readonly [string, string, string])[] = [
            ["a password", "basic_auth: {username: me, password: hunter2}", "scrapeJobs.0.basicAuth.password"],
            ["its file", "basic_auth: {username: me, password_file: /run/hunter2}", "scrapeJobs.0.basicAuth.password"],
            ["a token", "bearer_token: hunter2", "scrapeJobs.0.authorization.credentials"],
            ["a token's file", "bearer_token_file: /run/hunter2", "scrapeJobs.0.authorization.credentials"],
            ["credentials", "authorization: {credentials: hunter2}", "scrapeJobs.0.authorization.credentials"],
            [
                "a client",
                "oauth2: {client_id: me, client_secret: hunter2, token_url: 'https://a.example/t'}",
                "scrapeJobs.0.oauth2.clientSecret",
            ],
            ["a header", "http_headers: {X-Key: {secrets: [hunter2]}}", "scrapeJobs.0.httpHeaders.X-Key.secrets.0"],
        ];
        for (const [what, rest, place] of secrets) {
            it(`writes ${what} nowhere, and says where to store it`, () => {
                const result = imported(job(`${rest}\nstatic_configs: [{targets: ["a:1"]}]`));
                assert.deepEqual(result.secrets, [place]);
                assert.doesNotMatch(JSON.stringify({ ...result, said: "" }), /hunter2/);
                assert.deepEqual([result.lost, result.unexplained, different(result)], [[], [], []]);
            });
        }
    });

    it("takes over the text of a certificate, and says which file is missing", () => {
        const tls = job('scheme: https\ntls_config: {ca_file: ca.pem}\nstatic_configs: [{targets: ["a:1"]}]');
        const { lost } = imported(tls);
        assert.match(lost.join(), /prometheus\.yml:\d+: job "shop": ca_file: ca\.pem is not at hand/);
    });

    describe("with a job of the stack's own", () => {
        for (const target of ["localhost:9090", "prometheus:9090", "127.0.0.1:9090", "10.0.0.5:9090"]) {
            it(`takes ${target} for Prometheus itself, with its settings`, () => {
                const result = imported(
                    job(
                        `scrape_interval: 5s\nstatic_configs: [{targets: ["${target}"], labels: {env: prod}}]`,
                        "prometheus",
                    ),
                );
                assert.equal(
                    jobs(result.text),
                    "prometheus:\n  scrapeJob:\n    scrapeInterval: 5s\n    labels: {env: prod}\n",
                );
                assert.deepEqual([result.lost, result.unexplained], [[], []]);
            });
        }

        it("finds itself under another job's name, and beside other targets", () => {
            const self = imported(job('static_configs: [{targets: ["localhost:9090"]}]', "self"));
            assert.doesNotMatch(self.text, /self/);
            const beside = imported(job('static_configs: [{targets: ["prometheus:9090", "a:1"]}]', "all"));
            assert.match(beside.text, /targets: \["a:1"\]/);
            assert.deepEqual([...self.lost, ...beside.lost, ...self.unexplained, ...beside.unexplained], []);
        });

        it("does not take a federation for its own metrics", () => {
            const { text } = imported(
                job('metrics_path: /federate\nstatic_configs: [{targets: ["other:9090"]}]', "all"),
            );
            assert.match(text, /metricsPath: \/federate/);
        });

        it("goes on with node_exporter's instance, where it is this host's", () => {
            const result = imported(
                job('static_configs: [{targets: ["node-exporter:9100"]}] # this one', "node_exporter"),
            );
            assert.equal(jobs(result.text), "nodeExporter:\n  # this one\n  instance: node-exporter:9100\n");
            assert.deepEqual([result.lost, result.unexplained], [[], []]);
        });

        it("turns node_exporter off where its name is that of other hosts'", () => {
            const result = imported(
                job('static_configs: [{targets: ["10.0.0.1:9100", "10.0.0.2:9100"]}]', "node_exporter"),
            );
            assert.match(result.text, /nodeExporter:\n {2}enabled: false/);
            assert.match(result.text, /jobName: node_exporter/);
            assert.deepEqual([result.lost, result.unexplained], [[], []]);
        });

        it("keeps a job called prometheus that scrapes others beside Prometheus", () => {
            const result = imported(job('static_configs: [{targets: ["prometheus:9090", "a:1"]}]', "prometheus"));
            assert.match(result.text, /jobName: prometheus\n.*targets: \["localhost:9090", "a:1"\]/);
            assert.match(result.said.join("\n"), /changed job "prometheus": prometheus:9090 is localhost:9090 now/);
            assert.deepEqual([result.lost, result.unexplained], [[], []]);
        });

        it("keeps one that says what the stack's own cannot be told", () => {
            const rest = "honor_timestamps: false\nstatic_configs: [{targets: [";
            const result = imported(job(`${rest}"localhost:9090"]}]`, "prometheus"));
            assert.match(result.text, /jobName: prometheus\n.*honorTimestamps: false/);
            const watched = 'job "node_exporter" is new: a stack watches this of its own accord';
            assert.deepEqual([result.lost, result.unexplained, result.differences], [[], [], [watched]]);
            const elsewhere = imported(job(`${rest}"mon.example.com:9090"]}]`, "prometheus"));
            assert.match(
                elsewhere.said.join("\n"),
                /decide job "prometheus": mon\.example\.com:9090 is localhost:9090/,
            );
        });

        it("leaves out how the stack's own is not asked", () => {
            const rest = 'honor_labels: true\nscheme: https\nstatic_configs: [{targets: ["localhost:9090"]}]';
            const result = imported(job(rest, "prometheus"));
            assert.doesNotMatch(result.text, /scrapeJobs/);
            assert.match(result.said.join("\n"), /honor_labels of it cannot be told to that one, and is left out/);
            assert.deepEqual([result.lost, result.unexplained], [[], []]);
        });

        it("adds Prometheus to one that scrapes others alone", () => {
            const others = job('static_configs: [{targets: ["a:1", "b:1"], labels: {env: prod}}]', "prometheus");
            const itself = `  - job_name: self\n    scrape_interval: 5s\n    static_configs: [{targets: ["localhost:9090"]}]\n`;
            for (const text of [others, `${others.trimEnd()}\n${itself}`]) {
                const result = imported(text);
                assert.match(result.text, /jobName: prometheus\n/);
                assert.match(result.text, /targets: \["a:1", "b:1"\], labels: \{env: prod\}/);
                assert.match(result.text, /targets:\s+- localhost:9090/);
                assert.doesNotMatch(result.text, /self|Interval: 5s/);
                assert.match(result.said.join("\n"), /changed job "prometheus": takes the place of the stack's own/);
                assert.deepEqual([result.lost, result.unexplained], [[], []]);
            }
        });

        it("leaves one alone whose rules write the addresses", () => {
            const rest =
                'static_configs: [{targets: ["https://a.example"]}]\nrelabel_configs: [{target_label: __address__, replacement: "proxy:1"}]';
            const result = imported(job(rest, "prometheus"));
            assert.doesNotMatch(result.text, /localhost/);
            assert.deepEqual([result.lost, result.unexplained], [[], []]);
        });
    });

    it("has Docker's socket asked through the stack's own proxy", () => {
        const asking = (host: string) => job(`docker_sd_configs: [{host: '${host}', port: 8000}]`);
        const { text, said, lost, unexplained } = imported(asking("unix:///var/run/docker.sock"));
        assert.deepEqual([lost, unexplained], [[], []]);
        assert.equal(jobs(text), "scrapeJobs:\n  - jobName: shop\n    dockerSdConfigs: [{port: 8000}]\n");
        assert.match(said.join("\n"), /unix:\/\/\/var\/run\/docker\.sock is asked through the stack's own proxy/);
        const rootless = imported(asking("unix:///run/user/1000/docker.sock"));
        assert.match(rootless.text, /dockerProxy:\n {2}dockerSocket: \/run\/user\/1000\/docker\.sock\n/);
        const elsewhere = imported(asking("tcp://docker-proxy:2375"));
        assert.deepEqual(different(elsewhere), []);
        assert.match(elsewhere.text, /host: 'tcp:\/\/docker-proxy:2375'/);
    });

    it("moves traces and settings of the runtime", () => {
        const tracing =
            "tracing: {endpoint: 'localhost:4317', insecure: true, sampling_fraction: 1, headers: {A: b}}\n";
        const result = imported(`global: {}\nruntime: {gogc: 50}\n${tracing}`);
        assert.match(result.text, /runtime:\s+\{?gogc: 50/);
        assert.match(result.text, /endpoint: ["']?host\.docker\.internal:4317/);
        assert.match(result.said.join("\n"), /decide tracing: endpoint: localhost:4317 is Prometheus' container/);
        assert.deepEqual([result.lost, result.unexplained], [[], []]);
    });

    describe("with lists of targets", () => {
        const discovered = job("file_sd_configs: [{files: [/etc/prometheus/targets/*.json, more.yml]}]");
        const lists = {
            "targets/a.json": '[{"targets": ["a:1"], "labels": {"env": "prod"}}]',
            "more.yml": "# more\n- targets: [b:1]\n",
        };

        it("writes them into the job", () => {
            const result = imported({ "prometheus.yml": discovered, ...lists });
            assert.match(result.text, /"targets":? ?\["a:1"\]|targets: \["a:1"\]/);
            assert.match(result.text, /targets: \[b:1\]/);
            assert.deepEqual([result.lost, result.unexplained, different(result)], [[], [], []]);
        });

        it("leaves those that are not at hand where they are, and says where it takes them from", () => {
            const result = imported(discovered);
            assert.match(result.text, /fileSdConfigs: \[\{files: \[\/lists\/\*\.json, \/lists-2\/more\.yml\]\}\]/);
            assert.match(
                result.text,
                /mounts:\n {4}- source: \S+\/targets\n {6}target: \/lists\n {4}- source: \S+\n {6}target: \/lists-2/,
            );
            assert.match(result.said.join("\n"), /decide job "shop": more\.yml is not at hand, and stays a list/);
            assert.deepEqual([result.lost, result.unexplained], [[], []]);
        });

        it("leaves a folder of somebody else's where it is", () => {
            const { text, lost } = imported(job("file_sd_configs: [{files: ['/srv/lists/*.yml']}]"));
            assert.match(text, /files: \['\/srv\/lists\/\*\.yml'\][^]*source: \/srv\/lists\n {6}target: \/srv\/lists/);
            assert.deepEqual(lost, []);
        });
    });

    describe("with service discoveries", () => {
        it("keeps them, in camelCase", () => {
            const result = imported(
                job("dns_sd_configs: [{names: [tasks.web], type: A, port: 80, refresh_interval: 5s}]"),
            );
            assert.match(
                result.text,
                /dnsSdConfigs: \[\{names: \[tasks\.web\], type: A, port: 80, refreshInterval: 5s\}\]/,
            );
            assert.deepEqual([result.lost, result.unexplained, different(result)], [[], [], []]);
        });

        it("keeps a static target beside", () => {
            const result = imported(
                job(
                    "static_configs: [{targets: ['a:1']}]\nhttp_sd_configs: [{url: 'http://b/list', basic_auth: {username: me, password: hunter2}}]",
                ),
            );
            assert.deepEqual(result.secrets, ["scrapeJobs.0.httpSdConfigs.0.basicAuth.password"]);
            assert.doesNotMatch(JSON.stringify(result), /hunter2/);
            assert.deepEqual([result.lost, result.unexplained, different(result)], [[], [], []]);
        });
    });

    it("takes over the jobs of further files, and says which are not at hand", () => {
        const files = {
            "prometheus.yml": config("  []\n", "scrape_config_files: [conf.d/*.yml, other.yml]\n"),
            "conf.d/a.yml": "scrape_configs: [{job_name: a, static_configs: [{targets: ['a:1']}]}]\n",
        };
        const result = imported(files, ["prometheus.yml"]);
        assert.match(result.text, /jobName: a/);
        assert.match(
            result.said.join("\n"),
            /decide scrape_config_files: other\.yml is not at hand, and its jobs are not moved/,
        );
        assert.deepEqual([result.lost, result.unexplained, different(result)], [[], [], []]);
    });

    describe("with remote storage", () => {
        const storage = `remote_write:
  - url: http://archive:9090/api/v1/write
    bearer_token: not-to-be-seen
    write_relabel_configs: [{source_labels: [__name__], regex: go_.*, action: drop, replacement: unread}]
  - {url: http://other:9090/api/v1/write, name: other}
remote_read: [{url: http://archive:9090/api/v1/read, remote_timeout: 60s}]
`;
        const result = imported(config("  []\n", storage));

        it("has all that is sent on today sent on, alerts too", () => {
            assert.equal(result.text.match(/sendAlerts: true/g)?.length, 2);
            assert.deepEqual([result.lost, result.unexplained], [[], []]);
        });

        it("says how its metrics are called, and what a rule does not read", () => {
            const said = result.said.join("\n");
            assert.match(said, /remote_write\[0\]: it is called archive:9090\/api\/v1\/write in its metrics/);
            assert.match(said, /remote_write\[0\]: write_relabel_configs: replacement is not read by the action drop/);
            assert.doesNotMatch(said, /remote_write\[1\]: it is called/);
        });

        it("writes no secret", () => assert.ok(!`${result.text}${result.said.join()}`.includes("not-to-be-seen")));
    });

    describe("with Alertmanagers", () => {
        it("keeps those elsewhere, and passes over the version", () => {
            const result = imported(
                config(
                    "  []\n",
                    'alerting:\n  alertmanagers:\n    - {api_version: v2, path_prefix: /am, static_configs: [{targets: ["am:9093"]}]}\n',
                ),
            );
            assert.match(
                result.text,
                /alertmanagers:\n {4}- \{pathPrefix: \/am, staticConfigs: \[\{targets: \["am:9093"\]\}\]\}/,
            );
            assert.deepEqual([result.lost, result.unexplained, different(result)], [[], [], []]);
        });

        it("leaves out a list that is empty", () => {
            const result = imported(config("  []\n", "alerting: {alertmanagers: [{static_configs: [{targets: }]}]}\n"));
            assert.doesNotMatch(result.text, /alerting/);
            assert.deepEqual([result.lost, result.unexplained, different(result)], [[], [], []]);
        });
    });

    it("leaves out a label that is a variable, and says what to write", () => {
        const { text, said } = imported(
            "global: {external_labels: {host: '${HOSTNAME}', price: 5$$}}\nscrape_configs: []\n",
        );
        assert.match(text, /externalLabels: \{price: 5\$\}/);
        assert.match(said.join("\n"), /decide external label host: \$\{HOSTNAME\} is a variable/);
    });

    describe("that does not move", () => {
        for (const [what, text, expected] of [
            ["no YAML", "global: [\n", /prometheus\.yml:\d: the file: is no YAML that a program reads/],
            ["a key twice", "global: {}\nglobal: {}\n", /is no YAML that a program reads: Map keys must be unique/],
            [
                "a key that nobody knows",
                job("lables: {a: b}\nstatic_configs: [{targets: ['a:1']}]"),
                /lables: is not a known key[^]*No current version loads/,
            ],
            [
                "a format of old",
                config("  - job_name: a\n    target_groups: [{targets: ['a:1']}]\n"),
                /targetGroups: is not a known key/,
            ],
            [
                "a template",
                "scrape_configs: {{ jobs }}\n",
                /a placeholder: \{\{ \.\.\. \}\} was never filled in|never filled/,
            ],
            [
                "a shell's variable",
                job("static_configs: [{targets: ['${HOST}:80']}]"),
                /\$\{HOST\}:80 was never filled in/,
            ],
            [
                "words for people",
                job("static_configs: [{targets: ['YOUR_IP:YOUR_PORT']}]"),
                /YOUR_IP:YOUR_PORT was never filled in/,
            ],
            ["a port to fill in", job("static_configs: [{targets: ['a:<port>']}]"), /a:<port> was never filled in/],
            [
                "two jobs of one name",
                config("  - {job_name: a, static_configs: [{targets: ['a:1']}]}\n".repeat(2)),
                /is already the name of scrapeJobs\[0\]/,
            ],
        ] as const) {
            it(`says so of ${what}`, () =>
                assert.match(imported({ "prometheus.yml": text }, ["prometheus.yml"]).lost.join("\n"), expected));
        }
    });
});
