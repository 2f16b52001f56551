import assert from "node:assert/strict";
import { parse as parseYaml } from "yaml";
import { isOn } from "../../../config/schema/part";
import { blackboxExporter } from "../../../components/blackboxExporter";
import { mistakes, plan } from "../../declaration";

/** What the stack's own blackbox_exporter and Prometheus have of some probes. */
function probing(probes: object[], more: object = {}) {
    const { parts, published } = plan({ probes, ...more });
    const files = parts.find(({ part }) => part.key === "blackboxExporter")?.files ?? {};
    const { modules } = parseYaml(files["config.yml"] ?? "modules: {}") as { modules: Record<string, unknown> };
    const groups = published.jobs.flatMap(({ jobName, probe, staticConfigs }) =>
        probe ? staticConfigs.map(({ targets, labels }) => ({ jobName, targets, labels })) : [],
    );
    return { modules, groups };
}

describe("What is declared in probes", () => {
    it("turns the exporter on, which is off without it", () => {
        const keys = (raw: object) => plan(raw as Record<string, unknown>).parts.map(({ part }) => part.key);
        assert.ok(!keys({}).includes("blackboxExporter"));
        assert.ok(!keys({ probes: [] }).includes("blackboxExporter"));
        assert.ok(keys({ probes: [{ target: "db:5432" }] }).includes("blackboxExporter"));
        assert.ok(isOn({ blackboxExporter: { enabled: true } }, blackboxExporter));
    });

    for (const [target, module, handed] of [
        ["https://shop.example.com/", "http", "https://shop.example.com/"],
        ["http://shop.example.com:8080/health?full=1", "http", "http://shop.example.com:8080/health?full=1"],
        ["db:5432", "tcp", "db:5432"],
        ["tcp://db:5432", "tcp", "db:5432"],
        ["tls://mail.example.com:993", "tls", "mail.example.com:993"],
        ["icmp://192.0.2.1", "icmp", "192.0.2.1"],
        ["[2001:db8::5]:22", "tcp", "[2001:db8::5]:22"],
    ] as const) {
        it(`is asked by the form of ${target}, and called so`, () => {
            const { modules, groups } = probing([{ target }]);
            assert.deepEqual(groups, [
                { jobName: "probe", targets: [handed], labels: { __param_module: module, instance: target } },
            ]);
            assert.ok(module in modules);
        });
    }

    it("has a module of its own where it expects something of its own", () => {
        const { modules, groups } = probing([
            { target: "https://a.example/", status: [401], text: "log ?in" },
            { target: "mail:25", text: "^220 ", instance: "mail" },
            { target: "dns://192.0.2.53:5353/a.example?type=mx" },
        ]);
        const ip = { preferred_ip_protocol: "ip4" };
        const own = groups.map(({ targets, labels }) => [targets[0], modules[labels.__param_module ?? ""]]);
        assert.deepEqual(own, [
            [
                "https://a.example/",
                {
                    prober: "http",
                    http: { ...ip, valid_status_codes: [401], fail_if_body_not_matches_regexp: ["log ?in"] },
                },
            ],
            ["mail:25", { prober: "tcp", tcp: { ...ip, query_response: [{ expect: "^220 " }] } }],
            ["192.0.2.53:5353", { prober: "dns", dns: { ...ip, query_name: "a.example", query_type: "MX" } }],
        ]);
        assert.equal(groups[1]?.labels.instance, "mail");
    });

    it("is handed to a declared module as it stands", () => {
        const login = { prober: "http", http: { method: "POST" } };
        const { modules, groups } = probing([{ target: "https://a.example/login", module: "login" }], {
            blackboxExporter: { modules: { login } },
        });
        assert.deepEqual(modules.login, login);
        assert.deepEqual(
            [groups[0]?.targets, groups[0]?.labels.__param_module],
            [["https://a.example/login"], "login"],
        );
    });

    it("with an interval of its own is in a job of its own, whose alerts wait for it", () => {
        const { groups } = probing([
            { target: "a:1" },
            { target: "b:1", scrapeInterval: "1h", labels: { team: "shop" } },
        ]);
        assert.deepEqual(
            groups.map(({ jobName, labels }) => [jobName, labels.instance, labels.team]),
            [
                ["probe", "a:1", undefined],
                ["probe_1h", "b:1", "shop"],
            ],
        );
        const { scrapeInterval } =
            plan({ probes: [{ target: "b:1", scrapeInterval: "60m" }] }).published.jobs.at(-1) ?? {};
        assert.equal(scrapeInterval, 3_600_000);
    });

    it("delivers secrets apart from the modules", () => {
        const secretFiles = { "shop-password": "hunter2-hunter2" };
        const { parts } = plan({ probes: [{ target: "a:1" }], blackboxExporter: { secretFiles } });
        const { files, secretFiles: secret } = parts.at(-1) ?? assert.fail();
        assert.equal(secret["shop-password"]?.reveal(), "hunter2-hunter2");
        assert.ok(!JSON.stringify(files).includes("hunter2"));
    });
});

