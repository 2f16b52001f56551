import assert from "node:assert/strict";
import { inspect } from "node:util";
import { job, mistakes, parse } from "./declaration";

/** An Alertmanager that is on, with a receiver; `rest` wins. */
const alerting = (rest: object) => ({ alertmanager: { enabled: true, receivers: [team], ...rest } });
const team = { name: "team", slack: { webhookUrl: "https://hooks.example.com/not-to-be-seen" } };
const mail = { to: "ops@example.com", from: "alerts@example.com", smarthost: "smtp.example.com:587" };

const secretJob = job("shop", { basicAuth: { username: "u", password: "hunter2-not-to-be-seen" } });

/** Each mistake with a part of its one message. The message begins with the key as the user typed it. */
const refused: [what: string, raw: Record<string, unknown>, message: RegExp][] = [
    ["an unknown key", { scrapeIntervall: "15s" }, /^metrics-stack:scrapeIntervall: .*did you mean scrapeInterval\?$/],
    [
        "an unknown key far from any",
        { zzz: "1" },
        /^metrics-stack:zzz: is not a known key; write one of scrapeInterval, /,
    ],
    [
        "an unknown key of a job",
        { scrapeJobs: [job("a", { metricPath: "/m" })] },
        /^metrics-stack:scrapeJobs\[0\]\.metricPath: .*did you mean metricsPath\?$/,
    ],
    [
        "targets outside a target group",
        { scrapeJobs: [{ jobName: "a", staticConfigs: [{ targets: ["a:1"] }], targets: ["b:1"] }] },
        /^metrics-stack:scrapeJobs\[0\]\.targets: does not stand here; write staticConfigs: /,
    ],
    [
        "a bare number as interval",
        { scrapeInterval: "15" },
        /^metrics-stack:scrapeInterval: "15" is not a duration .*"15s"/,
    ],
    [
        "a fraction as interval",
        { evaluationInterval: "1.5m" },
        /^metrics-stack:evaluationInterval: "1\.5m" is not a duration/,
    ],
    ["an interval of zero", { scrapeInterval: "0s" }, /"0s" is not a duration above zero/],
    [
        "a timeout above its interval",
        { scrapeInterval: "5s", scrapeTimeout: "10s" },
        /^metrics-stack:scrapeTimeout: "10s" is longer than the scrapeInterval of 5s/,
    ],
    [
        "a job's timeout above the global interval",
        { scrapeJobs: [job("a", { scrapeTimeout: "1m" })] },
        /^metrics-stack:scrapeJobs\[0\]\.scrapeTimeout: "1m" is longer than the scrapeInterval of 15s/,
    ],
    [
        "a job without a name",
        { scrapeJobs: [{ staticConfigs: [{ targets: ["a:1"] }] }] },
        /jobName: is missing; write one, such as "web_be"/,
    ],
    ["a job name with a space", { scrapeJobs: [job("a b", {}, ["a:1"])] }, /jobName: "a b" is not a job name/],
    [
        "two jobs of one name",
        { scrapeJobs: [job("a"), job("a")] },
        /scrapeJobs\[1\]\.jobName: "a" is already the name of scrapeJobs\[0\]/,
    ],
    [
        "the name of an own job",
        { scrapeJobs: [job("node_exporter")] },
        /"node_exporter" is already the name of the stack's own nodeExporter/,
    ],
    [
        "a job without targets",
        { scrapeJobs: [{ jobName: "a", staticConfigs: [] }] },
        /staticConfigs: is empty; write at least one group/,
    ],
    [
        "a target without a port",
        { scrapeJobs: [job("a", {}, ["web"])] },
        /targets\[0\]: "web" has no port; write host:port, such as "web:8000"/,
    ],
    ["a target with a scheme", { scrapeJobs: [job("a", {}, ["http://web:1"])] }, /has a scheme; write only host:port/],
    [
        "a target with a path",
        { scrapeJobs: [job("a", {}, ["web:1/metrics"])] },
        /has a path; write only host:port, and the path in the job's metricsPath/,
    ],
    [
        "a target that is none",
        { scrapeJobs: [job("a", {}, ["not a host::::99"])] },
        /"not a host::::99" is not host:port/,
    ],
    ["a port outside the range", { scrapeJobs: [job("a", {}, ["web:65536"])] }, /has a port outside 1 to 65535/],
    [
        "a target twice",
        { scrapeJobs: [job("a", {}, ["web:1", "web:1"])] },
        /targets\[1\]: "web:1" is in this job twice/,
    ],
    [
        "two targets with one instance",
        {
            scrapeJobs: [
                {
                    jobName: "a",
                    staticConfigs: [{ targets: ["x:1", "y:1"], labels: { instance: "same" } }],
                },
            ],
        },
        /targets\[1\]: "y:1" has the same labels as "x:1" in this job/,
    ],
    [
        "a query in the path",
        { scrapeJobs: [job("a", { metricsPath: "/metrics?x=1" })] },
        /"\/metrics\?x=1" is not a path that begins with \/ and has no query/,
    ],
    [
        "a relative path",
        { scrapeJobs: [job("a", { metricsPath: "metrics" })] },
        /"metrics" is not a path that begins with \//,
    ],
    [
        "an unknown scheme",
        { scrapeJobs: [job("a", { scheme: "ftp" })] },
        /scheme: "ftp" is not a known word; write one of http, https/,
    ],
    [
        "an unknown relabel action",
        { scrapeJobs: [job("a", { relabelConfigs: [{ action: "delete" }] })] },
        /relabelConfigs\[0\]\.action: "delete" is not a known word; write one of replace, keep/,
    ],
    [
        "a label with a dash",
        { externalLabels: { "my-label": "x" } },
        /^metrics-stack:externalLabels\.my-label: is not a valid name/,
    ],
    [
        "a label that is a number",
        { scrapeJobs: [{ jobName: "a", staticConfigs: [{ targets: ["a:1"], labels: { shard: 1 } }] }] },
        /labels\.shard: 1 is not text; write text in quotes/,
    ],
    [
        "two kinds of authentication",
        { scrapeJobs: [{ ...secretJob, authorization: { credentials: "x" } }] },
        /authorization: stands beside basicAuth; write one of the two/,
    ],
    [
        "a client certificate without its key",
        { scrapeJobs: [job("a", { tlsConfig: { cert: "-----BEGIN CERTIFICATE-----" } })] },
        /tlsConfig\.key: is missing; write cert and key together/,
    ],
    ["a limit of zero", { scrapeJobs: [job("a", { sampleLimit: 0 })] }, /sampleLimit: 0 is not above zero/],
    [
        "a floating tag",
        { prometheus: { image: "prom/prometheus:latest" } },
        /prometheus\.image: "prom\/prometheus:latest" is not an image with a fixed tag or digest/,
    ],
    [
        "an image without a tag",
        { grafana: { image: "grafana/grafana" } },
        /grafana\.image: "grafana\/grafana" is not an image with a fixed tag/,
    ],
    ["a retention in words", { prometheus: { retentionTime: "5 days" } }, /retentionTime: "5 days" is not a duration/],
    [
        "a size in words",
        { prometheus: { retentionSize: "lots" } },
        /retentionSize: "lots" is not a size above zero; write the most .*"50GB"/,
    ],
    ["a port as text", { prometheus: { port: "9090" } }, /prometheus\.port: "9090" is not a TCP port/],
    ["a port twice", { prometheus: { port: 3000 } }, /grafana\.port: 3000 is already the port of prometheus/],
    [
        "a name as address",
        { grafana: { bindAddress: "localhost" } },
        /bindAddress: "localhost" is not an IPv4 address; write one, such as "127\.0\.0\.1"/,
    ],
    [
        "a subnet that is an address",
        { network: { subnet: "172.28.7.1/24" } },
        /network\.subnet: "172\.28\.7\.1\/24" is not an IPv4 network; write its first address/,
    ],
    [
        "a gateway outside the subnet",
        { network: { subnet: "172.28.7.0/24", gateway: "172.28.8.1" } },
        /network\.gateway: "172\.28\.8\.1" is not a host of 172\.28\.7\.0\/24/,
    ],
    [
        "a gateway without a subnet",
        { network: { gateway: "172.28.8.1" } },
        /network\.subnet: is missing; write the subnet that the gateway belongs to/,
    ],
    ["a word for true", { retainData: "yes" }, /^metrics-stack:retainData: "yes" is not true or false/],
    [
        "a host as endpoint",
        { dockerHost: "web-1" },
        /^metrics-stack:dockerHost: "web-1" is not a Docker endpoint; write one, such as /,
    ],
    [
        "an Alertmanager that tells nobody",
        alerting({ receivers: [] }),
        /^metrics-stack:alertmanager\.receivers: is empty; write at least one, such as /,
    ],
    [
        "an Alertmanager whose first receiver listens for silence only",
        alerting({ watchdogReceiver: "team" }),
        /receivers\[0\]\.name: "team" is the watchdogReceiver; write first the receiver that people read/,
    ],
    [
        "a receiver that reaches nobody",
        alerting({ receivers: [team, { name: "other" }] }),
        /receivers\[1\]: reaches nobody; write at least one of email, pagerduty, slack, webhook/,
    ],
    [
        "two receivers of one name",
        alerting({ receivers: [team, team] }),
        /receivers\[1\]\.name: "team" is already the name of receivers\[0\]; write a name of its own/,
    ],
    [
        "a receiver's name with a space",
        alerting({ receivers: [{ ...team, name: "the team" }] }),
        /receivers\[0\]\.name: "the team" is not a receiver's name .*; write one, such as "team"/,
    ],
    [
        "a receiver's name that would be a hidden file",
        alerting({ receivers: [{ ...team, name: ".team" }] }),
        /receivers\[0\]\.name: "\.team" is not a receiver's name/,
    ],
    [
        "an unknown receiver in a route",
        alerting({ routes: [{ receiver: "taem" }] }),
        /^metrics-stack:alertmanager\.routes\[0\]\.receiver: "taem" is no receiver; did you mean team\?/,
    ],
    [
        "an unknown receiver of the Watchdog",
        alerting({ watchdogReceiver: "heartbeat" }),
        /alertmanager\.watchdogReceiver: "heartbeat" is no receiver; write one of team/,
    ],
    [
        "an unknown severity in a route",
        alerting({ routes: [{ receiver: "team", severities: ["fatal"] }] }),
        /severities\[0\]: "fatal" is not a known word; write one of critical, warning, info/,
    ],
    ["a wait without a unit", alerting({ groupWait: "30" }), /alertmanager\.groupWait: "30" is not a duration/],
    [
        "a route's repetition in words",
        alerting({ routes: [{ receiver: "team", repeatInterval: "daily" }] }),
        /routes\[0\]\.repeatInterval: "daily" is not a duration/,
    ],
    [
        "an external URL without a scheme",
        alerting({ externalUrl: "alerts.example.com" }),
        /alertmanager\.externalUrl: "alerts\.example\.com" is not a URL; write one, such as "https:/,
    ],
    [
        "a webhook's URL that is none, without quoting it",
        alerting({ receivers: [{ name: "team", slack: { webhookUrl: "not-to-be-seen" } }] }),
        /receivers\[0\]\.slack\.webhookUrl: is not a URL; write one that begins with "https:\/\/" or "http:\/\/"$/,
    ],
    [
        "a webhook without its URL",
        alerting({ receivers: [{ name: "team", webhook: {} }] }),
        /receivers\[0\]\.webhook\.url: is missing; write a secret text/,
    ],
    [
        "an e-mail address that is none",
        alerting({ receivers: [{ name: "team", email: { ...mail, to: "ops@example.com; x@example.com" } }] }),
        /email\.to: "ops@example\.com; x@example\.com" is not an e-mail address; write one, such as .*, or several/,
    ],
    [
        "a mail server without a port",
        alerting({ receivers: [{ name: "team", email: { ...mail, smarthost: "smtp.example.com" } }] }),
        /email\.smarthost: "smtp\.example\.com" is not host:port; write the mail server, such as /,
    ],
    [
        "a user name at the mail server without a password",
        alerting({ receivers: [{ name: "team", email: { ...mail, authUsername: "u" } }] }),
        /email\.authPassword: is missing; write authUsername and authPassword together/,
    ],
    [
        "a template as channel",
        alerting({ receivers: [{ name: "team", slack: { ...team.slack, channel: "{{ x" } }] }),
        /slack\.channel: "\{\{ x" is not a channel; write one, such as "#alerts"/,
    ],
    [
        "the name of Alertmanager's own job",
        { ...alerting({}), scrapeJobs: [job("alertmanager")] },
        /"alertmanager" is already the name of the stack's own alertmanager/,
    ],
    [
        "the port of Alertmanager",
        { ...alerting({}), webBe: { enabled: true, port: 9093 } },
        /webBe\.port: 9093 is already the port of alertmanager/,
    ],
    [
        "an alert to disable that there is not",
        { alerts: { disabled: ["HostCpuBusi"] } },
        /^metrics-stack:alerts\.disabled\[0\]: "HostCpuBusi" is no alert; did you mean HostCpuBusy\?$/,
    ],
    [
        "a profile of a job that there is not",
        { scrapeJobs: [job("a", { application: { profile: "fastapy" } })] },
        /^metrics-stack:scrapeJobs\[0\]\.application\.profile: "fastapy" is no profile; did you mean fastapi\?$/,
    ],
    [
        "a profile of the example service that there is not",
        { webBe: { application: { profile: "django" } } },
        /^metrics-stack:webBe\.application\.profile: "django" is no profile; write one of fastapi, opentelemetry$/,
    ],
    [
        "a critical share of free space that is no worse than the warning's",
        { nodeExporter: { host: { filesystemFree: { critical: 0.1 } } } },
        /^metrics-stack:nodeExporter\.host\.filesystemFree\.critical: 0\.1 is no worse than the warning's 0\.05; write a smaller one$/,
    ],
    [
        "a critical time that is no worse than the warning's",
        { scrapeJobs: [job("a", { host: { filesystemFullWithin: { warning: "4h" } } })] },
        /^metrics-stack:scrapeJobs\[0\]\.host\.filesystemFullWithin\.critical: "4h" is no worse than the warning's "4h"; write a smaller one$/,
    ],
    [
        "a critical stall that is no worse than the warning's",
        { nodeExporter: { host: { memoryStalled: { warning: 0.3 } } } },
        /memoryStalled\.critical: 0\.2 is no worse than the warning's 0\.3; write a larger one$/,
    ],
    [
        "an object as list",
        { scrapeJobs: { jobName: "a" } },
        /^metrics-stack:scrapeJobs: an object is not a list; write a list of scrape jobs/,
    ],
    [
        "text as object",
        { prometheus: "on" },
        /^metrics-stack:prometheus: "on" is not an object; write an object with keys from image, /,
    ],
];

