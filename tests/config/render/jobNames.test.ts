import assert from "node:assert/strict";
import { parse as yaml } from "yaml";
import { dashboardsOf, renderDashboards } from "../../../config/render/dashboards";
import { fileNameOf } from "../../../config/render/job";
import { rulesOf } from "../../../config/render/rules";
import { check } from "../../../commands/validate/promql";
import { job, mistakes, parse, plan } from "../../declaration";
import { dashboardsIn, panelsOf, sent } from "./dashboards";

const names = [
    "Server Monitoring",
    "DINA scrape",
    "가게 서버",
    "a/b",
    "../a",
    'a "b" \\ c',
    "a|b (c)*[d]?",
    "{{ a }}",
    " ",
    "x".repeat(300),
];

describe("A job with any text as its name", () => {
    it("has files with names of their own, and another job's are others", () => {
        for (const plain of ["web_be", "shop.api-v2", "1"]) {
            assert.equal(fileNameOf(plain), plain);
        }
        const files = [...names, "Server_Monitoring", "Server-Monitoring", "server monitoring"].map(fileNameOf);
        assert.equal(new Set(files).size, files.length);
        for (const file of files) {
            assert.match(file, /^[\w][\w.%-]{0,200}$/);
        }
        assert.match(fileNameOf("Server Monitoring"), /^Server_Monitoring%[0-9a-f]{12}$/);
    });

    for (const name of names) {
        it(`has rules, graphs and files: ${name.slice(0, 20)}`, () => {
            const raw = {
                scrapeJobs: [
                    job(name, { host: {}, application: {}, basicAuth: { username: "u", password: "p" } }, ["shop:1"]),
                ],
            };
            const settings = parse(raw);
            const [own] = settings.scrapeJobs;
            assert.ok(own);
            for (const { expr } of rulesOf(settings, own)) {
                assert.deepEqual(check(expr), []);
                assert.ok(expr.includes(`job=${JSON.stringify(name)}`) || !expr.includes("job="), expr);
            }
            for (const dashboard of dashboardsIn(renderDashboards(settings, [own]))) {
                for (const { expr } of panelsOf(dashboard).flatMap(({ targets }) => targets)) {
                    assert.deepEqual(check(sent(dashboard, expr)), []);
                }
            }
            const [prometheus] = plan(raw).parts;
            const [file] = Object.keys(prometheus?.secretFiles ?? {});
            assert.equal(file, `${fileNameOf(name)}.password`);
            assert.ok(prometheus?.files[`targets/${fileNameOf(name)}.yml`]);
        });
    }

    it("has one on one line", () => {
        for (const name of ["", "a\nb", "\t"]) {
            assert.match(
                mistakes({ scrapeJobs: [{ ...job("a"), jobName: name }] }).join(),
                /is not a job name; write text on one line/,
            );
        }
    });
});

