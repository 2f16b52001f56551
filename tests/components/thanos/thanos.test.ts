import assert from "node:assert/strict";
import { parse } from "yaml";
import { encrypted } from "../../../config/schema/secret";
import { mistakes, plan } from "../../declaration";
import { certificate, privateKey, strangeKey, thanosCertificate, thanosKey } from "../../certificates";

const s3 = { bucket: "metrics", endpoint: "s3.example.com", accessKey: "AKIA", secretKey: "hidden-from-all" };
const objectStorage = { type: "S3", config: s3 };

const planned = (thanos: object, more: object = {}) => plan({ thanos, ...more });

const part = (role: string, ...args: Parameters<typeof planned>) =>
    planned(...args).parts.find((each) => each.part.role === role) ?? assert.fail(`${role} is off`);

const fileOf = (role: string, file: string, ...args: Parameters<typeof planned>) =>
    part(role, ...args).secretFiles[file]?.reveal();

describe("What is declared of Thanos", () => {
    it("is nothing where nothing is said: neither a part nor an external label", () => {
        const { parts, config, published } = plan({});
        assert.ok(!parts.some(({ part: { key } }) => key === "thanos"));
        assert.deepEqual([config.externalLabels, published.shippers, published.stores], [{}, [], []]);
    });

    it("has the sidecar beside who needs it, and each other component where it is declared", () => {
        const roles = (thanos: object) =>
            planned(thanos).parts.flatMap(({ part: { key, role } }) => (key === "thanos" ? [role] : []));
        assert.deepEqual(roles({ objectStorage }), ["thanos-sidecar"]);
        assert.deepEqual(roles({ query: {} }), ["thanos-sidecar", "thanos-query"]);
        assert.deepEqual(roles({ sidecar: { port: 10901 } }), ["thanos-sidecar"]);
        assert.deepEqual(roles({ objectStorage, query: {}, store: {}, compactor: {}, queryFrontend: {} }), [
            ...["thanos-sidecar", "thanos-store", "thanos-query", "thanos-query-frontend", "thanos-compactor"],
        ]);
    });

    it("is a job for each, which says what it is", () => {
        const { published } = planned({ objectStorage, query: {}, store: {}, compactor: {}, queryFrontend: {} });
        const jobs = published.jobs.filter(({ thanos }) => thanos);
        assert.deepEqual(
            jobs.map(({ jobName, thanos }) => [jobName, thanos?.component]),
            [
                ["thanos_sidecar", "sidecar"],
                ["thanos_store", "store"],
                ["thanos_query", "query"],
                ["thanos_query_frontend", "queryFrontend"],
                ["thanos_compactor", "compactor"],
            ],
        );
        assert.deepEqual(jobs[0]?.staticConfigs[0]?.targets, ["metrics-stack-test-thanos-sidecar:10902"]);
    });

    it("is scraped as it is said of all of them", () => {
        const thanos = { query: {}, scrapeJob: { scrapeInterval: "1m", labels: { team: "storage" } } };
        const jobs = planned(thanos).published.jobs.filter((job) => job.thanos);
        assert.deepEqual(
            jobs.map(({ scrapeInterval, staticConfigs: [group] }) => [scrapeInterval, group?.labels.team]),
            [
                [60_000, "storage"],
                [60_000, "storage"],
            ],
        );
    });

    it("is told once what is wrong with how all of them are scraped", () => {
        const thanos = { query: {}, scrapeJob: { scrapeTimeout: "1h", labels: { job: "mine" } } };
        const told = mistakes({ thanos }, []);
        assert.deepEqual(
            told.map((line) => line.trim().split(" ", 1)[0]),
            ["metrics-stack:thanos.scrapeJob.labels.job:", "metrics-stack:thanos.scrapeJob.scrapeTimeout:"],
        );
    });

    it("has the bucket in a secret file of each that works on it, in Thanos' own words", () => {
        const thanos = { objectStorage: { ...objectStorage, prefix: "prod" }, store: {}, compactor: {} };
        const file =
            "config:\n  access_key: AKIA\n  bucket: metrics\n  endpoint: s3.example.com\n  secret_key: hidden-from-all\nprefix: prod\ntype: S3\n";
        for (const role of ["thanos-sidecar", "thanos-store", "thanos-compactor"]) {
            assert.equal(fileOf(role, "objectStorage.yml", thanos), file);
        }
        assert.ok(!JSON.stringify(planned(thanos)).includes("hidden-from-all"));
    });

    it("leaves names that are somebody's own as they are, and has certificates in files of their own", () => {
        const config = {
            ...s3,
            putUserMetadata: { "X-Amz-Storage-Class": "STANDARD_IA" },
            sseConfig: { type: "SSE-KMS", kmsKeyId: "1", kmsEncryptionContext: { shopTeam: "a" } },
            httpConfig: { tlsConfig: { ca: certificate, serverName: "s3" } },
        };
        const thanos = { objectStorage: { type: "S3", config } };
        const file = fileOf("thanos-sidecar", "objectStorage.yml", thanos) ?? "";
        assert.match(file, /put_user_metadata:\n +X-Amz-Storage-Class: STANDARD_IA\n/);
        assert.match(file, /kms_encryption_context:\n +shopTeam: a\n +kms_key_id: "1"\n/);
        assert.match(file, /ca_file: \/etc\/thanos\/secrets\/objectStorage\.ca\.pem\n +server_name: s3\n/);
        assert.equal(fileOf("thanos-sidecar", "objectStorage.ca.pem", thanos), certificate);
    });

    it("takes a folder for a bucket, wherever it is", () => {
        const thanos = { objectStorage: { type: "FILESYSTEM", config: { directory: "/srv/metrics" } } };
        assert.equal(
            fileOf("thanos-sidecar", "objectStorage.yml", thanos),
            "config:\n  directory: /bucket\ntype: FILESYSTEM\n",
        );
    });

    it("can be checked without the secrets", () => {
        const config = { ...s3, secretKey: encrypted };
        const file = part("thanos-sidecar", { objectStorage: { type: "S3", config } }).secretFiles["objectStorage.yml"];
        assert.equal(file?.isReadable, false);
    });

    it("has Query ask those of the stack, and those that it is told of", () => {
        const thanos = { objectStorage, store: {}, query: { endpoints: ["web-2:10901"] } };
        assert.equal(
            part("thanos-query", thanos).files["endpoints.yml"],
            [
                "endpoints:",
                "  - address: metrics-stack-test-thanos-sidecar:10901\n    strict: true",
                "  - address: metrics-stack-test-thanos-store:10901\n    strict: true",
                "  - address: web-2:10901\n",
            ].join("\n"),
        );
    });

    it("has the sidecar and the Queries of other stacks know each other by one certificate", () => {
        const tls = { cert: thanosCertificate, key: thanosKey };
        const thanos = { objectStorage, store: {}, query: { endpoints: ["web-2:10901"] }, tls };
        const file = part("thanos-query", thanos).files["endpoints.yml"] ?? "";
        const { endpoints } = parse(file) as { endpoints: { client_config?: object }[] };
        const client = {
            server_name: "thanos",
            tls_config: {
                ...{ enabled: true, ca_file: "/etc/thanos/secrets/tls.cert.pem" },
                ...{ cert_file: "/etc/thanos/secrets/tls.cert.pem", key_file: "/etc/thanos/secrets/tls.key.pem" },
            },
        };
        // The store is asked on the stack's own network alone.
        assert.deepEqual(
            endpoints.map(({ client_config }) => client_config),
            [client, undefined, client],
        );
        for (const role of ["thanos-sidecar", "thanos-query"]) {
            assert.equal(fileOf(role, "tls.cert.pem", thanos), tls.cert);
            assert.equal(fileOf(role, "tls.key.pem", thanos), tls.key);
        }
        assert.ok(!JSON.stringify(planned(thanos)).includes(tls.key.split("\n")[1] ?? ""));
    });

    const members = ["10.0.0.6:10901", "10.0.0.5:10901", "web-3.example.com:10901"];
    const receive = { address: "10.0.0.5:10901", members };

    it("has all members of a ring know the same ring, in whatever order it is written", () => {
        const file = (ring: object) => part("thanos-receive", { receive: ring }).files["watched/hashring.json"];
        const ring = '[{"endpoints":["10.0.0.5:10901","10.0.0.6:10901","web-3.example.com:10901"]}]\n';
        assert.equal(file(receive), ring);
        assert.equal(file({ address: "10.0.0.6:10901", members: [...members].reverse() }), ring);
        assert.equal(file({}), '[{"endpoints":["metrics-stack-test-thanos-receive:10901"]}]\n');
    });

    it("has Query ask the whole ring, of which others may be away", () => {
        const thanos = { receive, query: { endpoints: ["10.0.0.6:10901", "web-4:10901"] } };
        const { endpoints } = parse(part("thanos-query", thanos).files["endpoints.yml"] ?? "") as {
            endpoints: object[];
        };
        assert.deepEqual(endpoints, [
            { address: "metrics-stack-test-thanos-sidecar:10901", strict: true },
            { address: "metrics-stack-test-thanos-receive:10901", strict: true },
            { address: "10.0.0.6:10901" },
            { address: "web-3.example.com:10901" },
            { address: "web-4:10901" },
        ]);
    });

    it("has the samples of a receiver backed up, and its address taken", () => {
        const { part: receiving } = part("thanos-receive", { receive });
        assert.equal(receiving.data?.mountPath, "/data");
        const taken = (declared: object) =>
            planned({ receive: declared })
                .wanted.listeners.filter(({ owner }) => owner === "thanos.receive")
                .map(({ address, port }) => `${address}:${port}`);
        assert.deepEqual(taken(receive), ["127.0.0.1:19291", "10.0.0.5:10901"]);
        assert.deepEqual(taken({}), ["127.0.0.1:19291"]);
    });

    it("is what Grafana asks: Query, or who stands before it", () => {
        const source = (thanos: object) => part("grafana", thanos).files["provisioning/datasources/prometheus.yml"];
        assert.match(source({ objectStorage }) ?? "", /url: http:\/\/metrics-stack-test-prometheus:9090\n/);
        assert.match(source({ query: {} }) ?? "", /url: http:\/\/metrics-stack-test-thanos-query:10902\n/);
        assert.match(source({ query: {} }) ?? "", /prometheusType: Thanos\n/);
        const both = source({ query: {}, queryFrontend: {} }) ?? "";
        assert.match(both, /url: http:\/\/metrics-stack-test-thanos-query-frontend:10902\n/);
    });

    it("gives samples an external label, unless they have some", () => {
        const labels = (more: object) => planned({ objectStorage }, more).config.externalLabels;
        assert.deepEqual(labels({}), { stack: "test" });
        assert.deepEqual(labels({ externalLabels: { cluster: "web" } }), { cluster: "web" });
        // Both of a pair have the same, but for that of the pair itself.
        assert.deepEqual(labels({ pair: { replica: "a" } }), {});
    });

    it("has the sidecar ask Prometheus with a login where it has one", () => {
        const web = { basicAuthUsers: { me: `$2y$10$${"a".repeat(53)}` }, itself: { password: "p".repeat(24) } };
        assert.equal(
            fileOf("thanos-sidecar", "prometheus.yml", { query: {} }, { prometheus: { web } }),
            `basic_auth:\n  password: ${"p".repeat(24)}\n  username: metrics-stack\n`,
        );
        assert.equal(fileOf("thanos-sidecar", "prometheus.yml", { query: {} }), "{}\n");
    });

    it("says what the bucket means for a Prometheus that is there, and once", () => {
        const said = (thanos: object, outputs: Readonly<Record<string, unknown>>) =>
            part("thanos-sidecar", thanos).plan.change?.(outputs);
        const deployed = { prometheusUrl: "http://127.0.0.1:9090" };
        assert.match(said({ objectStorage }, deployed) ?? "", /compacts no block any more/);
        assert.equal(said({ objectStorage }, { ...deployed, thanosObjectStorage: "S3 metrics" }), undefined);
        assert.equal(said({ objectStorage }, {}), undefined);
        assert.equal(said({ query: {} }, deployed), undefined);
    });

    const refused: readonly (readonly [why: string, declared: Record<string, unknown>, words: RegExp])[] = [
        [
            "a kind of storage that there is not",
            { thanos: { objectStorage: { type: "MINIO", config: {} } } },
            /thanos\.objectStorage\.type: is not a kind of object storage; write one of S3, GCS, AZURE, FILESYSTEM/,
        ],
        [
            "a misspelled key",
            { thanos: { objectStorage: { type: "S3", config: { bucket: "a", endpoint: "b", acessKey: "c" } } } },
            /objectStorage\.config\.acessKey: is not a known key; did you mean accessKey\?/,
        ],
        [
            "half of a login",
            { thanos: { objectStorage: { type: "S3", config: { bucket: "a", endpoint: "b", accessKey: "c" } } } },
            /objectStorage\.config\.secretKey: is missing; write accessKey and secretKey together/,
        ],
        [
            "two logins of AWS",
            {
                thanos: {
                    objectStorage: {
                        type: "S3",
                        config: { ...s3, awsSdkAuth: true, sseConfig: { type: "SSE-KMS" } },
                    },
                },
            },
            /config\.accessKey: stands beside awsSdkAuth; write one of awsSdkAuth, accessKey[^]*config\.sseConfig\.kmsKeyId: is missing/,
        ],
        [
            "two logins of Azure, one of them a part of it",
            {
                thanos: {
                    objectStorage: {
                        type: "AZURE",
                        config: { storageAccount: "a", container: "b", storageAccountKey: "c", clientId: "d" },
                    },
                },
            },
            /config\.azTenantId: is missing; write azTenantId and clientId and clientSecret together[^]*config\.clientId: stands beside storageAccountKey/,
        ],
        [
            "a login of Google that is none",
            { thanos: { objectStorage: { type: "GCS", config: { bucket: "a", serviceAccount: "{}" } } } },
            /config\.serviceAccount: is not the key of a service account/,
        ],
        [
            "a URL for a host",
            { thanos: { objectStorage: { type: "S3", config: { bucket: "a", endpoint: "https://b" } } } },
            /config\.endpoint: "https:\/\/b" is not a host.*; write it without https:\/\//,
        ],
        [
            "a store without a bucket",
            { thanos: { store: {} } },
            /thanos\.objectStorage: is missing, which thanos\.store/,
        ],
        [
            "a frontend without Query",
            { thanos: { queryFrontend: {} } },
            /thanos\.query: is missing, which thanos\.queryFrontend stands before; write \{\}/,
        ],
        [
            "a retention that Thanos refuses",
            { thanos: { objectStorage, compactor: { retention: { raw: "1d" } } } },
            /thanos\.compactor\.retention\.raw: is less than 40h/,
        ],
        [
            "a local retention that is over too soon",
            { thanos: { objectStorage }, prometheus: { retentionTime: "2h" } },
            /prometheus\.retentionTime: "2h" may be over before a block is in thanos\.objectStorage; write "6h"/,
        ],
        [
            "a flag of Prometheus that the bucket sets",
            { thanos: { objectStorage }, prometheus: { extraFlags: ["--storage.tsdb.max-block-duration=1d"] } },
            /prometheus\.extraFlags\[0\]: .* is not for a Prometheus whose blocks are shipped/,
        ],
        [
            "Query's own container",
            { thanos: { query: { endpoints: ["localhost:10901"] } } },
            /thanos\.query\.endpoints\[0\]: "localhost:10901" is Query's own container to itself/,
        ],
        [
            "a ring without the stack itself",
            { thanos: { receive: { address: "10.0.0.7:10901", members } } },
            /thanos\.receive\.address: "10\.0\.0\.7:10901" is none of the members; write it there too/,
        ],
        [
            "a ring of which nobody knows where the stack is in it",
            { thanos: { receive: { members } } },
            /thanos\.receive\.address: is missing; write which of the members this stack is, such as "10\.0\.0\.6:10901"/,
        ],
        [
            "a member that is there twice",
            { thanos: { receive: { ...receive, members: [...members, "10.0.0.6:10901"] } } },
            /thanos\.receive\.members\[3\]: "10\.0\.0\.6:10901" is in the list twice; write it once/,
        ],
        [
            "more copies than there are members",
            { thanos: { receive: { ...receive, replicationFactor: 4 } } },
            /thanos\.receive\.replicationFactor: 4 is more than the ring has members; write 3 or less, or more members/,
        ],
        [
            "no copy at all",
            { thanos: { receive: { replicationFactor: 0 } } },
            /thanos\.receive\.replicationFactor: is 0, and nothing would be kept; write 1 or more/,
        ],
        [
            "an address that is a name",
            { thanos: { receive: { address: "web-1.example.com:10901" } } },
            /thanos\.receive\.address: "web-1\.example\.com:10901" is not an IPv4 address with a port; write that of this Docker host/,
        ],
        [
            "a member that is the container itself",
            { thanos: { receive: { ...receive, members: [...members, "localhost:10901"] } } },
            /thanos\.receive\.members\[3\]: "localhost:10901" is Receive's own container to itself/,
        ],
        [
            "a receiver whose samples are gone before they are shipped",
            { thanos: { objectStorage, receive: { retentionTime: "2h" } } },
            /thanos\.receive\.retentionTime: "2h" may be over before a block is in thanos\.objectStorage; write "6h"/,
        ],
        [
            "an agent",
            { thanos: { objectStorage }, prometheus: { mode: "agent" }, remoteWrite: [{ url: "https://a/" }] },
            /thanos: is not for an agent, which keeps no samples/,
        ],
        [
            "a certificate for another name",
            { thanos: { query: {}, tls: { cert: certificate, key: privateKey } } },
            /thanos\.tls\.cert: is not for thanos; write one that this makes: openssl req .* subjectAltName=DNS:thanos/,
        ],
        [
            "a certificate without its key",
            { thanos: { query: {}, tls: { cert: thanosCertificate, key: strangeKey } } },
            /thanos\.tls\.key: is not the private key of the certificate in cert/,
        ],
        [
            "an address of a receiver that is taken",
            { thanos: { sidecar: { port: 10901, bindAddress: "10.0.0.5" }, receive: { address: "10.0.0.5:10901" } } },
            /thanos\.receive\.address: 10901 is already the port of thanos\.sidecar/,
        ],
        [
            "a port that is taken",
            { thanos: { query: { port: 9090 } } },
            /thanos\.query\.port: 9090 is already the port of prometheus/,
        ],
    ];
    for (const [why, declared, words] of refused) {
        it(`refuses ${why}`, () => assert.match(mistakes(declared, ["thanos"]).join("\n"), words));
    }

    it("tells of a secret in plain text once, where it stands", () => {
        const thanos = { objectStorage, store: {}, compactor: {} };
        assert.deepEqual(
            mistakes({ thanos }, []).map((line) => line.split(" ", 1)[0]),
            ["metrics-stack:thanos.objectStorage.config.secretKey:"],
        );
    });
});
