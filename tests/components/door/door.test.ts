import assert from "node:assert/strict";
import { certificate, privateKey, strangeKey } from "../../certificates";
import { mistakes, plan } from "../../declaration";

const hash = "$2b$10$diMVD66Q2U1izr9x0xO9DejLwh3QppRxV2K9A0yDhfGPjwEsrGYZy";
const right = { enabled: true, name: "metrics.example.com", users: { alice: hash } };
const alertmanager = { enabled: true, receivers: [{ name: "team", webhook: { url: "http://team" } }] };

/** A door as it should be but for some keys, of which undefined ones are not there. */
const declared = (door: object) =>
    Object.fromEntries(Object.entries({ ...right, ...door }).filter(([, value]) => value !== undefined));

/** The part that a door is, and those whose address follows from it. */
function planned(door: object, more: object = {}) {
    const { parts, published } = plan({ alertmanager, door: declared(door), ...more });
    const found = parts.find(({ part }) => part.key === "door");
    const settings = Object.fromEntries(parts.map((each) => [each.part.key, each.settings])) as Record<
        string,
        { externalUrl?: string }
    >;
    const config = JSON.parse(found?.files["caddy.json"] ?? "{}") as Config;
    return {
        settings,
        published,
        config,
        secretFiles: found?.secretFiles ?? {},
        server: config.apps.http.servers.door,
    };
}

interface Config {
    readonly apps: {
        readonly http: { readonly servers: { readonly door: Readonly<Record<string, unknown>> } };
        readonly tls: unknown;
        readonly pki?: unknown;
    };
}

