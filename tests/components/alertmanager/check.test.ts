import assert from "node:assert/strict";
import { mistakes, parse } from "../../declaration";

const hook = { webhook: { url: "https://hooks.example.com/a" } };
const team = { name: "team", ...hook };
const at = (settings: object, files: Readonly<Record<string, string>> = {}): string[] => {
    const raw = { alertmanager: { enabled: true, receivers: [team], ...settings } };
    return mistakes(raw, Object.keys(raw), files).map((line) => line.replace("metrics-stack:alertmanager.", ""));
};
const of = (receiver: object) => at({ receivers: [team, { name: "other", ...receiver }] });

describe("Whom alerts reach", () => {
    const refused: [what: string, receiver: object, ...says: RegExp[]][] = [
        ["a receiver that tells nobody", {}, /^receivers\[1\]: reaches nobody; write a way .*, or silent: true/],
        [
            "one that is silent and tells",
            { silent: true, ...hook },
            /^receivers\[1\]\.silent: is true, and .* by webhook;/,
        ],
        [
            "a mistake in one of several",
            { telegram: [{ botToken: "a", chatId: 1 }, { botToken: "a" }] },
            /^receivers\[1\]\.telegram\[1\]\.chatId: is missing/,
        ],
        [
            "a mistake in the only one",
            { telegram: { botToken: "a", chatId: "x" } },
            /^receivers\[1\]\.telegram\.chatId: "x" is not a chat's id/,
        ],
        [
            "an unknown key",
            { discord: { webhookUrl: "https://a.example.com", titel: "a" } },
            /^receivers\[1\]\.discord\.titel: .*did you mean title\?/,
        ],
        [
            "a file in place of a secret",
            { opsgenie: { apiKeyFile: "/a" } },
            /opsgenie\.apiKey: is missing/,
            /apiKeyFile: does not stand here; write the secret itself, encrypted, in apiKey/,
        ],
        [
            "text in place of a kind",
            { discord: "https://discord.com/api/webhooks/1" },
            /^receivers\[1\]\.discord: is text, not an object; write an object, or a list/,
        ],
        [
            "Alertmanager's own list",
            { discordConfigs: [] },
            /discordConfigs: does not stand here; write discord: \{\.\.\.\}, or a list/,
            /reaches nobody/,
        ],
        [
            "a webhook of Discord",
            { webhook: { url: "https://discord.com/api/webhooks/1/a" } },
            /webhook\.url: is the address of a service .* write discord: \{webhookUrl\}/,
        ],
        [
            "a webhook of Slack",
            { webhook: { url: "https://hooks.slack.com/services/a" } },
            /write slack: \{webhookUrl\}/,
        ],
        [
            "a webhook of Teams",
            { webhook: { url: "https://x.webhook.office.com/webhookb2/a" } },
            /write msteams: \{webhookUrl\}/,
        ],
        [
            "two logins of a webhook",
            {
                webhook: {
                    url: "https://a.example.com",
                    credentials: "a",
                    httpConfig: { basicAuth: { username: "a", password: "b" } },
                },
            },
            /webhook: has two logins/,
        ],
        [
            "two ways into Slack",
            { slack: { webhookUrl: "https://a.example.com", appToken: "a" } },
            /slack: needs one of webhookUrl and appToken/,
        ],
        [
            "a changed message without a token",
            { slack: { webhookUrl: "https://a.example.com", updateMessage: true } },
            /slack: changes messages with updateMessage; write the bot's token/,
        ],
        [
            "a button that leads nowhere",
            { slack: { webhookUrl: "https://a.example.com", actions: [{ type: "button", text: "a" }] } },
            /slack\.actions\[0\]: has neither url nor name/,
        ],
        [
            "both keys of PagerDuty",
            { pagerduty: { routingKey: "a", serviceKey: "b" } },
            /pagerduty: needs one of routingKey and serviceKey/,
        ],
        ["a topic that is missing", { sns: { subject: "a" } }, /sns: reaches nobody; write one of topicArn/],
        [
            "a secret that would be readable",
            { sns: { topicArn: "a", sigv4: { secretKey: "a" } } },
            /sns\.sigv4\.secretKey: .*it is secret, and Alertmanager reads it from no file/,
        ],
        ["a room without a token", { webex: { roomId: "a", message: "b" } }, /webex: has no token; write the bot's/],
        [
            "a template that does not end",
            { discord: { webhookUrl: "https://a.example.com", message: "{{ .Status" } },
            /discord\.message: ".*" has \{\{ without the \}\} that ends it/,
        ],
        [
            "a block that does not end",
            { msteamsv2: { webhookUrl: "https://a.example.com", text: "{{ range .Alerts }}a" } },
            /has \{\{ range \}\} without its \{\{ end \}\}/,
        ],
        [
            "an end too many",
            { mattermost: { webhookUrl: "https://a.example.com", text: "a{{ end }}" } },
            /has \{\{ end \}\} where nothing has begun/,
        ],
        [
            "mail without a server",
            { email: { to: "a@example.com" } },
            /email\.from: is missing; write it here, or once for all in alertmanager\.smtp\.from/,
            /email\.smarthost: is missing/,
        ],
    ];
    for (const [what, receiver, ...says] of refused) {
        it(`is refused: ${what}`, () => {
            const said = of(receiver);
            says.forEach((expected) =>
                assert.ok(
                    said.some((line) => expected.test(line)),
                    said.join("\n"),
                ),
            );
            assert.equal(said.length, says.length, said.join("\n"));
        });
    }

    it("is a mail server that all share, with one of a receiver's own", () => {
        const receivers = [
            team,
            { name: "other", email: [{ to: "a@example.com" }, { to: "b@example.com", from: "c@example.com" }] },
        ];
        parse({
            alertmanager: {
                enabled: true,
                smtp: { from: "a@example.com", smarthost: "smtp.example.com:25" },
                receivers,
            },
        });
        const half = at({
            smtp: { from: "a@example.com", smarthost: "smtp.example.com:25", authUsername: "a" },
            receivers,
        });
        assert.match(half.join("\n"), /receivers\[1\]\.email\[0\]\.authPassword: is missing/);
    });

    it("has names of any text", () =>
        assert.ok(
            parse({
                alertmanager: {
                    enabled: true,
                    receivers: [{ name: "서버 팀 / on call", ...hook }],
                    routes: [{ receiver: "서버 팀 / on call" }],
                },
            }),
        ));

    it("is nobody, where that is meant", () =>
        assert.ok(parse({ alertmanager: { enabled: true, receivers: [{ name: "null", silent: true }] } })));
});

describe("Which alerts go where", () => {
    const refused: [what: string, settings: object, says: RegExp][] = [
        [
            "an unknown receiver within",
            { routes: [{ routes: [{ receiver: "taem" }] }] },
            /^routes\[0\]\.routes\[0\]\.receiver: "taem" is no receiver; did you mean team\?/,
        ],
        [
            "an unknown time",
            { routes: [{ muteTimeIntervals: ["nights"] }] },
            /^routes\[0\]\.muteTimeIntervals\[0\]: "nights" is no time interval; declare it/,
        ],
        [
            "a time that is there twice",
            { timeIntervals: ["a", "a"].map((name) => ({ name, timeIntervals: [{ years: [2026] }] })) },
            /^timeIntervals\[1\]\.name: "a" is already the name of timeIntervals\[0\]/,
        ],
        [
            "an hour that is none",
            { timeIntervals: [{ name: "a", timeIntervals: [{ times: [{ startTime: "9:00", endTime: "17:00" }] }] }] },
            /startTime: "9:00" is not a time of the day/,
        ],
        [
            "a day that is none",
            { timeIntervals: [{ name: "a", timeIntervals: [{ weekdays: ["mon:fri"] }] }] },
            /weekdays\[0\]: "mon:fri" is not a day of the week/,
        ],
        [
            "a matcher that is none",
            { routes: [{ matchers: ["team is shop"] }] },
            /^routes\[0\]\.matchers\[0\]: "team is shop" is not a matcher; write one/,
        ],
        [
            "an expression that is none",
            { routes: [{ matchers: ['team=~"("'] }] },
            /^routes\[0\]\.matchers\[0\]: .*team=~.*\(/,
        ],
        [
            "the old words",
            { routes: [{ match: { team: "shop" } }] },
            /^routes\[0\]\.match: does not stand here; write labels/,
        ],
        [
            "the old words of a rule",
            { inhibitRules: [{ sourceMatchers: [], targetMatchers: [], targetMatchRe: {} }] },
            /targetMatchRe: does not stand here; write targetMatchers/,
        ],
        [
            "Alertmanager's own tree",
            { route: { receiver: "a" } },
            /^route: is a key of Alertmanager that cannot be declared here: its keys stand beside receivers/,
        ],
        [
            "a file that is not there",
            { templates: ["alerts/a.tmpl"] },
            /^templates\[0\]: "alerts\/a\.tmpl" cannot be read/,
        ],
    ];
    for (const [what, settings, says] of refused) {
        it(`is refused: ${what}`, () => {
            const said = at(settings);
            assert.match(said.join("\n"), says);
            assert.equal(said.length, 1, said.join("\n"));
        });
    }

    it("has templates with names of their own, and without mistakes", () => {
        const files = { "a/x.tmpl": '{{ define "a" }}{{ end }}', "b/x.tmpl": "", "c/y.tmpl": "{{ if }}" };
        const said = at({ templates: Object.keys(files) }, files);
        assert.match(said.join("\n"), /templates\[1\]: .* has the name of "a\/x\.tmpl"/);
        assert.match(said.join("\n"), /templates\[2\]: .* has \{\{ if \}\} without its/);
        assert.equal(said.length, 2);
    });
});
