import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { hashSync } from "bcryptjs";
import { renderDashboards } from "../../config/render/dashboards";
import { dashboardsIn, panelsOf } from "../config/render/dashboards";
import { plan } from "../declaration";
import { Checkout, freePort } from "./checkout";
import { emptyPanels } from "./emptyPanels";
import { eventually, PrometheusApi } from "./prometheusApi";
import { steps, stopAtFailure } from "./steps";

const password = "password-of-the-stack-itself";

/** A rule that counts, and an alert of it. */
const rules = (counted: string, summary: string) => `groups:
    - name: everywhere
      partial_response_strategy: warn
      rules:
          - record: everywhere:${counted}:count
            expr: count(${counted})
          - alert: SomethingIsThere
            expr: everywhere:${counted}:count > 0
            annotations: { summary: "${summary}" }
`;

interface Alert {
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations: Readonly<Record<string, string>>;
    readonly generatorURL: string;
}

/** Rules over all that Query answers from. */
describe("Thanos Ruler, for real", function () {
    this.timeout(300_000);
    stopAtFailure(this);
    const step = steps();

    const checkout = new Checkout();
    const stackFile = `Pulumi.${checkout.stack}.yaml`;
    const place = "rules/every where/shop 가게.yml";
    let [prometheus, query] = [new PrometheusApi(0), new PrometheusApi(0)];
    let alertmanager = 0;
    const thanos = () => ({ query: { port: query.port }, ruler: { rules: { files: ["rules/*/*.yml"] } } });

    const write = (text: string) => {
        const file = path.join(checkout.folder, place);
        mkdirSync(path.dirname(file), { recursive: true });
        writeFileSync(file, text);
    };
    async function alert(): Promise<Alert | undefined> {
        const response = await fetch(`http://127.0.0.1:${alertmanager}/api/v2/alerts`, {
            headers: { Authorization: `Basic ${Buffer.from(`ops:${password}`).toString("base64")}` },
            signal: AbortSignal.timeout(5000),
        });
        const alerts = (await response.json()) as Alert[];
        return alerts.find(({ labels }) => labels.alertname === "SomethingIsThere");
    }

    before(async () => {
        [prometheus, query] = [new PrometheusApi(await freePort()), new PrometheusApi(await freePort())];
        alertmanager = await freePort();
        checkout.declare({
            ...{ scrapeInterval: "1s", evaluationInterval: "1s", prometheus: { port: prometheus.port } },
            ...{ nodeExporter: { enabled: false }, grafana: { enabled: false } },
            alertmanager: {
                ...{ enabled: true, port: alertmanager, receivers: [{ name: "nobody", silent: true }] },
                web: { basicAuthUsers: {}, itself: {} },
            },
            thanos: thanos(),
        });
        await checkout.setSecret("alertmanager.web.basicAuthUsers.ops", hashSync(password, 10));
        await checkout.setSecret("alertmanager.web.itself.password", password);
    });

    after(() => checkout.remove());

    step("is not given a rule that it refuses: file and line are said", async () => {
        write(rules("up", "{{ $value "));
        const { status, text } = await checkout.npm("preview");
        assert.equal(status, 1, text);
        assert.match(
            text,
            /thanos\.ruler\.rules\.files\[0\]: "rules\/every where\/shop 가게\.yml" is refused by thanos: 7: group "everywhere", rule 1, .*unclosed action/,
        );
        write(rules("up(", "{{ $value }}"));
        const ended = await checkout.npm("validate", stackFile);
        assert.match(
            ended.text,
            /rules\/every where\/shop 가게\.yml:5: there is no valid PromQL in the recording rule /,
        );
        assert.equal(ended.status, 1, ended.text);
    });

    step("has Query answer what it recorded, and Alertmanager told what fires", async () => {
        write(rules("up", "{{ $value }} are there"));
        await checkout.succeed("up");
        await eventually(60_000, async () => {
            const [series] = await query.query("everywhere:up:count");
            assert.deepEqual(series?.metric, { __name__: "everywhere:up:count", ruler: checkout.stack });
            assert.ok(series.value > 0);
        });
        await eventually(60_000, async () => {
            const { labels, annotations, generatorURL } = (await alert()) ?? assert.fail("no such alert");
            assert.deepEqual(labels, { alertname: "SomethingIsThere", ruler: checkout.stack });
            assert.match(annotations.summary ?? "", /^\d are there$/);
            assert.ok(generatorURL.startsWith(`${query.url}/graph?g0.expr=everywhere`), generatorURL);
        });
    });

    step("has a section of the dashboard without an empty panel", async () => {
        const { config, published } = plan({ thanos: thanos() }, { [place]: rules("up", "") }, checkout.stack);
        const dashboard = dashboardsIn(renderDashboards(config, published.jobs)).find(
            ({ uid }) => uid === "metrics-stack-thanos",
        );
        assert.ok(dashboard);
        const panels = dashboard.panels.slice(dashboard.panels.findIndex(({ title }) => title === "Ruler"));
        assert.ok(panelsOf({ ...dashboard, panels }).length > 3);
        await eventually(60_000, async () =>
            assert.deepEqual(await emptyPanels(prometheus, { ...dashboard, panels }), []),
        );
    });

    step("takes over changed rules without a restart", async () => {
        const containers = checkout.containers();
        write(rules("scrape_samples_scraped", "{{ $value }} are there"));
        await checkout.succeed("up");
        assert.equal(checkout.containers(), containers);
        await eventually(60_000, async () =>
            assert.equal((await query.query("everywhere:scrape_samples_scraped:count")).length, 1),
        );
        const { text } = await checkout.npm("status", "--no-drift");
        assert.match(text, /Thanos Ruler +evaluates 2 rules/);
        await checkout.succeed("up", "--expect-no-changes");
    });
});
