import assert from "node:assert/strict";
import * as path from "node:path";
import { parse as parseYaml } from "yaml";
import { alertNames, renderRuleFiles, rulesOf } from "../../../config/render/rules";
import { job, plan } from "../../declaration";
import { assertGolden } from "../../golden";
import { check } from "../../../commands/validate/promql";
import { cases } from "./rules";
import { steady } from "./rules/steady";
import { jobs as testedJobs, renderedRules } from "./rules/case";

/** The jobs of a declaration, with those of the stack's own components. */
function stackOf(raw: Record<string, unknown> = {}) {
    const { config, published } = plan({ webBe: { enabled: true }, ...raw });
    return { config, jobs: published.jobs };
}

const rendered = (raw: Record<string, unknown> = {}) => {
    const { config, jobs } = stackOf(raw);
    return renderRuleFiles(config, jobs);
};

const rulesIn = (files: Readonly<Record<string, string>>, jobName: string) =>
    parseYaml(files[`rules/${jobName}.yml`] ?? "").groups[0].rules as { alert: string; expr: string; for?: string }[];

const find = (files: Readonly<Record<string, string>>, jobName: string, alert: string) =>
    rulesIn(files, jobName).find((rule) => rule.alert === alert);

describe("The alert rules", () => {
    it("of a stack with the example service", () => assertGolden("rules", rendered()));

    it("are the same bytes whatever the order of targets and labels", () => {
        const groups = [
            { targets: ["a:1"], labels: { tier: "web", zone: "b" } },
            { targets: ["b:1"], labels: { rack: "1" } },
        ];
        const other = [groups[1], { targets: ["a:1"], labels: { zone: "b", tier: "web" } }];
        const of = (staticConfigs: unknown) =>
            rendered({ scrapeJobs: [{ jobName: "a", staticConfigs, application: {} }] });
        assert.deepEqual(of(groups), of(other));
    });

    it("leave no job without an alert for its being down and for its being gone", () => {
        const { config, jobs } = stackOf({ scrapeJobs: [job("a"), job("b", { scheme: "https" })] });
        const files = renderRuleFiles(config, jobs);
        assert.deepEqual(Object.keys(files).sort(), jobs.map(({ jobName }) => `rules/${jobName}.yml`).sort());
        for (const { jobName } of jobs) {
            for (const alert of ["TargetDown", "TargetMissing"]) {
                assert.ok(find(files, jobName, alert)?.expr.includes(`job="${jobName}"`), `${alert} of ${jobName}`);
            }
        }
    });

    it("select the series of their own job only, the Watchdog apart", () => {
        const { config, jobs } = stackOf({
            scrapeJobs: [job("hosts", { host: {} }), job("shop", { application: {} })],
        });
        for (const each of jobs) {
            for (const { alert, expr } of rulesOf(config, each).filter((rule) => rule.alert !== "Watchdog")) {
                const selectors = expr.match(/\{[^}]*\}/g) ?? [];
                assert.ok(selectors.length > 0, alert);
                assert.deepEqual([...new Set(selectors.map((text) => text.includes(`job="${each.jobName}"`)))], [true]);
            }
        }
    });

    it("are good PromQL", () => {
        const { config, jobs } = stackOf({
            scrapeJobs: [job("shop", { application: { profile: "opentelemetry" }, sampleLimit: 10 })],
        });
        for (const { alert, expr } of jobs.flatMap((each) => rulesOf(config, each))) {
            assert.deepEqual(check(expr), [], alert);
        }
    });

    it("take their limits from the job's declaration", () => {
        const files = rendered({
            alerts: { downFor: "3m" },
            applicationProfiles: { shop: { requests: "shop_requests_total", statusLabel: "code" } },
            scrapeJobs: [
                job("hosts", { downFor: "7m", host: { cpuBusy: 0.7, filesystemFree: { warning: 0.2 } } }),
                job("shop", {
                    application: { profile: "shop", errorRatio: 0.01, latency: "250ms", noTrafficFor: "2h" },
                }),
            ],
        });
        assert.equal(find(files, "hosts", "TargetDown")?.for, "7m");
        assert.equal(find(files, "shop", "TargetDown")?.for, "3m");
        assert.match(find(files, "hosts", "HostCpuBusy")?.expr ?? "", / > 0\.7$/);
        const low = rulesIn(files, "hosts").filter(({ alert }) => alert === "HostFilesystemSpaceLow");
        assert.deepEqual(
            low.map(({ expr }) => / < ([\d.]+) /.exec(expr)?.[1]),
            ["0.2", "0.03"],
        );
        assert.match(
            find(files, "shop", "ApplicationErrors")?.expr ?? "",
            /shop_requests_total\{.*code=~"5\.\."\}.* > 0\.01$/,
        );
        assert.match(find(files, "shop", "ApplicationSlow")?.expr ?? "", /^histogram_quantile\(0\.95, .* > 0\.25$/);
        assert.equal(find(files, "shop", "ApplicationNoTraffic")?.for, "2h");
    });

    it("take rates over four scrapes of their job, and over 5 minutes at least", () => {
        const files = rendered({
            scrapeJobs: [job("often", { host: {} }), job("seldom", { host: {}, scrapeInterval: "5m" })],
        });
        assert.match(find(files, "often", "HostIoStalled")?.expr ?? "", /\[5m\]/);
        assert.match(find(files, "seldom", "HostIoStalled")?.expr ?? "", /\[20m\]/);
        assert.equal(find(files, "seldom", "TargetMissing")?.for, "11m");
    });

    it("keep the labels that targets were declared with", () => {
        const labels = { team: "web", __param_module: "x" };
        const files = rendered({
            scrapeJobs: [{ jobName: "a", staticConfigs: [{ targets: ["a:1"], labels }], application: {} }],
        });
        assert.match(find(files, "a", "ApplicationErrors")?.expr ?? "", /^sum by \(job, instance, team\)/);
    });

    it("are without those that were disabled", () => {
        const files = rendered({ alerts: { disabled: ["HostCpuBusy", "TargetDown"] } });
        const names = Object.keys(files).flatMap((file) =>
            rulesIn(files, path.basename(file, ".yml")).map(({ alert }) => alert),
        );
        assert.ok(!names.includes("HostCpuBusy") && !names.includes("TargetDown"));
        assert.ok(names.includes("HostMemoryLow"));
    });

    it("link to a runbook each", () => {
        const files = rendered({ alerts: { runbookUrl: "https://example.com/runbooks" } });
        const rules = Object.keys(files).flatMap((file) => parseYaml(files[file] ?? "").groups[0].rules);
        for (const { alert, annotations } of rules) {
            assert.equal(annotations.runbook_url, `https://example.com/runbooks/${alert}.md`);
        }
    });

    it("have a test each, of when they fire, when not yet, and when not any more", () => {
        const all = testedJobs.flatMap(({ jobName }) => renderedRules(jobName));
        const key = (alert: string, severity: string) => `${alert} ${severity}`;
        const tested = cases.filter(
            ({ alert, fires, ends }) => alert === "Watchdog" || (fires && ends && ends > fires),
        );
        const missing = new Set(all.map(({ alert, labels }) => key(alert, labels.severity)));
        tested.forEach(({ alert, severity }) => missing.delete(key(alert, severity)));
        assert.deepEqual([...missing], []);
        assert.deepEqual([...new Set(all.map(({ alert }) => alert))].sort(), alertNames());
        const steadily = new Set(steady.map(({ alert, severity }) => key(alert, severity)));
        assert.deepEqual([...new Set(all.map(({ alert, labels }) => key(alert, labels.severity)))].sort(), [
            ...[...steadily, "Watchdog none"].sort(),
        ]);
    });
});
