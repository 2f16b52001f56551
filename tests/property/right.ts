import assert from "node:assert/strict";
import { parse as parseYaml } from "yaml";
import { renderPrometheusFiles } from "../../components/prometheus/files";
import type { Files } from "../../config/render/files";
import { isAgent } from "../../config/schema/mode";
import { fileNameOf } from "../../config/render/job";
import type { Declared } from "../declaration";
import { parse } from "../declaration";
import type { Declaration } from "./declarations";
import { comparable, expectedGlobal, expectedScrapeConfig, expectedTargets } from "./expectation";
import { secretMark } from "./texts";

/** A declaration that is right is accepted, rendered as declared, the same in every order, and without a secret. */
export function assertRight(raw: Declaration): Declared {
    const config = parse(raw);
    const files = render(config);
    readsAsDeclared(files, raw);
    assert.deepEqual(render(parse(reordered(raw) as Declaration)), files);
    assert.doesNotMatch(JSON.stringify(files), new RegExp(`${secretMark}|PRIVATE KEY`));
    return config;
}

const render = (config: Declared): Files =>
    renderPrometheusFiles({ ...config, mode: config.prometheus.mode }, config.scrapeJobs);

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

function readsAsDeclared(files: Files, raw: Declaration): void {
    const document = read(files, "prometheus.yml");
    assert.deepEqual(comparable(document.global), expectedGlobal(raw));
    assert.equal("rule_files" in document, !isAgent(raw));
    assert.deepEqual(
        document.scrape_configs.map(comparable),
        raw.scrapeJobs.map((job) => expectedScrapeConfig(raw, job)),
    );
    for (const { jobName, staticConfigs } of raw.scrapeJobs) {
        assert.deepEqual(
            expectedTargets(read(files, `targets/${fileNameOf(jobName)}.yml`)),
            expectedTargets(staticConfigs),
        );
    }
}
