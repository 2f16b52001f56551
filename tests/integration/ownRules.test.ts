import assert from "node:assert/strict";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import type { Server } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { blocks } from "../documentation";
import { Checkout, docker, freePort } from "./checkout";
import { steps, stopAtFailure } from "./steps";

interface Alert {
    readonly status: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations: Readonly<Record<string, string>>;
}

interface Group {
    readonly name: string;
    readonly file: string;
    readonly interval: number;
    readonly limit: number;
    readonly rules: readonly { readonly name: string; readonly query: string; readonly health: string }[];
}

/** A file as an editor on Windows writes it, with a name and words in Korean. */
const shop = (expr: string) =>
    `\ufeff# 가게\r\ngroups:\r\n  - name: 가게 경보\r\n    interval: 1s\r\n    limit: 5\r\n    labels: {team: shop}\r\n    rules:\r\n` +
    `      - alert: 가게열림\r\n        expr: ${expr}\r\n        labels: {severity: page}\r\n` +
    `        annotations: {summary: "{{ $value }} 개", runbook_url: "https://wiki.example.com/가게"}\r\n`;

/** Rules that somebody keeps in the repository; the steps build on one another. */
describe("Rules of somebody's own, for real", function () {
    this.timeout(180_000);
    stopAtFailure(this);
    const step = steps();

    const checkout = new Checkout();
    const stackFile = `Pulumi.${checkout.stack}.yaml`;
    const heard: Alert[] = [];
    const hooks = receiver(heard);
    let [alertmanagerPort, port] = [0, 0];

    const write = (file: string, text: string) => {
        const place = path.join(checkout.folder, file);
        mkdirSync(path.dirname(place), { recursive: true });
        writeFileSync(place, text);
    };
    /** A file of docs/alerts.md, which begins with its path. */
    const documented = (file: string) => {
        const block = blocks("docs/alerts.md", "yaml").find((each) => each.trimStart().startsWith(`# ${file}\n`));
        assert.ok(block, file);
        return block;
    };
    const groups = async () => {
        const response = await fetch(`http://127.0.0.1:${port}/api/v1/rules`);
        const { data } = (await response.json()) as { data: { groups: Group[] } };
        return data.groups.filter(({ file }) => file.includes("/own-rules/"));
    };
    const rules = async () =>
        (await groups()).flatMap((group) => group.rules.map(({ name, query }) => `${name} ${query}`));

    before(async () => {
        [alertmanagerPort, port] = await Promise.all([freePort(), freePort()]);
        checkout.declare({
            ...{ scrapeInterval: "1s", evaluationInterval: "1s", prometheus: { port } },
            ...{ nodeExporter: { enabled: false }, grafana: { enabled: false } },
            alertmanager: {
                ...{ enabled: true, port: alertmanagerPort, groupWait: "1s", groupInterval: "1s" },
                receivers: [{ name: "team", webhook: {} }],
            },
            rules: { files: ["rules/*.yml"], tests: ["rules/tests/*.yml"] },
        });
        write("rules/orders.yml", documented("rules/orders.yml"));
        write("rules/tests/orders.yml", documented("rules/tests/orders.yml"));
        const name = `metrics-stack-${checkout.stack}`;
        await checkout.setSecret("alertmanager.receivers[0].webhook.url", "http://192.0.2.1/");
        await checkout.succeed("up");
        const gateway = docker("network", "inspect", "--format", "{{(index .IPAM.Config 0).Gateway}}", name);
        await new Promise<void>((resolve) => hooks.listen(0, gateway, resolve));
        const { port: hookPort } = hooks.address() as AddressInfo;
        await checkout.setSecret("alertmanager.receivers[0].webhook.url", `http://host.docker.internal:${hookPort}/`);
    });

    after(() => {
        hooks.close();
        checkout.remove();
    });

    step("are those of the documentation, tested and loaded", async () => {
        assert.deepEqual(
            (await groups()).map(({ name, file }) => ({ name, file })),
            [{ name: "orders", file: "/etc/prometheus/current/own-rules/rules/orders.yml" }],
        );
        assert.match(await checkout.succeed("validate", "--promtool", stackFile), /alert rules, 1 recording rule$/m);
    });

    step("stop the preview where one of their tests fails", async () => {
        write(
            "rules/tests/orders.yml",
            documented("rules/tests/orders.yml").replace("eval_time: 40m", "eval_time: 46m"),
        );
        for (const ended of [await checkout.npm("preview"), await checkout.npm("validate", "--promtool", stackFile)]) {
            assert.equal(ended.status, 1, ended.text);
            assert.match(
                ended.text,
                /rules\.tests\[0\]: "rules\/tests\/orders\.yml" fails in promtool: .*OrdersStopped, time: 46m/s,
            );
        }
        write("rules/tests/orders.yml", documented("rules/tests/orders.yml"));
        await checkout.succeed("preview");
    });

    step("stop the preview where promtool refuses them, with the file and its words", async () => {
        write("rules/bad.yml", shop("up").replace("{{ $value }} 개", "{{ $value "));
        const { status, text } = await checkout.npm("preview");
        assert.equal(status, 1, text);
        assert.match(
            text,
            /rules\.files\[0\]: "rules\/bad\.yml" is refused by promtool: .*annotation "summary".*unclosed action/,
        );
        rmSync(path.join(checkout.folder, "rules/bad.yml"));
    });

    step("have their alerts arrive as those of the jobs do, and nothing restarts", async () => {
        const containers = checkout.containers();
        write("rules/가게 1.yml", shop("sum(up) > 0"));
        await checkout.succeed("up");
        assert.equal(checkout.containers(), containers);
        const [group] = (await groups()).filter(({ file }) => file.includes("가게"));
        assert.deepEqual([group?.interval, group?.limit], [1, 5]);
        const alert = await arrived(heard, ({ labels }) => labels.alertname === "가게열림");
        assert.deepEqual(alert.labels, { alertname: "가게열림", severity: "page", team: "shop" });
        assert.deepEqual(alert.annotations, { summary: "2 개", runbook_url: "https://wiki.example.com/가게" });
        await checkout.succeed("up", "--expect-no-changes");
    });

    step("are loaded anew where only one of them changed, and nothing restarts", async () => {
        const containers = checkout.containers();
        write("rules/가게 1.yml", shop("sum(up) > 1"));
        await checkout.succeed("up");
        assert.ok((await rules()).includes("가게열림 sum(up) > 1"), String(await rules()));
        assert.equal(checkout.containers(), containers);
    });

    step("are those of before after npm run rollback", async () => {
        await checkout.succeed("rollback");
        assert.ok((await rules()).includes("가게열림 sum(up) > 0"), String(await rules()));
    });

    step("are gone where their file is, and so are their alerts", async () => {
        rmSync(path.join(checkout.folder, "rules/가게 1.yml"));
        const containers = checkout.containers();
        await checkout.succeed("up");
        assert.deepEqual(
            (await groups()).map(({ name }) => name),
            ["orders"],
        );
        assert.equal(checkout.containers(), containers);
        const response = await fetch(`http://127.0.0.1:${port}/api/v1/alerts`);
        const { data } = (await response.json()) as { data: { alerts: Alert[] } };
        assert.ok(!data.alerts.some(({ labels }) => labels.alertname === "가게열림"));
    });
});

function receiver(heard: Alert[]): Server {
    return createServer((request, response) => {
        let body = "";
        request.on("data", (chunk: Buffer) => (body += chunk.toString()));
        request.on("end", () => {
            heard.push(...(JSON.parse(body) as { alerts: Alert[] }).alerts);
            response.end();
        });
    });
}

async function arrived(heard: readonly Alert[], isWanted: (alert: Alert) => boolean): Promise<Alert> {
    for (const deadline = Date.now() + 60_000; Date.now() < deadline; await sleep(250)) {
        const alert = heard.find(isWanted);
        if (alert) {
            return alert;
        }
    }
    return assert.fail(`no such alert arrived: ${JSON.stringify(heard)}`);
}
