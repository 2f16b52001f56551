import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import * as path from "node:path";
import Ajv from "ajv";
import fc from "fast-check";
import { parse as parseYaml } from "yaml";
import { project } from "../../toolchain/checkout";
import { madeFromSchema } from "../../commands/schema";
import { declarationSchema, stackFileSchema, withBothCases } from "../../commands/schema/jsonSchema";
import { withTables } from "../../commands/schema/tables";
import { job } from "../declaration";
import { declaration } from "../property/declarations";
import { runs } from "../property/runs";

const read = (file: string) => readFileSync(path.join(project, file), "utf8");
const stackFile = (declared: object) => ({
    config: Object.fromEntries(Object.entries(declared).map(([key, value]) => [`metrics-stack:${key}`, value])),
});

const validate = new Ajv({ allErrors: true, strict: true, allowUnionTypes: true }).compile(stackFileSchema());

/** Where an editor would show a mistake, without the prefix. */
function mistakesIn(content: unknown): string[] {
    validate(content);
    return (validate.errors ?? []).map(({ instancePath }) => instancePath.replace("/config/metrics-stack:", ""));
}

describe("What is made from the schema", () => {
    it("is current: `npm run schema` would change nothing", async () => {
        for (const [file, text] of Object.entries(await madeFromSchema())) {
            assert.equal(read(file), text, `${file} is not current: run \`npm run schema\`, and commit what it writes`);
        }
    });

    it("explains every key", () => {
        const unexplained = (schema: ReturnType<typeof declarationSchema>, place: string): string[] =>
            Object.entries(schema.properties ?? {}).flatMap(([key, inner]) => [
                // Of two limits the key above them tells it all.
                ...(inner.description || key === "warning" || key === "critical" ? [] : [`${place}.${key}`]),
                ...unexplained(inner, `${place}.${key}`),
                ...unexplained(inner.items ?? {}, `${place}.${key}[]`),
            ]);
        const { $defs = {}, ...stack } = declarationSchema();
        const parts = Object.entries({ stack, ...$defs });
        assert.ok(parts.length > 5);
        assert.deepEqual(
            parts.flatMap(([name, part]) => unexplained(part, name)),
            [],
        );
    });

    it("has a table for every part, and says which one is missing or unknown", () => {
        const text = read("docs/configuration.md");
        const without = text.replace(/<!-- keys of route,[^]*?<!-- end -->/, "");
        assert.throws(() => withTables(without, declarationSchema()), /no table of route/);
        const unknown = text.replace("keys of route,", "keys of rout,");
        assert.throws(() => withTables(unknown, declarationSchema()), /table of rout is unknown/);
    });
});

