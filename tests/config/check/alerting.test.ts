import assert from "node:assert/strict";
import { parse as parseYaml } from "yaml";
import { difference } from "../../../components/prometheus/live";
import { fileNameOf } from "../../../config/render/job";
import { certificate } from "../../certificates";
import { mistakes, plan } from "../../declaration";

const elsewhere = (rest: object = {}, targets: readonly string[] = ["am-1:9093"]) => ({
    alerting: { alertmanagers: [{ staticConfigs: [{ targets }], ...rest }] },
});

const prometheusOf = (raw: Record<string, unknown>) => {
    const [prometheus] = plan(raw).parts;
    assert.ok(prometheus);
    return {
        config: parseYaml(prometheus.files["prometheus.yml"] ?? ""),
        secretFiles: Object.keys(prometheus.secretFiles),
    };
};

describe("Alertmanagers elsewhere", () => {
    const own = {
        alertmanager: { enabled: true, receivers: [{ name: "team", webhook: { url: "http://team" } }] },
    };

    it("are told beside the stack's own, each group in its way", () => {
        const { config, secretFiles } = prometheusOf({
            ...own,
            alerting: {
                alertRelabelConfigs: [{ action: "labeldrop", regex: "replica" }],
                alertmanagers: [
                    { staticConfigs: [{ targets: ["am-1:9093", "am-2:9093"] }] },
                    {
                        staticConfigs: [{ targets: ["alerts.example.com:443"] }],
                        ...{ scheme: "https", pathPrefix: "/alertmanager", timeout: "5s" },
                        basicAuth: { username: "stack", password: "secret" },
                        tlsConfig: { ca: certificate },
                        alertRelabelConfigs: [{ targetLabel: "site", replacement: "eu" }],
                    },
                ],
            },
        });
        assert.deepEqual(config.alerting, {
            alert_relabel_configs: [{ action: "labeldrop", regex: "replica" }],
            alertmanagers: [
                { static_configs: [{ targets: ["metrics-stack-test-alertmanager:9093"] }] },
                { static_configs: [{ targets: ["am-1:9093", "am-2:9093"] }] },
                {
                    static_configs: [{ targets: ["alerts.example.com:443"] }],
                    ...{ scheme: "https", path_prefix: "/alertmanager", timeout: "5s" },
                    basic_auth: {
                        username: "stack",
                        password_file: "/etc/prometheus/secrets/@alertmanagers1.password",
                    },
                    tls_config: { ca: certificate },
                    alert_relabel_configs: [{ target_label: "site", replacement: "eu" }],
                },
            ],
        });
        assert.deepEqual(secretFiles, ["@alertmanagers1.password"]);
        // No job's secret is called so.
        assert.notEqual(fileNameOf("@alertmanagers1"), "@alertmanagers1");
    });

    it("are nobody where none is declared", () => {
        assert.equal(prometheusOf({}).config.alerting, undefined);
        assert.deepEqual(prometheusOf({ alerting: {} }), prometheusOf({}));
    });

    for (const [what, raw, expected] of [
        [
            "an address without a port",
            elsewhere({}, ["am-1"]),
            /alerting\.alertmanagers\[0\]\.staticConfigs\[0\]\.targets\[0\]: "am-1" has no port; write host:port, such as "am-1:9093"/,
        ],
        ["a URL", elsewhere({}, ["https://am-1:9093"]), /has a scheme; write only host:port, and the scheme in scheme/],
        [
            "a path",
            elsewhere({}, ["am-1:9093/alertmanager"]),
            /has a path; write only host:port, and the path in pathPrefix/,
        ],
        [
            "Prometheus' own container",
            elsewhere({}, ["localhost:9093"]),
            /is Prometheus' own container to itself; write "host\.docker\.internal:9093"/,
        ],
        ["one twice", elsewhere({}, ["am-1:9093", "am-1:9093"]), /targets\[1\]: "am-1:9093" stands there twice/],
        [
            "two logins",
            elsewhere({ basicAuth: { username: "u", password: "p" }, authorization: { credentials: "c" } }),
            /alertmanagers\[0\]\.authorization: stands beside basicAuth/,
        ],
        [
            "targets in the wrong place",
            { alerting: { alertmanagers: [{ targets: ["a:1"] }] } },
            /targets: does not stand here; write staticConfigs/,
        ],
        [
            "a list of addresses",
            { alerting: { alertmanagers: ["am-1:9093"] } },
            /alertmanagers\[0\]: is text, not an object/,
        ],
        [
            "another version of the API",
            elsewhere({ apiVersion: "v1" }),
            /apiVersion: is a key of Prometheus that cannot be declared here: there is one only/,
        ],
        [
            "a path without a slash",
            elsewhere({ pathPrefix: "alertmanager" }),
            /pathPrefix: "alertmanager" is not a path that begins with \//,
        ],
        [
            "a discovery of nobody",
            elsewhere({ consulSdConfigs: [] }),
            /consulSdConfigs: is empty; write at least one object, or leave it out/,
        ],
    ] as const) {
        it(`may not be ${what}`, () => assert.match(mistakes(raw).join("\n"), expected));
    }

    it("are those that Prometheus says it sends to", () => {
        const alertmanagers = [
            { static_configs: [{ targets: ["am-1:9093"] }] },
            { static_configs: [{ targets: ["am-2:443"] }], scheme: "https", path_prefix: "/a/" },
        ];
        const declared = {
            config: { global: { external_labels: {} }, alerting: { alertmanagers } },
            targets: [],
            rules: [],
        };
        const live = (...urls: string[]) => ({
            "status/runtimeinfo": { reloadConfigSuccess: true },
            "status/config": { yaml: JSON.stringify(declared.config) },
            alertmanagers: { activeAlertmanagers: urls.map((url) => ({ url: `${url}/api/v2/alerts` })) },
            targets: { activeTargets: [], droppedTargets: [] },
            "rules?exclude_alerts=true": { groups: [] },
        });
        assert.equal(difference(live("https://am-2:443/a", "http://am-1:9093"), declared), undefined);
        assert.equal(
            difference(live("http://am-1:9093"), declared),
            "it sends alerts to http://am-1:9093 instead of http://am-1:9093, https://am-2:443/a.",
        );
    });
});

describe("Prometheus' storage", () => {
    it("takes what comes late, and exemplars with their feature", () => {
        const storage = { tsdb: { outOfOrderTimeWindow: "30m" }, exemplars: { maxExemplars: 5000 } };
        const { config } = prometheusOf({ storage, prometheus: { enableFeatures: ["exemplar-storage"] } });
        assert.deepEqual(config.storage, {
            tsdb: { out_of_order_time_window: "30m" },
            exemplars: { max_exemplars: 5000 },
        });
        assert.equal(prometheusOf({ storage: { tsdb: {} } }).config.storage, undefined);
        assert.match(
            mistakes({ storage }).join(),
            /storage\.exemplars\.maxExemplars: has no effect without the feature/,
        );
        assert.match(
            mistakes({ storage: { tsdb: { retention: {} } } }).join(),
            /tsdb\.retention: .*: write retentionTime and retentionSize/,
        );
    });
});
