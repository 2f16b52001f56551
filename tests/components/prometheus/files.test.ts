import assert from "node:assert/strict";
import { parse as parseYaml } from "yaml";
import { renderPrometheusFiles } from "../../../components/prometheus/files";
import { secretFilesOf } from "../../../config/render/scrapeConfig";
import type { ScrapeJob } from "../../../config/schema/scrapeJob";
import { publishedJob } from "../../../config/render/job";
import { certificate, privateKey } from "../../certificates";
import { job, ownJob, parse } from "../../declaration";
import { assertGolden } from "../../golden";

/** A job with everything that a job can have. */
const everything = {
    jobName: "everything",
    staticConfigs: [
        { targets: ["b.example:443", "a.example:443"], labels: { tier: "web", zone: "on" } },
        { targets: ["[::1]:9100"] },
    ],
    metricsPath: "/custom/metrics",
    scheme: "https",
    scrapeInterval: "1m30s",
    scrapeTimeout: "20s",
    params: { module: ["http_2xx"], "match[]": ["up", '{job="x"}'] },
    honorLabels: true,
    honorTimestamps: false,
    followRedirects: false,
    enableHttp2: false,
    trackTimestampsStaleness: true,
    enableCompression: false,
    proxyUrl: "http://proxy:3128",
    noProxy: "10.0.0.0/8,.internal",
    httpHeaders: {
        "X-Scope-OrgID": { values: ["shop"], secrets: ["header-not-to-be-seen"] },
        "x-plain": { values: ["a", "b"] },
    },
    scrapeProtocols: ["PrometheusProto", "OpenMetricsText1.0.0"],
    scrapeNativeHistograms: true,
    alwaysScrapeClassicHistograms: true,
    convertClassicHistogramsToNhcb: false,
    nativeHistogramBucketLimit: 160,
    nativeHistogramMinBucketFactor: 1.1,
    keepDroppedTargets: 5,
    metricNameValidationScheme: "legacy",
    metricNameEscapingScheme: "dots",
    extraScrapeMetrics: true,
    scrapeFailureLogFile: "/prometheus/everything.log",
    fallbackScrapeProtocol: "PrometheusText0.0.4",
    authorization: { credentials: "token-not-to-be-seen" },
    tlsConfig: { ca: certificate, cert: certificate, key: privateKey, serverName: "a", minVersion: "TLS12" },
    relabelConfigs: [{ sourceLabels: ["__address__"], regex: "(.*):\\d+", targetLabel: "instance" }],
    metricRelabelConfigs: [{ sourceLabels: ["__name__"], regex: "go_.*", action: "drop" }],
    bodySizeLimit: "10MB",
    sampleLimit: 5000,
    targetLimit: 10,
    labelLimit: 30,
    labelNameLengthLimit: 100,
    labelValueLengthLimit: 200,
};

const oauth2 = {
    clientId: "metrics",
    clientSecret: "client-not-to-be-seen",
    tokenUrl: "https://login.example.com/token",
    scopes: ["metrics.read"],
    endpointParams: { audience: "shop", camelCase: "kept" },
    tlsConfig: { insecureSkipVerify: true, cert: certificate, key: privateKey },
    proxyUrl: "http://proxy:3128",
};

function rendered(raw: Record<string, unknown>, published: readonly ScrapeJob[] = []) {
    const config = parse(raw);
    return renderPrometheusFiles(config, [...published, ...config.scrapeJobs]);
}

const scrapeConfigs = (files: Readonly<Record<string, string>>) =>
    parseYaml(files["prometheus.yml"] ?? "").scrape_configs as Record<string, unknown>[];

