import assert from "node:assert/strict";
import { inspect } from "node:util";
import { stringify } from "yaml";
import { certificate, privateKey, strangeKey } from "../certificates";
import { job, mistakes, ownJob, parse } from "../declaration";

/** An Alertmanager that is on, with a receiver; `rest` wins. */
const alerting = (rest: object) => ({ alertmanager: { enabled: true, receivers: [team], ...rest } });
const team = { name: "team", slack: { webhookUrl: "https://hooks.example.com/not-to-be-seen" } };
const mail = { to: "ops@example.com", from: "alerts@example.com", smarthost: "smtp.example.com:587" };

const mailed = (rest: object) => alerting({ receivers: [{ name: "team", email: { ...mail, ...rest } }] });

/** Keys that a program has, with what is said of them. */
const foreignKeys: Record<string, [raw: Record<string, unknown>, key: string][]> = {
    "is a key of Prometheus that cannot be declared here yet; leave it out$": [
        [{ scrape_config_files: {} }, "scrape_config_files"],
    ],
    "is a key of Prometheus that cannot be declared here: .+ no file, .+ fileSdConfigs, or behind a URL for httpSdConfigs$":
        [
            ...["openstack_sd_configs", "ovhcloudSdConfigs", "uyuni_sd_configs"].map(
                (key): [Record<string, unknown>, string] => [{ scrapeJobs: [job("a", { [key]: {} })] }, key],
            ),
        ],
    "is a key of Prometheus that cannot be declared here: .+; write \\w+ and \\w+$": [
        [{ scrapeJobs: [job("a", { proxyFromEnvironment: true })] }, "proxyFromEnvironment"],
        [{ scrapeJobs: [job("a", { proxy_from_environment: true })] }, "proxy_from_environment"],
    ],
    "is a key of Alertmanager that cannot be declared here yet; leave it out$": [
        [alerting({ tracing: {} }), "tracing"],
        [alerting({ event_recorder: {} }), "event_recorder"],
    ],
    "is not a known key; did you mean \\w+\\?$": [
        [{ scrape_interval: "15s" }, "scrape_interval"],
        [alerting({ inhibit_rules: [] }), "inhibit_rules"],
        [mailed({ auth_identity: "x" }), "auth_identity"],
        [alerting({ receivers: [{ name: "team", slack: { ...team.slack, icon_url: "x" } }] }), "icon_url"],
        [{ scrapeJobs: [job("a", { label_value_length_limit: 5 })] }, "label_value_length_limit"],
        [{ scrapeJobs: [job("a", { enable_http2: true })] }, "enable_http2"],
        [{ scrapeJobs: [job("a", { metric_name_escaping_scheme: "dots" })] }, "metric_name_escaping_scheme"],
        [{ sample_limit: 5 }, "sample_limit"],
        [mailed({ force_implicit_tls: true }), "force_implicit_tls"],
    ],
    "does not stand here; write ": [
        [{ global: {} }, "global"],
        [{ scrape_configs: [] }, "scrape_configs"],
        [{ scrapeJobs: [job("a", { bearer_token_file: "x" })] }, "bearer_token_file"],
        [
            { scrapeJobs: [job("a", { basicAuth: { username: "u", password: "p", password_file: "x" } })] },
            "password_file",
        ],
        [
            { scrapeJobs: [job("a", { basicAuth: { username: "u", password: "p", usernameFile: "x" } })] },
            "usernameFile",
        ],
        [alerting({ receivers: [{ ...team, email_configs: [] }] }), "email_configs"],
    ],
};

const secretJob = job("shop", { basicAuth: { username: "u", password: "hunter2-not-to-be-seen" } });

/** A declaration of one job, of one target group with labels, and of one relabeling rule. */
const jobWith = (rest: object) => ({ scrapeJobs: [job("a", rest)] });
const target = (text: string) => ({ scrapeJobs: [job("a", {}, [text])] });
const labelled = (labels: object) => ({
    scrapeJobs: [{ jobName: "a", staticConfigs: [{ targets: ["a:1"], labels }] }],
});
const rule = (fields: object) => jobWith({ relabelConfigs: [fields] });
const https = (tlsConfig: object) => jobWith({ scheme: "https", tlsConfig });

