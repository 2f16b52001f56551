import assert from "node:assert/strict";
import { parse as parseYaml } from "yaml";
import { renderPrometheusFiles, secretFilesBeside } from "../../../components/prometheus/files";
import { changed, notArrived } from "../../../components/prometheus/remoteStorage";
import { certificate, privateKey } from "../../certificates";
import { parse } from "../../declaration";
import { assertGolden } from "../../golden";

const write = "https://archive.example.com/api/v1/write";
const id = "12345678-1234-1234-1234-123456789abc";
const account = JSON.stringify({ type: "service_account", private_key: "account-not-to-be-seen\n" });

/** Everything that one may say of where samples are sent, with each kind of login. */
const everything = {
    prometheus: { enableFeatures: ["exemplar-storage"], receive: { otlp: true } },
    remoteWrite: [
        {
            ...{ url: write, name: "archive", remoteTimeout: "10s", roundRobinDns: true, sendNativeHistograms: true },
            protobufMessage: "io.prometheus.write.v2.Request",
            sendExemplars: true,
            writeRelabelConfigs: [{ sourceLabels: ["__name__"], regex: "go_.*", action: "drop" }],
            headers: { "X-Scope-OrgID": "shop" },
            httpHeaders: { "X-Key": { secrets: ["header-not-to-be-seen"] } },
            basicAuth: { username: "shop", password: "password-not-to-be-seen" },
            tlsConfig: { ca: certificate, cert: certificate, key: privateKey },
            queueConfig: {
                ...{ capacity: 5000, maxShards: 20, minShards: 2, maxSamplesPerSend: 1000 },
                ...{ batchSendDeadline: "3s", minBackoff: "50ms", maxBackoff: "10s" },
                ...{ retryOnHttp429: true, sampleAgeLimit: "1h30m" },
            },
            metadataConfig: { send: false, sendInterval: "2m", maxSamplesPerSend: 500 },
        },
        { url: "https://tokens.example.com/write/", authorization: { credentials: "token-not-to-be-seen" } },
        {
            url: "https://oauth.example.com/write",
            oauth2: { clientId: "a", clientSecret: "client-not-to-be-seen", tokenUrl: "https://login.example.com" },
        },
        {
            url: "https://aps-workspaces.eu-central-1.amazonaws.com/workspaces/ws-1/api/v1/remote_write",
            sigv4: {
                ...{ region: "eu-central-1", accessKey: "AKIA", secretKey: "aws-not-to-be-seen" },
                ...{ roleArn: "arn:aws:iam::1:role/a", externalId: "b", useFipsStsEndpoint: true, serviceName: "aps" },
            },
        },
        {
            url: "https://a.azure.com/",
            azuread: { oauth: { clientId: id, clientSecret: "azure-not-to-be-seen", tenantId: "t" } },
        },
        {
            url: "https://b.azure.com/",
            azuread: { managedIdentity: { clientId: id }, cloud: "AzureChina", scope: "s" },
        },
        {
            url: "https://c.azure.com/",
            azuread: {
                certificate: {
                    ...{ clientId: id, tenantId: "t", sendCertificateChain: true },
                    ...{ certificate, certificateKey: privateKey },
                },
            },
        },
        { url: "https://d.azure.com/", azuread: { sdk: {} } },
        { url: "https://monitoring.googleapis.com/", googleIam: { credentials: account } },
    ],
    remoteRead: [
        {
            ...{ url: "https://archive.example.com/api/v1/read", remoteTimeout: "30s", readRecent: true },
            ...{ filterExternalLabels: false, chunkedReadLimit: 1_000_000 },
            requiredMatchers: { archive: "yes" },
            headers: { "X-Scope-OrgID": "shop" },
            authorization: { credentials: "read-not-to-be-seen" },
        },
    ],
    otlp: {
        promoteResourceAttributes: ["service.version", "deployment.environment.name"],
        promoteScopeMetadata: true,
        keepIdentifyingResourceAttributes: true,
        translationStrategy: "UnderscoreEscapingWithoutSuffixes",
        labelNameUnderscoreSanitization: false,
        labelNamePreserveMultipleUnderscores: false,
        convertHistogramsToNhcb: true,
    },
};

const config = (raw: object) =>
    parseYaml(renderPrometheusFiles(parse({ ...raw }), [])["prometheus.yml"] ?? "") as Record<string, unknown>;

