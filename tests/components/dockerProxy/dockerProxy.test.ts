import assert from "node:assert/strict";
import { parse as parseYaml } from "yaml";
import { dockerProxy } from "../../../components/dockerProxy";
import { askedLists } from "../../../components/dockerProxy/asked";
import { proxyConfig } from "../../../components/dockerProxy/container";
import { isOn } from "../../../config/schema/part";
import { job, mistakes, plan } from "../../declaration";

const ownless = job("shop", { staticConfigs: undefined, dockerSdConfigs: [{}] });
const elsewhere = job("shop", { dockerSdConfigs: [{ host: "tcp://docker-proxy:2375" }] });
const swarm = (role: string) => job(role, { dockerswarmSdConfigs: [{ role }] });

const planned = (raw: Record<string, unknown>) => plan(raw).parts.find(({ part }) => part.key === "dockerProxy");
const configOf = (raw: Record<string, unknown>) =>
    parseYaml(plan(raw).parts.find(({ part }) => part.key === "prometheus")?.files["prometheus.yml"] ?? "");
const ownHost = "http://metrics-stack-test-docker-proxy:2375";

describe("Docker's proxy, declared,", () => {
    it("runs where a discovery of Docker names no host, or labelled containers are found, and asks for its socket", () => {
        const wanting: Record<string, unknown>[] = [
            { scrapeJobs: [ownless] },
            { scrapeJobs: [elsewhere, swarm("tasks")] },
            { alerting: { alertmanagers: [{ dockerSdConfigs: [{}] }] } },
            { exporters: [{ name: "a", image: "a:1", port: 1, scrapeJob: { dockerSdConfigs: [{}] } }] },
            { labelledContainers: { enabled: true } },
            { dockerProxy: { enabled: true } },
        ];
        for (const raw of wanting) {
            const asks = { name: "/var/run/docker.sock", path: ["dockerProxy", "dockerSocket"] };
            assert.deepEqual(planned(raw)?.plan.asks, asks, JSON.stringify(raw));
        }
        for (const raw of [{}, { scrapeJobs: [elsewhere] }, { labelledContainers: { enabled: false } }]) {
            assert.equal(planned(raw), undefined, JSON.stringify(raw));
        }
    });

    it("is on or off in a stack file that nobody has checked yet, whatever stands there", () => {
        const on = (declared: Record<string, unknown>) => isOn(declared, dockerProxy);
        assert.ok(on({ labelledContainers: { enabled: "true" } }));
        assert.ok(on({ scrapeJobs: [null, { dockerSdConfigs: [null, 7] }] }));
        for (const odd of [null, 7, "x", [null], [[]], [{ dockerSdConfigs: "x" }], { dockerSdConfigs: [{}] }]) {
            assert.ok(!on({ scrapeJobs: odd, alerting: odd, labelledContainers: odd, exporters: odd }));
        }
    });

    it("is asked in the place of a host that nobody named, and other hosts where they are", () => {
        const { scrape_configs: jobs, alerting } = configOf({
            scrapeJobs: [ownless, elsewhere, swarm("tasks")].map((each, i) => ({ ...each, jobName: `job-${i}` })),
            alerting: { alertmanagers: [{ dockerSdConfigs: [{ port: 9093 }] }] },
        });
        const hosts = (kind: string) =>
            [...jobs, ...alerting.alertmanagers].flatMap((each) => each[kind] ?? []).map(({ host }) => host);
        assert.deepEqual(hosts("docker_sd_configs"), [ownHost, "tcp://docker-proxy:2375", ownHost]);
        assert.deepEqual(hosts("dockerswarm_sd_configs"), [ownHost]);
    });

    it("answers what the discoveries that ask it need, and nothing else", () => {
        assert.deepEqual(askedLists({ scrapeJobs: [ownless] }), ["containers/json", "networks"]);
        assert.deepEqual(askedLists({ scrapeJobs: [swarm("services")] }), ["networks", "services"]);
        assert.deepEqual(askedLists({ scrapeJobs: [swarm("nodes"), swarm("tasks"), swarm("strange")] }), [
            ...["networks", "nodes", "services", "tasks"],
        ]);
    });

    it("is refused where it is turned off and asked all the same", () => {
        assert.deepEqual(mistakes({ scrapeJobs: [ownless], dockerProxy: { enabled: false } }), [
            "metrics-stack:dockerProxy.enabled: is false, and discoveries of Docker ask it; leave it out, or write the host of " +
                "each, and labelledContainers.enabled: false",
        ]);
        assert.equal(planned({ scrapeJobs: [elsewhere], dockerProxy: { enabled: false } }), undefined);
    });
});

