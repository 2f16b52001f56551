import assert from "node:assert/strict";
import { thanosCertificate, thanosKey } from "../certificates";
import { Checkout, docker, freePort } from "./checkout";
import { CountedTarget } from "./countedTarget";
import { eventually, PrometheusApi } from "./prometheusApi";
import { bridgeAddress } from "./shop";
import { steps, stopAtFailure } from "./steps";

/** Three stacks are a ring, whose members find each other by an address of the host, as on three hosts. A stack that is an agent sends to each. */
describe("A ring of receivers", function () {
    this.timeout(300_000);
    stopAtFailure(this);
    const step = steps();

    const first = new Checkout();
    const stacks = [first, new Checkout(first), new Checkout(first, undefined, "third")] as const;
    const lost = stacks[2];
    const agents = stacks.map((_, i) => `agent-${i}`);
    const sending = agents.map((agent) => new Checkout(first, undefined, agent));
    const target = new CountedTarget();
    let [address, members, remoteWrite]: [string, string[], number[]] = ["", [], []];
    let query: PrometheusApi;
    let prometheusPorts: number[] = [];

    const declare = async (i: number, ring = members) => {
        const stack = stacks[i] ?? assert.fail();
        stack.declare({
            prometheus: { port: prometheusPorts[i] },
            nodeExporter: { enabled: false },
            grafana: { enabled: false },
            thanos: {
                tls: { cert: thanosCertificate },
                receive: { port: remoteWrite[i], bindAddress: address, address: members[i], members: ring },
                ...(i === 0 && { query: { port: query.port } }),
            },
        });
        await stack.setSecret("thanos.tls.key", thanosKey);
    };
    const declareAgent = (agent: string, i: number) =>
        sending[i]?.declare({
            ...{ scrapeInterval: "1s", scrapeTimeout: "1s", externalLabels: { agent } },
            prometheus: { mode: "agent", port: prometheusPorts[3 + i] },
            nodeExporter: { enabled: false },
            scrapeJobs: [
                { jobName: "counted", metricsPath: `/${agent}`, staticConfigs: [{ targets: [target.address] }] },
            ],
            remoteWrite: [{ name: "ring", url: `http://${address}:${remoteWrite[i]}/api/v1/receive` }],
        });
    async function samples(selector: string, deduplicated = true): Promise<(readonly [time: number, value: number])[]> {
        const { result } = await query.ask<{ result: { values: [number, string][] }[] }>(
            `query?query=${encodeURIComponent(`${selector}[15m]`)}&dedup=${deduplicated}`,
        );
        return result.flatMap((series) => series.values.map(([time, value]) => [time, Number(value)] as const));
    }
    /** The values that are there of one of the series that an agent sends: 1, 2, 3, ... @param of more matchers */
    const values = async (agent: string, deduplicated = true, of = "") =>
        (await samples(`counted{agent="${agent}", series="0"${of}}`, deduplicated)).map(([, value]) => value);
    /** How many scrapes came to nothing, as the agent says: on a busy machine an answer may be late. */
    const failed = async (agent: string, before: number) =>
        (await samples(`up{agent="${agent}", job="counted"}`)).filter(([time, value]) => value === 0 && time < before)
            .length;
    const received = async (agent: string) => Math.max(0, ...(await values(agent)));
    const started = (stack: Checkout) =>
        docker("inspect", "--format", "{{.Id}} {{.State.StartedAt}}", stack.container("thanos-receive"));
    const whole = (count: number) => Array.from({ length: count }, (_, i) => i + 1);
    /** The target is answered by this process, which may not wait for Docker meanwhile. */
    const dockerMeanwhile = async (...args: string[]) => {
        const { status, text } = await first.run("docker", args);
        assert.equal(status, 0, text);
    };

    before(async () => {
        address = bridgeAddress();
        const ports = await Promise.all(Array.from({ length: 13 }, () => freePort()));
        prometheusPorts = ports.slice(0, 6);
        members = ports.slice(6, 9).map((port) => `${address}:${port}`);
        remoteWrite = ports.slice(9, 12);
        query = new PrometheusApi(ports[12] ?? 0);
        await target.open(address);
    });

    after(async () => {
        for (const each of [...sending, ...stacks]) {
            each.remove();
        }
        await target.close();
    });

    step("is deployed by one command", async () => {
        for (const i of stacks.keys()) {
            await declare(i);
        }
        await first.succeed("up", "--stack", `${first.stack}*`);
    });

    step("has each sample at every member, and once for who asks Query", async () => {
        agents.forEach(declareAgent);
        await first.succeed("up", "--stack", `${first.stack}-agent-*`);
        await eventually(60_000, async () => {
            for (const agent of agents) {
                assert.ok((await received(agent)) >= 5, `${agent} has not arrived`);
                const replicas = await query.query(
                    `count by (receive_replica) (counted{agent="${agent}", series="0"})`,
                );
                assert.deepEqual(replicas.length, 1);
                const apart = await values(agent, false);
                assert.ok(apart.filter((value) => value === 1).length === 3, apart.join());
            }
        });
        const { text } = await first.npm("status", "--no-drift");
        assert.match(text, /Thanos Receive +[1-9]\d{3,} series, one of 3 members/);
    });

    step("goes on without one that was killed", async () => {
        await dockerMeanwhile("kill", lost.container("thanos-receive"));
        const at = new Map(agents.map((agent) => [agent, target.scrapes(agent)]));
        await eventually(90_000, async () => {
            for (const agent of agents.slice(0, 2)) {
                assert.ok((await received(agent)) >= (at.get(agent) ?? 0) + 20, `of ${agent} nothing arrives`);
            }
        });
    });

    step("has every sample when it is back, and Query has those that it has missed from the others", async () => {
        await dockerMeanwhile("start", lost.container("thanos-receive"));
        const at = target.scrapes("agent-2");
        await eventually(60_000, async () => {
            assert.ok((await received("agent-2")) > at + 5, "the agent of the member has not caught up");
        });
        target.stop();
        const end = Date.now() / 1000;
        await eventually(60_000, async () => {
            for (const agent of agents) {
                const there = await values(agent);
                const missing = whole(target.scrapes(agent)).filter((value) => !there.includes(value));
                assert.ok(missing.length <= (await failed(agent, end)), `of ${agent} is missing: ${missing.join()}`);
                assert.deepEqual([...new Set(there)], there);
                const count = (await query.query(`sum(count_over_time(counted{agent="${agent}"}[15m]))`))[0]?.value;
                assert.equal(count, target.series * there.length);
            }
        });
        const own = await values("agent-0", false, `, receive_replica="${lost.stack}"`);
        assert.ok(own.length > 0 && own.length < target.scrapes("agent-0") - 10, `${own.length} of them are there`);
    });

    step("has what a member has in its backup", async () => {
        const own = () => values("agent-0", false, `, receive_replica="${first.stack}"`);
        const before = await own();
        assert.ok(before.length > 0);
        await first.succeed("backup", "ring.tar.gz");
        const { text: manifest } = await first.run("tar", ["-xzOf", "ring.tar.gz", "manifest.json"]);
        assert.match(manifest, /"thanosReceive":\s*\{[^}]*"version":\s*"\d+\.\d+\.\d+"/);
        const said = await first.succeed("restore", "--replace", "ring.tar.gz");
        assert.match(said, /has the data of \S+ \(prometheus, thanosReceive\)/);
        await eventually(60_000, async () => assert.deepEqual(await own(), before));
    });

    step("takes another member without a restart", async () => {
        const before = started(first);
        await declare(0, [...members, `${address}:9`]);
        await first.succeed("up");
        assert.equal(started(first), before);
        const ring = docker("exec", first.container("thanos-receive"), "cat", "/etc/thanos/watched/hashring.json");
        assert.ok(ring.includes(`${address}:9"`), ring);
    });
});
