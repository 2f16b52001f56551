import assert from "node:assert/strict";
import { parse as parseYaml } from "yaml";
import { renderGrafanaFiles } from "../../../components/grafana/files";
import { job, mistakes, ownJob, parse, plan } from "../../declaration";
import { dashboardsIn } from "../../config/render/dashboards";
import { assertGolden } from "../../golden";

/** The files of the seed's three jobs. */
const render = (raw: Record<string, unknown> = {}, url = "http://metrics-stack-test-prometheus:9090") =>
    renderGrafanaFiles(
        {
            ...parse({ webBe: { enabled: true }, ...raw }),
            ownDashboards: {},
            source: { url, access: { scheme: "http" } },
        },
        ["prometheus", "node_exporter", "web_be"].map((jobName) =>
            ownJob(jobName, { network: { subnet: "172.28.7.0/24" }, ...raw }),
        ),
    );

const dataSources = (files: Readonly<Record<string, string>>) =>
    parseYaml(files["provisioning/datasources/prometheus.yml"] ?? "").datasources;

describe("Grafana's files", () => {
    it("of the seed's three jobs", () => assertGolden("grafana", render()));

    it("name the data source by a fixed uid, with the scrape interval", () => {
        const [{ uid, jsonData }, ...others] = dataSources(render({ scrapeInterval: "30s" }));
        assert.deepEqual([uid, jsonData.timeInterval, others], ["metrics-stack-prometheus", "30s", []]);
    });

    it("have the data source look back as far as the job that is scraped least often needs", () => {
        const lookback = (raw: Record<string, unknown>) => dataSources(render(raw))[0].jsonData.customQueryParameters;
        assert.equal(lookback({ scrapeInterval: "2m" }), undefined);
        assert.equal(lookback({ scrapeInterval: "10m" }), "lookback_delta=25m");
        // Alerts are series too: each evaluation is a sample.
        assert.equal(lookback({ evaluationInterval: "1h" }), "lookback_delta=2h30m");
        const slow = parse({ scrapeJobs: [{ ...job("slow"), scrapeInterval: "4m" }] });
        const files = renderGrafanaFiles({ ...slow, ownDashboards: {} }, slow.scrapeJobs);
        assert.equal(dataSources(files)[0].jsonData.customQueryParameters, "lookback_delta=10m");
    });

    it("are named after the dashboards in them: no two files have one uid", () => {
        const files = render();
        assert.deepEqual(
            Object.keys(files).filter((file) => file.startsWith("dashboards/")),
            dashboardsIn(files).map(({ uid }) => `dashboards/${uid}.json`),
        );
    });

    it("escape what Grafana would expand in a URL", () => {
        assert.equal(dataSources(render({}, "http://a$b:1"))[0].url, "http://a$$b:1");
    });
});

