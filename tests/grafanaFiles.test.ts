import assert from "node:assert/strict";
import { parse as parseYaml } from "yaml";
import { Prometheus } from "../components/prometheus";
import { renderGrafanaFiles } from "../config/grafana";
import { publishedJob } from "../config/scrapeJob";
import { parse } from "./declaration";
import { dashboardsIn } from "./dashboards";
import { assertGolden } from "./golden";

/** The files of the seed's three jobs. */
function render(raw: Record<string, unknown> = {}, prometheusUrl = "http://metrics-stack-test-prometheus:9090") {
    const config = parse({ webBe: { enabled: true }, ...raw });
    assert.ok(config.nodeExporter && config.webBe);
    const jobs = [
        Prometheus.scrapeJob(),
        publishedJob("node_exporter", ["172.28.7.1:9100"], { instance: "web-1" }, { host: config.nodeExporter.host }),
        publishedJob(
            "web_be",
            ["metrics-stack-test-web-be:8000"],
            {},
            {
                application: config.webBe.application,
            },
        ),
    ];
    return renderGrafanaFiles({ ...config, prometheusUrl }, jobs);
}

const dataSources = (files: Readonly<Record<string, string>>) =>
    parseYaml(files["provisioning/datasources/prometheus.yml"] ?? "").datasources;

describe("Grafana's files", () => {
    it("of the seed's three jobs", () => assertGolden("grafana", render()));

    it("name the data source by a fixed uid, with the scrape interval", () => {
        const [{ uid, jsonData }, ...others] = dataSources(render({ scrapeInterval: "30s" }));
        assert.deepEqual([uid, jsonData.timeInterval, others], ["metrics-stack-prometheus", "30s", []]);
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
