import assert from "node:assert/strict";
import { parse } from "yaml";
import { understoodAlertmanager } from "../../../../commands/import/compare/alertmanager";
import { differences } from "../../../../commands/import/compare/differences";

/** The names of what differs between two files. */
const differing = (before: string, after: string) =>
    differences(understoodAlertmanager(parse(before)), understoodAlertmanager(parse(after)), [], []).map(
        ({ what }) => what,
    );

const route = (text: string) => `route: {receiver: a, ${text}}`;
const receivers = (text: string) => `receivers: [{name: a, ${text}}]`;

describe("An alertmanager.yml as Alertmanager understands it", () => {
    for (const [what, before, after] of [
        ["defaults", route(""), route("group_wait: 30s, group_interval: 5m, repeat_interval: 4h, group_by: []")],
        ["times", route("repeat_interval: 90m"), route("repeat_interval: 1h30m")],
        ["the order of labels", route("group_by: [a, b]"), route("group_by: [b, a]")],
        [
            "matchers",
            route("routes: [{match: {a: b}, match_re: {c: d}}]"),
            route(`routes: [{matchers: ['c =~ "d"', "a=b"]}]`),
        ],
        [
            "what a route has of the one around it",
            route("group_by: [a], routes: [{}]"),
            route("group_by: [a], routes: [{receiver: a, group_by: [a]}]"),
        ],
        [
            "inhibition",
            "inhibit_rules: [{source_match: {a: b}, target_match: {c: d}, equal: [x, y]}]",
            `inhibit_rules: [{source_matchers: ['a="b"'], target_matchers: ['c="d"'], equal: [y, x]}]`,
        ],
        [
            "the old name of time intervals",
            "mute_time_intervals: [{name: a, time_intervals: [{months: [May]}]}]",
            'time_intervals: [{name: a, time_intervals: [{months: ["5:5"], location: UTC}]}]',
        ],
        [
            "settings of all",
            `global: {smtp_from: a@b.c, smtp_require_tls: false}\n${receivers("email_configs: [{to: d@e.f}]")}`,
            receivers("email_configs: [{to: d@e.f, from: a@b.c, require_tls: false, send_resolved: false}]"),
        ],
        [
            "how services are asked",
            `global: {http_config: {proxy_url: "http://p"}}\n${receivers("webhook_configs: [{url: a}]")}`,
            receivers('webhook_configs: [{url: a, http_config: {proxy_url: "http://p"}}]'),
        ],
        [
            "secrets in files",
            receivers("slack_configs: [{api_url: a, http_config: {bearer_token: b}}]"),
            receivers(
                "slack_configs: [{api_url_file: c, http_config: {authorization: {credentials_file: d, type: Bearer}}}]",
            ),
        ],
        [
            "Slack's default text",
            receivers("slack_configs: [{api_url: a}]"),
            receivers(
                `slack_configs: [{api_url: a, text: '{{ template "slack.default.text" . }}', send_resolved: false}]`,
            ),
        ],
        [
            "an app's token, and the webhook of all",
            `global: {slack_api_url: a}\n${receivers("slack_configs: [{app_token: b}]")}`,
            receivers("slack_configs: [{app_token: c}]"),
        ],
        [
            "the app of all, and the webhook of all beside it",
            `global: {slack_api_url: a, slack_app_token: b}\n${receivers("slack_configs: [{channel: c}]")}`,
            receivers("slack_configs: [{channel: c, app_token: d}]"),
        ],
        [
            "empty texts",
            receivers('email_configs: [{to: a@b.c, hello: ""}]'),
            receivers("email_configs: [{to: a@b.c}]"),
        ],
        [
            "limits that are none",
            receivers("webhook_configs: [{url: a, max_alerts: 0}]"),
            receivers("webhook_configs: [{url: a}]"),
        ],
        [
            "how Go writes times",
            receivers("pushover_configs: [{retry: 90m}]"),
            receivers("pushover_configs: [{retry: 1h30m0s}]"),
        ],
        [
            "certificates in files",
            receivers("webhook_configs: [{url: a, http_config: {tls_config: {ca_file: b}}}]"),
            receivers('webhook_configs: [{url: a, http_config: {tls_config: {ca: "-----BEGIN CERTIFICATE-----"}}}]'),
        ],
    ] as const) {
        it(`takes ${what} for the same`, () => assert.deepEqual(differing(before, after), []));
    }

    for (const [before, after, expected] of [
        [
            route("routes: [{match: {a: b}, continue: true}]"),
            route("routes: [{match: {a: b}}]"),
            ['route a="b": continue'],
        ],
        [
            route("group_by: [a], routes: [{match: {a: b}}]"),
            route("group_by: [b], routes: [{match: {a: b}}]"),
            ["route: group_by", 'route a="b": group_by'],
        ],
        [
            route("routes: [{match: {a: b}}, {match: {c: d}}]"),
            route("routes: [{match: {c: d}}, {match: {a: b}}]"),
            ['route a="b": comes after', 'route c="d": comes after'],
        ],
        [
            route("routes: [{match: {a: b}}, {match: {a: b}, receiver: c}]"),
            route("routes: [{match: {a: b}}, {match: {a: b}}]"),
            ['route a="b" (2): receiver'],
        ],
        [
            receivers("email_configs: [{to: a@b.c}]"),
            receivers("email_configs: [{to: a@b.c, send_resolved: true}]"),
            ['receiver "a": email[0].send_resolved'],
        ],
        [
            receivers("webhook_configs: [{url: a}]"),
            receivers("webhook_configs: []"),
            ['receiver "a": webhook[0].send_resolved', 'receiver "a": webhook[0].url'],
        ],
        [
            "inhibit_rules: [{source_match: {a: b}, target_match: {c: d}}]",
            "inhibit_rules: [{source_match: {a: b}, target_match: {c: d}, equal: [e]}]",
            ['inhibition of c="d" by a="b": equal'],
        ],
        [
            "time_intervals: [{name: a, time_intervals: [{weekdays: [monday]}]}]",
            "time_intervals: [{name: a, time_intervals: [{weekdays: [sunday]}]}]",
            ['time interval "a": weekdays[0]'],
        ],
        ["global: {resolve_timeout: 1m}", "{}", ["global: resolve_timeout"]],
    ] as const) {
        it(`tells ${expected.join(" and ")} apart`, () => assert.deepEqual(differing(before, after), expected));
    }

    it("takes where the Watchdog's route stands for all the same to others", () => {
        const [watchdog, other] = ["{match: {alertname: Watchdog}}", "{match: {a: b}}"];
        assert.deepEqual(
            differing(route(`routes: [${other}, ${watchdog}]`), route(`routes: [${watchdog}, ${other}]`)),
            [],
        );
    });
});
