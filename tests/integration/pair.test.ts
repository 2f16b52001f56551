import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { commands } from "../documentation";
import { Checkout, docker, freePort } from "./checkout";
import { eventually, PrometheusApi } from "./prometheusApi";
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
    let address = "";
    let [ports, clusterPorts, prometheusPorts]: number[][] = [];

    const job = (name: string) => ({ jobName: name, staticConfigs: [{ targets: ["nobody:1"] }] });

    async function up(checkout: Checkout, replica: "a" | "b", jobs: readonly string[] = ["gone"]) {
        const [own, other] = replica === "a" ? [0, 1] : [1, 0];
        checkout.declare({
            ...{ scrapeInterval: "1s", evaluationInterval: "1s", alerts: { downFor: "1s" } },
            prometheus: { port: prometheusPorts?.[own] },
            nodeExporter: { enabled: false },
            grafana: { enabled: false },
            scrapeJobs: jobs.map(job),
            pair: {
                replica,
                address: `${address}:${clusterPorts?.[own]}`,
                other: `${address}:${clusterPorts?.[other]}`,
                otherAlertmanager: `${address}:${ports?.[other]}`,
                cert: made("cert.pem"),
            },
            alertmanager: {
                ...{ enabled: true, port: ports?.[own], bindAddress: address },
                ...{ groupBy: ["..."], groupWait: "1s", groupInterval: "1s" },
                receivers: [{ name: "people", webhook: { maxAlerts: 10 } }],
            },
        });
        const url = `http://${address}:${(people.address() as { port: number }).port}/not-to-be-seen`;
        await checkout.setSecret("alertmanager.receivers[0].webhook.url", url);
        await checkout.setSecret("pair.key", made("key.pem"));
        const { status, text } = await checkout.npm("up");
        assert.equal(status, 10, text); // The target of the job is down.
    }

    const aboutJob = (name: string) =>
        messages.filter(({ alerts }) => alerts.some(({ labels }) => labels.job === name));
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
        address = docker("network", "inspect", "--format", "{{(index .IPAM.Config 0).Gateway}}", "bridge");
        const free = await Promise.all(Array.from({ length: 6 }, () => freePort()));
        [ports, clusterPorts, prometheusPorts] = [free.slice(0, 2), free.slice(2, 4), free.slice(4)];
        await new Promise<void>((resolve) => people.listen(0, address, resolve));
    });

    after(() => {
        people.close();
        rmSync(folder, { recursive: true });
        first.remove();
        second.remove();
    });

    step("finds itself", async () => {
        await up(first, "a");
        await up(second, "b");
        await bothThere();
        const { text: stdout } = await first.npm("status");
        assert.match(stdout, /Alertmanager .*both of its pair are there/);
    });

    step("sends an alert once that both have", async () => {
        await Promise.all([up(first, "a", ["gone", "later"]), up(second, "b", ["gone", "later"])]);
        await eventually(30_000, async () => assert.ok(aboutJob("later").length > 0));
        await sleep(25_000); // The second one waits 15 s for what the first one says that it has sent.
        assert.equal(aboutJob("later").length, 1, JSON.stringify(aboutJob("later")));
        const [alert] = aboutJob("later")[0]?.alerts ?? [];
        assert.equal(alert?.labels.replica, undefined);
    });

    step("goes on as one where the other is gone, and is two again", async () => {
        const gone = ["prometheus", "alertmanager"].map((role) => first.container(role));
        docker("stop", ...gone);
        await up(second, "b", ["gone", "later", "last"]);
        await eventually(30_000, async () => assert.equal(aboutJob("last").length, 1));
        assert.deepEqual(
            messages.filter(({ status }) => status === "resolved"),
            [],
        );
        docker("start", ...gone);
        await bothThere();
    });

    step("and has its samples apart", async () => {
        const config = await new PrometheusApi(prometheusPorts?.[1] ?? 0).config();
        assert.match(config, /external_labels:\n {4}replica: b/);
    });
});