describe("A job whose targets have labels job of their own", () => {
    const docker = {
        jobName: "$docker",
        dockerSdConfigs: [{ host: "tcp://docker-proxy:2375" }],
        application: {},
        relabelConfigs: [
            { sourceLabels: ["__meta_docker_container_label_com_docker_compose_service"], targetLabel: "job" },
        ],
    };
    const filesOf = (...scrapeJobs: object[]) => plan({ scrapeJobs }).parts[0]?.files ?? {};
    const found = '{scrape_job="$docker"}';

    it("has its name in one more label", () => {
        const { scrape_configs: jobs } = yaml(filesOf(docker)["prometheus.yml"] ?? "") as {
            scrape_configs: { job_name: string; relabel_configs: object[] }[];
        };
        assert.deepEqual(jobs.find(({ job_name: name }) => name === "$docker")?.relabel_configs, [
            { source_labels: ["__meta_docker_container_label_com_docker_compose_service"], target_label: "job" },
            { target_label: "scrape_job", replacement: "$$docker" },
        ]);
    });

    it("is found by it too where an exporter publishes it", () => {
        const exporters = [
            { name: "redis", image: "redis_exporter:1", port: 9121, scrapeJob: { labels: { job: "cache" } } },
        ];
        const { jobs } = plan({ exporters }).published;
        assert.deepEqual(jobs.find(({ jobName }) => jobName === "redis")?.relabelConfigs?.at(-1), {
            ...{ targetLabel: "scrape_job", replacement: "redis" },
        });
    });

    it("is found by it, and its alerts have the labels of their targets", () => {
        const [, rules = ""] = Object.entries(filesOf(docker)).find(([name]) => /rules\/.*docker/.test(name)) ?? [];
        const { groups } = yaml(rules) as { groups: { rules: { alert: string; expr: string }[] }[] };
        const all = groups.flatMap((group) => group.rules);
        assert.equal(all.find(({ alert }) => alert === "TargetDown")?.expr, `up${found} == 0`);
        assert.equal(
            all.find(({ alert }) => alert === "TargetMissing")?.expr,
            `label_replace(absent(up${found}), "job", "$$docker", "", "")`,
        );
        for (const { expr } of all) {
            assert.match(expr, /scrape_job="\$docker"/);
            assert.doesNotMatch(expr, /[{,]\s*job=/);
            assert.match(expr, /^(?:(?!by \().|by \((?:\w+, )*job\b.*)*$/s);
        }
    });

    it("is on the dashboards of what it exposes, whatever the labels are", () => {
        const { config, published } = plan({ scrapeJobs: [docker, job("b")] });
        const drawn = dashboardsOf(config, published.jobs).find(({ title }) => title.startsWith("Application"));
        assert.deepEqual(
            drawn?.variables.map(({ name, all }) => [name, all]),
            [
                ["job", ".+"],
                ["instance", ".+"],
            ],
        );
    });

    it("may have the name of another one in none of them, and writes none of the label itself", () => {
        const grouped = (labels: object) => ({ jobName: "x", staticConfigs: [{ targets: ["x:1"], labels }] });
        assert.doesNotThrow(() => plan({ scrapeJobs: [grouped({ job: "y" })] }));
        assert.match(
            mistakes({ scrapeJobs: [grouped({ job: "b" }), job("b")] }).join("\n"),
            /^metrics-stack:scrapeJobs\[0\]\.staticConfigs\[0\]\.labels\.job: "b" is the name of another job[^\n]*$/,
        );
        const dropping = { action: "labeldrop", regex: "scrape_.*" };
        assert.doesNotThrow(() => plan({ scrapeJobs: [{ ...job("a"), metricRelabelConfigs: [dropping] }] }));
        assert.match(
            mistakes({ scrapeJobs: [{ ...docker, metricRelabelConfigs: [dropping] }] }).join("\n"),
            /takes the label scrape_job of samples away/,
        );
    });
});

describe("The job of a part", () => {
    const jobOf = (raw: Record<string, unknown>, name: string) =>
        plan(raw).published.jobs.find(({ jobName }) => jobName === name);

    it("takes an interval, a timeout and labels", () => {
        const scrapeJob = { scrapeInterval: "5s", scrapeTimeout: "2s", labels: { monitor: "a" } };
        const own = jobOf({ prometheus: { scrapeJob } }, "prometheus");
        assert.deepEqual(
            [own?.scrapeInterval, own?.scrapeTimeout, own?.staticConfigs[0]?.labels],
            [5000, 2000, { monitor: "a" }],
        );
        const host = jobOf({ nodeExporter: { instance: "web-1", scrapeJob } }, "node_exporter");
        assert.deepEqual(
            [host?.scrapeInterval, host?.staticConfigs[0]?.labels],
            [5000, { monitor: "a", instance: "web-1" }],
        );
        const receivers = [{ name: "a", webhook: { url: "http://a" } }];
        const raw = { alertmanager: { enabled: true, receivers, scrapeJob }, webBe: { enabled: true, scrapeJob } };
        assert.equal(jobOf(raw, "alertmanager")?.scrapeInterval, 5000);
        assert.equal(jobOf(raw, "web_be")?.scrapeInterval, 5000);
    });

    it("is the same as ever where nothing is said of it", () =>
        assert.deepEqual(plan({ prometheus: { scrapeJob: {} } }).parts[0]?.files, plan().parts[0]?.files));

    for (const [what, raw, expected] of [
        [
            "a timeout above its interval",
            { prometheus: { scrapeJob: { scrapeInterval: "5s", scrapeTimeout: "6s" } } },
            /prometheus\.scrapeJob\.scrapeTimeout: "6s" is longer than the scrapeInterval of 5s/,
        ],
        [
            "a timeout above the stack's interval",
            { nodeExporter: { scrapeJob: { scrapeTimeout: "20s" } } },
            /nodeExporter\.scrapeJob\.scrapeTimeout: "20s" is longer than the scrapeInterval of 15s/,
        ],
        [
            "another job's name",
            { prometheus: { scrapeJob: { labels: { job: "a" } } } },
            /prometheus\.scrapeJob\.labels\.job: "a" takes it away/,
        ],
        [
            "a label that the host's graphs read",
            { nodeExporter: { scrapeJob: { labels: { mode: "a" } } } },
            /nodeExporter\.scrapeJob\.labels\.mode: "a" hides the label mode/,
        ],
        [
            "the host's instance",
            { nodeExporter: { scrapeJob: { labels: { instance: "a" } } } },
            /labels\.instance: stands in the wrong place; write it as instance of nodeExporter/,
        ],
        [
            "targets",
            { prometheus: { scrapeJob: { staticConfigs: [] } } },
            /prometheus\.scrapeJob\.staticConfigs: is not a known key/,
        ],
    ] as const) {
        it(`does not take ${what}`, () => assert.match(mistakes(raw).join("\n"), expected));
    }
});

describe("A declared job called prometheus", () => {
    const declare = (targets: string[], rest: object = {}) =>
        plan({ scrapeJobs: [{ jobName: "prometheus", staticConfigs: [{ targets }], ...rest }] });

    it("takes the place of the own one, with its alerts and its dashboard", () => {
        const { published, parts, warnings } = declare(["localhost:9090", "other:9090"], { scrapeInterval: "30s" });
        const own = published.jobs.filter(({ jobName }) => jobName === "prometheus");
        assert.equal(own.length, 1);
        assert.equal(own[0]?.scrapeInterval, 30_000);
        const files = parts.find(({ part }) => part.key === "prometheus")?.files ?? {};
        assert.match(files["rules/prometheus.yml"] ?? "", /alert: PrometheusReloadFailed/);
        assert.match(files["targets/prometheus.yml"] ?? "", /localhost:9090\n +- other:9090/);
        assert.deepEqual(warnings, []);
    });

    it("may do something else, which is told", () => {
        const [warning = ""] = declare(["other:9090"]).warnings;
        assert.match(
            warning,
            /scrapeJobs\[0\]: takes the place of the job that scrapes Prometheus itself, .* add the target "localhost:9090"/,
        );
    });

    it("leaves nothing to be told to the one that it replaces", () => {
        const prometheus = { scrapeJob: { scrapeInterval: "5s" } };
        assert.match(
            mistakes({ scrapeJobs: [job("prometheus", {}, ["localhost:9090"])], prometheus })[0] ?? "",
            /prometheus\.scrapeJob: has no effect: scrapeJobs\[0\] takes the place of the job/,
        );
    });

    it("is none of the jobs that push, nor stands there twice", () => {
        const itself = job("prometheus", {}, ["localhost:9090"]);
        assert.match(mistakes({ pushedJobs: [{ jobName: "prometheus" }] }).join("\n"), /the stack's own prometheus/);
        for (const other of [{ scrapeJobs: [itself, itself] }, { scrapeJobs: [itself], pushedJobs: [itself] }]) {
            assert.match(mistakes(other).join("\n"), /is already the name of scrapeJobs\[0\]/);
        }
    });

    it("is every share's, as far as it is Prometheus itself", () => {
        const targets = ["localhost:9090", ...Array.from({ length: 20 }, (_, i) => `other-${i}:9090`)];
        const shares = [0, 1].map((index) =>
            plan({
                shard: { of: 2, index },
                scrapeJobs: [{ jobName: "prometheus", staticConfigs: [{ targets }] }],
            }).published.jobs.flatMap(({ jobName, staticConfigs }) =>
                jobName === "prometheus" ? staticConfigs.flatMap((group) => group.targets) : [],
            ),
        );
        assert.deepEqual(
            shares.map((share) => share[0]),
            ["localhost:9090", "localhost:9090"],
        );
        assert.equal(shares.flat().length, 22);
    });

    it("means itself by no other loopback address, and no other job does by this one", () => {
        assert.match(
            mistakes({ scrapeJobs: [job("prometheus", {}, ["localhost:9091"])] })[0] ?? "",
            /Prometheus' own container/,
        );
        assert.match(
            mistakes({ scrapeJobs: [job("shop", {}, ["localhost:9090"])] })[0] ?? "",
            /Prometheus' own container/,
        );
    });
});