/** Each mistake with a part of its one message. The message begins with the key as the user typed it. */
const refused: [what: string, raw: Record<string, unknown>, message: RegExp][] = [
    ["an unknown key", { scrapeIntervall: "15s" }, /^metrics-stack:scrapeIntervall: .*did you mean scrapeInterval\?$/],
    [
        "an unknown key far from any",
        { zzz: "1" },
        /^metrics-stack:zzz: is not a known key; docs\/configuration\.md lists those that there are$/,
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
        /jobName: is missing; write text on one line, such as "web_be"/,
    ],
    ["a job name on two lines", { scrapeJobs: [job("a\nb", {}, ["a:1"])] }, /jobName: "a\\nb" is not a job name/],
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
        { scrapeJobs: [job("a", { scheme: "https", tlsConfig: { cert: certificate } })] },
        /tlsConfig\.key: is missing; write cert and key together/,
    ],
    [
        "the same of who gives the token",
        {
            scrapeJobs: [
                job("a", {
                    oauth2: {
                        ...{ clientId: "a", clientSecret: "x", tokenUrl: "https://login.example.com" },
                        tlsConfig: { cert: certificate },
                    },
                }),
            ],
        },
        /oauth2\.tlsConfig\.key: is missing; write cert and key together/,
    ],
    ["a limit of zero", { scrapeJobs: [job("a", { sampleLimit: 0 })] }, /sampleLimit: 0 is not above zero/],
    [
        "a floating tag",
        { prometheus: { image: "prom/prometheus:latest" } },
        /prometheus\.image: "prom\/prometheus:latest" is not an image with a fixed tag or digest/,
    ],
    [
        "a short password",
        { grafana: { adminPassword: "admin" } },
        /grafana\.adminPassword: is too short; write at least 12 characters$/,
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
        /network\.subnet: "172\.28\.7\.1\/24" is not an IPv4 network for containers; write its first address/,
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
        /receivers\[1\]: reaches nobody; write a way to tell somebody, such as email, slack or webhook, or silent: true/,
    ],
    [
        "two receivers of one name",
        alerting({ receivers: [team, team] }),
        /receivers\[1\]\.name: "team" is already the name of receivers\[0\]; write a name of its own/,
    ],
    [
        "a receiver's name with a line break",
        alerting({ receivers: [{ ...team, name: "the\nteam" }] }),
        /receivers\[0\]\.name: "the\\nteam" is not a receiver's name .*; write one, such as "team"/,
    ],
    [
        "a receiver's name that the stack has itself",
        alerting({ receivers: [{ ...team, name: "/dev/null" }] }),
        /receivers\[0\]\.name: "\/dev\/null" is not a receiver's name/,
    ],
    [
        "an unknown receiver in a route",
        alerting({ routes: [{ receiver: "taem" }] }),
        /^metrics-stack:alertmanager\.routes\[0\]\.receiver: "taem" is no receiver; did you mean team\?/,
    ],
    [
        "a Watchdog that is disabled and waited for",
        {
            alerts: { disabled: ["Watchdog"] },
            ...alerting({ receivers: [team, { ...team, name: "silence" }], watchdogReceiver: "silence" }),
        },
        /^metrics-stack:alerts\.disabled\[0\]: "Watchdog" is what alertmanager\.watchdogReceiver "silence" waits for, .*; leave one/,
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
    ...(
        [
            ["with a port that there is not", "mail.example.com:99999", /has a port outside 1 to 65535/],
            ["with a port of 0", "mail.example.com:0", /has a port outside 1 to 65535/],
            ["by an IPv6 address without brackets", "2001:db8::5:25", /is not host:port; write one, such as/],
            ["by a name that DNS cannot have", `${"a".repeat(64)}:25`, /has a name that is longer than DNS allows/],
            ["in Alertmanager's own container", "localhost:25", /is Alertmanager's own .* "host\.docker\.internal:25"/],
            ["in Alertmanager's own container, by IPv6", "[::1]:25", /is Alertmanager's own container/],
        ] as const
    ).map(
        ([what, smarthost, said]) =>
            [`a mail server ${what}`, mailed({ smarthost }), new RegExp(`email\\.smarthost: ".*" ${said.source}`)] as [
                string,
                Record<string, unknown>,
                RegExp,
            ],
    ),
    ...[
        "Ops ops@example.com",
        "Ops <ops@example.com",
        "<ops>",
        'a"b <ops@example.com>',
        "{{ x }} <ops@example.com>",
        "a@b@c",
    ].map((to): [string, Record<string, unknown>, RegExp] => [
        `a recipient that is none: ${to}`,
        mailed({ to }),
        /email\.to: .* is not an e-mail address; write one, such as .* or several with commas$/,
    ]),
    [
        "a proxy with a port that there is not",
        jobWith({ proxyUrl: "http://proxy:99999" }),
        /proxyUrl: "http:\/\/proxy:99999" is not a proxy's URL without user and path; write one, such as/,
    ],
    [
        "a Docker endpoint with a port that there is not",
        { dockerHost: "ssh://admin@web-1:99999" },
        /dockerHost: ".*web-1:99999" is not a Docker endpoint; write one, such as/,
    ],
    [
        "an external URL that nobody can open",
        { prometheus: { externalUrl: "http://0.0.0.0:9090" } },
        /prometheus\.externalUrl: "http:\/\/0\.0\.0\.0:9090" is not a URL that anybody can open; write one, such as "https:/,
    ],
    ["two senders", mailed({ from: "a@example.com, b@example.com" }), /email\.from: .* is not an e-mail address/],
    [
        "a greeting that is no name",
        mailed({ hello: "my host" }),
        /email\.hello: "my host" is not a host's name; write one/,
    ],
    [
        "implicit TLS with an Alertmanager that has not learnt it yet",
        alerting({
            image: "prom/alertmanager:v0.30.1",
            receivers: [{ name: "team", email: { ...mail, forceImplicitTls: true } }],
        }),
        /email\.forceImplicitTls: is read by Alertmanager 0\.31 and newer, not by "prom\/alertmanager:v0\.30\.1"; leave it/,
    ],
    [
        "a webhook in Alertmanager's own container, without quoting it",
        alerting({ receivers: [{ name: "team", webhook: { url: "http://127.0.0.1:5001/not-to-be-seen" } }] }),
        /webhook\.url: leads Alertmanager's container to itself; write host\.docker\.internal for/,
    ],
    [
        "a receiver's name that is too long for a file's",
        alerting({ receivers: [{ ...team, name: "a".repeat(151) }] }),
        /receivers\[0\]\.name: "a+\.*" is not a receiver's name of at most 150 letters/,
    ],
    ...["prometheus", "alertmanager", "nodeExporter", "grafana"].map(
        (key): [string, Record<string, unknown>, RegExp] => [
            `an image of ${key} without a shell`,
            { [key]: { image: "quay.io/some/thing:v3.13.5-distroless" } },
            /image: "quay\.io.*-distroless" has no shell, .* sh, tar and wget, such as "(prom|grafana)\//,
        ],
    ),
    ...Object.entries(foreignKeys).flatMap(([said, keys]) =>
        keys.map(([raw, key]): [string, Record<string, unknown>, RegExp] => [
            `the key ${key} of somebody else`,
            raw,
            new RegExp(`${key}: ${said}`),
        ]),
    ),
    [
        "a user name at the mail server without a password",
        alerting({ receivers: [{ name: "team", email: { ...mail, authUsername: "u" } }] }),
        /email\.authPassword: is missing; write authUsername and authPassword together/,
    ],
    [
        "half a template as channel",
        alerting({ receivers: [{ name: "team", slack: { ...team.slack, channel: "{{ x" } }] }),
        /slack\.channel: "\{\{ x" has \{\{ without the \}\} that ends it; write both/,
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
        /^metrics-stack:prometheus: is text, not an object; write an object with keys from mode, image, /,
    ],
    ["an empty job name", { scrapeJobs: [job("", {}, ["a:1"])] }, /jobName: "" is not a job name/],
    [
        "a job that is text",
        { scrapeJobs: ["web:8000"] },
        /scrapeJobs\[0\]: is text, not an object; write an object with/,
    ],
    ["an empty target", target(""), /targets\[0\]: "" is not a target; write host:port/],
    ["a target without a host", target(":9100"), /":9100" is not host:port/],
    [
        "a target that is a number",
        jobWith({ staticConfigs: [{ targets: [9100] }] }),
        /9100 is not a target; write host:port/,
    ],
    ["no target", jobWith({ staticConfigs: [{ targets: [] }] }), /targets: is empty; write at least one host:port/],
    [
        "an IPv6 address without brackets",
        target("::1:9100"),
        /is not host:port; write one, such as .* or "\[2001:db8::5\]:8000"/,
    ],
    ["brackets around no IPv6 address", target("[1::2::3]:9100"), /"\[1::2::3\]:9100" has no valid host; write/],
    ["an IPv6 address with a zone", target("[fe80::1%eth0]:9100"), /has no valid host/],
    ["an IPv4 address that is none", target("10.0.0.256:9100"), /"10\.0\.0\.256:9100" has no valid host/],
    ["a host with an empty label", target("web..example:80"), /has no valid host/],
    ["a port of 0", target("web:0"), /has a port outside 1 to 65535/],
    [
        "a password in a target, without quoting it",
        target("http://u:hunter2@web:1"),
        /"http:\/\/\.\.\.@web:1" has a scheme/,
    ],
    [
        "a job label of another job",
        labelled({ job: "prometheus" }),
        /labels\.job: "prometheus" is the name of another job, .*; write another one/,
    ],
    [
        "the label by which a job with other job labels is found",
        labelled({ job: "b", scrape_job: "b" }),
        /labels\.scrape_job: "scrape_job" is the label by which a job is found .*; write another name/,
    ],
    [
        "a label of Prometheus' own",
        labelled({ __scheme__: "https" }),
        /labels\.__scheme__: is a name that Prometheus keeps/,
    ],
    [
        "an external label of Prometheus' own",
        { externalLabels: { __name__: "x" } },
        /externalLabels\.__name__: is a name that/,
    ],
    ["a label without a name", labelled({ "": "x" }), /labels\[""\]: is not a valid name/],
    [
        "a label that JavaScript would lose",
        labelled(JSON.parse('{"__proto__": "x"}')),
        /labels\.__proto__: is not a usable name/,
    ],
    ["a label without a value", labelled({ env: "" }), /labels\.env: is empty, which is no label; leave it out/],
    [
        "a label that is true",
        { externalLabels: { prod: true } },
        /externalLabels\.prod: true is not text; write text in quotes/,
    ],
    ["a fragment in the path", jobWith({ metricsPath: "/metrics#x" }), /"\/metrics#x" is not a path/],
    ["an empty path", jobWith({ metricsPath: "" }), /metricsPath: "" is not a path/],
    [
        "a job's interval as a number",
        jobWith({ scrapeInterval: 15 }),
        /scrapeInterval: 15 is not a duration; write a number with/,
    ],
    ["an empty interval", { scrapeInterval: "" }, /scrapeInterval: "" is not a duration above zero/],
    ["a duration of 300 years", { evaluationInterval: "300y" }, /evaluationInterval: "300y" is not a duration/],
    [
        "params that are no lists",
        jobWith({ params: { module: "http" } }),
        /params\.module: is text, not a list; write a list/,
    ],
    [
        "a number in params",
        jobWith({ params: { code: [200] } }),
        /params\.code\[0\]: 200 is not text; write text in quotes/,
    ],
    ["params without values", jobWith({ params: { module: [] } }), /params\.module: is empty; write at least one text/],
    ["params without a name", jobWith({ params: { "": ["x"] } }), /params\[""\]: is an empty name; write one/],
    ["a proxy that is no URL", jobWith({ proxyUrl: "proxy:3128" }), /proxyUrl: "proxy:3128" is not a proxy's URL/],
    [
        "a proxy with a password",
        jobWith({ proxyUrl: "http://u:hunter2@p:1" }),
        /"http:\/\/\.\.\.@p:1" is not a proxy's URL without user/,
    ],
    ["a limit as text", jobWith({ sampleLimit: "100" }), /sampleLimit: "100" is not a whole number/],
    ["a limit with a fraction", jobWith({ labelLimit: 1.5 }), /labelLimit: 1\.5 is not a whole number/],
    ["a size beyond 63 bits", jobWith({ bodySizeLimit: "8EB" }), /bodySizeLimit: "8EB" is not a size above zero/],
    [
        "rules that are no list",
        jobWith({ relabelConfigs: {} }),
        /relabelConfigs: an object is not a list of rules; write one/,
    ],
    ["a rule that is nothing", jobWith({ relabelConfigs: [null] }), /relabelConfigs\[0\]: null is not an object/],
    [
        "a rule without targetLabel",
        rule({ replacement: "x" }),
        /targetLabel: is missing; write one, the action replace needs it/,
    ],
    [
        "a rule without modulus",
        rule({ action: "hashmod", sourceLabels: ["a"], targetLabel: "b" }),
        /modulus: is missing; write one, the action hashmod needs it/,
    ],
    ["a rule without sourceLabels", rule({ action: "keep", regex: "a" }), /sourceLabels: is missing; .* keep needs it/],
    [
        "a rule without regex",
        rule({ action: "labeldrop" }),
        /regex: is missing; write one, the action labeldrop needs it/,
    ],
    [
        "a rule without source labels",
        rule({ sourceLabels: [], targetLabel: "b" }),
        /sourceLabels: is empty; leave it out/,
    ],
    [
        "a rule with what labeldrop does not read",
        rule({ action: "labeldrop", regex: "a", sourceLabels: ["a"] }),
        /sourceLabels: is not read by the action labeldrop; write only regex/,
    ],
    [
        "a rule with what keepequal does not read",
        rule({ action: "keepequal", sourceLabels: ["a"], targetLabel: "b", regex: "x" }),
        /regex: is not read by the action keepequal; write only sourceLabels, targetLabel/,
    ],
    [
        "a rule with what lowercase does not read",
        rule({ action: "lowercase", sourceLabels: ["a"], targetLabel: "b", replacement: "x" }),
        /replacement: is not read by the action lowercase/,
    ],
    [
        "a rule that maps to no label",
        rule({ action: "labelmap", regex: "a_(.+)", replacement: "b-$1" }),
        /replacement: "b-\$1" is not a label name; write one/,
    ],
    ["a rule's label with a dash", rule({ targetLabel: "my-label" }), /targetLabel: "my-label" is not a label name/],
    [
        "a rule's source with a dash",
        rule({ sourceLabels: ["my-label"], targetLabel: "b" }),
        /sourceLabels\[0\]: "my-label" is not/,
    ],
    [
        "a template where none is read",
        rule({ action: "uppercase", sourceLabels: ["a"], targetLabel: "$1" }),
        /"\$1" is not a label/,
    ],
    [
        "a lookahead",
        rule({ sourceLabels: ["a"], regex: "(?!b).*", targetLabel: "c" }),
        /regex: "\(\?!b\)\.\*" has "\(\?!", which RE2/,
    ],
    [
        "a lookbehind",
        rule({ sourceLabels: ["a"], regex: "(?<=b)c", targetLabel: "c" }),
        /has "\(\?<=", which RE2 does not know/,
    ],
    [
        "a backreference",
        rule({ sourceLabels: ["a"], regex: "(b)\\1", targetLabel: "c" }),
        /has the backreference "\\1", which RE2/,
    ],
    ["a regex that is a number", rule({ sourceLabels: ["a"], regex: 5, targetLabel: "c" }), /regex: 5 is not text/],
    [
        "a user without a name",
        jobWith({ basicAuth: { username: "", password: "x" } }),
        /basicAuth\.username: is not a user name .*; write the name alone/,
    ],
    [
        "a user with a password, without quoting it",
        jobWith({ basicAuth: { username: "u:hunter2", password: "x" } }),
        /basicAuth\.username: is not a user name without colons and line breaks; write the name alone$/,
    ],
    [
        "a token instead of an object, without quoting it",
        jobWith({ authorization: "hunter2" }),
        /authorization: is text, not an object/,
    ],
    [
        "a token beside its type",
        jobWith({ authorization: { type: "Bearer hunter2", credentials: "x" } }),
        /type: is not the name/,
    ],
    [
        "a type of basicAuth",
        jobWith({ authorization: { type: "Basic", credentials: "x" } }),
        /other than "Basic"; .* or use basicAuth/,
    ],
    ["no credentials", jobWith({ authorization: {} }), /authorization\.credentials: is missing; write a secret text/],
    [
        "empty credentials",
        jobWith({ authorization: { credentials: "" } }),
        /credentials: is empty; write a secret text/,
    ],
    [
        "credentials with a line break",
        jobWith({ authorization: { credentials: "hunter2\nx" } }),
        /credentials: has a line break/,
    ],
    [
        "a password with a space at its end",
        jobWith({ basicAuth: { username: "u", password: "hunter2 " } }),
        /has .* white space at an end/,
    ],
    [
        "a certificate that is none",
        https({ ca: "-----BEGIN CERTIFICATE-----" }),
        /tlsConfig\.ca: is not a certificate in PEM form/,
    ],
    [
        "a certificate's file name",
        https({ ca: "/etc/ca.pem" }),
        /tlsConfig\.ca: is not a certificate in PEM form; write the text/,
    ],
    [
        "a key that is none",
        https({ cert: certificate, key: "hunter2" }),
        /tlsConfig\.key: is not a private key in PEM form/,
    ],
    [
        "the key of another certificate",
        https({ cert: certificate, key: strangeKey }),
        /tlsConfig\.key: is not the private key of the certificate in cert/,
    ],
    [
        "a key as certificate",
        https({ cert: privateKey, key: privateKey }),
        /tlsConfig\.cert: is not a certificate in PEM form/,
    ],
    ["a server's name with a path", https({ serverName: "web/x" }), /serverName: "web\/x" is not a server's name/],
    [
        "an unknown TLS version",
        https({ minVersion: "1.2" }),
        /minVersion: "1\.2" is not a known word; write one of TLS10/,
    ],
    [
        "versions in the wrong order",
        https({ minVersion: "TLS13", maxVersion: "TLS12" }),
        /minVersion: "TLS13" is above the maxVersion/,
    ],
    [
        "TLS without https",
        jobWith({ tlsConfig: { insecureSkipVerify: true } }),
        /tlsConfig: has no effect with the scheme http/,
    ],
    [
        "an unknown profile",
        jobWith({ application: { profile: "fastapy" } }),
        /profile: "fastapy" is no profile; did you mean fastapi/,
    ],
    [
        "a profile of a built-in name",
        { applicationProfiles: { fastapi: {} } },
        /applicationProfiles\.fastapi: is not a free name/,
    ],
    [
        "a profile name with a space",
        { applicationProfiles: { "my shop": {} } },
        /applicationProfiles\["my shop"\]: is not a free name/,
    ],
    [
        "a threshold as text",
        { nodeExporter: { host: { loadPerCore: "2" } } },
        /loadPerCore: "2" is not a number; write a number above 0/,
    ],
    [
        "a runbook's place with a template",
        { alerts: { runbookUrl: "https://x/{{ $labels.job }}" } },
        /runbookUrl: .* without spaces and braces/,
    ],
    [
        "an image whose registry has a port, without a tag",
        { prometheus: { image: "localhost:5000/prometheus" } },
        /is not an image with/,
    ],
    [
        "an image without a name",
        { prometheus: { image: ":v3" } },
        /prometheus\.image: ":v3" is not an image with a fixed tag or digest/,
    ],
    ["an empty retention", { prometheus: { retentionTime: "" } }, /retentionTime: "" is not a duration above zero/],
    ["a size without a unit", { prometheus: { retentionSize: "50" } }, /retentionSize: "50" is not a size above zero/],
    [
        "less memory than Docker accepts",
        { prometheus: { memoryLimit: "1MB" } },
        /memoryLimit: "1MiB" is less than Docker accepts; write/,
    ],
    [
        "a start that takes no time",
        { prometheus: { startTimeout: "10ms" } },
        /startTimeout: "10ms" is not from 1s to 1h; write one/,
    ],
    [
        "a start that takes a day",
        { grafana: { startTimeout: "1d" } },
        /startTimeout: "1d" is not from 1s to 1h; write one/,
    ],
    [
        "an address with leading zeros",
        { prometheus: { bindAddress: "127.0.0.01" } },
        /"127\.0\.0\.01" is not an IPv4 address/,
    ],
    [
        "node_exporter's port on every address",
        { prometheus: { port: 9100, bindAddress: "0.0.0.0" } },
        /nodeExporter\.port: 9100 is already the port of prometheus/,
    ],
    [
        "node_exporter's port on the gateway",
        { network: { subnet: "172.28.7.0/24" }, grafana: { port: 9100, bindAddress: "172.28.7.1" } },
        /grafana\.port: 9100 is already the port of nodeExporter/,
    ],
    [
        "a subnet without room",
        { network: { subnet: "172.28.7.0/30" } },
        /"172\.28\.7\.0\/30" is not .*; write .* from 8 to 29/,
    ],
    [
        "a subnet of the loopback device",
        { network: { subnet: "127.0.0.0/8" } },
        /is not an IPv4 network for containers/,
    ],
    [
        "a network twice",
        { network: { join: ["shop", "shop"] } },
        /network\.join\[1\]: "shop" is in the list twice; write it once/,
    ],
    [
        "the host's network",
        { network: { join: ["host"] } },
        /network\.join\[0\]: "host" is not the name of a Docker network that/,
    ],
    [
        "an endpoint with a password",
        { dockerHost: "ssh://u:hunter2@web-1" },
        /dockerHost: "ssh:\/\/\.\.\.@web-1" is not a Docker endpoint/,
    ],
    ["an endpoint without a host", { dockerHost: "tcp://" }, /dockerHost: "tcp:\/\/" is not a Docker endpoint/],
    ["a key that JavaScript knows", { constructor: "x" }, /^metrics-stack:constructor: is not a known key; docs/],
    [
        "a job's key that JavaScript knows",
        jobWith({ toString: "x" }),
        /scrapeJobs\[0\]\.toString: is not a known key; docs/,
    ],
    ["a network that is a number", { network: { join: [1] } }, /join\[0\]: 1 is not the name of a Docker network/],
    [
        "an alert that is a number",
        { alerts: { disabled: [5] } },
        /alerts\.disabled\[0\]: 5 is not text; write text in quotes/,
    ],
    [
        "an interval of two years",
        jobWith({ scrapeInterval: "2y" }),
        /scrapeInterval: "2y" is longer than a year; write one such as/,
    ],
    [
        "a metric that PromQL takes for a word",
        { applicationProfiles: { shop: { requests: "On" } } },
        /shop\.requests: "On" is not a metric name/,
    ],
    [
        "a target twice, with different queries and the same series",
        jobWith({
            staticConfigs: ["x", "y"].map((module) => ({ targets: ["a:1"], labels: { __param_module: module } })),
        }),
        /targets\[0\]: "a:1" is in this job twice/,
    ],
    [
        "a label that is a number to PromQL",
        labelled({ nan: "x" }),
        /labels\.nan: is a name that Prometheus keeps for itself/,
    ],
];

describe("a declaration is refused for", () => {
    for (const [what, raw, message] of refused) {
        it(what, () => {
            const lines = mistakes(raw);
            assert.equal(lines.length, 1, lines.join("\n"));
            assert.match(lines[0] ?? "", message);
            assert.doesNotMatch(lines[0] ?? "", /hunter2|PRIVATE KEY-----/);
        });
    }

    it("a secret in plain text, with the command that stores it, and without quoting it", () => {
        const lines = mistakes({ scrapeJobs: [secretJob] }, []);
        assert.deepEqual(lines, [
            "metrics-stack:scrapeJobs[0].basicAuth.password: is in plain text; remove it and store it encrypted: " +
                "pulumi config set --path --secret 'scrapeJobs[0].basicAuth.password'",
        ]);
    });

    it("an interval, and for no second mistake that it only seems to make", () => {
        const raw = { scrapeInterval: "60", scrapeTimeout: "30s", ...jobWith({ scrapeTimeout: "40s" }) };
        assert.deepEqual(mistakes(raw).length, 1);
        assert.deepEqual(mistakes(jobWith({ scrapeInterval: "60", scrapeTimeout: "40s" })).length, 1);
    });

    it("a receiver's secret in plain text, with the command that stores it", () => {
        assert.deepEqual(mistakes(alerting({}), []), [
            "metrics-stack:alertmanager.receivers[0].slack.webhookUrl: is in plain text; remove it and store it encrypted: " +
                "pulumi config set --path --secret 'alertmanager.receivers[0].slack.webhookUrl'",
        ]);
    });

    it("all mistakes of its receivers at once", () => {
        const receivers = [
            { ...team, name: "the\nteam" },
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

    it("a secret in plain text beside one that is encrypted", () => {
        const second = { ...job("b", { basicAuth: { username: "u", password: "plain-not-to-be-seen" } }) };
        const stackFile = [
            "config:",
            "  metrics-stack:scrapeJobs:",
            "    - basicAuth: { password: { secure: v1:abc } }",
            "    - basicAuth: { password: plain-not-to-be-seen }",
        ].join("\n");
        const lines = mistakes({ scrapeJobs: [secretJob, second] }, ["scrapeJobs"], { "Pulumi.test.yaml": stackFile });
        assert.equal(lines.length, 1);
        assert.match(lines[0] ?? "", /^metrics-stack:scrapeJobs\[1\]\.basicAuth\.password: is in plain text;/);
        assert.doesNotMatch(lines.join(), /not-to-be-seen/);
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

/** What looks like one of the mistakes, and is none. */
const accepted: [what: string, raw: Record<string, unknown>][] = [
    [
        "targets by IPv6 address and by a name with underscores",
        jobWith({ staticConfigs: [{ targets: ["[2001:db8::5]:1", "my_shop:1"] }] }),
    ],
    [
        "mail addresses with names",
        mailed({
            to: 'Ops <ops@example.com>, "Doe, Jane" <jane@example.com>,J. Doe <j@example.com>, x@example.com',
            from: "Jörg Alarm <alerts@example.com>",
        }),
    ],
    ["a mail server by its IPv6 address", mailed({ smarthost: "[2001:db8::5]:587" })],
    [
        "a greeting and implicit TLS of a mail server",
        mailed({ smarthost: "smtp.example.com:2465", hello: "metrics.example.com", forceImplicitTls: true }),
    ],
    ["labels that are the query of a scrape", labelled({ __param_module: "x" })],
    ["its own name as job label", labelled({ job: "a" })],
    [
        "one target with two sets of labels",
        jobWith({ staticConfigs: [{ targets: ["a:1"] }, { targets: ["a:1"], labels: { x: "1" } }] }),
    ],
    ["the same target in two jobs", { scrapeJobs: [job("a", {}, ["x:1"]), job("b", {}, ["x:1"])] }],
    ["a rule that compares with the job label", rule({ action: "dropequal", sourceLabels: ["a"], targetLabel: "job" })],
    [
        "RE2's own syntax",
        rule({ sourceLabels: ["a"], regex: "(?i)(?P<x>a)(?:b)[(?=\\]]\\Q(?!\\E\\101", targetLabel: "b" }),
    ],
    [
        "a label name put together from a match",
        rule({ sourceLabels: ["a"], regex: "(.+)-(.+)", targetLabel: "x_${1}_$2" }),
    ],
    [
        "TLS where a rule sets the scheme",
        jobWith({ tlsConfig: {}, relabelConfigs: [{ targetLabel: "__scheme__", replacement: "https" }] }),
    ],
    ["TLS for the way to a proxy", jobWith({ proxyUrl: "https://proxy:3128", tlsConfig: { ca: certificate } })],
    [
        "a certificate with its key and two authorities",
        https({ ca: certificate + certificate, cert: certificate, key: privateKey }),
    ],
    ["one port on two addresses", { prometheus: { port: 8080 }, grafana: { port: 8080, bindAddress: "192.0.2.1" } }],
    ["node_exporter's port on another address", { prometheus: { port: 9100 } }],
    ["a port that nobody has since its part is off", { prometheus: { port: 3000 }, grafana: { enabled: false } }],
    ["a floating tag with a digest", { prometheus: { image: `prom/prometheus:latest@sha256:${"0".repeat(64)}` } }],
    ["an image of a registry with a port", { prometheus: { image: "localhost:5000/mirror/prometheus:v3.13.5" } }],
    ["endpoints of each kind", { dockerHost: "ssh://admin@web-1:22" }],
];

describe("a declaration is accepted with", () => {
    for (const [what, raw] of accepted) {
        it(what, () => void parse(raw));
    }
});

describe("a declaration's defaults", () => {
    it("are complete and private", () => {
        const config = parse();
        assert.equal(config.scrapeInterval, 15_000);
        assert.equal(config.scrapeTimeout, 10_000);
        assert.equal(config.retainData, true);
        assert.equal(config.prometheus.bindAddress, "127.0.0.1");
        assert.equal(config.grafana?.bindAddress, "127.0.0.1");
        assert.equal(ownJob("node_exporter").staticConfigs[0]?.labels.instance, "web-1");
        assert.equal(config.webBe, undefined);
        assert.equal(config.alertmanager, undefined);
    });

    it("shorten the timeout with the interval", () =>
        assert.equal(parse({ scrapeInterval: "5s" }).scrapeTimeout, 5000));

    it("of Alertmanager are private too", () => {
        const { bindAddress, port } = parse(alerting({ port: 9999 })).alertmanager ?? {};
        assert.deepEqual([bindAddress, port], ["127.0.0.1", 9999]);
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

describe("a declaration is accepted with", () => {
    it("URLs as targets, where a rule makes the address: a blackbox exporter is asked for them", () => {
        const rules = [
            { sourceLabels: ["__address__"], targetLabel: "__param_target" },
            { sourceLabels: ["__param_target"], targetLabel: "instance" },
            { targetLabel: "__address__", replacement: "blackbox:9115" },
        ];
        const probe = job("probe", { metricsPath: "/probe", params: { module: ["http_2xx"] } }, [
            "https://example.com/",
        ]);
        assert.deepEqual(parse({ scrapeJobs: [{ ...probe, relabelConfigs: rules }] }).scrapeJobs[0]?.staticConfigs, [
            { targets: ["https://example.com/"], labels: {} },
        ]);
        assert.match(
            mistakes({ scrapeJobs: [{ ...probe, relabelConfigs: rules.slice(0, 2) }] })[0] ?? "",
            /has a scheme/,
        );
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

    it("is in no message about what it was stored as by mistake, and all else is", () => {
        const secure = { secure: "v1:x" };
        const stackFile = {
            "metrics-stack:grafana": { enabled: secure, port: "plain-1" },
            "metrics-stack:alertmanager": secure,
            "metrics-stack:scrapeInterval": secure,
        };
        const raw = {
            grafana: { enabled: "hunter2-not-to-be-seen", port: "plain-1" },
            alertmanager: { receivers: [{ name: "a", webhook: "hunter2".repeat(20) }], port: "hunter2" },
            scrapeInterval: "hunter2",
        };
        const said = mistakes(raw, Object.keys(raw), { "Pulumi.test.yaml": stringify({ config: stackFile }) });
        assert.doesNotMatch(said.join("\n"), /hunter2/);
        assert.match(said.join("\n"), /grafana\.enabled: \[secret\] is not true or false/);
        assert.match(said.join("\n"), /grafana\.port: "plain-1" is not/);
        assert.match(said.join("\n"), /scrapeInterval: \[secret\] is not a duration/);
    });
});
