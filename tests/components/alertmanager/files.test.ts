import assert from "node:assert/strict";
import { parse as parseYaml } from "yaml";
import { receiverSecrets, renderAlertmanagerFiles } from "../../../components/alertmanager/files";
import { parse } from "../../declaration";
import { assertGolden } from "../../golden";

const email = { to: "ops@example.com", from: "alerts@example.com", smarthost: "smtp.example.com:587" };
const password = { authUsername: "alerts", authPassword: "password-not-to-be-seen" };
const hook = "https://hooks.example.com/not-to-be-seen";

/** A receiver of each kind, with as little and with as much as it can have. */
const receivers: Record<string, object> = {
    email: { email },
    "email-password": { email: { ...email, to: "a@example.com, b@example.com", requireTls: false, ...password } },
    "email-relay": {
        email: {
            to: "Ops <ops@example.com>",
            from: "alerts@example.com",
            smarthost: "[2001:db8::5]:2465",
            hello: "metrics.example.com",
            forceImplicitTls: true,
        },
    },
    slack: { slack: { webhookUrl: hook } },
    "slack-channel": { slack: { webhookUrl: hook, channel: "#alerts" } },
    pagerduty: { pagerduty: { routingKey: "key-not-to-be-seen" } },
    webhook: { webhook: { url: hook } },
    "webhook-token": { webhook: { url: hook, maxAlerts: 10, credentials: "token-not-to-be-seen" } },
};

const url = "https://alerts.example.com/";
const [title, text, color] = ["{{ .CommonLabels.alertname }}", '{{ template "shop" . }}', "danger"];
const httpConfig = { followRedirects: false, proxyUrl: "http://proxy:3128" };

/** Each kind with nearly all that it can have. */
const full: Record<string, object> = {
    email: {
        email: [
            { ...email, headers: { Subject: title, "X-Team": "shop" }, html: text, text, sendResolved: false },
            {
                ...email,
                ...{ authUsername: "alerts", authSecret: "secret-not-to-be-seen", authIdentity: "alerts" },
                ...{ tlsConfig: { insecureSkipVerify: true }, threading: { enabled: true, threadByDate: "daily" } },
            },
        ],
    },
    slack: {
        slack: [
            {
                webhookUrl: hook,
                ...{ username: "alerts", title, titleLink: url, text, color, iconEmoji: ":bell:", shortFields: true },
                fields: [{ title: "Team", value: "shop", short: true }],
                actions: [
                    { type: "button", text: "Runbook", url, style: "primary" },
                    {
                        type: "button",
                        text: "Silence",
                        name: "silence",
                        value: "1",
                        confirm: { text: "Sure?", okText: "Yes" },
                    },
                ],
                ...{
                    linkNames: true,
                    mrkdwnIn: ["text"],
                    callbackId: "1",
                    footer: "-",
                    fallback: title,
                    timeout: "10s",
                },
            },
            { appToken: "token-not-to-be-seen", channel: "#alerts" },
            {
                channel: "#alerts",
                updateMessage: true,
                httpConfig: { authorization: { credentials: "token-not-to-be-seen" } },
            },
        ],
    },
    pagerduty: {
        pagerduty: {
            serviceKey: "key-not-to-be-seen",
            ...{ severity: "error", class: "disk", component: "db", group: "shop", source: "db-1", client: "metrics" },
            ...{ clientUrl: url, description: title, details: { team: "shop", nested: { firing: text } } },
            ...{ images: [{ src: url, alt: "graph" }], links: [{ href: url, text: "Runbook" }], timeout: "30s" },
        },
    },
    webhook: {
        webhook: {
            url: hook,
            timeout: "5s",
            payload: { text: title, list: ["a", { someKey: "b" }] },
            httpConfig: { basicAuth: { username: "alerts", password: "password-not-to-be-seen" }, ...httpConfig },
        },
    },
    discord: { discord: { webhookUrl: hook, content: "hello", title, message: text, username: "a", avatarUrl: url } },
    incidentio: { incidentio: { url: hook, alertSourceToken: "token-not-to-be-seen", maxAlerts: 5, timeout: "5s" } },
    jira: {
        jira: {
            apiUrl: "https://example.atlassian.net/rest/api/2/",
            ...{ apiType: "cloud", project: "OPS", issueType: "Bug", summary: { template: title } },
            ...{ description: { template: text, enableUpdate: false }, labels: ["alert"], priority: "High" },
            ...{
                resolveTransition: "Done",
                reopenTransition: "Open",
                wontFixResolution: "Won't",
                reopenDuration: "1h",
            },
            ...{ fields: { customfield_10001: { someKey: 1 } } },
            httpConfig: { basicAuth: { username: "alerts", password: "password-not-to-be-seen" } },
        },
    },
    mattermost: {
        mattermost: {
            ...{ webhookUrl: hook, channel: "alerts", username: "a", text, title, titleLink: url, color, footer: "-" },
            ...{ fields: [{ title: "Team", value: "shop", short: true }], authorName: "a", authorLink: url },
            attachments: [{ title, text, fields: [{ title: "Team", value: "shop", short: false }], authorName: "a" }],
            ...{ type: "custom_alert", props: { card: "card" }, priority: { priority: "urgent", requestedAck: true } },
        },
    },
    msteams: { msteams: { webhookUrl: hook, title, summary: title, text } },
    msteamsv2: { msteamsv2: { webhookUrl: hook, title, text } },
    opsgenie: {
        opsgenie: {
            ...{ apiKey: "key-not-to-be-seen", apiUrl: url, message: title, description: text, source: url },
            ...{ details: { someKey: "shop" }, entity: "db", responders: [{ name: "ops", type: "team" }] },
            ...{ actions: "restart", tags: "a,b", note: "-", priority: "P2", updateAlerts: true },
        },
    },
    pushover: {
        pushover: {
            ...{
                userKey: "key-not-to-be-seen",
                token: "token-not-to-be-seen",
                title,
                message: text,
                url,
                urlTitle: "a",
            },
            ...{ device: "phone", sound: "siren", priority: "2", retry: "1m", expire: "1h", ttl: "1d", html: true },
        },
    },
    rocketchat: {
        rocketchat: {
            ...{ tokenId: "id-not-to-be-seen", token: "token-not-to-be-seen", channel: "#alerts", color, title, text },
            ...{ fields: [{ title: "Team", value: "shop", short: true }], emoji: ":bell:", shortFields: true },
            ...{ actions: [{ type: "button", text: "Runbook", url }], linkNames: true },
        },
    },
    sns: {
        sns: {
            ...{ sigv4: { region: "eu-central-1", roleArn: "arn:aws:iam::1:role/a" }, subject: title, message: text },
            ...{ topicArn: "arn:aws:sns:eu-central-1:1:a", attributes: { someKey: "shop" } },
        },
    },
    telegram: {
        telegram: {
            ...{ botToken: "token-not-to-be-seen", chatId: -1001234567890, messageThreadId: 3, message: text },
            ...{ parseMode: "MarkdownV2", disableNotifications: true, httpConfig },
        },
    },
    victorops: {
        victorops: {
            ...{ apiKey: "key-not-to-be-seen", routingKey: "shop", messageType: "CRITICAL", stateMessage: text },
            ...{ entityDisplayName: title, monitoringTool: "metrics", customFields: { someKey: "shop" } },
        },
    },
    webex: {
        webex: {
            roomId: "room",
            message: text,
            httpConfig: { authorization: { credentials: "token-not-to-be-seen" } },
        },
    },
    wechat: {
        wechat: {
            ...{ apiSecret: "secret-not-to-be-seen", corpId: "id", agentId: "1", toUser: "a|b", toParty: "1" },
            ...{ toTag: "t", message: text, messageType: "markdown" },
        },
    },
};

