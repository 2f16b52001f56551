import assert from "node:assert/strict";
import { Document, parse } from "yaml";
import { importAlertmanager } from "../../../commands/import/alertmanager";
import type { Beside, Converted } from "../../../commands/import/converted";
import type { Note } from "../../../commands/import/notes";
import { takeSecrets } from "../../../commands/import/secrets";
import { readSource } from "../../../commands/import/source";

const beside: Beside = { stack: "test", find: () => [], partAt: () => undefined };

/** What becomes of a file. @param rest what stands behind a route and a receiver that make it a whole one */
function imported(
    text: string,
    find: Beside["find"] = () => [],
): Converted & { text: string; secrets: string[]; declared: Readonly<Record<string, unknown>> } {
    const source = readSource("alertmanager.yml", text);
    assert.ok(!("kind" in source));
    const converted = importAlertmanager(source, { ...beside, find });
    const secrets = takeSecrets(converted.declaration).map(({ path }) => path.join("."));
    const written = new Document(converted.declaration).toString({ lineWidth: 0 });
    const { alertmanager: declared = {} } = parse(written) as { alertmanager?: Readonly<Record<string, unknown>> };
    return { ...converted, secrets, text: written, declared };
}

const team = "receivers: [{name: team}]\n";
const whole = (route: string) => `route: {receiver: team, ${route}}\n${team}`;

const told = (notes: readonly Note[], kind: Note["kind"]) =>
    notes.filter((note) => note.kind === kind).map(({ line, what, words }) => `${line}: ${what}: ${words}`);

