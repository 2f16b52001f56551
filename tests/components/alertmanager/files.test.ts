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

const settings = (alertmanager: object) => {
    const parsed = parse({ alertmanager: { enabled: true, ...alertmanager } }).alertmanager;
    assert.ok(parsed);
    return parsed;
};
const rendered = (alertmanager: object) => renderAlertmanagerFiles(settings(alertmanager));
const document = (alertmanager: object) => parseYaml(rendered(alertmanager)["alertmanager.yml"] ?? "");

const team = { name: "team", ...receivers.webhook };
const pager = { name: "pager", ...receivers.pagerduty };

describe("alertmanager.yml", () => {
    for (const [kind, receiver] of Object.entries(receivers)) {
        it(`of a receiver of the kind ${kind}`, () =>
            assertGolden(`alertmanager/${kind}`, rendered({ receivers: [{ name: "team", ...receiver }] })));
    }

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
        const secrets = receiverSecrets(settings({ receivers: all }).receivers);
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