describe("The rule of Docker's proxy", () => {
    const [route] = proxyConfig(["containers/json", "networks"]).apps.http.servers.docker.routes;
    const { method, vars_regexp: variables } = route?.match?.[0] ?? assert.fail();
    // Go reads it as JavaScript does: "^" and "$" are the ends of the text.
    const pattern = new RegExp(variables["{http.request.orig_uri}"].pattern);

    it("lets a list be read, and its version be found", () => {
        assert.deepEqual(method, ["GET"]);
        const filters = "filters=%7B%22label%22%3A%7B%22prometheus.scrape%3Dtrue%22%3Atrue%7D%7D";
        for (const uri of ["/_ping", "/v1.51/containers/json", `/v1.51/containers/json?${filters}`, "/networks"]) {
            assert.match(uri, pattern);
        }
    });

    it("lets nothing else through, whatever it is called", () => {
        const others = [
            ...[
                "/",
                "",
                "*",
                "/info",
                "/version",
                "/events",
                "/services",
                "/tasks",
                "/images/json",
                "/secrets",
                "/v1.51/_ping",
            ],
            ...["/containers/a/json", "/containers/a/logs", "/containers/a/archive?path=/", "/containers/a/export"],
            ...["/networks/a", "/networks?verbose=1", "/containers/json?all=1", "/containers/json?filters=a&all=1"],
            ...["/containers/json?filters=a#b", "/containers/json?size=1", "/containers/json?", "/containers/json/"],
            ...[
                "//networks",
                "/./networks",
                "/networks/../info",
                "/containers/json/../a/json",
                "/%6eetworks",
                "/NETWORKS",
            ],
            ...[
                "/containers%2fjson",
                "/v1.51/../info",
                "/v1.51//networks",
                "/networks%00",
                "/networks;a",
                "/v1x51/networks",
            ],
            ...["http://a/networks", "/networks\n", "/networks\n/info", "/networks%0a", "/networks HTTP/1.1"],
        ];
        for (const uri of others) {
            assert.doesNotMatch(uri, pattern);
        }
    });
});

describe("Labelled containers", () => {
    const jobOf = (labelledContainers: object, more = {}) =>
        configOf({ labelledContainers: { enabled: true, ...labelledContainers }, ...more }).scrape_configs.at(-1);

    it("are a job that Docker's proxy is asked for, with alerts and a place in the Overview", () => {
        const { job_name: name, docker_sd_configs: discoveries, relabel_configs: rules } = jobOf({});
        assert.equal(name, "labelled_containers");
        assert.deepEqual(discoveries, [
            {
                host: ownHost,
                filters: [{ name: "label", values: ["prometheus.scrape=true"] }],
                match_first_network: false,
                refresh_interval: "5s",
            },
        ]);
        assert.deepEqual(rules[0], {
            source_labels: ["__meta_docker_network_name"],
            regex: "metrics-stack-test",
            action: "keep",
        });
        assert.match(JSON.stringify(rules), /"__meta_docker_container_label_prometheus_port"/);
        const { files } = plan({ labelledContainers: { enabled: true } }).parts[0] ?? assert.fail();
        assert.match(files["rules/labelled_containers.yml"] ?? "", /absent\(up\{scrape_job="labelled_containers"\}\)/);
    });

    it("are found in the networks that Prometheus joins too, by labels of other names, with what a job may say", () => {
        const application = { profile: "fastapi" };
        const relabelConfigs = [{ targetLabel: "team", replacement: "shop" }];
        const found = jobOf(
            { labelPrefix: "prometheus.io/", scrapeInterval: "30s", application, relabelConfigs },
            { network: { join: ["shop.default"] } },
        );
        assert.equal(found.relabel_configs[0].regex, String.raw`metrics-stack-test|shop\.default`);
        assert.deepEqual(found.docker_sd_configs[0].filters[0].values, ["prometheus.io/scrape=true"]);
        assert.match(JSON.stringify(found), /"__meta_docker_container_label_prometheus_io_path"/);
        assert.deepEqual(found.relabel_configs.at(-2), { target_label: "team", replacement: "shop" });
        assert.equal(found.scrape_interval, "30s");
    });

    it("are nobody else's: a share of a fleet keeps all of its own host", () => {
        const { relabel_configs: rules } = jobOf({}, { shard: { of: 2, index: 0 } });
        assert.doesNotMatch(JSON.stringify(rules), /hashmod/);
    });

    const refused: readonly (readonly [why: string, declared: Record<string, unknown>, words: RegExp])[] = [
        [
            "a prefix that is a whole name",
            { labelledContainers: { labelPrefix: "prometheus" } },
            /labelledContainers\.labelPrefix: "prometheus" is not what labels begin with/,
        ],
        [
            "labels of the job",
            { labelledContainers: { labels: { team: "shop" } } },
            /labelledContainers\.labels: does not stand here; write relabelConfigs/,
        ],
        [
            "a timeout above its interval",
            { labelledContainers: { enabled: true, scrapeInterval: "5s", scrapeTimeout: "6s" } },
            /labelledContainers\.scrapeTimeout: "6s" is longer than the scrapeInterval of 5s/,
        ],
        [
            "another job of the same name",
            { labelledContainers: { enabled: true }, scrapeJobs: [job("labelled_containers")] },
            /scrapeJobs\[0\]\.jobName: "labelled_containers" is already the name of the stack's own dockerProxy/,
        ],
        [
            "a label that tells of which job they are",
            {
                labelledContainers: {
                    enabled: true,
                    relabelConfigs: [{ sourceLabels: ["__meta_docker_container_name"], targetLabel: "scrape_job" }],
                },
            },
            /labelledContainers\.relabelConfigs\[0\]\.targetLabel: "scrape_job" is the label by which a job is found/,
        ],
    ];
    for (const [why, declared, words] of refused) {
        it(`are refused for ${why}`, () => {
            const [line = "", ...others] = mistakes(declared);
            assert.deepEqual(others, []);
            assert.match(line, words);
        });
    }
});