describe("A probe is refused", () => {
    const refused: readonly (readonly [why: string, probes: object[], words: RegExp, more?: object])[] = [
        ["without a target", [{}], /probes\[0\]\.target: is missing; write one, such as/],
        ["with an unknown scheme", [{ target: "ftp://a/" }], /"ftp:\/\/a\/" has a scheme that is not probed/],
        ["without a port", [{ target: "db" }], /"db" has no port; write host:port, such as "db:5432"/],
        [
            "of the exporter itself",
            [{ target: "http://localhost:80/" }],
            /is blackbox_exporter's own container to itself/,
        ],
        ["of its own loopback", [{ target: "icmp://127.0.0.1" }], /is blackbox_exporter's own container to itself/],
        ["with a login", [{ target: "https://a:b@c.example/" }], /has a login in it, which everybody could read/],
        ["of a name server without a name", [{ target: "dns://192.0.2.53" }], /names no server and name/],
        [
            "with a status that is none",
            [{ target: "https://a/", status: [99] }],
            /status\[0\]: 99 is not an HTTP status/,
        ],
        [
            "with a status of a port",
            [{ target: "a:1", status: [200] }],
            /status: is nothing that the answer of "a:1" has/,
        ],
        ["with a text of an echo", [{ target: "icmp://a", text: "x" }], /text: is nothing that the answer/],
        ["with a text that is no expression", [{ target: "https://a/", text: "(" }], /probes\[0\]\.text: /],
        [
            "with a label that all have",
            [{ target: "a:1", labels: { job: "x" } }],
            /labels\.job: is a label that every probe/,
        ],
        [
            "twice",
            [{ target: "a:1" }, { target: "a:1" }],
            /probes\[1\]\.target: "a:1" is what probes\[0\] is called already/,
        ],
        ["with a module that is not there", [{ target: "a:1", module: "logn" }], /did you mean login\?/, { login: {} }],
        ["with no module to choose from", [{ target: "a:1", module: "x" }], /declare it there, or leave it out/],
        [
            "with a module and a text",
            [{ target: "https://a/", module: "login", text: "x" }],
            /text: stands beside module/,
            { login: {} },
        ],
    ];
    for (const [why, probes, words, names] of refused) {
        it(why, () => {
            const modules = Object.fromEntries(Object.keys(names ?? {}).map((name) => [name, { prober: "http" }]));
            assert.match(mistakes({ probes, blackboxExporter: { modules } }).join("\n"), words);
        });
    }

    it("in a job that is declared", () => {
        const scrapeJobs = ["probe", "probe_1m"].map((jobName) => ({
            jobName,
            staticConfigs: [{ targets: ["a:1"] }],
        }));
        const probes = [{ target: "a:1" }, { target: "b:1", scrapeInterval: "1m" }];
        assert.deepEqual(
            mistakes({ scrapeJobs, probes }).map((line) => line.split(":")[1]),
            ["scrapeJobs[0].jobName", "scrapeJobs[1].jobName"],
        );
    });

    it("where the exporter is off", () =>
        assert.match(
            mistakes({ probes: [{ target: "a:1" }], blackboxExporter: { enabled: false } }).join(),
            /blackboxExporter\.enabled: is false, and nobody asks/,
        ));

    it("with a secret that would stand readable in a module", () => {
        const modules = { login: { prober: "http", http: { basic_auth: { username: "a", password: "b" } } } };
        assert.match(
            mistakes({ probes: [{ target: "a:1" }], blackboxExporter: { modules } }).join(),
            /modules\.login\.http\.basic_auth\.password: would stand readable in a file; write password_file: /,
        );
    });
});