describe("The JSON schema of a stack file", () => {
    const stackFiles = readdirSync(project).filter((file) => /^Pulumi\.\w+\.yaml$/.test(file));

    for (const file of stackFiles) {
        it(`accepts ${file}`, () => assert.deepEqual(mistakesIn(parseYaml(read(file))), []));
    }

    it("accepts declarations that are right", function () {
        this.timeout(60_000);
        fc.assert(
            fc.property(declaration, (raw) => assert.deepEqual(mistakesIn(stackFile(raw)), [])),
            { ...runs, numRuns: 500 },
        );
    });

    it("accepts what Pulumi writes into a stack file, and encrypted secrets", () => {
        const encrypted = { secure: "v1:abc:def" };
        const content = {
            encryptionsalt: "v1:abc",
            config: {
                "metrics-stack:grafana": { adminPassword: encrypted },
                "metrics-stack:scrapeJobs": [job("shop", { basicAuth: { username: "u", password: encrypted } })],
                "pulumi:disable-default-providers": ["docker"],
            },
        };
        assert.deepEqual(mistakesIn(content), []);
        assert.deepEqual(mistakesIn({ config: null }), []);
    });

    for (const [what, declared, place] of [
        ["an unknown key", { scrapeIntervall: "15s" }, "/config"],
        ["an unknown key of a part", { prometheus: { retention: "15d" } }, "prometheus"],
        ["an unknown key of a job", { scrapeJobs: [job("a", { metricPath: "/m" })] }, "scrapeJobs/0"],
        ["a job without targets", { scrapeJobs: [{ jobName: "a" }] }, "scrapeJobs/0"],
        ["a list of targets that is empty", { scrapeJobs: [job("a", {}, [])] }, "scrapeJobs/0/staticConfigs/0/targets"],
        ["a number as duration", { scrapeInterval: 15 }, "scrapeInterval"],
        ["a duration without a unit", { scrapeInterval: "15" }, "scrapeInterval"],
        ["a duration of nothing", { scrapeInterval: "" }, "scrapeInterval"],
        ["a duration of zero", { scrapeInterval: "0s" }, "scrapeInterval"],
        ["a size in words", { prometheus: { retentionSize: "lots" } }, "prometheus/retentionSize"],
        ["a floating tag", { prometheus: { image: "prom/prometheus:latest" } }, "prometheus/image"],
        ["a port as text", { prometheus: { port: "9090" } }, "prometheus/port"],
        ["a port outside the range", { prometheus: { port: 65536 } }, "prometheus/port"],
        ["a name as address", { grafana: { bindAddress: "localhost" } }, "grafana/bindAddress"],
        ["an address as subnet", { network: { subnet: "172.28.7.0" } }, "network/subnet"],
        ["a word for true", { retainData: "yes" }, "retainData"],
        ["a share in percent", { nodeExporter: { host: { cpuBusy: 90 } } }, "nodeExporter/host/cpuBusy"],
        ["an unknown word", { scrapeJobs: [job("a", { scheme: "ftp" })] }, "scrapeJobs/0/scheme"],
        ["a label with a dash", { externalLabels: { "my-label": "x" } }, "externalLabels"],
        ["a host as endpoint", { dockerHost: "web-1" }, "dockerHost"],
        ["a number as password", { grafana: { adminPassword: 123456789012 } }, "grafana/adminPassword"],
        ["a receiver without a name", { alertmanager: { receivers: [{}] } }, "alertmanager/receivers/0"],
    ] as const) {
        it(`refuses ${what}`, () => {
            const mistakes = mistakesIn(stackFile(declared));
            assert.ok(mistakes.includes(place), `it shows ${JSON.stringify(mistakes)}`);
        });
    }

    it("refuses keys beside config, and without their prefix", () => {
        assert.deepEqual(mistakesIn({ scrapeJobs: [] }), [""]);
        assert.deepEqual(mistakesIn({ config: { scrapeJobs: [] } }), ["/config"]);
        assert.deepEqual(mistakesIn({ config: { "metrics-stack:scrapeJob": [] } }), ["/config"]);
    });

    it("has patterns that accept the same as those of the schema, which may not tell upper from lower case", () => {
        for (const expression of [
            /^(?!(?:on|inf)$)[a-z_:][a-z0-9_:]*$/i,
            /^https?:\/\/(\w+|\[[0-9a-f:]+\])\/?$/i,
            /^(?!__|nan$)|^__param_./i,
            /^[a\\[\]b-]+\d$/i,
        ]) {
            const rewritten = new RegExp(withBothCases(expression.source), expression.flags.replace("i", ""));
            fc.assert(
                fc.property(
                    fc.oneof(
                        fc.string({ unit: fc.constantFrom(...'aAbBfFxonONINFnaN_:0/[]-\\htpsHTPS"') }),
                        fc.constantFrom(
                            ...["ON", "Inf", "NaN", "HTTP://A/", "https://[::AB]", "__PARAM_x", "Aa\\[]b-1", "AB1"],
                        ),
                    ),
                    (text) => {
                        for (const each of [text, text.toUpperCase(), text.toLowerCase()]) {
                            assert.equal(rewritten.test(each), expression.test(each), each);
                        }
                    },
                ),
                runs,
            );
        }
    });
});
