import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
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

interface Certificate {
    readonly cert: string;
    readonly key: string;
}

/** Makes a certificate as a page of the documentation says. */
function makeCertificate(of: string): Certificate {
    const { text } = commands().find(({ page, text }) => page === of && text.startsWith("openssl")) ?? assert.fail(of);
    const folder = mkdtempSync(path.join(tmpdir(), "metrics-stack-pair-"));
    try {
        execFileSync("sh", ["-c", text], { cwd: folder, stdio: "pipe" });
        const made = (file: string) => readFileSync(path.join(folder, file), "utf8");
        return { cert: made("cert.pem"), key: made("key.pem") };
    } finally {
        rmSync(folder, { recursive: true });
    }
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
    let [pairCertificate, thanosCertificate]: Certificate[] = [];
    const shop = new Shop();
    let address = "";
    let wentAway = 0;
    let [ports, clusterPorts, prometheusPorts, thanosPorts]: number[][] = [];

    async function up(checkout: Checkout, replica: "a" | "b"): Promise<void> {
        const [own, other] = replica === "a" ? [0, 1] : [1, 0];
        checkout.declare({
            ...{ scrapeInterval: "1s", evaluationInterval: "1s", alerts: { downFor: "1s" } },
            prometheus: { port: prometheusPorts?.[own] },
            nodeExporter: { enabled: false },
            grafana: { enabled: false },
            thanos: {
                tls: { cert: thanosCertificate?.cert },
                ...(replica === "a"
                    ? { sidecar: { port: thanosPorts?.[0], bindAddress: address } }
                    : { query: { port: thanosPorts?.[1], endpoints: [`${address}:${thanosPorts?.[0]}`] } }),
            },
            scrapeJobs: [{ jobName: "shop", staticConfigs: [{ targets: [`${address}:${shop.port}`] }] }],
            pair: {
                replica,
                address: `${address}:${clusterPorts?.[own]}`,
                other: `${address}:${clusterPorts?.[other]}`,
                otherAlertmanager: `${address}:${ports?.[other]}`,
                cert: pairCertificate?.cert,
            },
            alertmanager: {
                ...{ enabled: true, port: ports?.[own], bindAddress: address },
                ...{ groupWait: "1s", groupInterval: "1s" },
                receivers: [{ name: "people", webhook: {} }],
            },
        });
        const url = `http://${address}:${(people.address() as AddressInfo).port}/not-to-be-seen`;
        await checkout.setSecret("alertmanager.receivers[0].webhook.url", url);
        await checkout.setSecret("pair.key", pairCertificate?.key ?? "");
        await checkout.setSecret("thanos.tls.key", thanosCertificate?.key ?? "");
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

    before(async () => {
        [pairCertificate, thanosCertificate] = ["docs/fleets.md", "docs/long-term-storage.md"].map(makeCertificate);
        address = bridgeAddress();
        const free = await Promise.all(Array.from({ length: 8 }, () => freePort()));
        [ports, clusterPorts, prometheusPorts, thanosPorts] = [0, 2, 4, 6].map((i) => free.slice(i, i + 2));
        await new Promise<void>((resolve) => people.listen(0, address, resolve));
        await shop.open(address);
    });

    after(async () => {
        people.close();
        await shop.close();
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
        await sleep(20_000); // The second one may have begun to wait before the end, and then tells both.
        messages.length = 0;
        wentAway = Date.now();
        const gone = ["prometheus", "alertmanager"].map((role) => first.container(role));
        // This process answers for the shop, and may not wait meanwhile.
        assert.equal((await first.run("docker", ["stop", ...gone])).status, 0);
        await shop.close();
        await toldIn(60_000, ["firing"]);
        docker("start", ...gone);
        await bothThere();
        await sleep(25_000);
        assert.deepEqual(told(), ["firing"]);
    });

    step("and has its samples apart", async () => {
        const config = await new PrometheusApi(prometheusPorts?.[1] ?? 0).config();
        assert.match(config, /external_labels:\n {4}replica: b/);
    });

    step("lets nobody ask for samples who does not show the certificate", () => {
        const ask = (...args: string[]) =>
            spawnSync("openssl", ["s_client", "-connect", `${address}:${thanosPorts?.[0]}`, "-alpn", "h2", ...args], {
                input: "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
                encoding: "utf8",
                timeout: 10_000,
            });
        const { stdout, stderr } = ask("-tls1_3", "-ign_eof");
        assert.match(stdout, /subject=CN ?= ?thanos/);
        assert.match(stderr, /alert certificate required/);
    });

    step("but is one for who asks Thanos Query: no hole where one was gone, and no sample twice", async () => {
        const query = new PrometheusApi(thanosPorts?.[1] ?? 0);
        const seconds = 10 + Math.ceil((Date.now() - wentAway) / 1000);
        const samples = encodeURIComponent(`up{job="shop"}[${seconds}s]`);
        /** When there are samples, by the replica that has them. */
        const times = async (deduplicated: boolean) => {
            type Found = { result: { metric: { replica?: string }; values: [number, string][] }[] };
            const { result } = await query.ask<Found>(`query?query=${samples}&dedup=${deduplicated}`);
            return new Map(
                result.map(({ metric, values }) => [metric.replica ?? "both", values.map(([time]) => time)]),
            );
        };
        const [apart, together] = [await times(false), await times(true)];
        assert.deepEqual([[...apart.keys()].sort(), [...together.keys()]], [["a", "b"], ["both"]]);
        const hole = (all: readonly number[] = []) => Math.max(...all.slice(1).map((time, i) => time - (all[i] ?? 0)));
        const [gone, both] = [hole(apart.get("a")), hole(together.get("both"))];
        // Five seconds after the last sample of one, Query takes those of the other.
        assert.ok(both < 6.5 && gone > both + 1, `${both} s without a sample, where ${gone} are missing of one`);
        assert.ok((together.get("both")?.length ?? 0) <= seconds + 1, "a sample is there twice");
    });
});
