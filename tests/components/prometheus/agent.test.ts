import assert from "node:assert/strict";
import { mistakes, parse, plan } from "../../declaration";
import { assertGolden } from "../../golden";

const receiver = "https://archive.example.com/api/v1/write";
const remoteWrite = [{ url: receiver }];
const agent = { prometheus: { mode: "agent" }, remoteWrite };

describe("An agent", () => {
    it("is four lines: node_exporter beside it, no Grafana, and a label that tells its series from those of others", () => {
        const { parts, published, warnings } = plan(agent);
        assert.deepEqual(
            parts.map(({ part }) => part.key),
            ["prometheus", "nodeExporter"],
        );
        assert.deepEqual(
            [published.dataSources, published.jobs.map(({ jobName }) => jobName), warnings],
            [[], ["prometheus", "node_exporter"], []],
        );
        assertGolden("agent", parts[0]?.files ?? {});
    });

    it("keeps the labels that are declared, and has whatever else is scraped", () => {
        const more = { probes: [{ target: "https://shop.example.com/" }], cadvisor: { enabled: true } };
        const { config, parts } = plan({ ...agent, ...more, externalLabels: { host: "web-1" } });
        assert.deepEqual(config.externalLabels, { host: "web-1" });
        assert.deepEqual(
            parts.map(({ part }) => part.key),
            ["prometheus", "nodeExporter", "blackboxExporter", "cadvisor"],
        );
        assert.deepEqual(
            Object.keys(parts[0]?.files ?? {}).filter((file) => !/^targets\//.test(file)),
            ["prometheus.yml"],
        );
    });

    it("takes over the jobs of a file that servers extend too, with what they say of alerts", () => {
        const shared = `config:
    metrics-stack:grafana: {port: 3001}
    metrics-stack:scrapeJobs:
        - {jobName: shop, downFor: 1m, application: {profile: fastapi}, staticConfigs: [{targets: ["shop:8000"]}]}`;
        const { published } = plan({ ...agent, extends: ["shared.yaml"] }, { "shared.yaml": shared });
        assert.deepEqual(published.jobs.map(({ jobName }) => jobName).at(-1), "shop");
    });

    it("says what it becomes, and to a server only once", () => {
        const says = (raw: object, outputs: object) =>
            plan({ ...raw }).parts.flatMap((part) => part.plan.change?.({ ...outputs }) ?? []);
        const server = { prometheusUrl: "http://127.0.0.1:9090" };
        assert.match(says(agent, server).join(), /becomes an agent.*samples that it has stay in their volume/);
        assert.deepEqual(says(agent, { ...server, prometheusMode: "agent" }), []);
        assert.deepEqual([says(agent, {}), says({}, { ...server, prometheusMode: "agent" })], [[], []]);
    });

    it("needs somebody to send to", () => {
        for (const none of [{}, { remoteWrite: [] }]) {
            assert.deepEqual(mistakes({ prometheus: { mode: "agent" }, ...none }), [
                "metrics-stack:remoteWrite: is missing: an agent keeps nothing but what it sends; write where to, " +
                    'such as [{url: "https://archive.example.com/api/v1/write"}]',
            ]);
        }
    });

    it("refuses all at once what it has no use for, with what to write instead", () => {
        const rules = "is not for an agent, which evaluates no rules; write it in the stack that receives its samples";
        const queries = "is not for an agent, which answers no queries; leave it out";
        const samples = "is not for an agent, which keeps no samples; leave it out";
        const elsewhere = "where the samples arrive";
        const prometheus = {
            ...{ mode: "agent", consoles: true, dataVolume: "lists", retentionTime: "1d", retentionSize: "1GB" },
            ...{ queryTimeout: "1m", queryMaxConcurrency: 1, queryMaxSamples: 1, queryLookbackDelta: "6m" },
            receive: { otlp: true },
            extraFlags: ["--rules.alert.resend-delay=1m", "--storage.agent.retention.max-time=8h"],
        };
        const said = mistakes({
            ...{
                prometheus,
                remoteWrite: [{ url: receiver, sendAlerts: true }],
                remoteRead: [{ url: receiver }],
                rules: {},
                alerts: { downFor: "1m" },
            },
            ...{ evaluationInterval: "1m", ruleQueryOffset: "1m", queryLogFile: "/prometheus/queries.log" },
            ...{ alerting: { alertmanagers: [] }, pushedJobs: [{ jobName: "shop" }] },
            ...{ storage: { exemplars: { maxExemplars: 5 } }, grafana: { enabled: "true" } },
            alertmanager: { enabled: true, receivers: [{ name: "team", webhook: { url: "http://team" } }] },
        });
        assert.deepEqual(
            said,
            [
                ...["evaluationInterval", "ruleQueryOffset", "alerts", "rules", "alerting", "pushedJobs"].map(
                    (key) => `${key}: ${rules}`,
                ),
                ...["remoteRead", "queryLogFile"].map((key) => `${key}: ${queries}`),
                ...["queryTimeout", "queryMaxConcurrency", "queryMaxSamples", "queryLookbackDelta"].map(
                    (key) => `prometheus.${key}: ${queries}`,
                ),
                ...["retentionTime", "retentionSize", "dataVolume"].map((key) => `prometheus.${key}: ${samples}`),
                `storage.exemplars: ${samples}`,
                `grafana.enabled: is true beside an agent, which answers no queries; leave it out, and have Grafana ${elsewhere}`,
                "remoteWrite[0].sendAlerts: is true beside an agent, which has no alerts; leave it out",
                "prometheus.consoles: is true beside an agent, which answers no queries; leave it out",
                `alertmanager.enabled: is true beside an agent, which sends no alerts; leave it out, and have Alertmanager ${elsewhere}`,
                'prometheus.extraFlags[0]: "--rules.alert.resend-delay=1m" is a flag of Prometheus as a server; leave it out, or write mode: server',
            ]
                .map((line) => `metrics-stack:${line}`)
                .sort(),
        );
    });

    it("is no half of a pair, which is there to send alerts", () =>
        assert.deepEqual(mistakes({ ...agent, pair: { replica: "a" } }), [
            "metrics-stack:pair: is not for an agent, which sends no alerts; write externalLabels, such as {replica: a}, to tell two agents apart",
        ]));

    it("has flags that a server has not", () => {
        const extraFlags = ["--no-storage.agent.wal-compression"];
        const [said] = mistakes({ prometheus: { extraFlags } });
        assert.match(said ?? "", /is a flag of Prometheus as an agent; leave it out, or write mode: agent$/);
        assert.deepEqual(
            parse({ ...agent, prometheus: { mode: "agent", extraFlags } }).prometheus.extraFlags,
            extraFlags,
        );
    });

    it("sends exemplars without the feature that keeps them", () =>
        assert.equal(parse({ ...agent, remoteWrite: [{ url: receiver, sendExemplars: true }] }).remoteWrite.length, 1));
});
