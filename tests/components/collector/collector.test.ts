import assert from "node:assert/strict";
import { parse as parseYaml } from "yaml";
import { certificate, pairCertificate, pairKey, privateKey } from "../../certificates";
import { mistakes, plan } from "../../declaration";

const receiving = { prometheus: { receive: { otlp: true } }, storage: { tsdb: { outOfOrderTimeWindow: "30m" } } };
const archive = { name: "archive", endpoint: "https://otlp.example.com/otlp" };
const declared = (collector = {}, more = {}) => ({ ...receiving, ...more, collector: { enabled: true, ...collector } });

interface Config {
    readonly extensions: Readonly<Record<string, unknown>>;
    readonly exporters: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
    readonly service: {
        readonly extensions: readonly string[];
        readonly pipelines: { readonly metrics: { readonly exporters: readonly string[] } };
        readonly telemetry: { readonly resource: { readonly config: string } };
    };
}

function deliveredTo(raw: Record<string, unknown>) {
    const part = plan(raw).parts.find(({ part: { key } }) => key === "collector") ?? assert.fail("there is none");
    const secrets = Object.entries(part.secretFiles).map(([file, secret]) => [file, secret.reveal()]);
    return {
        config: parseYaml(part.files["config.yaml"] ?? "") as Config,
        secrets: Object.fromEntries(secrets) as Readonly<Record<string, string>>,
    };
}

describe("The collector's configuration", () => {
    it("sends to the stack's Prometheus where that takes OTLP, and waits on disk for as long as it takes", () => {
        const { config, secrets } = deliveredTo(declared({ queueSize: "2GB" }));
        assert.deepEqual(config.exporters, {
            "otlp_http/prometheus": {
                endpoint: "http://metrics-stack-test-prometheus:9090/api/v1/otlp",
                timeout: "30s",
                retry_on_failure: { initial_interval: "1s", max_interval: "10s", max_elapsed_time: 0 },
                sending_queue: {
                    ...{ storage: "file_storage", sizer: "bytes", queue_size: 2 * 2 ** 30, num_consumers: 1 },
                    batch: { sizer: "items", flush_timeout: "1s", min_size: 2000, max_size: 10_000 },
                },
            },
        });
        assert.deepEqual(config.service.pipelines.metrics.exporters, ["otlp_http/prometheus"]);
        assert.deepEqual(secrets, {});
    });

    it("sends to others alone where it does not", () => {
        const { config } = deliveredTo({ collector: { enabled: true, exporters: [archive] } });
        assert.deepEqual(config.service.pipelines.metrics.exporters, ["otlp_http/archive"]);
    });

    it("has logins and keys in files, and takes a $ for nothing but itself", () => {
        const exporters = [
            {
                ...archive,
                basicAuth: { username: "shop", password: "pass$word" },
                headers: { "X-Scope-OrgID": "a${b}" },
            },
            { name: "other", endpoint: "https://other", authorization: { credentials: "token" } },
            {
                name: "third",
                endpoint: "https://third",
                tlsConfig: { ca: certificate, cert: certificate, key: privateKey },
            },
        ];
        const { config, secrets } = deliveredTo(declared({ exporters }));
        const login = (name: string, scheme: string) => ({
            ...{ scheme, filename: `/etc/otelcol/secrets/${name}.login`, wait_for_token_file: true },
            retry_on_failure: { enabled: true, interval: "1s" },
        });
        const { file_storage: _, ...logins } = config.extensions;
        assert.deepEqual(logins, {
            "bearertokenauth/archive": login("archive", "Basic"),
            "bearertokenauth/other": login("other", "Bearer"),
        });
        assert.deepEqual(config.service.extensions, ["file_storage", ...Object.keys(logins)]);
        assert.deepEqual(config.exporters["otlp_http/archive"]?.headers, { "X-Scope-OrgID": "a$${b}" });
        assert.deepEqual(config.exporters["otlp_http/archive"].auth, { authenticator: "bearertokenauth/archive" });
        assert.deepEqual(config.exporters["otlp_http/third"]?.tls, {
            ca_pem: certificate,
            cert_file: "/etc/otelcol/secrets/third.cert",
            key_file: "/etc/otelcol/secrets/third.key",
        });
        assert.deepEqual(secrets, {
            "archive.login": Buffer.from("shop:pass$word").toString("base64"),
            "other.login": "token",
            ...{ "third.cert": certificate, "third.key": privateKey },
        });
    });

    it("asks a Prometheus with a certificate and users of its own as the others of the stack do", () => {
        const web = {
            tlsServerConfig: { cert: pairCertificate, key: pairKey },
            basicAuthUsers: { alice: `$2b$10$${"a".repeat(53)}` },
            itself: { password: "own-password-of-the-stack" },
        };
        const { config, secrets } = deliveredTo(declared({}, { prometheus: { receive: { otlp: true }, web } }));
        const exporter = config.exporters["otlp_http/prometheus"];
        assert.equal(exporter?.endpoint, "https://metrics-stack-test-prometheus:9090/api/v1/otlp");
        assert.deepEqual((exporter.tls as { ca_pem: string }).ca_pem, pairCertificate);
        assert.match(
            Buffer.from(secrets["prometheus.login"] ?? "", "base64").toString(),
            /:own-password-of-the-stack$/,
        );
    });

    it("says which one it is, and another one where anything is different", () => {
        const nameOf = (collector: object) => deliveredTo(declared(collector)).config.service.telemetry.resource.config;
        assert.equal(nameOf({}), nameOf({}));
        assert.notEqual(nameOf({}), nameOf({ queueSize: "2GB" }));
    });
});