describe("A dashboard of one's own", () => {
    const shop = { id: 7, uid: "shop", title: "Shop", panels: [{ id: 1, title: "Orders" }] };
    const declared = (...dashboards: object[]) => {
        const files = Object.fromEntries(dashboards.map((each, i) => [`dashboards/${i}.json`, JSON.stringify(each)]));
        return { raw: { grafana: { dashboardFiles: Object.keys(files) } }, files };
    };

    it("is delivered beside the others, without the number that it had in another Grafana", () => {
        const { raw, files } = declared(shop);
        const rendered = plan(raw, files).parts.find(({ part }) => part.key === "grafana")?.files ?? {};
        assert.deepEqual(JSON.parse(rendered["dashboards/shop.json"] ?? ""), { ...shop, id: null });
        assert.ok(Object.keys(rendered).length > 3);
    });

    it("has one uid as long as its file has one name, where it has none of its own", () => {
        const texts = [undefined, null, ""].map((uid) => JSON.stringify({ ...shop, uid }));
        const uids = ["Node Exporter Full.json", "a/Node Exporter Full.json", "Node/Exporter/Full.json"].map(
            (file, i) => {
                const { parts } = plan({ grafana: { dashboardFiles: [file] } }, { [file]: texts[i] ?? "" });
                const files = parts.find(({ part }) => part.key === "grafana")?.files ?? {};
                const [, text = ""] = Object.entries(files).find(([, each]) => each.includes(`"${shop.title}"`)) ?? [];
                return (JSON.parse(text) as { uid: string }).uid;
            },
        );
        assert.match(uids[0] ?? "", /^node-exporter-full-[\da-f]{8}$/);
        assert.equal(uids[1], uids[0]);
        assert.match(uids[2] ?? "", /^full-[\da-f]{8}$/);
    });

    for (const [what, dashboard, said] of [
        [
            "in the newer schema",
            { apiVersion: "dashboard.grafana.app/v2", spec: {} },
            /0\.json" is in the newer schema, .*; export it as classic JSON$/,
        ],
        [
            "that asks for its data source",
            { ...shop, __inputs: [{ name: "DS" }] },
            /was exported to be shared, .*; export it without/,
        ],
        ["without a title", { ...shop, title: " " }, /has no title; write one$/],
        ["with a uid that Grafana refuses", { ...shop, uid: "a b" }, /has the uid "a b"; write one of up to 40/],
        [
            "with a uid of this project",
            { ...shop, uid: "metrics-stack-shop" },
            /"metrics-stack-shop", which is taken; write another/,
        ],
        [
            "with a title of this project",
            { ...shop, title: "Application (shop)" },
            /"Application \(shop\)", which is taken; write another/,
        ],
    ] as const) {
        it(`is refused ${what}, with its place`, () => {
            const { raw, files } = declared(dashboard);
            const [found, ...others] = mistakes(raw, [], files);
            assert.match(found ?? "", said);
            assert.match(found ?? "", /^metrics-stack:grafana\.dashboardFiles\[0\]: "dashboards\/0\.json" /);
            assert.deepEqual(others, []);
        });
    }

    /** What becomes of a file. */
    const delivered = (text: string) => {
        const files = { "a.json": text };
        const { parts } = plan({ grafana: { dashboardFiles: ["a.json"] } }, files);
        return JSON.parse(
            parts.find(({ part }) => part.key === "grafana")?.files["dashboards/shop.json"] ?? "",
        ) as unknown;
    };
    const own = { type: "prometheus", uid: "metrics-stack-prometheus" };

    it("asks this Prometheus where it asked that of another Grafana", () => {
        const asking = (datasource: unknown) => ({
            type: "timeseries",
            datasource,
            targets: [{ expr: "up", datasource }],
        });
        const panels = (...dataSources: unknown[]) => [
            ...dataSources.map(asking),
            { type: "row", panels: dataSources.map(asking) },
        ];
        const templating = {
            list: [
                { name: "ds", type: "datasource", query: "prometheus" },
                { name: "job", type: "query" },
            ],
        };
        const board = (...dataSources: unknown[]) => ({ ...shop, templating, panels: panels(...dataSources) });
        const others = [
            ...[
                { type: "prometheus", uid: "PBFA97CFB590B2093" },
                { uid: "x" },
                { type: "prometheus" },
                "Prometheus",
                "prod",
            ],
            ...["${DS_PROMETHEUS}", { type: "prometheus", uid: "${DS_PROMETHEUS}" }, "$job"],
        ];
        assert.deepEqual(delivered(JSON.stringify(board(...others))), { ...board(...others.map(() => own)), id: null });
        const kept = [
            ...[null, "-- Mixed --", "-- Dashboard --", { type: "datasource", uid: "grafana" }, "__expr__", "default"],
            ...[{ type: "loki", uid: "x" }, { type: "prometheus", uid: "${ds}" }, "$ds", { uid: "-- Grafana --" }, own],
        ];
        assert.deepEqual(delivered(JSON.stringify(board(...kept))), { ...board(...kept), id: null });
    });

    it("is answered what it asks for, as a download from grafana.com does", () => {
        const download = {
            __inputs: [
                { name: "DS_PROM", type: "datasource", pluginId: "prometheus" },
                { name: "DS_EXPRESSION", type: "datasource", pluginId: "__expr__" },
                { name: "VAR_JOB", type: "constant", value: "node" },
            ],
            __requires: [{ type: "grafana", id: "grafana" }],
            ...shop,
            panels: [
                { datasource: "${DS_PROM}", targets: [{ expr: 'up{job="${VAR_JOB}"}', legendFormat: "${other}" }] },
                { datasource: { type: "__expr__", uid: "${DS_EXPRESSION}" } },
            ],
        };
        assert.deepEqual(delivered(JSON.stringify(download)), {
            ...shop,
            id: null,
            panels: [
                { datasource: own, targets: [{ expr: 'up{job="node"}', legendFormat: "${other}" }] },
                { datasource: { type: "__expr__", uid: "__expr__" } },
            ],
        });
    });

    it("is taken out of what Grafana's API answers, and from behind the mark of PowerShell", () => {
        const answer = { meta: { slug: "shop" }, dashboard: shop };
        for (const text of [JSON.stringify(answer), `\ufeff${JSON.stringify(shop)}`]) {
            assert.deepEqual(delivered(text), { ...shop, id: null });
        }
    });

    it("is refused where it asks for a data source that is not there, and in UTF-16", () => {
        const asks = { ...shop, __inputs: [{ name: "DS_LOKI", type: "datasource", pluginId: "loki" }] };
        const { raw, files } = declared(asks);
        assert.match(mistakes(raw, [], files)[0] ?? "", /asks for DS_LOKI, which is no Prometheus; export it without/);
        const utf16 = Buffer.from(`\ufeff${JSON.stringify(shop)}`, "utf16le").toString("utf8");
        assert.match(
            mistakes({ grafana: { dashboardFiles: ["a.json"] } }, [], { "a.json": utf16 })[0] ?? "",
            /is not in UTF-8; write it anew/,
        );
    });

    it("is refused where another one has its uid or title", () => {
        const { raw, files } = declared(shop, shop, { ...shop, uid: "other" });
        const found = mistakes(raw, [], files);
        assert.equal(found.length, 2);
        assert.match(found[0] ?? "", /dashboardFiles\[1\]: .* the uid "shop", which is taken/);
        assert.match(found[1] ?? "", /dashboardFiles\[2\]: .* the title "Shop", which is taken/);
    });

    it("is refused where it is no file, or no JSON, together with every other mistake", () => {
        const raw = { scrapeInterval: "15", grafana: { dashboardFiles: ["a.json", "b.json", "c.json", "d.txt"] } };
        const [a = "", b = "", c = "", d = "", ...others] = mistakes(raw, [], { "b.json": "{", "c.json": "[]" });
        assert.match(a, /\[0\]: "a\.json" cannot be read \(no such file\); write a path from the project's folder$/);
        assert.match(b, /\[1\]: "b\.json" holds no JSON \(.*\); export the dashboard from Grafana as JSON$/);
        assert.match(c, /\[2\]: "c\.json" holds no JSON object; export the dashboard from Grafana as JSON$/);
        assert.match(d, /\[3\]: "d\.txt" is not the path of a JSON file; write one, such as "dashboards\/shop\.json"$/);
        assert.match(others.join(), /^metrics-stack:scrapeInterval: "15" is not/);
    });
});