describe("Where samples are sent and read", () => {
    it("is in prometheus.yml with every setting", () =>
        assertGolden("remote", renderPrometheusFiles(parse(everything), [])));

    it("is not there where nothing is declared", () =>
        assert.deepEqual(Object.keys(config({})), ["global", "rule_files", "scrape_configs"]));

    it("has nobody told that this one tells no Alertmanager, where it has none", () => {
        const dropped = (raw: object) => {
            const { remote_write: writes = [] } = config({ remoteWrite: [{ url: write }], ...raw });
            return (writes as { write_relabel_configs?: { regex: string }[] }[])[0]?.write_relabel_configs?.[0]?.regex;
        };
        const alerting = { alertmanagers: [{ staticConfigs: [{ targets: ["alerts:9093"] }] }] };
        assert.equal(dropped({ alerting }), "ALERTS|ALERTS_FOR_STATE");
        assert.equal(dropped({}), "ALERTS|ALERTS_FOR_STATE|prometheus_notifications_.+");
        assert.equal(dropped({ remoteWrite: [{ url: write, sendAlerts: true }] }), undefined);
    });

    it("holds no secret, and names a file for each", () => {
        const declared = parse(everything);
        const text = JSON.stringify(renderPrometheusFiles(declared, []));
        assert.ok(!text.includes("not-to-be-seen"), text);
        const files = Object.entries(secretFilesBeside(declared)).map(
            ([file, secret]) => [file, secret.reveal()] as const,
        );
        const named = [...text.matchAll(/\/etc\/prometheus\/secrets\/([\w@.]+)/g)].map(([, file = ""]) => file);
        assert.deepEqual(
            files
                .map(([file]) => file)
                .filter((file) => file !== "aws.credentials")
                .sort(),
            named.sort(),
        );
        const values = ["header", "password", "token", "client", "aws", "azure", "account", "read"];
        for (const value of values.map((each) => `${each}-not-to-be-seen`)) {
            assert.equal(files.filter(([, secret]) => secret.includes(value)).length, 1, value);
        }
    });

    it("has keys of AWS in the file of its library, by the profile that is named", () => {
        const writes = config(everything).remote_write as readonly { sigv4?: { profile: string } }[];
        const profile = writes.find(({ sigv4 }) => sigv4)?.sigv4?.profile;
        assert.equal(
            secretFilesBeside(parse(everything))["aws.credentials"]?.reveal(),
            `[${profile}]\naws_access_key_id = AKIA\naws_secret_access_key = aws-not-to-be-seen\n`,
        );
    });

    it("is another configuration where a secret changes that is read once, while it is loaded", () => {
        const of = (secretKey: string) =>
            JSON.stringify(
                config({ remoteWrite: [{ url: write, sigv4: { region: "a", accessKey: "b", secretKey } }] }),
            );
        assert.notEqual(of("a"), of("b"));
    });

    it("takes the address for a name, and any name that is given", () => {
        const names = config({ remoteWrite: [{ url: write }, { url: write, name: "b" }] }).remote_write as object[];
        assert.deepEqual(
            names.map((each) => (each as { name: string }).name),
            ["archive.example.com/api/v1/write", "b"],
        );
    });
});

describe("After an activation", () => {
    const [a, b] = [
        { name: "a", url: "http://a", basic_auth: { password_file: "/etc/prometheus/secrets/@remoteWrite0.password" } },
        { name: "b", url: "http://b" },
    ];
    const loaded = `remote_write:\n- ${JSON.stringify(a)}\n- ${JSON.stringify(b)}\n`;
    const names = (all: readonly { name: string }[]) => all.map(({ name }) => name);

    it("all are asked where nothing was deployed before", () =>
        assert.deepEqual(names(changed({ remote_write: [a, b] }, "").writes), ["a", "b"]));

    it("none is asked that was so before: it may be down just now", () =>
        assert.deepEqual(changed({ remote_write: [a, b] }, `${loaded}@end\n`), { writes: [], reads: [] }));

    it("those are asked that are others now, or have another secret", () => {
        const other = { ...b, url: "http://c" };
        assert.deepEqual(
            changed({ remote_write: [a, other] }, `${loaded}@end\nsecrets/@remoteWrite0.password\n`).writes,
            [
                { ...a, isSameQueue: true },
                { ...other, isSameQueue: false },
            ],
        );
        assert.deepEqual(names(changed({ remote_read: [b] }, `${loaded}@end\n`).reads), ["b"]);
    });

    type Queue = Readonly<Record<string, number>>;
    const readings = (queues: readonly Queue[]) => {
        const [first, second = first, third = second] = queues.map((each) => new Map([["b", each]]));
        return [first ?? new Map(), second ?? new Map(), third ?? new Map()] as const;
    };
    const arrived = (now: Queue | readonly Queue[], begun?: Queue) =>
        notArrived(
            [{ ...b, isSameQueue: begun !== undefined }],
            readings([now].flat()),
            readings(begun ? [begun] : []),
        );

    it("a batch that was taken is enough", () => {
        assert.equal(arrived({ total: 100, failed_total: 0, retried_total: 0, pending: 0 }), undefined);
        assert.equal(arrived({ total: 300, failed_total: 100, retried_total: 0, pending: 100 }), undefined);
    });

    it("one that is refused, or on its way, is none", () => {
        const said = "no sample has arrived at http://b: 100 were refused, and 0 are sent again.";
        assert.equal(arrived({ total: 100, failed_total: 100, retried_total: 0, pending: 0 }), said);
        assert.equal(arrived({ total: 200, failed_total: 100, retried_total: 0, pending: 100 }), said);
        assert.match(
            arrived({ total: 300, failed_total: 0, retried_total: 200, pending: 100 }) ?? "",
            /200 are sent again/,
        );
    });

    it("one that was refused between two counters of a reading is none", () => {
        const [before, after] = [
            { total: 100, failed_total: 0, retried_total: 0, pending: 100 },
            { total: 100, failed_total: 100, retried_total: 0, pending: 0 },
        ];
        const torn = { ...before, pending: 0 };
        for (const three of [
            [torn, after, after],
            [before, torn, after],
            [before, before, torn],
        ]) {
            assert.match(arrived(three) ?? "", /^no sample has arrived/);
        }
    });

    it("nothing is said of one that has nothing to send", () => assert.equal(arrived({}), undefined));

    it("what arrived before counts for nothing", () => {
        const begun = { total: 1000, failed_total: 0, retried_total: 0, pending: 0 };
        assert.match(arrived({ ...begun, total: 1100, failed_total: 100 }, begun) ?? "", /^no sample has arrived/);
        assert.equal(arrived({ ...begun, total: 1100 }, begun), undefined);
    });
});
