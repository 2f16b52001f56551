import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import type { Server } from "node:http";
import { createServer } from "node:http";
import type * as net from "node:net";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { SMTPServer } from "smtp-server";
import { images } from "../images";
import { Checkout, docker, freePort } from "./checkout";
import { eventually } from "./prometheusApi";
import { Shop } from "./shop";
import { DockerStandIn } from "./standIn";
import { steps, stopAtFailure } from "./steps";

interface Alert {
    readonly status: string;
    readonly labels: Record<string, string>;
    readonly annotations: Record<string, string>;
    readonly generatorURL: string;
}

/** A message that the test's own receiver got. */
interface Message {
    readonly url: string;
    readonly authorization: string | undefined;
    readonly status: string;
    readonly alerts: readonly Alert[];
}

/** Alertmanager beside a Prometheus that runs already; the steps build on one another. */
describe("Alertmanager, for real", function () {
    this.timeout(180_000);
    stopAtFailure(this);
    const step = steps();

    const checkout = new Checkout();
    const standIn = new DockerStandIn(checkout);
    const secrets = ["url-not-to-be-seen", "credentials-not-to-be-seen"];
    const messages: Message[] = [];
    const hooks = receiver();
    const mails: string[] = [];
    const relay = mailRelay();
    const shop = new Shop();
    let [port, prometheusPort] = [0, 0];
    let gateway = "";

    before(async () => {
        [port, prometheusPort] = await Promise.all([freePort(), freePort()]);
        checkout.declare(base());
        await checkout.succeed("up");
        const name = `metrics-stack-${checkout.stack}`;
        gateway = docker("network", "inspect", "--format", "{{(index .IPAM.Config 0).Gateway}}", name);
        await listen(hooks);
        await listen(relay.server);
        await shop.open(gateway);
    });

    after(async () => {
        hooks.close();
        relay.close();
        await shop.close();
        checkout.remove();
        standIn.remove();
    });

    const base = () => ({
        scrapeInterval: "1s",
        evaluationInterval: "1s",
        alerts: { downFor: "1s" },
        // Behind a path, and all that asks Prometheus goes on finding it.
        prometheus: { port: prometheusPort, externalUrl: "https://metrics.example.com/prometheus" },
        nodeExporter: { enabled: false },
        grafana: { enabled: false },
        ...(shop.port > 0 && {
            scrapeJobs: [{ jobName: "shop", staticConfigs: [{ targets: [`host.docker.internal:${shop.port}`] }] }],
        }),
    });

    /** Declares Alertmanager with webhooks at the test's own receiver, a path each. */
    async function declare(
        names: readonly string[],
        rest: object = {},
        pager: object = {},
        others: readonly object[] = [],
    ): Promise<void> {
        const hooked = names.map((name) => ({ name, webhook: { maxAlerts: 10 }, ...(name === "pager" && pager) }));
        const receivers = [...hooked, ...others];
        const alertmanager = { enabled: true, port, groupWait: "1s", groupInterval: "2s", receivers, ...rest };
        checkout.declare({ ...base(), alertmanager });
        for (const [i, name] of names.entries()) {
            const key = `alertmanager.receivers[${i}].webhook`;
            await checkout.setSecret(
                `${key}.url`,
                `http://host.docker.internal:${portOf(hooks)}/${name}/${secrets[0]}`,
            );
            await checkout.setSecret(`${key}.credentials`, secrets.at(-1) ?? "");
        }
    }

    /** Starts a server at the Docker host's address in the stack's network. */
    const listen = (server: net.Server) => new Promise<void>((resolve) => server.listen(0, gateway, resolve));

    function receiver(): Server {
        return createServer((request, response) => {
            let body = "";
            request.on("data", (chunk: Buffer) => (body += chunk.toString()));
            request.on("end", () => {
                const { authorization } = request.headers;
                messages.push({
                    url: request.url ?? "",
                    authorization,
                    ...(JSON.parse(body) as Pick<Message, "status" | "alerts">),
                });
                const isBroken = request.url?.startsWith("/broken/");
                response.statusCode = isBroken ? 500 : 200;
                response.end(isBroken ? "out of order" : "");
            });
        });
    }

    /** A mail server that takes no mail of a machine that calls itself `localhost`, as many do. */
    function mailRelay(): SMTPServer {
        return new SMTPServer({
            authOptional: true,
            disabledCommands: ["STARTTLS"],
            onMailFrom({ address }, { hostNameAppearsAs }, done) {
                const isRefused = hostNameAppearsAs === "localhost";
                done(isRefused ? Object.assign(new Error(`${address} refused`), { responseCode: 550 }) : null);
            },
            onData(stream, _session, done) {
                let mail = "";
                stream.on("data", (chunk: Buffer) => (mail += chunk.toString()));
                stream.on("end", () => {
                    mails.push(mail);
                    done();
                });
            },
        });
    }

    /** Waits for a message about the shop's target. */
    async function heard(status: string, name = "team"): Promise<{ message: Message; alert: Alert }> {
        for (const deadline = Date.now() + 60_000; Date.now() < deadline; await sleep(250)) {
            for (const message of messages.filter(({ url }) => url.startsWith(`/${name}/`))) {
                const alert = message.alerts.find((each) => each.labels.job === "shop" && each.status === status);
                if (alert) {
                    return { message, alert };
                }
            }
        }
        const log = docker("logs", "--tail", "5", checkout.container("alertmanager"));
        assert.fail(`no message says ${status}: ${JSON.stringify(messages)}\n${log}`);
    }

    const api = (what: string) => `http://127.0.0.1:${port}/api/v2/${what}`;
    const identity = (role: string) =>
        docker("inspect", "--format", "{{.Id}} {{.State.StartedAt}}", checkout.container(role));
    const sendsTo = async () => {
        const response = await fetch(`http://127.0.0.1:${prometheusPort}/api/v1/alertmanagers`);
        const { data } = (await response.json()) as { data: { activeAlertmanagers: { url: string }[] } };
        return data.activeAlertmanagers.map(({ url }) => url);
    };
    const changes = async () => {
        const text = await checkout.succeed("preview", "--json");
        const { steps } = JSON.parse(text.slice(text.indexOf("{"))) as { steps: { op: string; urn: string }[] };
        return steps
            .filter(({ op }) => op !== "same" && op !== "refresh")
            .map(({ op, urn }) => `${op} ${urn.split("::").at(-1)}`)
            .sort();
    };

    const inVolume = (script: string) => checkout.inVolume("alertmanager-config", script);

    step("is turned on while Prometheus runs on, and Prometheus sends to it", async () => {
        const prometheus = identity("prometheus");
        await declare(["team"]);
        const text = await checkout.succeed("up");
        assert.match(text, new RegExp(`Alertmanager +http://127\\.0\\.0\\.1:${port}`));
        assert.match(text, /alertmanager +http:\S+:9093\/metrics +up/);
        assert.equal(identity("prometheus"), prometheus);
        assert.deepEqual(await sendsTo(), [`http://${checkout.container("alertmanager")}:9093/api/v2/alerts`]);
    });

    step("does not change when it is deployed or refreshed again", async () => {
        const containers = checkout.containers();
        await checkout.succeed("up", "--expect-no-changes");
        await checkout.succeed("pulumi", "refresh", "--yes", "--skip-preview", "--expect-no-changes");
        assert.equal(checkout.containers(), containers);
    });

    step("tells people that a target is down, and that it is up again", async () => {
        await shop.close();
        const { message, alert } = await heard("firing");
        assert.equal(alert.labels.alertname, "TargetDown");
        assert.match(alert.annotations.summary ?? "", /of shop is down/);
        assert.match(alert.generatorURL, /^https:\/\/metrics\.example\.com\/prometheus\/graph\?g0\.expr=up/);
        assert.equal(message.authorization, `Bearer ${secrets.at(-1)}`);
        await shop.open(gateway);
        await heard("resolved");
    });

    step("tells another receiver after a reload, and nothing restarts", async () => {
        const containers = checkout.containers();
        const email = {
            ...{ to: "Ops <ops@example.com>", from: "metrics@example.com", requireTls: false },
            ...{ smarthost: `host.docker.internal:${portOf(relay.server)}`, hello: "metrics.example.com" },
            headers: { Subject: '{{ template "subject" . }}' },
        };
        const template = '{{ define "subject" }}{{ .CommonLabels.alertname }} of {{ .CommonLabels.job }}{{ end }}';
        writeFileSync(path.join(checkout.folder, "subject.tmpl"), template);
        const routes = [
            { matchers: ['job=~"shop|door"'], routes: [{ receiver: "pager", matchers: ["severity != info"] }] },
        ];
        await declare(["team", "pager"], { routes, templates: ["subject.tmpl"] }, { email });
        assert.deepEqual(
            await changes(),
            ["activate", "secrets", "stage"].map((step) => `update alertmanager-config-${step}`),
        );
        await checkout.succeed("up");
        assert.equal(checkout.containers(), containers);
        messages.length = 0;
        await shop.close();
        await heard("firing", "pager");
        assert.ok(messages.every(({ url, alerts }) => url.startsWith("/pager/") || alerts[0]?.labels.job !== "shop"));
        await eventually(20_000, async () => assert.match(mails.join("\n"), /^Subject: TargetDown of shop/m));
        await shop.open(gateway);
        await heard("resolved", "pager");
    });

    step("goes back to the receivers before with npm run rollback, and nothing restarts", async () => {
        const containers = checkout.containers();
        const receivers = async () => {
            const { config } = (await (await fetch(api("status"))).json()) as { config: { original: string } };
            return [...config.original.matchAll(/^- name: (\w+)$/gm)].map(([, name]) => name);
        };
        const before = await receivers();
        assert.ok(before.includes("pager"));
        const text = await checkout.succeed("rollback", "--program", "alertmanager");
        assert.match(text, /Alertmanager runs with the configuration of \S+Z again/);
        assert.deepEqual(
            await receivers(),
            before.filter((name) => name !== "pager"),
        );
        assert.equal((await changes()).length, 3);
        assert.equal(checkout.containers(), containers);
    });

    step("uses another secret from the next message on, and nothing restarts", async () => {
        const containers = checkout.containers();
        secrets.push("other-credentials-not-to-be-seen");
        await declare(["team"]);
        await checkout.succeed("up");
        assert.equal(checkout.containers(), containers);
        messages.length = 0;
        await shop.close();
        assert.equal((await heard("firing")).message.authorization, `Bearer ${secrets.at(-1)}`);
        await shop.open(gateway);
        await heard("resolved");
    });

    step("says of a test alert and its end whether a receiver takes them", async () => {
        const routes = [
            { receiver: "pager", matchers: ["severity!=info"], labels: { job: "shop" } },
            { receiver: "broken", labels: { job: "broken" } },
        ];
        await declare(["team", "pager", "broken"], { routes }, {}, [{ name: "nobody", silent: true }]);
        await checkout.succeed("up");
        messages.length = 0;
        const told = await checkout.succeed("alert-test", "--receiver", "pager");
        assert.match(told, /\{alertname="AlertTest", severity="warning", job="shop", test="\S+"\} reaches pager\./);
        assert.match(told, /pager has taken the alert \(webhook\)\.[^]*pager has taken its end \(webhook\)\./);
        const heardBy = (name: string) =>
            messages.flatMap(({ url, status }) => (url.startsWith(`/${name}/`) ? [status] : []));
        assert.deepEqual([heardBy("pager"), heardBy("team")], [["firing", "resolved"], []]);

        await checkout.succeed("alert-test");
        assert.deepEqual(heardBy("team"), ["firing", "resolved"]);
    });

    const refusals: [args: string[], said: RegExp][] = [
        [
            ["--receiver", "broken"],
            /broken was not told that the alert is firing: webhook\[0\]: unexpected status code 500: out of order/,
        ],
        [["--receiver", "nobody"], /--receiver is "nobody", which tells nobody; write one of team, pager, broken\./],
        [["--receiver", "pgaer"], /"pgaer", which is no receiver of the Alertmanager that runs; write one of team, /],
        [["--receiver", "pager", "job=other"], /No alert was found that the routes send to pager\. Where one is, name/],
        [["severity"], /"severity" is no label; write NAME=VALUE, such as severity=critical\./],
    ];
    for (const [args, said] of refusals) {
        step(`says why no test alert arrives of ${args.join(" ")}`, async () => {
            const { status, text } = await checkout.npm("alert-test", ...args);
            assert.equal(status, 1, text);
            assert.match(text, said);
            assert.equal(text.trim().split("\n").length, args.includes("broken") ? 2 : 1, text);
        });
    }

    step("shows its secrets to nobody", async () => {
        const { config } = (await (await fetch(api("status"))).json()) as { config: { original: string } };
        assert.match(config.original, /url_file: \/etc\/alertmanager\/secrets\/team\.webhook-url/);
        const roles = ["prometheus", "alertmanager"].map((role) => checkout.container(role));
        const state = path.join(checkout.folder, ".state");
        const seen = [
            config.original,
            await checkout.succeed("preview", "--diff"),
            readFileSync(path.join(checkout.folder, `Pulumi.${checkout.stack}.yaml`), "utf8"),
            docker("inspect", ...roles),
            ...roles.map((role) => docker("logs", role)),
            ...readdirSync(state, { recursive: true, withFileTypes: true })
                .filter((entry) => entry.isFile())
                .map((entry) => readFileSync(path.join(entry.parentPath, entry.name), "utf8")),
        ];
        for (const secret of secrets) {
            seen.forEach((text) => assert.ok(!text.includes(secret)));
        }
    });

    const edits: [what: string, script: string][] = [
        ["its configuration", "sed -i 's/repeat_interval: 4h/repeat_interval: 5h/' current/alertmanager.yml"],
        ["a secret", "echo x > secrets/team.webhook-url"],
    ];
    for (const [what, script] of edits) {
        step(`is put right after somebody changed ${what} by hand`, async () => {
            inVolume(script);
            assert.deepEqual(
                await changes(),
                ["activate", "secrets", "stage"].map((step) => `update alertmanager-config-${step}`),
            );
            await checkout.succeed("up");
            assert.deepEqual(await changes(), []);
        });
    }

    step("is put right after somebody changed what it has loaded", async () => {
        inVolume("cp current/alertmanager.yml kept && sed -i 's/interval: 4h/interval: 5h/' current/alertmanager.yml");
        assert.equal((await fetch(`http://127.0.0.1:${port}/-/reload`, { method: "POST" })).status, 200);
        inVolume("cp kept current/alertmanager.yml && rm kept");
        assert.equal((await changes()).length, 3);
        await checkout.succeed("up");
        const { config } = (await (await fetch(api("status"))).json()) as { config: { original: string } };
        assert.match(config.original, /repeat_interval: 4h/);
        assert.deepEqual(await changes(), []);
    });

    step("goes back to its previous configuration, and says why, where it does not load the new one", async () => {
        const before = inVolume("readlink current");
        await declare(["team", "pager"]);
        const volume = `${checkout.container("alertmanager-config")}:/v`;
        const spoil = [
            `"$REAL_DOCKER" run --rm --user 0:0 --volume ${volume} --entrypoint sh ${images.alertmanager}`,
            "-c 'echo nonsense: 1 >> /v/current/alertmanager.yml'",
        ].join(" ");
        const { status, text } = await standIn.at("/-/reload", { before: spoil }, () => checkout.npm("up"));
        assert.notEqual(status, 0);
        assert.match(text, /Alertmanager did not load the configuration: .*field nonsense not found/);
        assert.match(text, /The previous configuration is in place again and loaded\./);
        assert.equal(inVolume("readlink current"), before);
        await checkout.succeed("up");
        assert.notEqual(inVolume("readlink current"), before);
    });

    step("is refused in a preview, in amtool's words, where its image is too old for its receivers", async () => {
        const old = `metrics-stack/old-amtool-${checkout.stack}:1`;
        imageWithAmtool(old, `echo "Checking 'alertmanager.yml'  FAILED: field url_file not found" && exit 1`);
        try {
            const containers = checkout.containers();
            await declare(["team"], { image: old });
            const { status, text } = await checkout.npm("preview");
            assert.notEqual(status, 0);
            assert.match(text, /metrics-stack:alertmanager: is refused by amtool: field url_file not found/);
            assert.equal(checkout.containers(), containers);
        } finally {
            docker("image", "rm", old);
        }
    });

    step("is turned off while Prometheus runs on, and has its silences when it is turned on again", async () => {
        const matchers = [{ name: "job", value: "shop", isRegex: false, isEqual: true }];
        const [startsAt, endsAt] = [0, 3_600_000].map((later) => new Date(Date.now() + later).toISOString());
        const response = await fetch(api("silences"), {
            method: "POST",
            headers: { "Content-Type": "application/json" },
            body: JSON.stringify({ matchers, startsAt, endsAt, createdBy: "test", comment: "maintenance" }),
        });
        assert.equal(response.status, 200, await response.text());

        const prometheus = identity("prometheus");
        checkout.declare(base());
        await checkout.succeed("up");
        assert.deepEqual(await sendsTo(), []);

        await declare(["team"]);
        await checkout.succeed("up");
        assert.equal(identity("prometheus"), prometheus);
        const silences = (await (await fetch(api("silences"))).json()) as { comment: string; status: object }[];
        assert.deepEqual(
            silences.map(({ comment, status }) => ({ comment, status })),
            [{ comment: "maintenance", status: { state: "active" } }],
        );
    });

    step("says which silence keeps a test alert back", async () => {
        const { status, text } = await checkout.npm("alert-test", "job=shop");
        assert.equal(status, 1, text);
        assert.match(text, /team was not told that the alert is firing: the silence [\w-]+ keeps it back/);
    });
});

const portOf = (server: net.Server) => (server.address() as { port: number }).port;

/** Alertmanager's image with another amtool. */
function imageWithAmtool(reference: string, script: string): void {
    const container = docker("create", "--user", "0:0", "--entrypoint", "sh", images.alertmanager, "-c", write, script);
    docker("start", "--attach", container);
    docker("commit", container, reference);
    docker("rm", "--volumes", container);
}

const write = `rm /bin/amtool && printf '#!/bin/sh\\n%s\\n' "$0" > /bin/amtool && chmod 755 /bin/amtool`;
