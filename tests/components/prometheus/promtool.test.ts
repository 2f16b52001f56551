import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { renderPrometheusFiles } from "../../../components/prometheus/files";
import * as promtool from "../../../components/prometheus/promtool";
import type { PartQuestion } from "../../../components/observation";
import { job, parse } from "../../declaration";

/** Refuses what names a job "bad" or a setting "nonsense", and "one" together with "other". Notes each run. */
const standIn = `#!/bin/sh
for file; do :; done
case "$*" in
*own-rules/*) cat "$file"; exit 1 ;;
esac
echo "$file" >> runs
if grep -q '"job_name":"bad' "$file"; then echo "  FAILED: parsing YAML file $file: bad \\"regex\\""; exit 1; fi
if grep -q nonsense "$file"; then echo "  FAILED: parsing YAML file $file: field nonsense not found"; exit 1; fi
if grep -q one "$file" && grep -q other "$file"; then echo "  FAILED: parsing YAML file $file: not both"; exit 1; fi`;

describe("What promtool refuses", () => {
    let folder: string;

    beforeEach(() => {
        folder = mkdtempSync(path.join(tmpdir(), "metrics-stack-promtool-"));
        writeFileSync(path.join(folder, "promtool"), standIn, { mode: 0o755 });
    });
    afterEach(() => rmSync(folder, { recursive: true }));

    const part = { program: "prometheus", image: "unused", mountPath: "/etc/prometheus", secretFiles: [] };
    /** Jobs that have nothing but their names. */
    const partOf = (names: readonly string[]): PartQuestion => {
        const scrape_configs = names.map((job_name) => ({ job_name }));
        const rules = names.map((name) => [`rules/${name}.yml`, ""]);
        const files = { "prometheus.yml": JSON.stringify({ scrape_configs }), ...Object.fromEntries(rules) };
        return { ...part, files };
    };
    const run = async (script: string, more: Readonly<Record<string, string>>): Promise<string> => {
        for (const [file, content] of Object.entries(more)) {
            mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
            writeFileSync(path.join(folder, file), content);
        }
        const env = { PATH: `${folder}:${process.env.PATH}` };
        const { status, stdout, stderr } = spawnSync("sh", ["-c", script], { cwd: folder, env, encoding: "utf8" });
        assert.equal(stderr, "");
        assert.equal(status, 0);
        return stdout;
    };
    const whole = "Checking prometheus.yml\n  FAILED: parsing YAML file prometheus.yml: of the whole";
    const names = (count: number) => Array.from({ length: count }, (_, i) => `job${i}`);

    it("is nothing where it accepts the whole", async () =>
        assert.deepEqual(await promtool.refusals(" SUCCESS: prometheus.yml", partOf(["a"]), run), []));

    for (const place of [0, 1, 200, 398, 399]) {
        it(`is one of 400 jobs, found with few runs: the one at ${place}`, async () => {
            const jobs = partOf(names(400).map((name, i) => (i === place ? "bad" : name)));
            assert.deepEqual(await promtool.refusals(whole, jobs, run), [{ about: "bad", words: 'bad "regex"' }]);
            const runs = readFileSync(path.join(folder, "runs"), "utf8").trim().split("\n");
            assert.ok(runs.length <= 12, `${runs.length} runs`);
        });
    }

    it("is every job that is refused alone", async () => {
        const jobs = partOf([...names(9), "bad1", "bad2", ...names(20).slice(9), "bad3"]);
        assert.deepEqual(
            (await promtool.refusals(whole, jobs, run)).map(({ about }) => about),
            ["bad1", "bad2", "bad3"],
        );
    });

    it("is the only job", async () =>
        assert.deepEqual(await promtool.refusals(whole, partOf(["bad"]), run), [
            { about: "bad", words: 'bad "regex"' },
        ]));

    it("is each discovery of a job that is refused alone", async () => {
        const jobs = partOf(["a", "bad", "bad too"]);
        const scrape_configs = [
            { job_name: "a", ec2_sd_configs: [{ region: "x" }] },
            {
                job_name: "good",
                file_sd_configs: [{ files: ["nonsense.yml"] }],
                ec2_sd_configs: [{ region: "x" }, { nonsense: 1 }],
                openstack_sd_configs: [{ nonsense: 2 }],
            },
            { job_name: "bad too", ec2_sd_configs: [{ region: "x" }], metric_relabel_configs: [{ nonsense: 3 }] },
        ];
        const files = { ...jobs.files, "prometheus.yml": JSON.stringify({ scrape_configs }) };
        const words = "field nonsense not found";
        assert.deepEqual(await promtool.refusals(whole, { ...jobs, files }, run), [
            { about: "good", where: ["ec2SdConfigs", 1], words },
            { about: "good", where: ["openstackSdConfigs", 0], words },
            { about: "bad too", words: 'bad "regex"' },
        ]);
    });

    it("is the whole where each job is accepted alone, or each half", async () => {
        const expected = [{ words: "of the whole" }];
        assert.deepEqual(await promtool.refusals(whole, partOf(names(3)), run), expected);
        assert.deepEqual(await promtool.refusals(whole, partOf(["one", "a", "other"]), run), expected);
    });

    it("is the whole where it is what all jobs share", async () => {
        const jobs = partOf(names(3));
        const files = { ...jobs.files, "prometheus.yml": '{"nonsense": 1, "scrape_configs": [{"job_name": "a"}]}' };
        assert.deepEqual(await promtool.refusals(whole, { ...jobs, files }, run), [{ words: "of the whole" }]);
    });

    it("is the whole where halving takes too long", async () => {
        const tooLate = () => Promise.reject(new Error("docker run took longer than 30 s"));
        assert.deepEqual(await promtool.refusals(whole, partOf(["bad"]), tooLate), [{ words: "of the whole" }]);
    });

    it("may take longer with more jobs", () =>
        assert.ok(promtool.patience(partOf(names(1000))) >= 30_000 + promtool.patience(partOf(names(10)))));

    it("is each mistake in a rule file of somebody's own, beside the jobs", async () => {
        const jobs = partOf(["a", "bad"]);
        const said = (file: string, ...mistakes: string[]) =>
            `Checking ${file}\n  FAILED:\n${mistakes.map((each) => `${file}: ${each}\n`).join("")}`;
        const own = {
            "own-rules/rules/shop.yml": said(
                "own-rules/rules/shop.yml",
                "yaml: unmarshal errors:\n  line 5: field fro not found",
                "yaml: unmarshal errors:\n  line 5: field fro not found",
                '7:9: group "a", rule 1, "A": annotation "summary": unclosed action',
            ),
            "own-rules/good one.yml": "Checking own-rules/good one.yml\n  SUCCESS: 1 rules found\n",
        };
        await run("true", own);
        assert.deepEqual(await promtool.refusals(whole, { ...jobs, files: { ...jobs.files, ...own } }, run), [
            { about: "rules/shop.yml", words: "yaml: unmarshal errors:\n  line 5: field fro not found" },
            { about: "rules/shop.yml", words: '7:9: group "a", rule 1, "A": annotation "summary": unclosed action' },
            { about: "bad", words: 'bad "regex"' },
        ]);
    });

    it("is a unit test that fails, where all else is accepted", async () => {
        const tests = {
            "own-rules/rules/tests/shop.yml":
                "  FAILED:\n    alertname: A, time: 5m, \n        exp:[], \n\n        got:[\n            0:x]\n",
            "own-rules/rules/tests/b.yml": "  SUCCESS\n",
        };
        const accepted = " SUCCESS: prometheus.yml";
        await run("true", tests);
        assert.deepEqual(await promtool.refusals(accepted, { ...partOf(["a"]), tests }, run), [
            {
                about: "rules/tests/shop.yml",
                words: "alertname: A, time: 5m, \n        exp:[], \n        got:[\n            0:x]",
                isTest: true,
            },
        ]);
        assert.ok(promtool.patience({ ...partOf(["a"]), tests }) >= 10_000);
    });

    it("is refused with the very scrape configurations, rules and settings that are delivered", async () => {
        const odd = { params: { odd: ["\u0085\u2028"] } };
        const config = parse({ scrapeJobs: [job("a", odd), job("bad", odd)] });
        await promtool.refusals(whole, { ...part, files: renderPrometheusFiles(config, config.scrapeJobs) }, run);
        const text = readFileSync(path.join(folder, "some.yml"), "utf8");
        assert.match(text, /^global: .*"scrape_interval":"15s"/);
        assert.match(text, /rule_files:\n- rules\/a\.yml\nscrape_configs:\n- \{"/);
        assert.doesNotMatch(text, /\u0085|\u2028/);
    });
});
