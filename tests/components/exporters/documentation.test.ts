import assert from "node:assert/strict";
import { parse } from "yaml";
import { blocks, read } from "../../documentation";
import { plan } from "../../declaration";

const page = "docs/exporters.md";
const named = (text: string) =>
    Object.fromEntries([...text.matchAll(/current\/([\w.]+)/g)].map(([, file = ""]) => [file, file]));

/** The exporters of the page's table: what stands in its second to fourth column. */
const rows = () =>
    [...read(page).matchAll(/^\| ([^|]+?) +\| `([^`]+:[^`]+)` +\| (\d+) +\| (.*?) +\| (?:https:.*) +\|$/gm)].map(
        ([, asks = "", image, port, and = ""], i) => {
            const keys = [...and.matchAll(/`((?:environment|command|scrapeJob|mounts): [^`]+)`/g)].map(
                ([, key]) => key,
            );
            return {
                asks,
                exporter: {
                    ...{ name: `row${i}`, image, port: Number(port), files: named(and) },
                    ...(parse(keys.join("\n")) as object | null),
                },
            };
        },
    );

describe("The page about exporters", () => {
    it("has examples that can be declared", () => {
        const examples = blocks(page, "yaml");
        assert.ok(examples.length > 4);
        for (const example of examples) {
            const raw = parse(example.replaceAll("metrics-stack:", "")) as Record<string, unknown>;
            assert.doesNotThrow(() => plan(raw, { "exporters/sql_exporter.yml": "" }), example);
        }
    });

    it("has the lines of twenty well-known ones, which can be declared", () => {
        assert.equal(rows().length, 20);
        for (const { asks, exporter } of rows()) {
            const files = Object.fromEntries(Object.keys(exporter.files).map((file) => [file, ""]));
            const { published } = plan({ exporters: [exporter] }, files);
            assert.equal(published.jobs.at(-1)?.jobName, exporter.name, asks);
        }
    });
});