/** Everything beside the receivers. */
const routing = {
    groupBy: ["..."],
    resolveTimeout: "10m",
    inhibitWarnings: false,
    inhibitRules: [
        {
            name: "site",
            sourceMatchers: ["alertname = SiteDown"],
            targetMatchers: ['site=~"a|b"', "job!=x"],
            equal: ["site"],
        },
    ],
    timeIntervals: [
        {
            name: "office hours",
            timeIntervals: [
                {
                    times: [{ startTime: "09:00", endTime: "17:00" }],
                    weekdays: ["Monday:friday", "sunday:sunday"],
                    daysOfMonth: ["1:5", -1],
                    months: ["may:august", "december", 1],
                    years: ["2026:2027", 2030],
                    location: "Europe/Berlin",
                },
            ],
        },
    ],
    templates: ["alerts/shop.tmpl"],
    smtp: {
        from: "alerts@example.com",
        smarthost: "smtp.example.com:587",
        requireTls: false,
        authUsername: "a",
        authPassword: "p",
    },
    routes: [
        {
            labels: { team: "shop" },
            groupBy: ["alertname"],
            groupWait: "0s",
            groupInterval: "1m",
            repeatInterval: "2h",
            muteTimeIntervals: ["office hours"],
            routes: [
                {
                    receiver: "Server team: on call",
                    matchers: [
                        "service=~'^(a|b)$'".replaceAll("'", '"'),
                        'zone!~"eu\\\\d"',
                        '"日本" != "x y"',
                        "tier!=''".replaceAll("'", '"'),
                    ],
                    activeTimeIntervals: ["office hours"],
                    continue: true,
                },
            ],
        },
    ],
};

