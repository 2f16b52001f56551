import assert from "node:assert/strict";
import { parse as parseYaml } from "yaml";
import type { PlannedPart } from "../../../components/planned";
import { certificate, pairCertificate, pairKey, strangeKey } from "../../certificates";
import { job, mistakes, plan } from "../../declaration";

const both = { cert: pairCertificate, key: pairKey };
const pair = { replica: "a", address: "10.0.0.5:9094", other: "b.example.com:9094", ...both };
const command =
    "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 3650 " +
    "-subj /CN=alertmanager -addext subjectAltName=DNS:alertmanager -keyout key.pem -out cert.pem";
const alertmanager = {
    ...{ enabled: true, bindAddress: "10.0.0.5" },
    receivers: [{ name: "team", webhook: { url: "http://team" } }],
};

const configOf = (raw: Record<string, unknown>) => {
    const [prometheus] = plan(raw).parts;
    return parseYaml(prometheus?.files["prometheus.yml"] ?? "");
};

describe("A pair", () => {
    it("has the label of one of the two, and sends both its alerts without it", () => {
        const config = configOf({
            ...{ pair, alertmanager, nodeExporter: { enabled: false }, scrapeJobs: [job("shop")] },
            externalLabels: { region: "eu" },
            alerting: { alertRelabelConfigs: [{ action: "labeldrop", regex: "region" }] },
        });
        assert.deepEqual(config.global.external_labels, { region: "eu", replica: "a" });
        assert.deepEqual(config.alerting, {
            alert_relabel_configs: [
                {
                    ...{ source_labels: ["job", "replica"], separator: ";", target_label: "member" },
                    regex: "(?:prometheus|alertmanager);(.+)",
                },
                { action: "labeldrop", regex: "replica" },
                { action: "labeldrop", regex: "region" },
            ],
            alertmanagers: [
                { static_configs: [{ targets: ["metrics-stack-test-alertmanager:9093", "b.example.com:9093"] }] },
            ],
        });
    });

    it("sends to where the other one says that it takes alerts", () => {
        const otherAlertmanager = "b.example.com:19093";
        const [group] = configOf({ pair: { ...pair, otherAlertmanager }, alertmanager }).alerting.alertmanagers;
        assert.ok(group.static_configs[0].targets.includes(otherAlertmanager));
    });

    it("may have its Alertmanager elsewhere", () => {
        const elsewhere = { alertmanagers: [{ staticConfigs: [{ targets: ["am:9093"] }] }] };
        const config = configOf({ pair: { replica: "b" }, alerting: elsewhere });
        assert.deepEqual(config.alerting.alertmanagers, [{ static_configs: [{ targets: ["am:9093"] }] }]);
        assert.equal(config.global.external_labels.replica, "b");
    });

    it("knows the other one by a certificate, whose key is a secret file", () => {
        const { files, secretFiles } = plan({ pair, alertmanager }).parts.find(
            ({ part }) => part.key === "alertmanager",
        ) as PlannedPart;
        const own = {
            cert_file: "/etc/alertmanager/current/pair.crt",
            key_file: "/etc/alertmanager/secrets/@pair.key",
        };
        const authority = "/etc/alertmanager/current/pair.crt";
        assert.deepEqual(parseYaml(files["pair.yml"] ?? ""), {
            tls_server_config: { ...own, client_auth_type: "RequireAndVerifyClientCert", client_ca_file: authority },
            tls_client_config: { ...own, ca_file: authority, server_name: "alertmanager" },
        });
        assert.equal(files["pair.crt"], pairCertificate);
        assert.equal(secretFiles["@pair.key"]?.reveal(), pairKey);
    });

    it("listens where nobody else does", () => {
        const { wanted } = plan({ pair, alertmanager });
        assert.ok(
            wanted.listeners.some(
                ({ address, port, path }) => `${address}:${port}` === pair.address && path.join(".") === "pair.address",
            ),
        );
    });

    for (const { raw, said } of [
        {
            raw: { pair: { replica: "a" }, alertmanager },
            said: [
                'pair.address: is missing; write this Docker host\'s address and a port for the other Alertmanager, such as "10.0.0.5:9094"',
                `pair.cert: is missing; write the one that both have, of what this makes: ${command}`,
                `pair.key: is missing; write the one that both have, of what this makes: ${command}`,
                'pair.other: is missing; write the other one\'s, such as "10.0.0.6:9094"',
            ],
        },
        {
            raw: { pair },
            said: ["address", "cert", "key", "other"].map(
                (key) =>
                    `pair.${key}: is of an Alertmanager, and alertmanager.enabled is false; leave one of the two out`,
            ),
        },
        {
            raw: { pair, alertmanager: { ...alertmanager, bindAddress: "127.0.0.1" } },
            said: [
                'alertmanager.bindAddress: "127.0.0.1" is this host alone, and the other one of the pair sends its alerts here too; write "10.0.0.5"',
            ],
        },
        {
            raw: { pair: { ...pair, cert: certificate, key: strangeKey }, alertmanager },
            said: [
                `pair.cert: is not for alertmanager; write one that this makes: ${command}`,
                "pair.key: is not the private key of the certificate in cert; write the one that is",
            ],
        },
        {
            raw: { pair, alertmanager, externalLabels: { replica: "a" } },
            said: ["externalLabels.replica: is what pair.replica says; leave it out"],
        },
        {
            raw: { pair: { ...pair, address: "a.example.com:9094", other: "b.example.com" }, alertmanager },
            said: [
                'pair.address: "a.example.com:9094" is not an IPv4 address with a port; write that of this Docker host, such as "10.0.0.5:9094"',
                'pair.other: "b.example.com" has no port; write host:port, such as "b.example.com:9094"',
            ],
        },
    ]) {
        it(`is refused: ${said[0]?.slice(0, 60)}`, () =>
            assert.deepEqual(
                mistakes(raw),
                said.map((each) => `metrics-stack:${each}`),
            ));
    }
});
