import assert from "node:assert/strict";
import { compareSync } from "bcryptjs";
import { parse as parseYaml } from "yaml";
import { certificate, pairCertificate, pairKey, privateKey, strangeKey } from "../../certificates";
import { mistakes, plan } from "../../declaration";

const hash = "$2b$10$diMVD66Q2U1izr9x0xO9DejLwh3QppRxV2K9A0yDhfGPjwEsrGYZy";
const password = "0123456789012345678901";
const tlsServerConfig = { cert: pairCertificate, key: pairKey };
const web = { tlsServerConfig, basicAuthUsers: { alice: hash }, itself: { password } };

function planned(settings: object, more: object = {}) {
    const { parts } = plan({ prometheus: { web: settings }, ...more });
    const part = (name: string) => parts.find(({ part: { key } }) => key === name);
    const secret = (name: string, file: string) => part(name)?.secretFiles[file]?.reveal() ?? "";
    const yaml = (name: string, file: string) => parseYaml(part(name)?.files[file] ?? "") as Yaml;
    return { parts, secret, yaml };
}
type Yaml = Record<string, unknown> & {
    readonly scrape_configs: readonly object[];
    readonly datasources: readonly object[];
};

describe("A certificate and users of Prometheus' own", () => {
    it("reach it in one file, with the stack's own user, and with headers as they are spelt", () => {
        const headers = { "X-Frame-Options": "deny" };
        const tls = { ...tlsServerConfig, minVersion: "TLS13", clientCa: certificate, curvePreferences: ["X25519"] };
        const itself = { password, cert: certificate, key: privateKey };
        const { secret } = planned({
            ...{ ...web, itself, tlsServerConfig: tls },
            httpServerConfig: { http2: false, headers },
        });
        const { basic_auth_users: users, ...file } = parseYaml(secret("prometheus", "@web.yml")) as {
            basic_auth_users: Record<string, string>;
        };
        assert.deepEqual(file, {
            tls_server_config: {
                ...{ cert: pairCertificate, key: pairKey, min_version: "TLS13", curve_preferences: ["X25519"] },
                ...{ client_ca: certificate, client_auth_type: "RequireAndVerifyClientCert" },
            },
            http_server_config: { http2: false, headers },
        });
        assert.equal(users.alice, hash);
        assert.ok(compareSync(password, users["metrics-stack"] ?? ""));
        assert.deepEqual(parseYaml(secret("prometheus", "@web.asking.yml")), {
            basic_auth: { username: "metrics-stack", password },
            tls_config: { insecure_skip_verify: true, cert: certificate, key: privateKey },
        });
    });

    it("are the same files for the same declaration, and others for another password", () => {
        const file = (itself: object) => planned({ ...web, itself }).secret("prometheus", "@web.yml");
        assert.equal(file({ password }), file({ password }));
        assert.notEqual(file({ password }), file({ password: `${password}4` }));
    });

    it("have Prometheus scrape itself with them, and Grafana ask it", () => {
        const { yaml, secret } = planned(web);
        const [own] = yaml("prometheus", "prometheus.yml").scrape_configs;
        const { scheme, basic_auth, tls_config } = own as Record<string, unknown>;
        assert.deepEqual(
            { scheme, basic_auth, tls_config },
            {
                scheme: "https",
                basic_auth: {
                    username: "metrics-stack",
                    password_file: "/etc/prometheus/secrets/prometheus.password",
                },
                tls_config: { ca: pairCertificate, server_name: "alertmanager" },
            },
        );
        assert.equal(secret("prometheus", "prometheus.password"), password);
        const [source] = yaml("grafana", "provisioning/datasources/prometheus.yml").datasources;
        const { url, basicAuth, basicAuthUser, jsonData, secureJsonData } = source as Record<string, object>;
        const [ca, file] = ["tlsCACert", "basicAuthPassword"].map(
            (key) => `datasource.metrics-stack-prometheus.${key}`,
        );
        assert.deepEqual(
            { url, basicAuth, basicAuthUser, secureJsonData },
            {
                url: "https://metrics-stack-test-prometheus:9090",
                ...{ basicAuth: true, basicAuthUser: "metrics-stack" },
                secureJsonData: {
                    tlsCACert: `$__file{/etc/metrics-stack/secrets/${ca}}`,
                    basicAuthPassword: `$__file{/etc/metrics-stack/secrets/${file}}`,
                },
            },
        );
        const { tlsAuthWithCACert, serverName } = jsonData as unknown as Record<string, unknown>;
        assert.deepEqual({ tlsAuthWithCACert, serverName }, { tlsAuthWithCACert: true, serverName: "alertmanager" });
        assert.deepEqual(
            [ca, file].map((each) => secret("grafana", each ?? "")),
            [pairCertificate, password],
        );
    });

    it("have the door ask it, which shows neither to those who ask the door", () => {
        const door = { enabled: true, name: "metrics.example.com", users: { alice: hash } };
        const { parts, secret } = planned(web, { door });
        const text = parts.find(({ part }) => part.key === "door")?.files["caddy.json"] ?? "";
        assert.match(text, /"\{file\.\/etc\/caddy\/secrets\/site-prometheus\.authorization\}"/);
        assert.match(text, /"server_name": "alertmanager"/);
        assert.ok(!text.includes(password));
        const shown = Buffer.from(`metrics-stack:${password}`).toString("base64");
        assert.equal(secret("door", "site-prometheus.authorization"), `Basic ${shown}`);
    });

    it("have alerts sent to Alertmanager with them, and to both of a pair", () => {
        const receivers = [{ name: "team", silent: true }];
        const alertmanager = { enabled: true, bindAddress: "10.0.0.5", receivers, web };
        const { cert, key } = tlsServerConfig;
        const pair = { replica: "a", address: "10.0.0.5:9094", other: "10.0.0.6:9094", cert, key };
        for (const [more, others] of [
            [{}, []],
            [{ pair }, ["10.0.0.6:9093"]],
        ] as const) {
            const { yaml, secret } = planned(web, { alertmanager, ...more });
            const { alerting } = yaml("prometheus", "prometheus.yml") as { alerting?: { alertmanagers: object[] } };
            const file = "@alertmanager.password";
            assert.deepEqual(alerting?.alertmanagers, [
                {
                    static_configs: [{ targets: ["metrics-stack-test-alertmanager:9093", ...others] }],
                    scheme: "https",
                    basic_auth: { username: "metrics-stack", password_file: `/etc/prometheus/secrets/${file}` },
                    tls_config: { ca: pairCertificate, server_name: "alertmanager" },
                },
            ]);
            assert.equal(secret("prometheus", file), password);
            assert.match(secret("alertmanager", "@web.yml"), /^basic_auth_users:/);
        }
        const mistake = mistakes({ alertmanager: { ...alertmanager, web: {} } });
        assert.match(mistake.join(), /alertmanager\.web: says nothing/);
    });

    it("are in no file that is not secret", () => {
        for (const { files } of planned(web, { grafana: {} }).parts) {
            assert.doesNotMatch(JSON.stringify(files), new RegExp(`${password}|PRIVATE KEY|\\$2b`));
        }
    });

    it("may be the one without the other", () => {
        const own = (settings: object) => {
            const { yaml } = planned(settings);
            const { scheme, basic_auth, tls_config } = yaml("prometheus", "prometheus.yml").scrape_configs[0] as Yaml;
            return [scheme, basic_auth !== undefined, tls_config !== undefined];
        };
        assert.deepEqual(own({ tlsServerConfig }), ["https", false, true]);
        assert.deepEqual(own({ basicAuthUsers: { alice: hash }, itself: { password } }), ["http", true, false]);
    });

    for (const [what, settings, expected] of [
        ["nothing", {}, /prometheus\.web: says nothing; write tlsServerConfig or basicAuthUsers/],
        ["a flag", undefined, /extraFlags\[0\]: "--web\.config\.file=a" is not for this stack: write web/],
        [
            "users that the stack is none of",
            { basicAuthUsers: { alice: hash } },
            /web\.itself: is missing; the stack itself has to log in; write its password/,
        ],
        [
            "the stack's own user",
            { ...web, basicAuthUsers: { "metrics-stack": hash } },
            /web\.basicAuthUsers\.metrics-stack: is the stack's own user; write itself\.password/,
        ],
        [
            "a password",
            { ...web, basicAuthUsers: { alice: "hunter2" } },
            /alice: is not a bcrypt hash .* htpasswd -nBC/,
        ],
        ["a short own password", { ...web, itself: { password: "hunter2" } }, /itself\.password: is not of 20 to 72/],
        [
            "an own password alone",
            { tlsServerConfig, itself: { password } },
            /itself\.password: has no effect without basicAuthUsers/,
        ],
        [
            "another key",
            { tlsServerConfig: { ...tlsServerConfig, key: strangeKey } },
            /tlsServerConfig\.key: is not the private key of the certificate in cert/,
        ],
        [
            "a certificate without a name",
            { tlsServerConfig: { cert: certificate, key: privateKey } },
            /tlsServerConfig\.cert: is for no host; write one with a subject alternative name/,
        ],
        [
            "clients' certificates without one of the stack",
            { tlsServerConfig: { ...tlsServerConfig, clientCa: certificate } },
            /web\.itself: is missing.*write its cert.*web\.itself: is missing.*write its key/,
        ],
        [
            "versions in the wrong order",
            { tlsServerConfig: { ...tlsServerConfig, minVersion: "TLS13", maxVersion: "TLS12" } },
            /minVersion: is newer than maxVersion/,
        ],
        [
            "a file",
            { tlsServerConfig: { ...tlsServerConfig, cert_file: "a" } },
            /cert_file: .*the text of the file in cert/,
        ],
        [
            "a header in another spelling",
            { ...web, httpServerConfig: { headers: { "x-frame-options": "deny" } } },
            /X-Frame/,
        ],
    ] as const) {
        it(`may not be ${what}`, () => {
            const prometheus = settings ? { web: settings } : { extraFlags: ["--web.config.file=a"] };
            const said = mistakes({ prometheus });
            assert.match(said.join(" "), expected);
            assert.doesNotMatch(said.join(), /hunter2|PRIVATE|\$2b/);
        });
    }
});
