import assert from "node:assert/strict";
import { parse } from "yaml";
import { differences } from "../../../../commands/import/compare/differences";
import { understoodPrometheus } from "../../../../commands/import/compare/prometheus";

const understood = (text: string) => understoodPrometheus(parse(text), () => undefined);
const between = (a: string, b: string) => differences(understood(a), understood(b), [], []).map(({ what }) => what);
const job = (rest: string, global = "") => `${global}scrape_configs: [{job_name: a, ${rest}}]`;

describe("What two files of Prometheus mean", () => {
    for (const [what, a, b] of [
        ["defaults", job(""), job("metrics_path: /metrics, scheme: http, scrape_interval: 60s, honor_labels: false")],
        ["times", job("scrape_interval: 1m30s"), job("scrape_interval: 90s")],
        ["sizes", job("body_size_limit: 10MB"), job("body_size_limit: 10MiB")],
        ["what global says of all", job("sample_limit: 5"), job("", "global: {sample_limit: 5}\n")],
        [
            "a timeout that the interval shortens",
            job("scrape_interval: 5s, scrape_timeout: 5s"),
            job("scrape_interval: 5s"),
        ],
        [
            "rules",
            job("relabel_configs: [{target_label: a}]"),
            job("relabel_configs: [{action: replace, target_label: a, regex: (.*)}]"),
        ],
        [
            "targets, in any groups",
            job("static_configs: [{targets: [a, b]}]"),
            job("static_configs: [{targets: [b]}, {targets: [a]}]"),
        ],
        ["secrets, wherever they are", job("bearer_token: x"), job("authorization: {credentials_file: /y}")],
        ["yes", job("honor_labels: yes"), job("honor_labels: true")],
    ] as const) {
        it(`is the same with other ${what}`, () => assert.deepEqual(between(a, b), []));
    }

    for (const [what, a, b, expected] of [
        ["a default", job(""), job("scheme: https"), ['job "a": scheme']],
        ["a timeout", job("", "global: {scrape_timeout: 5s}\n"), job(""), ['job "a": scrape_timeout']],
        [
            "a label",
            job("static_configs: [{targets: [a], labels: {x: y}}]"),
            job("static_configs: [{targets: [a]}]"),
            ['job "a": target a {x="y"}', 'job "a": target a'],
        ],
        [
            "a replacement of nothing",
            job("relabel_configs: [{target_label: a, replacement: ''}]"),
            job("relabel_configs: [{target_label: a}]"),
            ['job "a": relabel_configs'],
        ],
        [
            "the order of rules",
            job("relabel_configs: [{target_label: a}, {target_label: b}]"),
            job("relabel_configs: [{target_label: b}, {target_label: a}]"),
            ['job "a": relabel_configs'],
        ],
        ["an external label", "global: {external_labels: {a: b}}", "global: {}", ["external label a"]],
        [
            "an Alertmanager",
            "alerting: {alertmanagers: [{static_configs: [{targets: [am]}]}]}",
            "{}",
            ["alertmanagers am"],
        ],
        ["a section", "storage: {tsdb: {out_of_order_time_window: 5m}}", "{}", ["storage"]],
    ] as const) {
        it(`differs in ${what}`, () => assert.deepEqual(between(a, b), expected));
    }
});