const files = { "alerts/shop.tmpl": '{{ define "shop" }}A text.{{ end }}\n' };
const settings = (alertmanager: object) => {
    const raw = { alertmanager: { enabled: true, ...alertmanager } };
    const parsed = parse(raw, Object.keys(raw), files).alertmanager;
    assert.ok(parsed);
    return parsed;
};
const readFile = (file: string) => files[file as keyof typeof files];
const rendered = (alertmanager: object) => renderAlertmanagerFiles(settings(alertmanager), readFile);
const document = (alertmanager: object) => parseYaml(rendered(alertmanager)["alertmanager.yml"] ?? "");

const team = { name: "team", ...receivers.webhook };
const pager = { name: "pager", ...receivers.pagerduty };

describe("alertmanager.yml", () => {
    for (const [kind, receiver] of Object.entries(receivers)) {
        it(`of a receiver of the kind ${kind}`, () =>
            assertGolden(`alertmanager/${kind}`, rendered({ receivers: [{ name: "team", ...receiver }] })));
    }

    for (const [kind, receiver] of Object.entries(full)) {
        it(`of a receiver of the kind ${kind} with all that it can have`, () =>
            assertGolden(`alertmanager/full-${kind}`, rendered({ receivers: [{ name: "team", ...receiver }] })));
    }

    it("of routes within routes, times, inhibition, templates and a mail server for all", () =>
        assertGolden(
            "alertmanager/routing",
            rendered({
                receivers: [
                    { name: "Server team: on call", email: { to: "ops@example.com" }, labels: { team: "shop" } },
                    { name: "nobody", silent: true },
                ],
                ...routing,
            }),
        ));

    it("of everything at once", () =>
        assertGolden(
            "alertmanager/everything",
            rendered({
                ...routing,
                receivers: [
                    { name: "Server team: on call", email: { to: "ops@example.com" } },
                    ...Object.entries(full).map(([name, receiver]) => ({ name, ...receiver })),
                ],
            }),
        ));

    it("of several receivers with routes and a watchdog", () =>
        assertGolden(
            "alertmanager/routes",
            rendered({
                receivers: [team, pager, { name: "heartbeat", ...receivers.webhook }],
                routes: [
                    { receiver: "pager", severities: ["critical", "warning"], labels: { team: 'a\\b"c\nd' } },
                    { receiver: "pager", severities: ["critical"], continue: true, repeatInterval: "1h" },
                ],
                watchdogReceiver: "heartbeat",
                groupWait: "10s",
                groupInterval: "1m",
                repeatInterval: "12h",
            }),
        ));

    it("sends what no route takes to the first receiver, and the Watchdog to nobody", () => {
        const { route, receivers: all } = document({ receivers: [team, pager] });
        assert.equal(route.receiver, "team");
        assert.deepEqual(route.routes[0].matchers, ['alertname="Watchdog"']);
        assert.deepEqual(
            all.find(({ name }: { name: string }) => name === route.routes[0].receiver),
            { name: route.routes[0].receiver },
        );
    });

    it("keeps the order of routes: the first that matches wins", () => {
        const routes = ["pager", "team", "pager"].map((receiver) => ({ receiver }));
        const { route } = document({ receivers: [team, pager], routes });
        assert.deepEqual(
            route.routes.slice(1, -1).map(({ receiver }: { receiver: string }) => receiver),
            ["pager", "team", "pager"],
        );
    });

    it("holds no secret, and names a file for each", () => {
        const all = Object.entries(receivers).map(([name, receiver]) => ({ name, ...receiver }));
        const text = rendered({ receivers: all })["alertmanager.yml"] ?? "";
        assert.doesNotMatch(text, /not-to-be-seen/);
        const others = { receivers: Object.entries(full).map(([name, receiver]) => ({ name, ...receiver })) };
        const otherText = rendered(others)["alertmanager.yml"] ?? "";
        assert.doesNotMatch(otherText, /not-to-be-seen/);
        const otherFiles = Object.keys(receiverSecrets(settings(others)));
        assert.ok(otherFiles.length > 20);
        assert.deepEqual(
            otherFiles.filter((file) => !otherText.includes(`/etc/alertmanager/secrets/${file}`)),
            [],
        );
        const secrets = receiverSecrets(settings({ receivers: all }));
        assert.deepEqual(Object.fromEntries(Object.entries(secrets).map(([file, secret]) => [file, secret.reveal()])), {
            "email-password.email-password": "password-not-to-be-seen",
            "slack.slack-url": hook,
            "slack-channel.slack-url": hook,
            "pagerduty.pagerduty-key": "key-not-to-be-seen",
            "webhook.webhook-url": hook,
            "webhook-token.webhook-url": hook,
            "webhook-token.webhook-credentials": "token-not-to-be-seen",
        });
        for (const file of Object.keys(secrets)) {
            assert.ok(text.includes(`/etc/alertmanager/secrets/${file}`), file);
        }
    });
});
