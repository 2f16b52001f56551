import assert from "node:assert/strict";
import fc from "fast-check";
import { parse as parseYaml } from "yaml";
import { renderPrometheusFiles } from "../../components/prometheus/files";
import { scrapeJobSchema } from "../../config/schema/scrapeJob";
import type { Files } from "../../config/render/files";
import { parse } from "../declaration";
import type { Declaration } from "./declarations";
import { declaration } from "./declarations";
import { comparable, expectedGlobal, expectedScrapeConfig, expectedTargets } from "./expectation";
import { runs } from "./runs";
import { secretMark } from "./texts";

const render = (raw: Declaration): Files => {
    const config = parse(raw);
    return renderPrometheusFiles(config, config.scrapeJobs);
};

const read = (files: Files, name: string) => parseYaml(files[name] ?? "", { version: "1.1", merge: false });

/** The same declaration, written in another order; the order of jobs, rules and params means something. */
function reordered(value: unknown, key = ""): unknown {
    if (Array.isArray(value)) {
        const items = value.map((item) => reordered(item));
        return key === "staticConfigs" || key === "targets" ? items.reverse() : items;
    }
    return typeof value === "object" && value !== null
        ? Object.fromEntries(
              Object.entries(value)
                  .reverse()
                  .map(([name, item]) => [name, reordered(item, name)]),
          )
        : value;
}

describe(`${runs.numRuns} declarations that are right`, function () {
    this.timeout(120_000);

    it("are accepted, rendered as declared, the same in every order, and without a secret", () => {
        let count = 0;
        fc.assert(
            fc.property(declaration, (raw) => {
                const files = render(raw);
                readsAsDeclared(files, raw);
                assert.deepEqual(render(reordered(raw) as Declaration), files);
                assert.doesNotMatch(JSON.stringify(files), new RegExp(`${secretMark}|PRIVATE KEY`));
                count++;
            }),
            runs,
        );
        assert.equal(count, runs.numRuns);
    });

    it("use every key that a job has", () => {
        const sample = fc.sample(declaration, { ...runs, numRuns: 200 });
        const used = new Set(sample.flatMap(({ scrapeJobs }) => scrapeJobs.flatMap(Object.keys)));
        assert.deepEqual([...used].sort(), Object.keys(scrapeJobSchema.shape).sort());
    });
});

function readsAsDeclared(files: Files, raw: Declaration): void {
    const document = read(files, "prometheus.yml");
    assert.deepEqual(comparable(document.global), expectedGlobal(raw));
    assert.deepEqual(
        document.scrape_configs.map(comparable),
        raw.scrapeJobs.map((job) => expectedScrapeConfig(raw, job)),
    );
    for (const { jobName, staticConfigs } of raw.scrapeJobs) {
        assert.deepEqual(expectedTargets(read(files, `targets/${jobName}.yml`)), expectedTargets(staticConfigs));
    }
}
