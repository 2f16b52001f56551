import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import * as path from "node:path";
import { parse as parseYaml } from "yaml";
import { renderPrometheusFiles } from "../../../components/prometheus/files";
import { alertingOf } from "../../../config/render/alerting";
import { secretFilesOf } from "../../../config/render/scrapeConfig";
import { discoveryKeys } from "../../../config/schema/discovery";
import { project } from "../../../toolchain/checkout";
import { job, mistakes, parse } from "../../declaration";
import { discoveries } from "../../discoveries";
import { assertGolden } from "../../golden";

const prometheus = { mounts: [{ source: "lists", target: "/lists" }] };
const jobOf = (kind: keyof typeof discoveries) => ({ jobName: kind, [kind]: [discoveries[kind]] });
const rendered = (scrapeJobs: object[]) => {
    const config = parse({ scrapeJobs, prometheus });
    return { files: renderPrometheusFiles(config, config.scrapeJobs), secrets: secretFilesOf(config.scrapeJobs) };
};

describe("A service discovery", () => {
    it("of each kind is rendered, its secrets in files", () => {
        const { files, secrets } = rendered(discoveryKeys.map(jobOf));
        assert.doesNotMatch(JSON.stringify(files), /hunter2|PRIVATE KEY/);
        for (const file of Object.keys(secrets)) {
            assert.ok(files["prometheus.yml"]?.includes(`/etc/prometheus/secrets/${file}`), file);
        }
        assertGolden("discovery", { "prometheus.yml": files["prometheus.yml"] ?? "" });
    });

    it("of each kind is in the documentation", () => {
        const page = readFileSync(path.join(project, "docs/configuration.md"), "utf8");
        assert.deepEqual(
            discoveryKeys.filter((key) => !page.includes(`\`${key}\``)),
            [],
        );
    });

    it("stands beside declared targets, or alone with an empty list of them", () => {
        const { dnsSdConfigs, fileSdConfigs } = discoveries;
        const both = job("both", { dnsSdConfigs: [dnsSdConfigs], fileSdConfigs: [fileSdConfigs] });
        const { files } = rendered([both, { jobName: "alone", dnsSdConfigs: [dnsSdConfigs] }]);
        const [first, second] = parseYaml(files["prometheus.yml"] ?? "").scrape_configs;
        assert.deepEqual(
            first.file_sd_configs.map((each: { files: string[] }) => each.files),
            [["/etc/prometheus/targets/both.yml"], ["/lists/*.yml", "/lists/one.json"]],
        );
        assert.equal(first.dns_sd_configs.length, 1);
        assert.deepEqual(second.file_sd_configs, [{ files: ["/etc/prometheus/targets/alone.yml"] }]);
        assert.deepEqual(parseYaml(files["targets/alone.yml"] ?? ""), []);
        assert.match(files["rules/alone.yml"] ?? "", /absent\(up\{job="alone"\}\)/);
    });

    it("finds Alertmanagers too, its secrets in files of their own", () => {
        const { httpSdConfigs } = discoveries;
        const { alerting } = parse({ alerting: { alertmanagers: [{ httpSdConfigs: [httpSdConfigs] }] } });
        const { config, secrets } = alertingOf(alerting);
        const [file = ""] = Object.keys(secrets);
        assert.deepEqual(config.alertmanagers, [
            {
                http_sd_configs: [
                    {
                        url: "http://inventory:8080/targets?role=web",
                        authorization: { type: "Bearer", credentials_file: `/etc/prometheus/secrets/${file}` },
                    },
                ],
            },
        ]);
    });

    it("keeps the labels that its rules write for those whom alerts are routed to", () => {
        const application = { profile: "fastapi" };
        const rule = { sourceLabels: ["__meta_dns_name"], targetLabel: "team" };
        const { files } = rendered([
            { jobName: "a", dnsSdConfigs: [discoveries.dnsSdConfigs], relabelConfigs: [rule], application },
        ]);
        assert.match(files["rules/a.yml"] ?? "", /sum by \(job, instance, team\)/);
    });

    it("may not have two places in one folder", () => {
        const mounts = ["a", "b"].map((source) => ({ source: `lists-${source}`, target: "/lists" }));
        assert.match(
            mistakes({ prometheus: { mounts } }).join("\n"),
            /mounts\[1\]\.target: "\/lists" is the target of another/,
        );
    });

    const cases: [what: string, job: object, said: RegExp][] = [
        ["no targets at all", {}, /scrapeJobs\[0\]\.staticConfigs: is missing; write .* or a discovery/],
        [
            "Docker's socket",
            { dockerSdConfigs: [{ host: "unix:///var/run/docker.sock" }] },
            /dockerSdConfigs\[0\]\.host: .* or leave it out: the stack's own asks the socket/,
        ],
        [
            "a DNS record without a port",
            { dnsSdConfigs: [{ names: ["a"], type: "A" }] },
            /dnsSdConfigs\[0\]\.port: is missing; write the targets' port/,
        ],
        [
            "a list in Prometheus' own folder",
            { fileSdConfigs: [{ files: ["/etc/prometheus/a.yml"] }] },
            /files\[0\]: "\/etc\/prometheus\/a.yml" is not the path of a list that somebody else writes/,
        ],
        [
            "a list in a folder that nobody mounts",
            { fileSdConfigs: [{ files: ["/shop/a.yml"] }] },
            /files\[0\]: "\/shop\/a.yml" is in no folder .* prometheus\.mounts, such as \[\{source: "lists", target: "\/shop"\}\]/,
        ],
        [
            "an address with a login",
            { httpSdConfigs: [{ url: "http://u:hunter2@inventory/" }] },
            /url: .* without user and password/,
        ],
        [
            "a secret that Prometheus reads from no file",
            { ec2SdConfigs: [{ secretKey: "hunter2" }] },
            /secretKey: is a key of Prometheus that cannot be declared here: .* from no file/,
        ],
        [
            "no secret key of Scaleway",
            { scalewaySdConfigs: [{ role: "instance", projectId: "a", accessKey: "b" }] },
            /scalewaySdConfigs\[0\]\.secretKey: is missing/,
        ],
        [
            "no secret key of Outscale",
            { outscaleSdConfigs: [{ region: "a", accessKey: "b" }] },
            /outscaleSdConfigs\[0\]\.secretKey: is missing/,
        ],
        [
            "neither of two keys",
            { stackitSdConfigs: [{ project: "a" }] },
            /stackitSdConfigs\[0\]\.region: is missing; write region or endpoint/,
        ],
        [
            "Consul's own login",
            { consulSdConfigs: [{ server: "consul:8500", token: "hunter2" }] },
            /token: does not stand here; write authorization/,
        ],
        [
            "a file in place of a secret",
            { marathonSdConfigs: [{ servers: ["http://m:8080"], authTokenFile: "/run/hunter2" }] },
            /authTokenFile: does not stand here; write the secret itself, encrypted, in authToken/,
        ],
        [
            "a discovery whose login cannot be hidden",
            { openstackSdConfigs: [{ password: "hunter2" }] },
            /openstackSdConfigs: is a key of Prometheus that cannot be declared here: .* fileSdConfigs/,
        ],
        [
            "a label that hides one which alerts read",
            {
                ...{ dnsSdConfigs: [discoveries.dnsSdConfigs], host: {} },
                relabelConfigs: [{ sourceLabels: ["__meta_dns_name"], targetLabel: "mode" }],
            },
            /relabelConfigs\[0\]\.targetLabel: "mode" hides the label mode of the samples/,
        ],
    ];
    for (const [what, declared, said] of cases) {
        it(`is refused for ${what}`, () => {
            const lines = mistakes({ scrapeJobs: [{ jobName: "a", ...declared }] });
            // A discovery that nobody knows is none.
            const [line = "", ...others] = lines.filter(
                (each) => !("openstackSdConfigs" in declared) || !/staticConfigs/.test(each),
            );
            assert.deepEqual(others, []);
            assert.match(line, said);
            assert.doesNotMatch(lines.join("\n"), /hunter2/);
        });
    }
});
