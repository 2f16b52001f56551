import assert from "node:assert/strict";
import { parse } from "yaml";
import { renderGrafanaFiles } from "../config/grafana";
import { assertGolden } from "./golden";

const files = renderGrafanaFiles({
    prometheusUrl: "http://metrics-stack-test-prometheus:9090",
    scrapeInterval: 30_000,
});

interface Panel {
    readonly title: string;
    readonly type: string;
    readonly datasource?: unknown;
    readonly targets?: readonly { readonly expr: string }[];
}

describe("Grafana's files", () => {
    it("are as kept", () => assertGolden("grafana", files));

    it("name the data source by a fixed uid that every panel uses", () => {
        const { datasources } = parse(files["provisioning/datasources/prometheus.yml"] ?? "");
        assert.equal(datasources.length, 1);
        assert.equal(datasources[0].jsonData.timeInterval, "30s");
        for (const file of ["dashboards/host.json", "dashboards/application.json"]) {
            const panels = (JSON.parse(files[file] ?? "").panels as Panel[]).filter(({ type }) => type !== "row");
            assert.ok(panels.length >= 3, file);
            for (const { title, datasource, targets } of panels) {
                assert.deepEqual(datasource, { type: "prometheus", uid: datasources[0].uid }, title);
                assert.ok(targets && targets.length > 0, title);
            }
        }
    });

    it("have a uid and a title for every dashboard", () => {
        const dashboards = Object.entries(files).filter(([file]) => file.startsWith("dashboards/"));
        const uids = dashboards.map(([, text]) => JSON.parse(text).uid as string);
        assert.equal(new Set(uids).size, dashboards.length);
    });

    it("escape what Grafana would expand in a URL", () => {
        const { "provisioning/datasources/prometheus.yml": text = "" } = renderGrafanaFiles({
            prometheusUrl: "http://a$b:1",
            scrapeInterval: 15_000,
        });
        assert.equal(parse(text).datasources[0].url, "http://a$$b:1");
    });
});
