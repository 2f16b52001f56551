import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { Checkout, docker, freePort } from "./checkout";
import { steps, stopAtFailure } from "./steps";

interface Rule {
    readonly name: string;
    readonly health: string;
    readonly query: string;
    readonly lastError?: string;
}

interface Alert {
    readonly state: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations: Readonly<Record<string, string>>;
}

/** The alerts of a real stack, seen from Prometheus' API; the steps build on one another. */
describe("The alerts of a stack, for real", function () {
    this.timeout(180_000);
    stopAtFailure(this);
    const step = steps();

    const checkout = new Checkout();
    let prometheus: string;
    let webBe: string;
    let declaration: Record<string, unknown>;

    before(async () => {
        const [port, webBePort, exporterPort] = await Promise.all([freePort(), freePort(), freePort()]);
        prometheus = `http://127.0.0.1:${port}`;
        webBe = `http://127.0.0.1:${webBePort}`;
        declaration = {
            scrapeInterval: "1s",
            evaluationInterval: "1s",
            alerts: { downFor: "3s" },
            prometheus: { port },
            nodeExporter: { port: exporterPort },
            webBe: { enabled: true, port: webBePort },
            grafana: { enabled: false },
        };
        checkout.declare(declaration);
    });

    after(() => checkout.remove());

    const ask = async <Data>(path: string): Promise<Data> => {
        const response = await fetch(`${prometheus}/api/v1/${path}`);
        return ((await response.json()) as { data: Data }).data;
    };
    const rules = async () => {
        const { groups } = await ask<{ groups: { name: string; rules: Rule[] }[] }>("rules");
        return groups.flatMap(({ name, rules: ofGroup }) => ofGroup.map((rule) => ({ ...rule, group: name })));
    };
    const firing = async () => {
        const { alerts } = await ask<{ alerts: Alert[] }>("alerts");
        return alerts.filter(({ state }) => state === "firing");
    };
    const names = async () => (await firing()).map(({ labels }) => labels.alertname).sort();

    /** Asks until the answer is as it should be, and fails with the last one that was not. */
    const eventually = async (expected: unknown, question: () => Promise<unknown>) => {
        for (const deadline = Date.now() + 60_000; ; await sleep(250)) {
            const answer = await question();
            try {
                return assert.deepEqual(answer, expected);
            } catch (error) {
                if (Date.now() > deadline) {
                    throw error;
                }
            }
        }
    };

    step("can all be evaluated on what the real programs expose", async () => {
        await checkout.succeed("up");
        for (let i = 0; i < 20; i++) {
            await fetch(`${webBe}/items/1`);
        }
        await eventually([], async () =>
            (await rules())
                .filter(({ health }) => health !== "ok")
                .map(({ group, name, health, lastError }) => `${group} ${name} ${health} ${lastError}`),
        );
        const groups = new Set((await rules()).map(({ group }) => group));
        assert.deepEqual([...groups].sort(), ["node_exporter", "prometheus", "web_be"]);
    });

    step("are silent while all is well, but for the Watchdog", async () => {
        await eventually(["Watchdog"], names);
        // Longer than the shortest alert's patience, by far.
        await sleep(9000);
        assert.deepEqual(await names(), ["Watchdog"]);
    });

    step("ask for metrics that the real programs have", async () => {
        const known = new Set(await ask<string[]>("label/__name__/values"));
        const absent = new Set(
            (await rules()).flatMap(({ query }) =>
                [...query.matchAll(/([a-z_:][\w:]*)\{/g)]
                    .map(([, metric = ""]) => metric)
                    .filter((metric) => !known.has(metric)),
            ),
        );
        // Nobody receives alerts or samples here, nothing is discovered, and not every kernel counts pressure, lets a container see its clock, or has ZFS.
        const optional = /^prometheus_(notifications|remote_storage|sd_refresh)_|^node_(pressure|timex|disk|zfs)_/;
        assert.deepEqual(
            [...absent].filter((metric) => !optional.test(metric)),
            [],
        );
    });

    step("tell when a target is down, and when it is up again", async () => {
        docker("stop", checkout.container("web-be"));
        await eventually(["TargetDown", "Watchdog"], names);
        const down = (await firing()).find(({ labels }) => labels.alertname === "TargetDown");
        const instance = `${checkout.container("web-be")}:8000`;
        assert.deepEqual(down?.labels, { alertname: "TargetDown", instance, job: "web_be", severity: "critical" });
        assert.equal(down?.annotations.summary, `${instance} of web_be is down`);
        docker("start", checkout.container("web-be"));
        await eventually(["Watchdog"], names);
    });

    step("come with an added job, and restart nothing", async () => {
        const containers = checkout.containers();
        const target = `${checkout.container("web-be")}:8000`;
        const shop = { jobName: "shop", staticConfigs: [{ targets: [target] }], application: { latency: "300ms" } };
        checkout.declare({ ...declaration, scrapeJobs: [shop] });
        await checkout.succeed("up");
        assert.equal(checkout.containers(), containers);
        const added = (await rules()).filter(({ group }) => group === "shop").map(({ name }) => name);
        assert.deepEqual(added.sort(), [
            ...["ApplicationErrors", "ApplicationMetricsMissing", "ApplicationNoTraffic", "ApplicationSlow"],
            ...["TargetDown", "TargetFlapping", "TargetFlapping", "TargetMissing", "TargetRestarting"],
        ]);
    });
});
