import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import * as path from "node:path";
import { alertmanagerProbe } from "../../../components/alertmanager/status";
import { memoryUsage } from "../../../commands/status/ask";
import type { Answers } from "../../../components/probe";
import type { Preview } from "../../../commands/status/differences";
import { differences } from "../../../commands/status/differences";
import type { Difference, Facts } from "../../../commands/status/facts";
import { grafanaProbe } from "../../../components/grafana/status";
import { prometheusProbe } from "../../../components/prometheus/status";
import { overview, verdict } from "../../../commands/status/screen";
import { coloured, plain } from "../../../toolchain/table";
import { judged } from "../../../commands/status/verdict";
import { size, span } from "../../../toolchain/words";
import { assertGolden } from "../../golden";
import { alert, container, healthy, silence, target, withPrometheus } from "./status";

const docs = readFileSync(path.join(__dirname, "..", "..", "..", "docs", "status.md"), "utf8");

function screen(facts: Facts, paint = plain): string {
    const status = judged(facts);
    return `${overview(status, paint)}\n\n${verdict(status, paint)}\n`;
}

const refused = "dial tcp 172.28.154.3:8000: connect: connection refused";
const difference = (resource: string, reason: string, op = "update"): Difference => ({
    ...{ op, resource, reason },
    type: "command:local:Command",
    diffReasons: ["environment"],
});

/** As much as can be wrong at once. */
const broken: Facts = {
    ...withPrometheus({
        reloadConfigSuccess: false,
        targets: [
            target("node_exporter", "172.28.154.1:9100", "context deadline exceeded"),
            target("prometheus", "localhost:9090"),
            target("shop", "shop:8000", refused),
        ],
        alerts: [
            alert("TargetDown", "critical"),
            alert("TargetDown", "critical", { silencedBy: silence, summary: "vm of node_exporter is down" }),
            alert("HostCpuBusy", "info", { summary: "The cores of vm are busy" }),
            alert("HostLoadHigh", "warning", { state: "pending" }),
            alert("ApplicationMetricsMissing", "info", {
                state: "pending",
                summary: "shop:8000 of shop exposes no http_requests_total",
            }),
        ],
        jobsWithoutTargets: ["containers"],
        withoutPressure: ["vm"],
        failingRules: [{ group: "shop", name: "ApplicationErrors", lastError: "many-to-many matching" }],
        notificationsDropped: 3,
        storage: {
            ...healthy.prometheus.storage,
            filesystemFree: 1_073_741_824,
            filesystemFullAt: "2026-03-01T17:00:00.000Z",
            filesystemWatched: false,
            retentionSize: 107_374_182_400,
            timestampAhead: "2026-03-01T14:00:00.000Z",
        },
    }),
    containers: [
        container("alertmanager", "prom/alertmanager:v0.34.1", {
            ...{ status: "restarting", health: null, exitCode: 137, oomKilled: true, restartCount: 4 },
            finishedAt: "2026-03-01T11:59:50.000Z",
            memoryUsage: null,
            lastWords: ["its last line"],
        }),
        container("grafana", "grafana/grafana:13.1.3", { health: "unhealthy", lastWords: ["connection refused"] }),
        container("node-exporter", "prom/node-exporter:v1.12.1", {
            ...{ status: "exited", health: null, exitCode: 0, finishedAt: "2026-03-01T11:30:00.000Z" },
            memoryUsage: null,
        }),
        container("prometheus"),
    ],
    alertmanager: { version: "0.34.1", activeSilences: 1 },
    grafana: null,
    unknown: ["Not checked: whether somebody changed Grafana's files. No such image"],
    differences: [
        difference("prometheus-config-stage", "declared otherwise: targets/shop.yml"),
        difference("prometheus-config-activate", ""),
        difference("node-exporter", "it does not run"),
    ],
};

