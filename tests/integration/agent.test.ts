import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import type { Status } from "../../commands/status/facts";
import type { Prometheus } from "../../components/prometheus/facts";
import { project } from "../../toolchain/checkout";
import { Checkout, docker, freePort } from "./checkout";
import { moreTime, outage, tell } from "./outage";
import { eventually, PrometheusApi } from "./prometheusApi";
import { steps, stopAtFailure } from "./steps";

/** The rules of docs/fleets.md, with seconds for minutes. */
const rules = (
    /```yaml\n(# rules\/agents\.yml\n.*?)```/s.exec(readFileSync(path.join(project, "docs/fleets.md"), "utf8"))?.[1] ??
    assert.fail("docs/fleets.md has no rules")
)
    .replaceAll("[5m]", "[20s]")
    .replaceAll("for: 5m", "for: 1s");

/** An agent with node_exporter sends to a stack that receives, and has rules of its own about agents. */
describe("An agent", function () {
    this.timeout(300_000 + moreTime);
    stopAtFailure(this);
    const step = steps();

    const agent = new Checkout();
    const receiver = new Checkout(agent);
    let [sending, receiving]: PrometheusApi[] = [];

    const base = (api: PrometheusApi | undefined, more: object) => ({
        ...{ scrapeInterval: "1s", scrapeTimeout: "1s", prometheus: { port: api?.port, ...more } },
    });
    const declared = (more = {}) => ({
        ...base(sending, { mode: "agent" }),
        nodeExporter: { port: 9173 },
        network: { join: [`metrics-stack-${receiver.stack}`] },
        remoteWrite: [{ url: `http://${receiver.container("prometheus")}:9090/api/v1/write`, name: "receiver" }],
        ...more,
    });
    const other = () => ({
        scrapeJobs: [{ jobName: "other", staticConfigs: [{ targets: [`${receiver.container("prometheus")}:9090`] }] }],
    });
    const of = (labels = "") => `{stack="${agent.stack}"${labels}}`;
    const value = async (query: string) => (await receiving?.query(query))?.[0]?.value;
    /** It is sent a few seconds after it was scraped. */
    const arrives = (query: string, expected: number) =>
        eventually(20_000, async () => assert.equal(await value(query), expected));
    const started = () => docker("inspect", "--format", "{{.Id}} {{.State.StartedAt}}", agent.container("prometheus"));
    async function status(stack: Checkout): Promise<Status & { readonly prometheus: Prometheus }> {
        const { text } = await stack.npm("status", "--json");
        return JSON.parse(text.slice(text.indexOf("{\n"))) as Status & { readonly prometheus: Prometheus };
    }

    before(async () => {
        [sending, receiving] = [new PrometheusApi(await freePort()), new PrometheusApi(await freePort())];
        mkdirSync(path.join(receiver.folder, "rules"), { recursive: true });
        writeFileSync(path.join(receiver.folder, "rules/agents.yml"), rules);
        receiver.declare({
            ...base(receiving, { receive: { remoteWrite: true } }),
            ...{ evaluationInterval: "1s", nodeExporter: { enabled: false }, grafana: { enabled: false } },
            storage: { tsdb: { outOfOrderTimeWindow: "10m" } },
            rules: { files: ["rules/*.yml"] },
        });
        await receiver.succeed("up");
    });

    after(() => {
        agent.remove(); // It is on the network of the other one.
        receiver.remove();
    });

    step("sends what it scrapes when the deployment is over, and there is no Grafana", async () => {
        agent.declare(declared());
        const said = await agent.succeed("up");
        assert.doesNotMatch(said, /becomes an agent|Grafana|Dashboards/);
        assert.deepEqual(await sending?.health(), ["node_exporter up", "prometheus up"]);
        await arrives(`count(up${of()} == 1)`, 2);
        // An Alertmanager of the receiver's would raise an alert of it.
        assert.equal(await value(`prometheus_notifications_alertmanagers_discovered${of()}`), undefined);
    });

    step("is well, as its receiver is, and says how far that is behind", async () => {
        const { exitCode, problems, prometheus } = await status(agent);
        assert.equal(exitCode, 0, problems.join("\n"));
        assert.deepEqual([prometheus.mode, prometheus.alerts, prometheus.consoleUrl], ["agent", [], null]);
        assert.ok(prometheus.storage.size > 1000, String(prometheus.storage.size));
        assert.deepEqual(
            prometheus.sendsTo.map(({ name, refused }) => [name, refused]),
            [["receiver", 0]],
        );
        assert.ok((prometheus.sendsTo[0]?.secondsBehind ?? 99) < 20);
        const receivers = await status(receiver);
        assert.equal(receivers.exitCode, 0, receivers.problems.join("\n"));
        assert.deepEqual([receivers.prometheus.mode, receivers.prometheus.sendsTo], ["server", []]);
    });

    step("has nothing to back up, and nobody to send a test alert", async () => {
        const backup = await agent.npm("backup", path.join(agent.folder, "agent.tar.gz"));
        assert.equal(backup.status, 1, backup.text);
        assert.match(backup.text, /Prometheus has no samples.*there is nothing to back up/s);
        const test = await agent.npm("alert-test", "--receiver", "team");
        assert.match(test.text, /There is no Alertmanager to ask/);
    });

    step("takes a job and refuses another one without a restart", async () => {
        const before = started();
        agent.declare(declared(other()));
        await agent.succeed("up");
        await arrives(`up${of(', job="other"')}`, 1);
        const relabelConfigs = [{ sourceLabels: ["a"], regex: "\\p{Latn}", targetLabel: "b" }];
        const wrong = { jobName: "wrong", staticConfigs: [{ targets: ["a:1"] }], relabelConfigs };
        agent.declare(declared({ scrapeJobs: [...other().scrapeJobs, wrong] }));
        const { status, text } = await agent.npm("preview");
        assert.notEqual(status, 0, text);
        assert.match(text, /scrapeJobs\[1\]: "wrong" is refused by promtool: .*Latn/);
        assert.equal(started(), before);
    });

    step("loses nothing while the receiver is down", async () => {
        const { begin } = await outage(receiver.container("prometheus"), 20_000);
        await receiving?.becomesReady();
        const at = Math.floor(Date.now() / 1000) - 3;
        const range = `[${at - begin + 15}s] @ ${at}`;
        // The agent counts its scrapes, and each of them is a sample of "up". The receiver, which is the job other, counts its own.
        const scrapes = `prometheus_target_interval_length_seconds_count${of(', job="prometheus", interval="1s"')}`;
        const counted = `sum(max_over_time(${scrapes}${range}) - min_over_time(${scrapes}${range}))`;
        await eventually(60_000, async () => {
            assert.ok(((await value(`max(timestamp(up${of(', job="prometheus"')}))`)) ?? 0) > at + 5);
            const [there = 0, made = 1000] = [
                await value(`sum(count_over_time(up${of()}${range}))`),
                await value(counted),
            ];
            assert.ok(made > 30 && there >= made - 3, `${there} of ${made} samples are there`);
            tell(`${at - begin + 15} s: ${there} of ${made} samples`);
        });
        assert.equal(await value(`sum(prometheus_remote_storage_samples_failed_total${of()})`), 0);
    });

    step("that falls silent is told by the rule of the documentation", async () => {
        const silent = async (expected: readonly string[]) => {
            const firing = (await receiving?.query('ALERTS{alertname="AgentSilent", alertstate="firing"}')) ?? [];
            assert.deepEqual(
                firing.map(({ metric }) => metric.stack),
                expected,
            );
        };
        await eventually(60_000, () => silent([]));
        docker("stop", agent.container("prometheus"));
        await eventually(60_000, () => silent([agent.stack]));
        docker("start", agent.container("prometheus"));
    });

    step("that was a server keeps its samples, and has them again as one", async () => {
        const server = { ...declared(other()), ...base(sending, {}), grafana: { enabled: false } };
        agent.declare(server);
        await agent.succeed("up");
        const [first] = (await sending?.query("timestamp(up)")) ?? [];
        assert.ok(first);
        agent.declare(declared(other()));
        assert.match(await agent.succeed("preview"), /Prometheus becomes an agent/);
        await agent.succeed("up");
        assert.deepEqual(await sending?.health(), ["node_exporter up", "other up", "prometheus up"]);
        assert.match(agent.inVolume("prometheus-data", "ls"), /agent\n(.*\n)*wal/);
        await agent.succeed("backup", path.join(agent.folder, "server.tar.gz"));
        agent.declare(server);
        await agent.succeed("up");
        assert.equal(
            (await sending?.query(`count(last_over_time(up[1h] @ ${Math.ceil(first.value)}))`))?.[0]?.value,
            3,
        );
    });
});
