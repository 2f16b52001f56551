import assert from "node:assert/strict";
import { renderPrometheusFiles, secretFilesBeside } from "../../../components/prometheus/files";
import { tracingOf } from "../../../config/render/tracing";
import { certificate, privateKey } from "../../certificates";
import { parse } from "../../declaration";
import { assertGolden } from "../../golden";

const everything = {
    tracing: {
        endpoint: "collector.example.com:4318",
        clientType: "http",
        samplingFraction: 0.25,
        insecure: false,
        tlsConfig: { cert: certificate, key: privateKey, serverName: "collector", minVersion: "TLS13" },
        headers: { "X-Scope-OrgID": "shop" },
        compression: "gzip",
        timeout: "5s",
    },
    runtime: { gogc: 50 },
};

describe("Traces of Prometheus and settings of its runtime", () => {
    const declared = parse(everything);

    it("are in prometheus.yml with every setting", () => assertGolden("tracing", renderPrometheusFiles(declared, [])));

    it("leave out a share of none, as Prometheus does", () => {
        const { tracing } = parse({ tracing: { endpoint: "collector:4317", samplingFraction: 0 } });
        assert.deepEqual(tracing && tracingOf(tracing).config, { endpoint: "collector:4317" });
    });

    it("have the key in a file", () => {
        const files = secretFilesBeside(declared);
        assert.deepEqual(Object.keys(files), ["@tracing.key", "@tracing.cert"]);
        assert.equal(files["@tracing.key"]?.reveal(), privateKey);
        assert.ok(!JSON.stringify(renderPrometheusFiles(declared, [])).includes("PRIVATE KEY"));
    });
});