describe("npm run status", () => {
    it("says on one screen what runs, and what is wrong", () => {
        const many = Array.from({ length: 500 }, (_, i) =>
            target("fleet", `host-${i}:9100`, i % 10 === 0 ? refused : ""),
        );
        assertGolden("status", {
            "healthy.txt": screen(healthy),
            "broken.txt": screen(broken),
            "many-targets.txt": screen(withPrometheus({ targets: many })),
            "never-deployed.txt": screen({
                ...healthy,
                ...{ containers: [], prometheus: null, grafana: null, differences: null },
                unknown: ["No container of the stack dev is there: npm run up deploys it."],
            }),
            "prometheus-silent.txt": screen({
                ...healthy,
                containers: [
                    container("prometheus", undefined, { health: "starting", lastWords: ["It does not answer: 503"] }),
                ],
                prometheus: null,
            }),
        });
    });

    it("says in colours nothing that it does not say in words", () => {
        const painted = screen(broken, coloured);
        assert.notEqual(painted, screen(broken));
        assert.equal(painted.replaceAll(new RegExp("\u001b\\[[0-9;]*m", "g"), ""), screen(broken));
    });

    it("is documented as it is: the screen and the JSON of docs/status.md are those of one stack", () => {
        const blocks = [...docs.matchAll(/^```(\w*)\n([^]*?)^```$/gm)].map(([, kind, text]) => ({ kind, text }));
        assert.equal(blocks.find(({ kind }) => kind === "")?.text, screen(healthy));
        assert.deepEqual(JSON.parse(blocks.find(({ kind }) => kind === "json")?.text ?? ""), judged(healthy));
    });

    describe("has as its exit code", () => {
        const firing = (severity: string, changes = {}) =>
            withPrometheus({ alerts: [alert("SomeAlert", severity, changes)] });
        const someDifference = [difference("prometheus-config-stage", "somebody changed targets/shop.yml")];
        const states: [code: number, what: string, facts: Facts][] = [
            [0, "all is well", healthy],
            [0, "differences were not asked for", { ...healthy, differences: null }],
            [0, "an alert is pending", firing("critical", { state: "pending" })],
            [0, "an alert fires that only explains others", firing("info")],
            [0, "an alert is silenced", firing("critical", { silencedBy: silence })],
            [
                0,
                "a target was not scraped yet",
                withPrometheus({ targets: [{ ...target("a", "a:1"), health: "unknown" }] }),
            ],
            [1, "something was not found out", { ...healthy, unknown: ["why"] }],
            [1, "nothing is there", { ...healthy, containers: [], prometheus: null, unknown: ["nothing"] }],
            [2, "an alert fires", firing("warning")],
            [2, "a target is down", withPrometheus({ targets: [target("a", "a:1", "refused")] })],
            [2, "a container is down", { ...healthy, containers: [container("prometheus", "", { status: "exited" })] }],
            [
                2,
                "a container is paused",
                { ...healthy, containers: [container("prometheus", "", { status: "paused" })] },
            ],
            [
                2,
                "a container is unhealthy",
                { ...healthy, containers: [container("prometheus", "", { health: "unhealthy" })] },
            ],
            [
                2,
                "a container was restarted a moment ago",
                {
                    ...healthy,
                    containers: [container("prometheus", "", { restartCount: 1, startedAt: "2026-03-01T11:59:00Z" })],
                },
            ],
            [
                0,
                "one was restarted long ago",
                { ...healthy, containers: [container("prometheus", "", { restartCount: 1 })] },
            ],
            [
                2,
                "a program does not answer",
                { ...healthy, containers: [container("prometheus", "", { lastWords: ["no"] })] },
            ],
            [2, "there is no Prometheus", { ...healthy, containers: [container("grafana")] }],
            [2, "the last reload failed", withPrometheus({ reloadConfigSuccess: false })],
            [2, "notifications were dropped", withPrometheus({ notificationsDropped: 1 })],
            [2, "Grafana has no database", { ...healthy, grafana: { version: "", database: "failing" } }],
            [2, "something is wrong, not found out and different", broken],
            [3, "only something differs", { ...healthy, differences: someDifference }],
            [
                1,
                "something differs, and something was not found out",
                { ...healthy, differences: someDifference, unknown: ["a"] },
            ],
        ];
        for (const [code, what, facts] of states) {
            it(`${code}, where ${what}`, () => assert.equal(judged(facts).exitCode, code));
        }
    });

    describe("reads", () => {
        const vector = (...result: object[]) => JSON.stringify({ data: { result } });
        const now = Date.parse("2026-03-01T12:00:00Z");
        const answers = {
            filesystem: "Filesystem 1024-blocks Used Available Capacity Mounted on\n/dev/vda 100 40 60 40% /prometheus",
            history: "2026-02-27T12:00:00Z 865a2f1fc29b",
            silent: "",
            metrics: [
                'prometheus_build_info{branch="",version="3.13.5"} 1',
                "prometheus_tsdb_storage_blocks_bytes 1e+06",
                "prometheus_tsdb_wal_storage_size_bytes 20",
                "prometheus_tsdb_head_chunks_storage_size_bytes 3",
                "prometheus_tsdb_retention_limit_bytes 0",
                "prometheus_tsdb_retention_limit_seconds 1.296e+06",
                "prometheus_tsdb_lowest_timestamp_seconds 9.223372036854776e+15",
                `prometheus_tsdb_head_max_time_seconds ${now / 1000 + 7200}`,
                'prometheus_target_scrape_pool_targets{scrape_job="a"} 1',
                'prometheus_target_scrape_pool_targets{scrape_job="with \\"quotes\\""} 0',
                'prometheus_target_scrape_pool_targets{scrape_job="docker"} 0',
            ].join("\n"),
            runtime: JSON.stringify({ data: { reloadConfigSuccess: true, lastConfigTime: "2026-02-27T12:00:00Z" } }),
            flags: JSON.stringify({
                data: {
                    "web.console.templates": "/etc/prometheus/current/consoles",
                    "web.external-url": "https://example.com/prometheus/",
                },
            }),
            targets: JSON.stringify({
                data: { activeTargets: [{ ...target("b", "b:1"), labels: {} }, target("a", "a:1")] },
            }),
            rules: JSON.stringify({
                data: {
                    groups: [
                        {
                            name: "shop",
                            rules: [
                                { name: "Bad", health: "err", lastError: "why", alerts: [] },
                                {
                                    ...{ name: "Watchdog", health: "ok" },
                                    alerts: [{ ...alert("Watchdog", "none"), annotations: {} }],
                                },
                                {
                                    ...{ name: "TargetDown", health: "ok" },
                                    alerts: ["warning", "critical"].map((severity) => ({
                                        ...alert("TargetDown", severity),
                                        annotations: { summary: severity },
                                    })),
                                },
                            ],
                        },
                        {
                            name: "node_exporter",
                            rules: [
                                { name: "HostFilesystemSpaceLow", health: "ok", query: "a < 0.1 and b", alerts: [] },
                            ],
                        },
                    ],
                },
            }),
            probes: vector(),
            dropped: vector({ metric: {}, value: [0, "2.0004"] }),
            available: vector(
                { metric: { device: "/dev/other" }, value: [0, "1"] },
                { metric: { device: "/dev/vda", instance: "db-1" }, value: [0, "1"] },
                { metric: { device: "/dev/vda", instance: "web-1" }, value: [0, String(90 * 1024)] },
            ),
            // Another host has a device of the same name.
            sizes: vector(
                { metric: { device: "/dev/vda", instance: "db-1" }, value: [0, String(7000 * 1024)] },
                { metric: { device: "/dev/vda", instance: "web-1" }, value: [0, String(100 * 1024)] },
            ),
            silentKernels: vector({ metric: { instance: "web-1" }, value: [0, "0.5"] }),
            clock: String(now / 1000),
        };
        const read = (changes = {}) => prometheusProbe.read({ ...answers, ...changes }, now, () => null);

        it("what Prometheus answers", () => {
            const found = read();
            assert.ok(typeof found === "object");
            const { storage, alerts, ...rest } = found;
            assert.deepEqual(rest, {
                version: "3.13.5",
                mode: "server",
                sendsTo: [],
                reloadConfigSuccess: true,
                lastConfigTime: "2026-02-27T12:00:00Z",
                consoleUrl: "https://example.com/prometheus/consoles/overview.html",
                release: { name: "865a2f1fc29b", since: "2026-02-27T12:00:00Z" },
                targets: [target("a", "a:1"), target("b", "b:1")],
                jobsWithoutTargets: ["docker", 'with "quotes"'],
                failingRules: [{ group: "shop", name: "Bad", lastError: "why" }],
                notificationsDropped: 2,
                withoutPressure: ["web-1"],
            });
            assert.deepEqual(
                alerts.map(({ labels, summary }) => `${labels.alertname} ${summary}`),
                ["TargetDown critical", "TargetDown warning"],
            );
            assert.deepEqual(storage, {
                size: 1_000_023,
                retentionSize: null,
                retentionTime: "15d",
                lowestTimestamp: null,
                filesystemFree: 60 * 1024,
                filesystemSize: 100 * 1024,
                // 30 of the 60 blocks that are left went in six hours.
                filesystemFullAt: "2026-03-02T00:00:00.000Z",
                filesystemWatched: true,
                filesystemLimit: 0.1,
                timestampAhead: "2026-03-01T14:00:00.000Z",
            });
        });

        it("no address of pages where Prometheus serves none", () => {
            for (const flags of ["", JSON.stringify({ data: { "web.console.templates": "consoles" } })]) {
                const found = read({ flags });
                assert.equal(typeof found === "object" && found.consoleUrl, null);
            }
        });

        it("no end of the free space where it does not shrink, or was not seen before", () => {
            for (const available of [vector({ metric: { device: "/dev/vda" }, value: [0, "1"] }), vector(), ""]) {
                const found = read({ available });
                assert.equal(typeof found === "object" && found.storage.filesystemFullAt, null);
            }
        });

        it("what an agent answers: nothing of rules and samples, but to whom it sends", () => {
            const queue = (what: string, name: string, value: number) =>
                `prometheus_remote_storage_${what}{remote_name="${name}",url="http://a"} ${value}`;
            const metrics = [
                "prometheus_remote_storage_highest_timestamp_in_seconds 1000",
                queue("queue_highest_timestamp_seconds", "archive", 990),
                queue("queue_highest_sent_timestamp_seconds", "archive", 800),
                queue("samples_failed_total", "archive", 5),
                queue("histograms_failed_total", "archive", 2),
                queue("queue_highest_timestamp_seconds", "new", 990),
                queue("queue_highest_sent_timestamp_seconds", "new", 0),
                queue("queue_highest_timestamp_seconds", "quiet", 300),
                queue("queue_highest_sent_timestamp_seconds", "quiet", 300),
                queue("queue_highest_timestamp_seconds", "nothing", 0),
                queue("queue_highest_sent_timestamp_seconds", "nothing", 0),
            ].join("\n");
            const unavailable = { rules: "", probes: "", dropped: "", available: "", sizes: "", silentKernels: "" };
            const agent = read({ ...unavailable, metrics, flags: JSON.stringify({ data: { agent: "true" } }) });
            assert.ok(typeof agent === "object");
            assert.deepEqual([agent.mode, agent.alerts, agent.failingRules], ["agent", [], []]);
            assert.deepEqual(agent.sendsTo, [
                { name: "archive", secondsBehind: 200, refused: 7 },
                { name: "new", secondsBehind: null, refused: 0 },
                { name: "quiet", secondsBehind: 0, refused: 0 },
            ]);
            assert.deepEqual(
                prometheusProbe.problems?.(agent).filter((each) => each.includes("sample")),
                ["archive is 3 minutes behind: it takes no samples.", "new has taken no sample yet."],
            );
            const lines = prometheusProbe
                .lines(agent, now)
                .filter(([name]) => /^(Prometheus|Sends to|Log)$/.test(name ?? ""));
            assert.deepEqual(
                lines.map(([, text = ""]) => text.split(", release")[0]),
                [
                    ", an agent",
                    "archive, 3 minutes behind, 7 samples refused",
                    "new, it has taken nothing yet",
                    "quiet, 0 seconds behind",
                    "0 B",
                ],
            );
            assert.deepEqual(prometheusProbe.brief?.cells(agent), ["2 of 2", "(agent)"]);
        });

        it("why Prometheus does not answer", () => {
            const said = "wget: server returned error: HTTP/1.1 503 Service Unavailable";
            assert.equal(
                prometheusProbe.read({ silent: said }, now, () => null),
                said,
            );
            assert.equal(read({ rules: '{"data":{"gro' }), "it was too slow");
        });

        it("which alerts are silenced, by their labels", () => {
            const [labels, external] = [{ alertname: "TargetDown", job: "shop" }, { cluster: "eu" }];
            const heard = {
                status: JSON.stringify({
                    versionInfo: { version: "0.34.1" },
                    cluster: { status: "disabled", peers: [] },
                }),
                silences: JSON.stringify([
                    { ...silence, status: { state: "active" } },
                    { ...silence, id: "2", status: { state: "expired" } },
                ]),
                alerts: JSON.stringify([
                    { labels: { ...labels, job: "web" }, status: { silencedBy: [] } },
                    { labels: { ...labels, ...external }, status: { silencedBy: ["1"] } },
                ]),
            };
            const read = (answers: Answers) => alertmanagerProbe.read(answers, now, () => null);
            const silenceOf = (answers: Answers) => alertmanagerProbe.silences?.(answers) ?? assert.fail();
            assert.deepEqual(read(heard), { version: "0.34.1", activeSilences: 1 });
            assert.deepEqual(silenceOf(heard)(labels), silence);
            assert.equal(silenceOf(heard)({ ...labels, job: "web" }), null);
            assert.equal(silenceOf({})(labels), null);
            assert.equal(read({ status: "" }), "no answer");
        });

        it("who of a pair is there", () => {
            const lines = (cluster: object) => {
                const status = JSON.stringify({ versionInfo: { version: "0.34.1" }, cluster });
                const found = alertmanagerProbe.read({ status }, now, () => null);
                return typeof found === "object"
                    ? alertmanagerProbe.lines(found, now).map(([, text]) => text)
                    : [found];
            };
            const alone = "0.34.1, 0 active silences, does not find the other one of its pair";
            assert.deepEqual(lines({ status: "disabled", peers: [] }), ["0.34.1, 0 active silences"]);
            assert.deepEqual(lines({ status: "ready", peers: [{}] }), [alone]);
            assert.deepEqual(lines({ status: "ready", peers: [{}, {}] }), [
                "0.34.1, 0 active silences, both of its pair are there",
            ]);
        });

        it("Grafana's health, below its headers", () => {
            const health = 'HTTP/1.0 200 OK\r\nDate: now\r\n\r\n{\n  "database": "ok",\n  "version": "13.1.3"\n}';
            const read = (answers: Answers) => grafanaProbe.read(answers, now, () => null);
            assert.deepEqual(read({ health }), { version: "13.1.3", database: "ok" });
            assert.equal(read({}), "no answer");
            assert.equal(read({ silent: "it hangs" }), "it hangs");
        });

        it("the memory in use, of both versions of control groups", () => {
            assert.equal(memoryUsage({ memory: "1000\nanon 5\ninactive_file 300\nactive_file 1" }), 700);
            assert.equal(memoryUsage({ memory: "1000\ninactive_file 1\ntotal_inactive_file 400" }), 600);
            assert.equal(memoryUsage({}), null);
        });
    });

    describe("says of a preview", () => {
        const command = "command:local:Command";
        const step = (op: string, name: string, before: object, now: object, diffReasons: string[], rest = {}) => ({
            op,
            urn: `urn:pulumi:dev::metrics-stack::some:Parent$${command}::${name}`,
            oldState: { type: command, inputs: before },
            newState: { type: command, inputs: now },
            diffReasons,
            ...rest,
        });
        const reasons = (...steps: Preview["steps"] & object) =>
            differences({ steps }).map(({ op, resource, reason }) => `${op} ${resource}: ${reason}`);
        const [earlier, later] = [
            "2026-01-01T00:00:00.000Z",
            "2026-01-02T00:00:00.000Z: somebody changed targets/shop.yml",
        ];
        const environment = (GENERATION: string, RELEASE = "1") => ({ GENERATION, RELEASE });

        it("nothing, where all stays the same", () => {
            assert.deepEqual(reasons(step("same", "a", {}, {}, []), step("refresh", "a", {}, {}, [])), []);
        });

        it("once, what somebody changed by hand", () => {
            const steps = ["secrets", "stage", "activate"].map((name) =>
                step(
                    "update",
                    `prometheus-config-${name}`,
                    { environment: environment(earlier) },
                    { environment: environment(later) },
                    ["environment"],
                ),
            );
            assert.deepEqual(reasons(...steps), [
                "update prometheus-config-secrets: somebody changed targets/shop.yml",
                "update prometheus-config-stage: ",
                "update prometheus-config-activate: ",
            ]);
        });

        it("which files are declared otherwise", () => {
            const before = { environment: environment(earlier), stdin: "a: 1\nb: 2\nc: 3\n" };
            const now = { environment: environment(earlier, "2"), stdin: "a: 1\nb: 3\nd: 4\n" };
            assert.deepEqual(
                reasons(step("update", "prometheus-config-stage", before, now, ["stdin", "environment"])),
                ["update prometheus-config-stage: declared otherwise: b, c, d"],
            );
        });

        it("that a secret is, and not which", () => {
            const hidden = { stdin: "[secret]" };
            assert.deepEqual(reasons(step("update", "prometheus-config-secrets", hidden, hidden, ["stdin"])), [
                "update prometheus-config-secrets: declared otherwise: a secret",
            ]);
        });

        it("which inputs of a container are, and whether it was stopped or removed", () => {
            const type = "docker:index/container:Container";
            const of = (name: string) => ({
                urn: `urn:pulumi:dev::metrics-stack::${type}::${name}`,
                oldState: { type },
                newState: { type },
            });
            const { oldState: _, ...created } = of("grafana");
            assert.deepEqual(
                reasons(
                    { ...of("a"), op: "replace", diffReasons: ["command", "name"], replaceReasons: ["command"] },
                    { ...of("b"), op: "update", diffReasons: ["mustRun"] },
                    { ...of("c"), op: "replace", diffReasons: ["mustRun", "ports"], replaceReasons: ["ports"] },
                    { ...of("d"), op: "refresh" },
                    { ...of("d"), op: "create" },
                    { ...created, op: "create" },
                    { ...of("e"), op: "delete" },
                ),
                [
                    "replace a: declared otherwise: command",
                    "update b: it does not run",
                    "replace c: it does not run",
                    "create d: it was removed",
                    "create grafana: it is declared, and not there",
                    "delete e: it is there, and not declared",
                ],
            );
        });
    });

    it("says times and sizes as people do", () => {
        assert.deepEqual([0, 1000, 90_000, 120_000, 7_200_000, 260_000_000].map(span), [
            "0 seconds",
            "1 second",
            "90 seconds",
            "2 minutes",
            "2 hours",
            "3 days",
        ]);
        assert.deepEqual([0, 1023, 1024, 1536, 46_137_344, 53_687_091_200].map(size), [
            "0 B",
            "1023 B",
            "1 KiB",
            "1.5 KiB",
            "44 MiB",
            "50 GiB",
        ]);
    });
});