describe("The door", () => {
    it("is not there unless it is declared, and then nobody has another address", () => {
        const { parts } = plan({ alertmanager });
        assert.ok(!parts.some(({ part }) => part.key === "door"));
        for (const { settings } of parts) {
            assert.ok(!("externalUrl" in (settings as object)));
        }
    });

    it("has those behind it found below its name, unless they say otherwise", () => {
        const { settings } = planned({ port: 8443 }, { prometheus: { externalUrl: "https://prometheus.example.com" } });
        assert.equal(settings.prometheus?.externalUrl, "https://prometheus.example.com");
        assert.equal(settings.alertmanager?.externalUrl, "https://metrics.example.com:8443/alertmanager/");
        assert.equal(settings.grafana?.externalUrl, "https://metrics.example.com:8443/grafana/");
        assert.equal(planned({}).settings.prometheus?.externalUrl, "https://metrics.example.com/prometheus/");
    });

    it("leads to those that are on", () => {
        const sites = (more: object) => planned({}, more).published.sites.map(({ path }) => path);
        assert.deepEqual(sites({}), ["/prometheus", "/alertmanager", "/grafana"]);
        assert.deepEqual(sites({ alertmanager: { enabled: false }, grafana: { enabled: false } }), ["/prometheus"]);
    });

    it("leads to a receiver those alone that send, and nobody who comes to look", () => {
        const { server } = planned(
            { senders: { "web-1": hash } },
            { thanos: { receive: {} }, grafana: { enabled: false } },
        );
        const text = JSON.stringify(server);
        assert.ok(text.includes('"match":[{"method":["POST"],"path":["/receive/api/v1/receive"]}]'));
        assert.ok(text.includes('"dial":"metrics-stack-test-thanos-receive:19291"'));
        assert.ok(
            text.includes('"match":[{"path":["/receive/*"]}],"handle":[{"handler":"static_response","status_code":403'),
        );
        assert.ok(text.includes('"Location":["/alertmanager/"]'));
    });

    it("keeps hashes and keys out of the configuration", () => {
        const { config, secretFiles } = planned({ tls: { cert: certificate, key: privateKey }, name: "test" });
        assert.doesNotMatch(JSON.stringify(config), /\$2b|PRIVATE|CERTIFICATE-/);
        assert.deepEqual(
            Object.entries(secretFiles).map(([name, secret]) => [name, secret.reveal()]),
            [
                ["user-alice", hash],
                ["tls-cert.pem", certificate],
                ["tls-key.pem", privateKey],
            ],
        );
    });

    it("has browsers insist on HTTPS only where they can check its certificate", () => {
        const insists = (door: object) => JSON.stringify(planned(door).server).includes("Strict-Transport-Security");
        assert.equal(insists({}), false);
        assert.equal(insists({ tls: { issuer: "acme" } }), true);
        assert.equal(insists({ name: "test", tls: { cert: certificate, key: privateKey } }), true);
    });

    it("asks Let's Encrypt by the one port that is published", () => {
        const { tls, pki } = planned({ tls: { issuer: "acme", email: "ops@example.com" } }).config.apps;
        const issuers = [{ module: "acme", email: "ops@example.com", challenges: { http: { disabled: true } } }];
        assert.deepEqual(tls, { automation: { policies: [{ subjects: [right.name], issuers }] } });
        assert.equal(pki, undefined);
    });

    it("asks somebody else who may pass, where one is declared", () => {
        const { server, secretFiles } = planned({
            users: undefined,
            forwardAuth: "https://sso.example.com/verify?a=b",
        });
        assert.deepEqual(secretFiles, {});
        const text = JSON.stringify(server);
        assert.doesNotMatch(text, /http_basic/);
        assert.ok(text.includes(JSON.stringify({ dial: "sso.example.com:443" })));
        assert.ok(text.includes(JSON.stringify({ method: "GET", uri: "/verify?a=b" })));
    });

    it("lets who sends samples do so, where Prometheus takes them, and has a way for nobody else", () => {
        const senders = { "web-1": hash };
        const pushed = (receive: object) => {
            const { server, secretFiles } = planned({ senders }, { prometheus: { receive } });
            const [, path] =
                /"method":\["POST"\],"path":(\[[^\]]*\/(?:write|metrics)"\])/.exec(JSON.stringify(server)) ?? [];
            return { path: JSON.parse(path ?? "[]") as string[], server: JSON.stringify(server), secretFiles };
        };
        const [write, otlp] = ["/prometheus/api/v1/write", "/prometheus/api/v1/otlp/v1/metrics"];
        assert.deepEqual(pushed({ remoteWrite: true }).path, [write]);
        const { path, server, secretFiles } = pushed({ remoteWrite: true, otlp: true });
        assert.deepEqual(
            [path, Object.keys(secretFiles)],
            [
                [write, otlp],
                ["user-alice", "sender-web-1"],
            ],
        );
        assert.match(server, /"username":"web-1","password":"\{file\.[^"]*\/sender-web-1\}"/);
        const without = planned({}, { prometheus: { receive: { remoteWrite: true, otlp: true } } });
        assert.deepEqual(without.server, planned({}).server);
    });

    const refused: [door: object, message: string | RegExp][] = [
        [{ name: undefined }, 'door.name: is missing; write the name that people open, such as "metrics.example.com"'],
        [{ name: "192.0.2.1" }, /door\.name: "192\.0\.2\.1" is not the name of a host/],
        [{ name: "https://metrics.example.com" }, /door\.name: .* is not the name of a host/],
        [{ name: "metrics.example.com:8443" }, /door\.name: .* is not the name of a host/],
        [{ name: "Metrics.example.com" }, /door\.name: .* in small letters/],
        [{ name: "a..example.com" }, /door\.name: .* is not the name of a host/],
        [{ users: undefined }, "door.users: is missing; write who may log in"],
        [{ users: {} }, "door.users: has nobody who may log in; write a name with the hash of a password"],
        [{ users: { "a:b": hash } }, /door\.users\["a:b"\]: "a:b" is not a user's name/],
        [{ users: { "../a": hash } }, /door\.users\["\.\.\/a"\]: "\.\.\/a" is not a user's name/],
        [
            { users: { alice: "hunter2 hunter2" } },
            /door\.users\.alice: is not a bcrypt hash of cost 10 to 14; write what/,
        ],
        [{ users: { alice: hash.replace("$10$", "$04$") } }, /door\.users\.alice: is not a bcrypt hash of cost/],
        [{ users: { alice: hash.replace("$10$", "$31$") } }, /door\.users\.alice: is not a bcrypt hash of cost/],
        [{ users: { alice: `${hash}{file./etc/passwd}` } }, /door\.users\.alice: is not a bcrypt hash of cost/],
        [
            { tls: { issuer: "acme" }, name: "metrics.internal" },
            /tls\.issuer: is acme, and nobody outside knows the name/,
        ],
        [{ tls: { issuer: "acme" }, name: "metrics" }, /tls\.issuer: is acme, and nobody outside knows the name/],
        [{ tls: { issuer: "acme", cert: certificate, key: privateKey }, name: "test" }, /is acme beside a certificate/],
        [{ tls: { email: "ops@example.com" } }, /door\.tls\.email: is for Let's Encrypt/],
        [{ tls: { cert: certificate } }, "door.tls.key: is missing; cert needs it"],
        [{ tls: { key: privateKey } }, "door.tls.cert: is missing; key needs it"],
        [{ tls: { cert: certificate, key: privateKey } }, /door\.tls\.cert: is not for "metrics\.example\.com"/],
        [{ tls: { cert: certificate, key: strangeKey }, name: "test" }, /door\.tls\.key: is not the private key of/],
        [{ forwardAuth: "http://sso:9091" }, "door.users: stands beside forwardAuth, which decides who gets in"],
        [{ users: undefined, forwardAuth: "sso:9091" }, /door\.forwardAuth: "sso:9091" is not a URL/],
        [{ users: undefined, forwardAuth: "http://localhost:9091/" }, /forwardAuth: .* is the door's own container/],
        [{ users: undefined, forwardAuth: "http://a:b@sso/" }, /door\.forwardAuth: has a user or a fragment/],
        [
            { senders: { "web-1": hash } },
            "door.senders: have nobody to send to; write prometheus: {receive: {remoteWrite: true}} or {otlp: true} too, or thanos: {receive: {}}",
        ],
        [{ port: 9090 }, /door\.port: 9090 is already the port of prometheus/],
    ];
    for (const [door, message] of refused) {
        it(`is refused with ${JSON.stringify(door).slice(0, 80)}`, () => {
            const said = mistakes({ door: declared(door) });
            assert.equal(said.length, 1, said.join("\n"));
            assert.match(said[0] ?? "", typeof message === "string" ? new RegExp(escaped(message)) : message);
        });
    }
});

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