describe("a declaration is refused for", () => {
    for (const [what, raw, message] of refused) {
        it(what, () => {
            const lines = mistakes(raw);
            assert.equal(lines.length, 1, lines.join("\n"));
            assert.match(lines[0] ?? "", message);
        });
    }

    it("a secret in plain text, with the command that stores it, and without quoting it", () => {
        const lines = mistakes({ scrapeJobs: [secretJob] }, []);
        assert.deepEqual(lines, [
            "metrics-stack:scrapeJobs[0].basicAuth.password: is in plain text; remove it and store it encrypted: " +
                "pulumi config set --path --secret 'scrapeJobs[0].basicAuth.password'",
        ]);
    });

    it("a receiver's secret in plain text, with the command that stores it", () => {
        assert.deepEqual(mistakes(alerting({}), []), [
            "metrics-stack:alertmanager.receivers[0].slack.webhookUrl: is in plain text; remove it and store it encrypted: " +
                "pulumi config set --path --secret 'alertmanager.receivers[0].slack.webhookUrl'",
        ]);
    });

    it("all mistakes of its receivers at once", () => {
        const receivers = [
            { ...team, name: "the team" },
            { name: "other", email: { ...mail, to: "ops", authPassword: "x" } },
            { name: "other" },
        ];
        const routes = [{ receiver: "toher", severities: ["fatal"] }];
        const lines = mistakes(alerting({ receivers, routes, watchdogReceiver: "x", groupWait: "30" }));
        assert.deepEqual(
            lines.map((line) => line.slice("metrics-stack:alertmanager.".length, line.indexOf(": "))),
            [
                "groupWait",
                "receivers[0].name",
                "receivers[1].email.authUsername",
                "receivers[1].email.to",
                "receivers[2].name",
                "receivers[2]",
                "routes[0].receiver",
                "routes[0].severities[0]",
                "watchdogReceiver",
            ],
        );
        assert.doesNotMatch(lines.join("\n"), /not-to-be-seen/);
    });

    it("all its mistakes at once", () => {
        const merged = {
            scrapeInterval: "15",
            retainData: "yes",
            scrapeTimeout: "1.5m",
            externalLabels: { "my-label": "x" },
            scrapeJobs: [job("a", {}, ["web", "http://x:1", "a:1", "a:1"]), job("a"), job("b", { scheme: "ftp" })],
            prometheus: { port: 0, retentionSize: "lots" },
            network: { subnet: "nowhere" },
        };
        const keys = mistakes(merged).map((line) => line.slice("metrics-stack:".length, line.indexOf(": ")));
        assert.deepEqual(keys, [
            "externalLabels.my-label",
            "network.subnet",
            "prometheus.port",
            "prometheus.retentionSize",
            "retainData",
            "scrapeInterval",
            "scrapeJobs[0].staticConfigs[0].targets[0]",
            "scrapeJobs[0].staticConfigs[0].targets[1]",
            "scrapeJobs[0].staticConfigs[0].targets[3]",
            "scrapeJobs[1].jobName",
            "scrapeJobs[2].scheme",
            "scrapeTimeout",
        ]);
    });
});

