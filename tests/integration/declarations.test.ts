import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import fc from "fast-check";
import { archive } from "../../components/delivery/archive";
import { NodeExporter } from "../../components/nodeExporter";
import type { Files } from "../../config/files";
import { images } from "../../config/images";
import { ConfigError } from "../../config/problems";
import { renderPrometheusFiles, secretFilesOf } from "../../config/prometheus";
import type { StackConfig } from "../../config/stackConfig";
import { parse } from "../declaration";
import type { Declaration } from "../property/declarations";
import { declaration } from "../property/declarations";
import { mistaken } from "../property/mutations";
import { runs } from "../property/runs";

/** A declaration and what is rendered from it, with all paths relative to its own folder. */
interface Case {
    readonly raw: Declaration;
    readonly files: Files;
}

function caseOf(raw: Declaration, config: StackConfig): Case {
    const { nodeExporter, network, scrapeJobs } = config;
    const jobs = [...(nodeExporter ? [NodeExporter.scrapeJob({ ...nodeExporter, ...network })] : []), ...scrapeJobs];
    const rendered = Object.entries(renderPrometheusFiles(config, jobs)).map(([name, text]) => [
        name,
        text.replaceAll("/etc/prometheus/current/", "").replaceAll("/etc/prometheus/", ""),
    ]);
    const secrets = Object.keys(secretFilesOf(jobs)).map((file) => [`secrets/${file}`, "x"]);
    return { raw, files: Object.fromEntries([...rendered, ...secrets]) };
}

/** What the promtool of the image refuses: one process reads the files of all cases, and says of each which one it reads. */
async function refusals(cases: readonly Case[]): Promise<{ raw: Declaration; words: string }[]> {
    const files = cases.flatMap(({ files: ofCase }, i) =>
        Object.entries(ofCase).map(([name, text]) => [`${i}/${name}`, text] as const),
    );
    const script = "mkdir /tmp/cases && cd /tmp/cases && tar -x && promtool check config */prometheus.yml 2>&1";
    const { stdout, stderr } = spawnSync(
        "docker",
        ["run", "--rm", "--interactive", "--network", "none", "--entrypoint", "sh", images.prometheus, "-c", script],
        { input: await archive(Object.fromEntries(files)), encoding: "utf8", maxBuffer: 2 ** 30 },
    );
    const said = stdout.split(/^Checking (?=\d+\/prometheus\.yml$)/m).slice(1);
    assert.equal(said.length, cases.length, `promtool read ${said.length} of ${cases.length}: ${stderr}`);
    return said.flatMap((words) => {
        const { raw } = cases[Number.parseInt(words)] ?? assert.fail(words);
        return words.includes("FAILED") ? [{ raw, words }] : [];
    });
}

const none = (refused: { raw: Declaration; words: string }[]) =>
    assert.deepEqual(
        refused.map(({ raw, words }) => `${words}\n${JSON.stringify(raw)}`),
        [],
        `seed ${runs.seed}`,
    );

describe("Prometheus' own tool", function () {
    this.timeout(300_000);

    it(`accepts ${runs.numRuns} declarations that are right`, async () => {
        const cases = fc.sample(declaration, runs).map((raw) => caseOf(raw, parse(raw)));
        assert.equal(cases.length, runs.numRuns);
        none(await refusals(cases));
    });

    it(`accepts what is accepted of ${runs.numRuns} with mistakes, but for what only an expression's meaning decides`, async () => {
        const accepted = fc.sample(mistaken, runs).flatMap((raw) => {
            try {
                return [caseOf(raw, parse(raw))];
            } catch (error) {
                assert.ok(error instanceof ConfigError, String(error));
                return [];
            }
        });
        assert.ok(accepted.length > runs.numRuns / 20, `${accepted.length} were accepted`);
        const refused = await refusals(accepted);
        none(refused.filter(({ words }) => !/error parsing regexp|no address/.test(words)));
    });

    it("is asked for real: it refuses the one that is wrong", async () => {
        const [right, wrong] = fc
            .sample(declaration, { seed: runs.seed, numRuns: 2 })
            .map((raw) => caseOf(raw, parse(raw)));
        assert.ok(right && wrong);
        const broken = { ...wrong, files: { ...wrong.files, "prometheus.yml": "global: {scrape_interval: 1.5m}\n" } };
        const refused = await refusals([right, broken, right]);
        assert.deepEqual(
            refused.map(({ raw }) => raw),
            [wrong.raw],
        );
    });
});
