import assert from "node:assert/strict";
import { configDifference } from "../../../components/prometheus/delivery";
import { toYaml } from "../../../config/render/yaml";

describe("YAML is written", () => {
    for (const [what, text, written] of [
        ["with what YAML 1.1 takes for a word or a number in quotes", "on", '"on"'],
        ["with what YAML 1.2 takes for a number in quotes", "0o17", '"0o17"'],
        ["with what is an instruction as a key in quotes", "<<", '"<<"'],
        ["with control characters as escapes", "a\u0085b", '"a\\u0085b"'],
        ["with other line breaks as escapes", "a\u2028b", '"a\\u2028b"'],
    ] as const) {
        it(what, () => assert.equal(toYaml([text, { [text]: 1 }]), `- ${written}\n- ${written}: 1\n`));
    }
});

describe("The live configuration is compared with the declared one", () => {
    const global = { external_labels: {} };
    const compared = (live: object, declared: object) =>
        configDifference(toYaml({ global, job: live }), { global, job: declared } as never);

    it("and is the same where Prometheus leaves out what is empty", () => {
        const empty = { honor_labels: false, relabel_configs: [], separator: "", regex: "" };
        assert.equal(compared({ regex: null }, empty), undefined);
    });

    it("and differs where something is missing, or is there against the declaration", () => {
        assert.equal(compared({}, { honor_labels: true }), "job.honor_labels is undefined instead of true");
        assert.equal(
            compared({ relabel_configs: [{}] }, { relabel_configs: [] }),
            "job.relabel_configs has another length",
        );
        assert.equal(
            compared({ enable_http2: true }, { enable_http2: false }),
            "job.enable_http2 is true instead of false",
        );
    });
});