describe("a declaration's defaults", () => {
    it("are complete and private", () => {
        const config = parse();
        assert.equal(config.scrapeInterval, 15_000);
        assert.equal(config.scrapeTimeout, 10_000);
        assert.equal(config.retainData, true);
        assert.equal(config.prometheus.bindAddress, "127.0.0.1");
        assert.equal(config.grafana?.bindAddress, "127.0.0.1");
        assert.equal(config.nodeExporter?.instance, "web-1");
        assert.equal(config.webBe, undefined);
        assert.equal(config.alertmanager, undefined);
    });

    it("shorten the timeout with the interval", () =>
        assert.equal(parse({ scrapeInterval: "5s" }).scrapeTimeout, 5000));

    it("of Alertmanager are private too, and name its address for links", () => {
        const { bindAddress, port, externalUrl } = parse(alerting({ port: 9999 })).alertmanager ?? {};
        assert.deepEqual([bindAddress, port, externalUrl], ["127.0.0.1", 9999, "http://127.0.0.1:9999"]);
    });

    it("give every stack name a subnet of its own, always the same", () => {
        const { subnet, gateway } = parse().network;
        assert.equal(subnet, parse().network.subnet);
        assert.match(subnet, /^172\.(28|29|30)\.\d+\.0\/24$/);
        assert.equal(gateway, subnet.replace("0/24", "1"));
    });

    it("take the gateway from a given subnet", () => {
        assert.equal(parse({ network: { subnet: "10.1.2.64/26" } }).network.gateway, "10.1.2.65");
    });

    it("read true and false as Pulumi hands them over", () => {
        assert.equal(parse({ retainData: "false" }).retainData, false);
        assert.equal(parse({ grafana: { enabled: false } }).grafana, undefined);
    });
});

describe("a secret of a declaration", () => {
    it("is in no printed form of it", () => {
        const config = parse({ scrapeJobs: [secretJob] });
        const printed = `${JSON.stringify(config)} ${inspect(config, { depth: 9 })} ${config.scrapeJobs[0]?.basicAuth?.password}`;
        assert.doesNotMatch(printed, /hunter2/);
        assert.equal(config.scrapeJobs[0]?.basicAuth?.password.reveal(), "hunter2-not-to-be-seen");
    });

    it("is in no message about it", () => {
        const wrong = job("a", { basicAuth: { username: "u", password: { nested: "hunter2-not-to-be-seen" } } });
        assert.doesNotMatch(mistakes({ scrapeJobs: [wrong] }).join("\n"), /hunter2/);
    });
});
