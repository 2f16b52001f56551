import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import fc from "fast-check";
import { setTimeout as sleep } from "node:timers/promises";
import { parse as parseYaml } from "yaml";
import { archive } from "../../components/delivery/archive";
import { configDifference } from "../../components/prometheus/live";
import type { Files } from "../../config/render/files";
import { images } from "../images";
import { nodeExporter } from "../../components/nodeExporter";
import { renderPrometheusFiles } from "../../components/prometheus/files";
import { secretFilesOf } from "../../config/render/scrapeConfig";
import { toYaml } from "../../config/render/yaml";
import { certificate, privateKey } from "../certificates";
import type { Declared } from "../declaration";
import { parse } from "../declaration";
import type { Declaration } from "../property/declarations";
import { declaration } from "../property/declarations";
import { assertRefusedOrUsable, assertTelling } from "../property/mistaken";
import { mistaken } from "../property/mutations";
import { assertRight } from "../property/right";
import { runs } from "../property/runs";
import { userFiles } from "../userFiles";
import { docker, testRun } from "./checkout";

/** A declaration and what is rendered from it, with all paths relative to its own folder. */
interface Case {
    readonly raw: Declaration;
    readonly files: Files;
}

function caseOf(raw: Declaration, config: Declared): Case {
    const host = config.nodeExporter && nodeExporter.plan(config.nodeExporter, config, userFiles({}));
    const jobs = [...(host?.publishes?.jobs ?? []), ...config.scrapeJobs];
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
    this.timeout(900_000);

    it(`accepts ${runs.numRuns} declarations that are right, and they are what the unit tests see in the first of them`, async () => {
        const cases: Case[] = [];
        fc.assert(
            fc.property(declaration, (raw) => void cases.push(caseOf(raw, assertRight(raw)))),
            runs,
        );
        assert.equal(cases.length, runs.numRuns);
        none(await refusals(cases));
    });

    it(`accepts what is accepted of ${runs.numRuns} with mistakes, but for what only an expression's meaning decides`, async () => {
        const accepted: Case[] = [];
        let refusedByUs = 0;
        fc.assert(
            fc.property(mistaken, (raw) => {
                const config = assertRefusedOrUsable(raw);
                if (config) {
                    accepted.push(caseOf(raw, config));
                } else {
                    refusedByUs++;
                }
            }),
            runs,
        );
        assert.equal(refusedByUs + accepted.length, runs.numRuns);
        assertTelling({ refused: refusedByUs, accepted: accepted.length });
        const refused = await refusals(accepted);
        // A machine of AWS knows its region, and any other has to be told.
        none(refused.filter(({ words }) => !/no address|could not determine AWS region/.test(words)));
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

/** A delivery compares what runs with what was declared, and fails where they differ: Prometheus' own spelling is no difference. */
describe("A Prometheus with the jobs of 300 declarations", function () {
    this.timeout(120_000);

    const container = `metrics-stack-it${testRun}-declarations`;

    after(() => docker("rm", "--force", "--volumes", container));

    it("runs with what was declared, as a delivery sees it", async () => {
        const folder = "/tmp/declared";
        const { text, secrets } = manyJobs(fc.sample(declaration, { seed: runs.seed, numRuns: 300 }), folder);
        docker(
            ...["create", "--name", container, "--network", "none", images.prometheus],
            ...[`--config.file=${folder}/prometheus.yml`, "--storage.tsdb.path=/tmp/data"],
        );
        const files = Object.entries({ "prometheus.yml": text, ...secrets });
        const input = await archive(Object.fromEntries(files.map(([name, content]) => [`declared/${name}`, content])));
        assert.equal(spawnSync("docker", ["cp", "-", `${container}:/tmp`], { input }).status, 0);
        docker("start", container);
        const live = await liveConfig();
        assert.equal(parseYaml(live).scrape_configs.length, parseYaml(text).scrape_configs.length);
        assert.equal(configDifference(live, parseYaml(text)), undefined);
    });

    async function liveConfig(): Promise<string> {
        const ask = ["exec", container, "wget", "-q", "-O-", "http://127.0.0.1:9090/api/v1/status/config"];
        for (;;) {
            const { status, stdout } = spawnSync("docker", ask, { encoding: "utf8", maxBuffer: 2 ** 28 });
            if (status === 0) {
                return (JSON.parse(stdout) as { data: { yaml: string } }).data.yaml;
            }
            assert.equal(
                docker("inspect", "--format", "{{.State.Running}}", container),
                "true",
                docker("logs", container),
            );
            await sleep(500);
        }
    }
});

/** One prometheus.yml with the jobs of all, each under a name of its own, and with the global settings of the first. */
function manyJobs(declarations: readonly Declaration[], folder: string) {
    const configs = declarations
        .flatMap((raw) => raw.scrapeJobs.map((job) => ({ ...raw, scrapeJobs: [job] })))
        .map((raw, i) => parse({ ...raw, scrapeJobs: raw.scrapeJobs.map((job) => ({ ...job, jobName: `job${i}` })) }));
    const documents = configs.map((config) =>
        parseYaml(renderPrometheusFiles(config, config.scrapeJobs)["prometheus.yml"] ?? "", {
            version: "1.1",
            merge: false,
        }),
    );
    const names = configs.flatMap((config) => Object.keys(secretFilesOf(config.scrapeJobs)));
    return {
        text: toYaml({
            global: documents[0].global,
            scrape_configs: documents.flatMap((document) => document.scrape_configs),
        }).replaceAll("/etc/prometheus/", `${folder}/`),
        secrets: Object.fromEntries(
            names.map((name) => [`secrets/${name}`, name.endsWith(".key") ? privateKey : certificate]),
        ),
    };
}
