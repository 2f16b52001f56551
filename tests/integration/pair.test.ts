import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { commands } from "../documentation";
import { Checkout, docker, freePort } from "./checkout";
import { eventually, PrometheusApi } from "./prometheusApi";
import { bridgeAddress, Shop } from "./shop";
import { steps, stopAtFailure } from "./steps";

interface Message {
    readonly status: string;
    readonly alerts: readonly { readonly labels: Readonly<Record<string, string>> }[];
}

/** Two stacks of a pair, which find each other by an address of the host, as on two hosts. */
describe("A pair of stacks", function () {
    this.timeout(300_000);
    stopAtFailure(this);
    const step = steps();

    const first = new Checkout();
    const second = new Checkout(first);
    const messages: Message[] = [];
    const people = createServer((request, response) => {
        let body = "";
        request.on("data", (chunk: Buffer) => (body += chunk.toString()));
        request.on("end", () => {
            messages.push(JSON.parse(body) as Message);
            response.end();
        });
    });
    const folder = mkdtempSync(path.join(tmpdir(), "metrics-stack-pair-"));
    const made = (file: string) => readFileSync(path.join(folder, file), "utf8");
    const shop = new Shop();
    let address = "";
    let [ports, clusterPorts, prometheusPorts]: number[][] = [];

    async function up(checkout: Checkout, replica: "a" | "b"): Promise<void> {
        const [own, other] = replica === "a" ? [0, 1] : [1, 0];
        checkout.declare({
            ...{ scrapeInterval: "1s", evaluationInterval: "1s", alerts: { downFor: "1s" } },
            prometheus: { port: prometheusPorts?.[own] },
            nodeExporter: { enabled: false },
            grafana: { enabled: false },
            scrapeJobs: [{ jobName: "shop", staticConfigs: [{ targets: [`${address}:${shop.port}`] }] }],
            pair: {
                replica,
                address: `${address}:${clusterPorts?.[own]}`,
                other: `${address}:${clusterPorts?.[other]}`,
                otherAlertmanager: `${address}:${ports?.[other]}`,
                cert: made("cert.pem"),
            },
            alertmanager: {
                ...{ enabled: true, port: ports?.[own], bindAddress: address },
                ...{ groupWait: "1s", groupInterval: "1s" },
                receivers: [{ name: "people", webhook: {} }],
            },
        });
        const url = `http://${address}:${(people.address() as AddressInfo).port}/not-to-be-seen`;
        await checkout.setSecret("alertmanager.receivers[0].webhook.url", url);
        await checkout.setSecret("pair.key", made("key.pem"));
        await checkout.succeed("up");
    }

    /** What people were told of the shop: "firing" or "resolved", in the order of the messages. */
    const told = () =>
        messages.filter(({ alerts }) => alerts.some(({ labels }) => labels.job === "shop")).map(({ status }) => status);
    const toldIn = (milliseconds: number, expected: readonly string[]) =>
        eventually(milliseconds, async () => assert.deepEqual(told(), expected));
    const members = async (port: number | undefined) => {
        const answer = await fetch(`http://${address}:${port}/api/v2/status`);
        return ((await answer.json()) as { cluster: { peers: unknown[] } }).cluster.peers.length;
    };
    const bothThere = () =>
        eventually(60_000, async () => {
            assert.deepEqual([await members(ports?.[0]), await members(ports?.[1])], [2, 2]);
        });

    /** Makes the certificate as the documentation says. */
    function makeCertificate(): void {
        const found = commands().find(({ page, text }) => page === "docs/fleets.md" && text.startsWith("openssl"));
        const command = found?.text ?? assert.fail("there is none");
        execFileSync("sh", ["-c", command], { cwd: folder, stdio: "pipe" });
    }

    before(async () => {
        makeCertificate();
        address = bridgeAddress();
        const free = await Promise.all(Array.from({ length: 6 }, () => freePort()));
        [ports, clusterPorts, prometheusPorts] = [free.slice(0, 2), free.slice(2, 4), free.slice(4)];
        await new Promise<void>((resolve) => people.listen(0, address, resolve));
        await shop.open(address);
    });

    after(async () => {
        people.close();
        await shop.close();
        rmSync(folder, { recursive: true });
        first.remove();
        second.remove();
    });

    step("finds itself", async () => {
        await up(first, "a");
        await up(second, "b");
        await bothThere();
        assert.match((await first.npm("status")).text, /Alertmanager .*both of its pair are there/);
    });

    step("sends an alert once that both have, and its end", async () => {
        await shop.close();
        await toldIn(30_000, ["firing"]);
        await sleep(25_000); // The second one waits 15 s for what the first one says that it has sent.
        assert.deepEqual(told(), ["firing"]);
        assert.equal(messages[0]?.alerts[0]?.labels.replica, undefined);
        await shop.open(address);
        await toldIn(60_000, ["firing", "resolved"]);
    });

    step("goes on as one where the other is gone, and is two again", async () => {
        const gone = ["prometheus", "alertmanager"].map((role) => first.container(role));
        docker("stop", ...gone);
        await shop.close();
        await toldIn(60_000, ["firing", "resolved", "firing"]);
        docker("start", ...gone);
        await bothThere();
        await sleep(25_000);
        assert.deepEqual(told(), ["firing", "resolved", "firing"]);
    });

    step("and has its samples apart", async () => {
        const config = await new PrometheusApi(prometheusPorts?.[1] ?? 0).config();
        assert.match(config, /external_labels:\n {4}replica: b/);
    });
});