describe("The import of an alertmanager.yml", () => {
    it("keeps its words, their order and their comments", () => {
        const { text, secrets, notes } = imported(`
# How all of it is sent
global:
  resolve_timeout: 1m
  smtp_from: alerts@example.com # us
  smtp_auth_password: hunter2

route:
  receiver: team
  group_by: [alertname]
  routes:
    # Whoever is on call
    - match: { severity: critical }
      match_re: { service: "a|b" }
      receiver: pager
      repeat_interval: 15m # until somebody answers

receivers:
  # On call
  - name: pager
    pagerduty_configs:
      # Of the service "shop"
      - routing_key: secret
  # Everybody
  - name: team
    email_configs:
      - to: ops@example.com
`);
        assert.equal(
            text,
            `alertmanager:
  enabled: true
  inhibitWarnings: false
  # How all of it is sent
  resolveTimeout: 1m
  smtp:
    from: alerts@example.com # us
  groupBy: [ alertname ]
  routes:
    # Whoever is on call
    - labels: { severity: critical }
      matchers:
        - service=~"a|b"
      receiver: pager
      repeatInterval: 15m # until somebody answers

  receivers:
    # Everybody
    - name: team
      email:
        to: ops@example.com
        sendResolved: false

    # On call
    - name: pager
      pagerduty:
        # Of the service "shop"
        severity: error
`,
        );
        assert.deepEqual(secrets, ["alertmanager.smtp.authPassword", "alertmanager.receivers.1.pagerduty.routingKey"]);
        assert.deepEqual(
            notes.filter(({ kind }) => kind === "moved").map(({ what }) => what),
            ['route service=~"a|b" severity="critical"', 'receiver "pager"', 'receiver "team"'],
        );
    });

    it("has each entry say what global says of its kind, where it says nothing itself", () => {
        const { text, secrets } = imported(`
global:
  slack_api_url_file: /secrets/slack
  opsgenie_api_url: https://api.eu.opsgenie.com/
  wechat_api_corp_id: shop
  http_config: { proxy_url: "http://proxy:3128" }
route: { receiver: a }
receivers:
  - name: a
    slack_configs:
      - channel: "#a"
      - { channel: "#b", app_token: secret, send_resolved: yes, text: mine, http_config: { follow_redirects: false } }
    opsgenie_configs: [{ api_key: secret, http_config: {} }]
    wechat_configs: [{ api_secret: secret, http_config: {} }]
`);
        assert.equal(
            text.slice(text.indexOf("  receivers:")),
            `  receivers:
    - name: a
      slack:
        - channel: "#a"
          httpConfig: { proxyUrl: "http://proxy:3128" }
          sendResolved: false
          text: '{{ template "slack.default.text" . }}'
        - { channel: "#b", sendResolved: true, text: mine, httpConfig: { followRedirects: false } }
      opsgenie: { httpConfig: {}, apiUrl: https://api.eu.opsgenie.com/ }
      wechat: { httpConfig: {}, corpId: shop, sendResolved: false }
`,
        );
        assert.deepEqual(secrets, [
            "alertmanager.receivers.0.slack.0.webhookUrl",
            "alertmanager.receivers.0.slack.1.appToken",
            "alertmanager.receivers.0.opsgenie.apiKey",
            "alertmanager.receivers.0.wechat.apiSecret",
        ]);
    });

    it("has Slack asked by the app of all, but for who has a webhook or a token", () => {
        const { secrets } = imported(`
global: { slack_api_url: "https://slack.com/api/chat.postMessage", slack_app_token: secret }
route: { receiver: a }
receivers:
  - name: a
    slack_configs:
      - channel: "#a"
      - api_url: https://hooks.slack.com/services/secret
      - http_config: { authorization: { credentials: secret } }
`);
        assert.deepEqual(secrets, [
            "alertmanager.receivers.0.slack.0.appToken",
            "alertmanager.receivers.0.slack.1.webhookUrl",
            "alertmanager.receivers.0.slack.2.httpConfig.authorization.credentials",
            "alertmanager.receivers.0.slack.2.webhookUrl",
        ]);
    });

    it("takes an empty text for none, where Alertmanager does", () => {
        const { declared, secrets } = imported(`
global: { smtp_hello: "", smtp_auth_password: "", smtp_auth_username: "" }
route: { receiver: team }
receivers: [{ name: team, email_configs: [{ to: a@example.com, html: "" }] }]`);
        assert.deepEqual([declared.smtp, secrets], [{}, []]);
        assert.deepEqual((declared.receivers as object[])[0], {
            name: "team",
            email: { to: "a@example.com", html: "", sendResolved: false },
        });
    });

    it("has receivers without a way to tell somebody tell nobody, as they do", () => {
        const { text } = imported(
            "route: {receiver: a}\nreceivers: [{name: a, slack_configs: null}, {name: b, webhook_configs: []}]",
        );
        assert.match(text, /\[ \{ name: a, silent: true \}, \{ name: b, silent: true \} \]/);
    });

    for (const [how, written, declared] of [
        ["braces", `matchers: ['{a="b", c!~"d,e"}']`, { matchers: ['a="b"', 'c!~"d,e"'] }],
        ["no quotes", "matchers: ['a = two words']", { matchers: ['a="two words"'] }],
        ["names with spaces", `matchers: ['"my label" = "b"']`, { matchers: ['"my label"="b"'] }],
        ["what can be read as it is", `matchers: [ a =~ "b|c" ]`, { matchers: ['a =~ "b|c"'] }],
        ["numbers", "match: { code: 500 }", { labels: { code: "500" } }],
        ["a label that is not there", `match: { a: "", b: c }`, { matchers: ['a=""', 'b="c"'] }],
        ["expressions", `match_re: { a: '\\d+' }`, { matchers: ['a=~"\\\\d+"'] }],
    ] as const) {
        it(`reads ${how} in matchers`, () => {
            const { declared: all } = imported(whole(`routes: [{ ${written} }]`));
            assert.deepEqual(all.routes, [declared]);
        });
    }

    it("reads inhibition in all the ways in which it is written", () => {
        const { declared } = imported(`${whole("")}
inhibit_rules:
  - source_match: { severity: critical }
    source_match_re: { team: a|b }
    target_matchers: ['severity = warning']
    equal: [job]`);
        assert.deepEqual(declared.inhibitRules, [
            {
                sourceMatchers: ['severity="critical"', 'team=~"a|b"'],
                targetMatchers: ["severity = warning"],
                equal: ["job"],
            },
        ]);
    });

    it("takes the old name of time intervals for theirs", () => {
        const { declared } = imported(`${whole("routes: [{active_time_intervals: [b]}]")}
mute_time_intervals: [{name: a, time_intervals: [{days_of_month: ["1:5"]}]}]
time_intervals: [{name: b, time_intervals: [{times: [{start_time: 07:00, end_time: 23:00}]}]}]`);
        assert.deepEqual(declared.timeIntervals, [
            { name: "a", timeIntervals: [{ daysOfMonth: ["1:5"] }] },
            { name: "b", timeIntervals: [{ times: [{ startTime: "07:00", endTime: "23:00" }] }] },
        ]);
    });

    it("makes who hears of the Watchdog the stack's watchdogReceiver", () => {
        const text = `route: {receiver: team, routes: [{match: {alertname: Watchdog}, receiver: RECEIVER}]}
receivers: [{name: team}, {name: snitch}]`;
        const { declared, notes } = imported(text.replace("RECEIVER", "snitch"));
        assert.equal(declared.watchdogReceiver, "snitch");
        assert.deepEqual(declared.routes, []);
        assert.deepEqual(notes.filter(({ differs }) => differs?.includes('route alertname="Watchdog"')).length, 2);
        const { declared: other, notes: others } = imported(text.replace("RECEIVER", "team"));
        assert.equal(other.watchdogReceiver, undefined);
        assert.match(told(others, "decide").join(), /cannot be the first: write another one in watchdogReceiver/);
    });

    it("takes templates along that are at hand, and tells of others", () => {
        const text = `${whole("")}templates: ["/etc/alertmanager/*.tmpl"]\n`;
        const { declared, files, notes } = imported(text, () => [{ file: "etc/shop.tmpl", text: "..." }]);
        assert.deepEqual(declared.templates, ["alerts/test/shop.tmpl"]);
        assert.deepEqual(files, { "alerts/test/shop.tmpl": "..." });
        assert.deepEqual(told(notes, "moved").slice(-1), [
            "3: templates: /etc/alertmanager/*.tmpl: etc/shop.tmpl is alerts/test/shop.tmpl",
        ]);
        const { declared: without, notes: left } = imported(text);
        assert.ok(!("templates" in without));
        assert.match(told(left, "changed").join(), /is not at hand, and no text uses a template of it: left out/);
        const uses = text.replace("{name: team}", `{name: team, slack_configs: [{title: '{{ template "shop" . }}'}]}`);
        assert.match(
            told(imported(uses).notes, "decide").join(),
            /sends nothing where a text uses what it defines, such as shop/,
        );
    });

    it("writes the Docker host where the container itself was named, and has it looked at", () => {
        const { declared, notes } = imported(`
global: { smtp_smarthost: localhost:25, http_config: { proxy_url: "http://127.0.0.1:3128" } }
route: { receiver: team }
receivers:
  - name: team
    email_configs: [{ to: a@example.com }]
    webhook_configs: [{ url: "http://localhost:5001/token" }]`);
        assert.deepEqual(declared.smtp, { smarthost: "host.docker.internal:25" });
        assert.deepEqual((declared.receivers as unknown[])[0], {
            name: "team",
            email: { to: "a@example.com", sendResolved: false },
            webhook: { httpConfig: { proxyUrl: "http://host.docker.internal:3128" } },
        });
        const own = notes.filter(({ kind }) => kind === "decide");
        assert.deepEqual(
            own.map(({ differs }) => differs),
            [
                ['receiver "team": webhook[0].http_config.proxy_url'],
                ['receiver "team": email[0].smarthost'],
                ['receiver "team": webhook[0].url'],
            ],
        );
        assert.ok(own.every(({ words = "" }) => words.includes("is Alertmanager's container to itself")));
        assert.ok(!JSON.stringify(notes).includes("token"));
    });

    for (const [what, text, message] of [
        ["no first receiver", "route: {}\nreceivers: []", /is missing, so that no Alertmanager loads the file/],
        [
            "an unknown first receiver",
            "route: {receiver: b}\nreceivers: [{name: a}]",
            /names "b", which is no receiver/,
        ],
        ["a first route with matchers", whole("match: {a: b}"), /no Alertmanager loads that; leave it out/],
        [
            "labels that a route gives",
            whole("routes: [{labels: {a: b}}]"),
            /labels that a route gives cannot be declared/,
        ],
        ["labels that the first route gives", whole("labels: {a: b}"), /labels that a route gives cannot be declared/],
        [
            "a secret and a file with it",
            whole("").replace("team}]", "team, opsgenie_configs: [{api_key: a, api_key_file: b}]}]"),
            /stands beside api_key, and no Alertmanager loads both/,
        ],
        ["tracing", `${whole("")}tracing: {}`, /is no key of alertmanager.yml that can be declared/],
        [
            "what older ones knew",
            `${whole("")}global: {hipchat_auth_token: a}`,
            /no key that a current Alertmanager knows/,
        ],
        ["a list", "[]", /holds no keys; it is no alertmanager.yml/],
        [
            "shell's variables",
            whole("").replace("team}]", 'team, email_configs: [{to: "${MAIL}"}]}]'),
            /\$\{MAIL\} was never filled in/,
        ],
        [
            "an example's words",
            whole("").replace("team}]", 'team, slack_configs: [{channel: "#<channel-name>"}]}]'),
            /<channel-name> was never/,
        ],
        [
            "words for people",
            whole("").replace("team}]", "team, telegram_configs: [{chat_id: YOUR_CHAT_ID}]}]"),
            /YOUR_CHAT_ID was never/,
        ],
    ] as const) {
        it(`stops at ${what}`, () => assert.match(told(imported(text).notes, "lost").join("\n"), message));
    }

    it("takes no template and no HTML for a placeholder", () => {
        const text = `<p>{{ range $i, $alert := .Alerts }}{{ $alert.Labels.job }} costs $5{{ end }}</p>`;
        const { notes } = imported(`
route: { receiver: team }
receivers:
  - name: team
    email_configs: [{ to: Ops <ops@example.com>, html: "${text}", text: "<b>all</b>" }]`);
        assert.deepEqual(told(notes, "lost"), []);
    });
});