describe("A collector is refused", () => {
    for (const [what, raw, expected] of [
        [
            "that has nobody to send to",
            { collector: { enabled: true } },
            "collector.enabled: is true, and the collector has nobody to send to; write prometheus: {receive: {otlp: true}} too, or collector.exporters",
        ],
        [
            "whose Prometheus takes nothing that is late",
            { ...declared(), storage: {} },
            'storage.tsdb.outOfOrderTimeWindow: is missing: what waits in the collector may arrive behind newer samples, which Prometheus refuses; write one, such as "30m"',
        ],
        [
            "that sends to itself",
            declared({ exporters: [{ ...archive, endpoint: "http://localhost:4318" }] }),
            'collector.exporters[0].endpoint: "http://localhost:4318" is the collector\'s own container to itself; write "host.docker.internal:4318" for a service of the Docker host, or the name of a container, such as "web:4318"',
        ],
        [
            "with a path that it adds",
            declared({ exporters: [{ ...archive, endpoint: "https://a/otlp/v1/metrics" }] }),
            "collector.exporters[0].endpoint: ends in /v1/metrics, which the collector adds; leave that out",
        ],
        [
            "with one name for two",
            declared({ exporters: [archive, { ...archive, endpoint: "https://b" }] }),
            'collector.exporters[1].name: "archive" is already the name of collector.exporters[0]; write another one',
        ],
        [
            "with the name of the stack's Prometheus",
            declared({ exporters: [{ ...archive, name: "prometheus" }] }),
            'collector.exporters[0].name: "prometheus" is not a name of at most 32 lower-case letters, digits, _ and -, beginning with a letter, and not "prometheus"; write one, such as "archive"',
        ],
        [
            "with two logins",
            declared({
                exporters: [
                    {
                        ...archive,
                        basicAuth: { username: "a", password: "b" },
                        authorization: { credentials: "c" },
                    },
                ],
            }),
            "collector.exporters[0].authorization: stands beside basicAuth; write one of the two: a request has one header Authorization",
        ],
        [
            "with a token that it would read in part",
            declared({ exporters: [{ ...archive, authorization: { credentials: "a b" } }] }),
            "collector.exporters[0].authorization.credentials: has a space in it; write a token without one",
        ],
        [
            "with one port for two",
            declared({ grpcPort: 4317, httpPort: 4317 }),
            "collector.httpPort: 4317 is already the port of collector; write another one",
        ],
    ] as const) {
        it(what, () => assert.deepEqual(mistakes(raw), [`metrics-stack:${expected}`]));
    }
});
