import assert from "node:assert/strict";
import { mistakes, parse } from "../../declaration";

const url = "https://archive.example.com/write";
const id = "12345678-1234-1234-1234-123456789abc";
const basicAuth = { username: "a", password: "b" };

describe("Where samples are sent and read is refused", () => {
    for (const [what, raw, expected] of [
        ["without an address", { remoteWrite: [{}] }, "remoteWrite[0].url: is missing; write one,"],
        ["with another scheme", { remoteWrite: [{ url: "ftp://a" }] }, 'remoteWrite[0].url: "ftp://a" is not a URL;'],
        [
            "with a login in the address",
            { remoteRead: [{ url: "https://me:secret@a/read" }] },
            "remoteRead[0].url: has a login or a # in it; write the address alone, and a login in basicAuth",
        ],
        [
            "where it is the container itself",
            { remoteWrite: [{ url: "http://localhost:9090/api/v1/write" }] },
            `remoteWrite[0].url: "http://localhost:9090/api/v1/write" is Prometheus' own container to itself; write "host.docker.internal:9090"`,
        ],
        [
            "with a name that another has",
            { remoteWrite: [{ url }, { url }] },
            'remoteWrite[1].name: "archive.example.com/write" is already the name of remoteWrite[0]; write another one',
        ],
        [
            "with two logins",
            { remoteWrite: [{ url, basicAuth, sigv4: { region: "a" } }] },
            "remoteWrite[0].sigv4: stands beside basicAuth; write one of the two",
        ],
        [
            "with settings of TLS that have no effect",
            { remoteWrite: [{ url: "http://archive/write", tlsConfig: { insecureSkipVerify: true } }] },
            "remoteWrite[0].tlsConfig: has no effect with http; write https:// in url",
        ],
        [
            "with half a key of AWS",
            { remoteWrite: [{ url, sigv4: { region: "a", accessKey: "b" } }] },
            "remoteWrite[0].sigv4.secretKey: is missing; write accessKey and secretKey together",
        ],
        [
            "with a profile of AWS",
            { remoteWrite: [{ url, sigv4: { region: "a", profile: "b" } }] },
            "remoteWrite[0].sigv4.profile: does not stand here; write accessKey, and secretKey encrypted",
        ],
        [
            "with no way of Azure",
            { remoteWrite: [{ url, azuread: {} }] },
            "remoteWrite[0].azuread: says not who Prometheus is; write one of managedIdentity, oauth, certificate, sdk",
        ],
        [
            "with two ways of Azure",
            { remoteWrite: [{ url, azuread: { sdk: {}, managedIdentity: { clientId: id } } }] },
            "remoteWrite[0].azuread.sdk: stands beside another; write one of",
        ],
        [
            "with Kubernetes' way",
            { remoteWrite: [{ url, azuread: { sdk: {}, workloadIdentity: {} } }] },
            "remoteWrite[0].azuread.workloadIdentity: is a key of Prometheus that cannot be declared here: it is Kubernetes",
        ],
        [
            "with something else than a key of Google",
            { remoteWrite: [{ url, googleIam: { credentials: "{}" } }] },
            "remoteWrite[0].googleIam.credentials: is not the key of a service account; write the text of its JSON file",
        ],
        [
            "with more shards than there may be",
            { remoteWrite: [{ url, queueConfig: { minShards: 60 } }] },
            "remoteWrite[0].queueConfig.minShards: 60 is above maxShards, 50; write at most that, or a larger maxShards",
        ],
        [
            "with a shortest pause that is the longer one",
            { remoteWrite: [{ url, queueConfig: { minBackoff: "10s" } }] },
            "remoteWrite[0].queueConfig.maxBackoff: is shorter than minBackoff; write at least that",
        ],
        [
            "with a header that Prometheus sets",
            { remoteWrite: [{ url, headers: { Authorization: "a" } }] },
            "remoteWrite[0].headers.Authorization: is a header that Prometheus sets itself",
        ],
        [
            "with exemplars that nobody keeps",
            { remoteWrite: [{ url, sendExemplars: true }] },
            "remoteWrite[0].sendExemplars: has no effect without the feature;",
        ],
        [
            "in Prometheus' spelling",
            { remote_write: [{ url }] },
            "remote_write: is not a known key; did you mean remoteWrite?",
        ],
    ] as const) {
        it(what, () => {
            const said = mistakes(raw as Record<string, unknown>);
            assert.deepEqual(
                said.filter((line) => !line.startsWith(`metrics-stack:${expected}`)),
                [],
            );
        });
    }

    it("with a secret in plain text", () =>
        assert.match(mistakes({ remoteWrite: [{ url, basicAuth }] }, []).join(), /password: is in plain text/));
});

describe("What is pushed is refused", () => {
    const receive = { prometheus: { receive: { otlp: true } } };
    const promoted = { promoteResourceAttributes: ["a"] };
    for (const [what, raw, expected] of [
        ["without the receiver", { otlp: promoted }, "otlp: has no effect without the receiver; write prometheus:"],
        ["by a job without the receiver", { pushedJobs: [{ jobName: "a" }] }, "pushedJobs: has no effect without the"],
        [
            "with some attributes beside all of them",
            { ...receive, otlp: { ...promoted, promoteAllResourceAttributes: true } },
            "otlp.promoteResourceAttributes: stands beside promoteAllResourceAttributes; write one of the two",
        ],
        [
            "without attributes of none",
            { ...receive, otlp: { ignoreResourceAttributes: ["a"] } },
            "otlp.ignoreResourceAttributes: has no effect alone;",
        ],
        [
            "with names that are not accepted",
            { ...receive, otlp: { translationStrategy: "NoTranslation" }, metricNameValidationScheme: "legacy" },
            'otlp.translationStrategy: "NoTranslation" keeps names that the metricNameValidationScheme "legacy" refuses;',
        ],
        [
            "without the buckets of applications",
            { ...receive, otlp: { convertHistogramsToNhcb: true }, pushedJobs: [{ jobName: "a" }] },
            "otlp.convertHistogramsToNhcb: takes away the buckets",
        ],
        [
            "under the name of a job that is scraped",
            { ...receive, pushedJobs: [{ jobName: "prometheus" }] },
            'pushedJobs[0].jobName: "prometheus" is already the name of the stack\'s own prometheus;',
        ],
        [
            "with a profile that there is not",
            { ...receive, pushedJobs: [{ jobName: "a", application: { profile: "opentelemetri" } }] },
            'pushedJobs[0].application.profile: "opentelemetri" is no profile;',
        ],
        [
            "with a receiver's flag",
            { prometheus: { extraFlags: ["--web.enable-otlp-receiver"] } },
            'prometheus.extraFlags[0]: "--web.enable-otlp-receiver" is not for this stack: write receive: {otlp: true}',
        ],
    ] as const) {
        it(what, () => {
            const said = mistakes(raw as Record<string, unknown>);
            assert.deepEqual(
                said.filter((line) => !line.startsWith(`metrics-stack:${expected}`)),
                [],
            );
        });
    }

    it("by nobody where it is declared as it should be", () =>
        assert.equal(parse({ ...receive, pushedJobs: [{ jobName: "shop/api" }] }).pushedJobs[0]?.pushInterval, 60_000));
});
