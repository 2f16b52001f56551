import assert from "node:assert/strict";
import fc from "fast-check";
import { Document } from "yaml";
import { configDifference } from "../../../components/prometheus/live";
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

/** Texts that are easily taken for something else, and keys that are too long for one line. */
const text = fc.oneof(
    fc.constantFrom("", "yes", "NULL ", "12:30", "1e3", ".inf", "2001-01-01", "falsey", "(a)", 'up{job="x"}', "Is: up"),
    fc.constantFrom("k".repeat(1024), "k".repeat(1025), "k ".repeat(600)),
    fc.string({ unit: fc.constantFrom(..."a \n\t:#-?'\"{}[],&*!|>%@`é😀\\/(0._~\u0000\r"), maxLength: 12 }),
    fc.string({ unit: fc.constantFrom(..."a b\n\"'"), minLength: 40, maxLength: 90 }),
    // Addresses, and what is nearly one.
    fc.tuple(fc.ipV4(), fc.constantFrom("", ":1", ":12:30", ":9100", ".5", ":")).map((parts) => parts.join("")),
    fc.string({ unit: fc.constantFrom(..."01239.:_"), maxLength: 12 }),
);
const { content } = fc.letrec((tie) => ({
    content: fc.oneof(
        { depthSize: "small" },
        { weight: 4, arbitrary: text },
        fc.oneof(fc.integer(), fc.boolean(), fc.constant(0.1)),
        fc.array(tie("content"), { maxLength: 4 }),
        fc.dictionary(text, tie("content"), { maxKeys: 4 }),
    ),
}));

/** Slow for thousands of rules, and right. */
function writtenByLibrary(value: unknown): string {
    const options = { version: "1.1", sortMapEntries: true, aliasDuplicateObjects: false } as const;
    return new Document(value, options).toString({ lineWidth: 0 });
}

describe("YAML of any content", () => {
    it("is what the library writes, to the byte", () =>
        fc.assert(
            fc.property(fc.array(content, { minLength: 1, maxLength: 4 }), (value) =>
                assert.equal(toYaml(value), writtenByLibrary(value)),
            ),
            { seed: 1, numRuns: 1000 },
        ));

    it("leaves out keys without a value", () => assert.equal(toYaml({ a: undefined, b: {}, c: [] }), "b: {}\nc: []\n"));
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
