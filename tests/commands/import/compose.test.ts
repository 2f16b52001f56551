import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";
import { project } from "../../../toolchain/checkout";
import { imported } from "./importing";

const scraping = 'scrape_configs: [{job_name: shop, static_configs: [{targets: ["shop:8000"]}]}]\n';
const prometheus = `image: prom/prometheus\nvolumes: [./prometheus.yml:/etc/prometheus/prometheus.yml]`;

/** A service, below whose name its keys stand. */
const service = (name: string, keys: string) => `  ${name}:\n${keys.replace(/^(?=.)/gm, "    ")}\n`;

/** What becomes of a compose file in the folder "shop", with a prometheus.yml beside it. */
function composed(text: string, files: Readonly<Record<string, string>> = {}) {
    const result = imported({ "shop/prometheus.yml": scraping, ...files, "shop/docker-compose.yml": text });
    return { ...result, declared: parse(result.text) as Readonly<Record<string, Record<string, unknown>>> };
}

const services = (...all: readonly string[]) => `services:\n${all.join("")}`;

describe("The import of a compose file", function () {
    this.timeout(20_000);

    it("takes the services that are parts of a stack, and joins the network of those that stay", () => {
        const { declared, said, lost } = composed(
            services(
                service("prometheus", prometheus),
                service("shop", "image: shop:1"),
                service("redis", "image: redis\nnetworks: [back]"),
            ),
        );
        assert.deepEqual(lost, []);
        assert.deepEqual(declared.network, { join: ["shop_default"] });
        assert.deepEqual(
            (declared.scrapeJobs as unknown as { jobName: string }[]).map(({ jobName }) => jobName),
            ["shop"],
        );
        const told = said.join("\n");
        assert.match(told, /3 moved service prometheus: is the stack's Prometheus, prom\/prometheus:v[\d.]+$/m);
        assert.match(told, /changed service shop: stays where it is, and is reached on the network shop_default$/m);
        assert.match(told, /changed service redis: stays where it is$/m);
        assert.match(
            told,
            /decide services: prometheus end before the stack begins: `docker compose rm --stop --force prometheus`/,
        );
    });

    it("leaves a service where it is whose like a stack has only where it is told to", () => {
        const said = ["gcr.io/cadvisor/cadvisor:v0.47.0", "prom/blackbox-exporter", "caddy:2"].map((image) => {
            const text = services(service("prometheus", prometheus), service("other", `image: ${image}`));
            return composed(text).said.find((line) => line.includes("service other"));
        });
        said.forEach((line) => assert.match(line ?? "", /stays where it is/));
    });

    it("gives the stack of Pulumi.dev.yaml for the files that this began with", () => {
        const { declared, lost, unexplained, text } = seed();
        assert.deepEqual([lost, unexplained], [[], []]);
        const dev = parse(readFileSync(path.join(project, "Pulumi.dev.yaml"), "utf8")) as { config: object };
        const { scrapeJobs, webBe } = Object.fromEntries(
            Object.entries(dev.config).map(([key, value]) => [key.replace("metrics-stack:", ""), value as unknown]),
        );
        assert.deepEqual(declared.scrapeJobs ?? [], scrapeJobs);
        assert.deepEqual(declared.webBe, webBe);
        assert.deepEqual(declared.prometheus, { dataVolume: "prometheus_prometheus_data" });
        assert.match(text, /prometheus와 target이 동일한/);
        assert.match(text, /Service IP \/ PORT, \/metrics endpoint가/);
    });

    it("says what of flags is a key, what is a flag still, and what is left out", () => {
        const { declared, said } = composed(
            services(
                service(
                    "prometheus",
                    `${prometheus}
command:
  - --config.file=/etc/prometheus/prometheus.yml
  - --storage.tsdb.retention.time=30d
  - --storage.tsdb.retention.size
  - 10GB
  - --enable-feature=exemplar-storage,native-histograms
  - --query.max-samples=1000
  - --web.enable-lifecycle
  - --web.enable-admin-api
  - --web.route-prefix=/prometheus`,
                ),
            ),
        );
        assert.deepEqual(declared.prometheus, {
            retentionTime: "30d",
            retentionSize: "10GB",
            enableFeatures: ["exemplar-storage", "native-histograms"],
            queryMaxSamples: 1000,
            extraFlags: ["--web.enable-admin-api"],
        });
        assert.match(said.join("\n"), /decide service prometheus: --web.route-prefix: is left out: it is \/ here/);
    });

    it("takes an agent over as one, without its log", () => {
        const flags = "--config.file=/etc/prometheus/prometheus.yml --agent --storage.agent.path=/data";
        const agent = `${prometheus.replace("]", ", data:/data]")}\ncommand: ${flags}`;
        const { declared, said } = composed(`${services(service("prometheus", agent))}volumes: {data: {}}`);
        assert.deepEqual(declared.prometheus, { mode: "agent" });
        assert.match(said.join("\n"), /the log of an agent begins anew/);
    });

    for (const [how, ports, expected] of [
        ["on every address", '"9091:9090"', { port: 9091 }],
        ["on one address", '"192.0.2.1:9090:9090"', { bindAddress: "192.0.2.1" }],
        ["on 127.0.0.1", '"127.0.0.1:9090:9090/tcp"', undefined],
        ["in the long form", "{ target: 9090, published: 9091, host_ip: 127.0.0.1 }", { port: 9091 }],
        ["with a default", '"${PORT:-9092}:9090"', { port: 9092 }],
        ["with a variable", '"${SET}:9090"', { port: 9999 }],
        ["with one that nobody sets", '"${UNSET}:9090"', undefined],
    ] as const) {
        it(`reads ports ${how}`, () => {
            const text = services(service("prometheus", `${prometheus}\nports: [${ports}]`));
            const { declared, said } = composed(text, { "shop/.env": "SET=9999 # the port\n" });
            assert.deepEqual(declared.prometheus, expected);
            const isOpen = /address|default|variable$/.test(how) && !how.includes("one address");
            assert.equal(/was on every address/.test(said.join()), isOpen);
            assert.equal(
                /\$\{UNSET\} is no port: write port and bindAddress of prometheus/.test(said.join()),
                how.includes("nobody"),
            );
        });
    }

    for (const [how, keys, more, expected] of [
        ["a volume", "volumes: [data:/prometheus]", "volumes: {data: {}}", "shop_data"],
        ["one with a name", "volumes: [data:/prometheus]", "volumes: {data: {name: samples}}", "samples"],
        ["one of somebody else", "volumes: [data:/prometheus]", "volumes: {data: {external: true}}", "data"],
        ["a project with a name", "volumes: [data:/prometheus]", "name: Web-1\nvolumes: {data: }", "web-1_data"],
        ["the long form", "volumes: [{type: volume, source: data, target: /prometheus/}]", "", "shop_data"],
        ["a folder", "volumes: [./data:/prometheus]", "", undefined],
        ["a path below", "volumes: [data:/prometheus]\ncommand: --storage.tsdb.path=/prometheus/new", "", undefined],
    ] as const) {
        it(`keeps the data of ${how}, or says how`, () => {
            const text = `${services(service("prometheus", `image: prom/prometheus\nconfigs: [{source: c, target: /etc/prometheus/prometheus.yml}]\n${keys}`))}configs: {c: {file: ./prometheus.yml}}\n${more}`;
            const { declared, said } = composed(text);
            assert.equal(declared.prometheus?.dataVolume, expected);
            assert.equal(/stop it, copy them with `docker run/.test(said.join()), expected === undefined);
        });
    }

    it("reads memory limits in both forms", () => {
        const keys = { limits: "deploy: {resources: {limits: {memory: 1.5G}}}", old: "mem_limit: 512m" };
        const memory = (key: string) =>
            composed(services(service("prometheus", `${prometheus}\n${key}`))).declared.prometheus;
        assert.deepEqual(memory(keys.limits), { memoryLimit: "1536MB" });
        assert.deepEqual(memory(keys.old), { memoryLimit: "512MB" });
    });

    it("keeps an image that is newer than the stack's own, since its data may not be read by an older one", () => {
        const image = (tag: string) =>
            composed(services(service("prometheus", prometheus.replace("prometheus\n", `prometheus:${tag}\n`))))
                .declared.prometheus;
        assert.deepEqual(image("v99.1.0"), { image: "prom/prometheus:v99.1.0" });
        assert.equal(image("v2.45.0"), undefined);
    });

    it("finds the configuration and the rules by what is mounted, and drops the targets that are parts now", () => {
        const { declared, lost, files } = composed(
            services(
                service(
                    "prometheus",
                    "image: prom/prometheus\nvolumes: [./etc:/etc/prometheus, ./alerts:/rules]\ncommand: --config.file=/etc/prometheus/my.yml",
                ),
                service("node", "image: quay.io/prometheus/node-exporter\ncontainer_name: node-1"),
                service("am", "image: prom/alertmanager\nvolumes: [./am:/etc/alertmanager]"),
                service("grafana", "image: grafana/grafana-oss:9.1.0"),
            ),
            {
                "shop/etc/my.yml": `rule_files: [/rules/*.yml]
alerting: {alertmanagers: [{static_configs: [{targets: ["am:9093"]}]}]}
scrape_configs:
  - {job_name: hosts, static_configs: [{targets: ["node-1:9100"]}]}
  - {job_name: grafana, static_configs: [{targets: ["grafana:3000"]}]}`,
                "shop/alerts/a.yml": "groups: [{name: a, rules: [{record: b, expr: up}]}]",
                "shop/am/alertmanager.yml": "route: {receiver: a}\nreceivers: [{name: a}]",
            },
        );
        assert.deepEqual(lost, []);
        const [job, ...others] = declared.scrapeJobs as unknown as { jobName: string; staticConfigs: unknown }[];
        assert.deepEqual(others, []);
        assert.deepEqual(job?.staticConfigs, [{ targets: ["metrics-stack-imported-grafana:3000"] }]);
        assert.equal(declared.alertmanager?.enabled, true);
        assert.ok(!("alerting" in declared));
        assert.deepEqual(Object.keys(files), ["rules/imported/a.yml"]);
    });

    it("takes Grafana's dashboards along, and its password where nobody guesses it", () => {
        const grafana = (password: string) =>
            composed(
                services(
                    service("prometheus", prometheus),
                    service(
                        "grafana",
                        `image: grafana/grafana
env_file: grafana.env
environment: [GF_SECURITY_ADMIN_PASSWORD=${password}, GF_USERS_ALLOW_SIGN_UP=false]
volumes: [./provisioning:/etc/grafana/provisioning, ./boards:/boards]`,
                    ),
                ),
                {
                    "shop/grafana.env": "GF_SERVER_ROOT_URL=https://example.com/\n",
                    "shop/provisioning/dashboards/all.yml": "providers: [{options: {path: /boards}}]",
                    "shop/provisioning/datasources/all.yml":
                        "datasources: [{name: P, type: prometheus}, {name: L, type: loki}]",
                    "shop/boards/shop/orders.json": '{"title": "Orders", "panels": []}',
                },
            );
        const { declared, files, said, secrets } = grafana("correct-horse");
        assert.deepEqual(declared.grafana, { dashboardFiles: ["dashboards/imported/orders.json"] });
        assert.deepEqual(JSON.parse(files["dashboards/imported/orders.json"] ?? ""), {
            title: "Orders",
            panels: [],
            uid: "orders",
        });
        assert.deepEqual(secrets, ["grafana.adminPassword"]);
        assert.match(
            said.join("\n"),
            /decide service grafana: GF_SERVER_ROOT_URL: is left out: there is no key for it/,
        );
        assert.match(said.join("\n"), /decide service grafana: data source L: is of the kind loki: add it in Grafana/);
        assert.ok(!said.join().includes("correct-horse"));
        assert.deepEqual(grafana("admin").secrets, []);
        assert.match(
            grafana("admin").said.join("\n"),
            /GF_SECURITY_ADMIN_PASSWORD: is too short, and one is generated/,
        );
    });

    it("says what it cannot see: an image that is built, other files, a configuration in an image", () => {
        const { said } = composed(
            `include: [other.yml]\n${services(service("prometheus", "build: ."), service("alertmanager", "image: prom/alertmanager"))}`,
        );
        assert.match(
            said.join("\n"),
            /decide service prometheus: stays where it is; it is built here: where it is Prometheus/,
        );
        assert.match(said.join("\n"), /decide include: names other files/);
        assert.match(
            said.join("\n"),
            /its configuration \/etc\/alertmanager\/alertmanager.yml is in its image: name the file to the import too/,
        );
    });
});

/** The files of the source document. */
function seed() {
    const files = {
        "prometheus/docker-compose.yaml": `services:
  prometheus:
    image: prom/prometheus:latest
    container_name: prometheus
    ports:
      - "9090:9090"
    volumes:
      - ./config/prometheus.yaml:/etc/prometheus/prometheus.yaml:ro
      - prometheus_data:/prometheus
    command:
      - "--config.file=/etc/prometheus/prometheus.yaml"
      - "--storage.tsdb.path=/prometheus"
      - "--web.enable-lifecycle"
`,
        "prometheus/config/prometheus.yaml": `global:
  scrape_interval: 15s

scrape_configs:
  - job_name: 'prometheus'
    static_configs:
      - targets: ['localhost:9090']

  - job_name: 'node_exporter'
    static_configs:
      - targets: ['YOUR_IP:9100'] # IP 또는 FQDN; prometheus와 target이 동일한 docker network에 위치할 경우 컨테이너 이름으로도 호출 가능!

  - job_name: 'web_be'
    static_configs:
      - targets: ['YOUR_IP:YOUR_PORT'] # Service IP / PORT, /metrics endpoint가 반드시 존재해야함.
`,
        "exporter/docker-compose.yaml": `services:
  node_exporter:
    image: quay.io/prometheus/node-exporter:latest
    container_name: node_exporter
    command:
      - '--path.rootfs=/host'
    network_mode: host
    pid: host
    volumes:
      - '/:/host:ro,rslave'
`,
    };
    const result = imported(files);
    return { ...result, declared: parse(result.text) as Readonly<Record<string, unknown>> };
}
