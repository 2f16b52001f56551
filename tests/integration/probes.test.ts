import assert from "node:assert/strict";
import { Checkout, docker, freePort } from "./checkout";
import { eventually, PrometheusApi } from "./prometheusApi";
import { steps, stopAtFailure } from "./steps";

/** The stack's own Prometheus is what is probed: it is there, and has pages that are not. */
describe("What is declared in probes", function () {
    this.timeout(300_000);
    stopAtFailure(this);
    const step = steps();

    const checkout = new Checkout();
    let prometheus: PrometheusApi;
    const container = `metrics-stack-${checkout.stack}-blackbox-exporter`;
    const own = `http://metrics-stack-${checkout.stack}-prometheus:9090`;
    const started = () => docker("inspect", "--format", "{{.Id}} {{.State.StartedAt}}", container);

    before(async () => {
        prometheus = new PrometheusApi(await freePort());
    });
    after(() => checkout.remove());

    const declare = (probes: object[], blackboxExporter = {}) =>
        checkout.declare({
            scrapeInterval: "1s",
            prometheus: { port: prometheus.port },
            nodeExporter: { enabled: false },
            grafana: { enabled: false },
            blackboxExporter,
            probes,
        });
    const good = { target: `${own}/-/ready`, status: [200], text: "Ready" };

    step("is probed, and up shows it by what is probed", async () => {
        declare([good, { target: `metrics-stack-${checkout.stack}-prometheus:9090` }]);
        const text = await checkout.succeed("up");
        assert.match(text, new RegExp(`probe +${good.target} +up`));
        await eventually(20_000, async () => {
            const results = await prometheus.query('probe_success{job="probe"}');
            assert.deepEqual(
                results.map(({ value }) => value),
                [1, 1],
            );
        });
    });

    step("is delivered without a restart when it changes, and status shows what fails", async () => {
        const before = started();
        declare([good, { target: `${own}/nowhere` }]);
        await checkout.npm("up");
        assert.equal(started(), before);
        await eventually(20_000, async () => {
            const { text } = await checkout.npm("status");
            assert.match(text, new RegExp(`probe +${own}/nowhere +down +the probe fails`));
            assert.match(text, new RegExp(`probe +${good.target} +up`));
        });
    });

    step("has a module that the exporter's own tool refuses told in a preview", async () => {
        declare([{ ...good, status: undefined, text: undefined, module: "own" }], {
            modules: { own: { prober: "http", http: { methd: "POST" } } },
        });
        const { status, text } = await checkout.npm("preview");
        assert.notEqual(status, 0);
        assert.match(text, /blackboxExporter\.modules: .*field methd not found/);
    });

    step("is gone with its exporter when nothing is declared", async () => {
        declare([]);
        await checkout.succeed("up");
        assert.doesNotMatch(docker("ps", "--all", "--format", "{{.Names}}"), new RegExp(`^${container}$`, "m"));
    });
});