describe("Prometheus' files", () => {
    it("of the seed's three jobs", () =>
        assertGolden(
            "seed",
            rendered({}, [
                ownJob("prometheus"),
                publishedJob("node_exporter", "172.28.7.1:9100", {}, { labels: { instance: "web-1" } }),
                publishedJob("web_be", "metrics-stack-test-web-be:8000", {}),
            ]),
        ));

    it("of jobs with every setting", () =>
        assertGolden(
            "everything",
            rendered({
                scrapeInterval: "30s",
                evaluationInterval: "1m",
                externalLabels: { region: "eu-1", price: "$5", answer: "yes" },
                ruleQueryOffset: "90s",
                queryLogFile: "/prometheus/queries.log",
                scrapeProtocols: ["OpenMetricsText1.0.0", "PrometheusText0.0.4"],
                scrapeNativeHistograms: false,
                alwaysScrapeClassicHistograms: true,
                convertClassicHistogramsToNhcb: true,
                ...{ bodySizeLimit: "20MB", sampleLimit: 50_000, targetLimit: 100, labelLimit: 40 },
                ...{ labelNameLengthLimit: 150, labelValueLengthLimit: 250, keepDroppedTargets: 50 },
                metricNameValidationScheme: "utf8",
                metricNameEscapingScheme: "underscores",
                extraScrapeMetrics: false,
                scrapeFailureLogFile: "/prometheus/failures.log",
                scrapeJobs: [
                    everything,
                    job("tokens", { oauth2 }),
                    job("shop.api-v2", { basicAuth: { username: "scraper", password: "password-not-to-be-seen" } }),
                ],
            }),
        ));

    it("of a stack with Alertmanager", () => {
        const jobs = [ownJob("prometheus"), ownJob("alertmanager")];
        assertGolden(
            "alerting",
            renderPrometheusFiles(parse(), jobs, [{ targets: ["metrics-stack-test-alertmanager:9093"] }]),
        );
    });

    it("name the Alertmanager that alerts are sent to, and nothing else changes", () => {
        const config = parse();
        const [without, to] = [[], [{ targets: ["metrics-stack-test-alertmanager:9093"] }]].map((alertmanagers) =>
            parseYaml(renderPrometheusFiles(config, [], alertmanagers)["prometheus.yml"] ?? ""),
        );
        const { alerting, ...rest } = to;
        assert.deepEqual(alerting, {
            alertmanagers: [{ static_configs: [{ targets: ["metrics-stack-test-alertmanager:9093"] }] }],
        });
        assert.deepEqual(rest, without);
    });

    it("hold no secret, and name a file for each", () => {
        const raw = {
            scrapeJobs: [
                everything,
                job("b", { basicAuth: { username: "u", password: "x-not-to-be-seen" } }),
                job("tokens", { oauth2 }),
            ],
        };
        const files = JSON.stringify(rendered(raw));
        assert.doesNotMatch(files, /not-to-be-seen|PRIVATE KEY/);
        const secrets = secretFilesOf(parse(raw).scrapeJobs);
        assert.deepEqual(Object.fromEntries(Object.entries(secrets).map(([file, secret]) => [file, secret.reveal()])), {
            "everything.credentials": "token-not-to-be-seen",
            "everything.key": privateKey,
            "everything.cert": certificate,
            "everything@header0.0": "header-not-to-be-seen",
            "b.password": "x-not-to-be-seen",
            "tokens@oauth2.client_secret": "client-not-to-be-seen",
            "tokens@oauth2.key": privateKey,
            "tokens@oauth2.cert": certificate,
        });
        for (const file of Object.keys(secrets)) {
            assert.ok(rendered(raw)["prometheus.yml"]?.includes(`/etc/prometheus/secrets/${file}`), file);
        }
    });

    it("are the same bytes whatever the order of targets and labels", () => {
        const first = { targets: ["a:1", "b:1"], labels: { x: "1", y: "2" } };
        const second = { targets: ["b:1", "a:1"], labels: { y: "2", x: "1" } };
        const jobOf = (...staticConfigs: object[]) => ({ scrapeJobs: [{ jobName: "a", staticConfigs }] });
        const other = { targets: ["c:1"] };
        assert.deepEqual(rendered(jobOf(first, other)), rendered(jobOf(other, second)));
    });

    it("change in one place only when a target is added: a list that Prometheus watches", () => {
        const [before, after] = [
            rendered({ scrapeJobs: [job("a")] }),
            rendered({ scrapeJobs: [job("a", {}, ["a:1", "b:1"])] }),
        ];
        const changed = Object.keys(after).filter((file) => before[file] !== after[file]);
        assert.deepEqual(changed, ["targets/a.yml"]);
    });

    it("keep the order of jobs, so that a new one is the only difference", () => {
        const before = rendered({ scrapeJobs: [job("m"), job("z")] })["prometheus.yml"] ?? "";
        const after = rendered({ scrapeJobs: [job("m"), job("z"), job("a")] })["prometheus.yml"] ?? "";
        assert.ok(after.startsWith(before));
    });

    it("give a job that is scraped more often than the global timeout a shorter one", () => {
        const [config] = scrapeConfigs(rendered({ scrapeJobs: [job("a", { scrapeInterval: "5s" })] }));
        assert.equal(config?.scrape_timeout, "5s");
    });
});
