import { parse as parseYaml } from "yaml";
import { renderRuleFiles } from "../../../../config/render/rules";
import type { AlertRule } from "../../../../config/render/rules/rule";
import { toYaml } from "../../../../config/render/yaml";
import { job, ownJob, parse } from "../../../declaration";

/** One rule, and the series that make it fire and end. A sample a minute, an evaluation a minute. */
export interface RuleCase {
    /** The job whose rule it is: one of `jobs` below. */
    readonly job: string;
    readonly alert: string;
    readonly severity: AlertRule["severity"];
    /** What happens, where a rule has more than one case. */
    readonly when?: string;
    /** Each with its values: https://prometheus.io/docs/prometheus/latest/configuration/unit_testing_rules/#series */
    readonly series: Readonly<Record<string, string>>;
    /** The minute at which it fires, and not one earlier; none if it must not fire at all. */
    readonly fires?: number;
    /** A minute at which it still fires. */
    readonly lasts?: number;
    /** A minute at which it does not fire any more. */
    readonly ends?: number;
    /** The alert's labels besides its name and severity. */
    readonly labels?: Readonly<Record<string, string>>;
    /** The alert's description at `fires`, expanded. */
    readonly says?: string;
}

/** The stack under test: its Prometheus, Alertmanager and collector, a host and an application, with the default limits. */
export function stackWith(raw: Record<string, unknown> = {}) {
    const settings = parse({
        scrapeJobs: [
            job("node", { host: {} }),
            {
                ...job("shop", { application: {}, sampleLimit: 100 }),
                staticConfigs: [{ targets: ["shop:8000"], labels: { team: "web" } }],
            },
            job("docker", { container: {} }),
            job("thanos", { thanos: { compactedWithin: "2h" } }),
            job("sites", { probe: {} }, ["shop.example.com:443"]),
            job("old", { application: { profile: "old" } }),
        ],
        applicationProfiles: { old: { duration: "http_server_duration_milliseconds" } },
        prometheus: { receive: { otlp: true } },
        pushedJobs: [{ jobName: "pushed" }],
        ...raw,
    });
    const pair = { replica: "a", other: "10.0.0.6:9094" };
    return {
        settings: { ...settings, pair },
        jobs: [ownJob("prometheus"), ownJob("alertmanager"), ownJob("collector"), ...settings.scrapeJobs],
    };
}
const { settings, jobs } = stackWith();
export { jobs };
const files = renderRuleFiles(settings, jobs);

interface RenderedRule {
    readonly alert: string;
    readonly labels: { readonly severity: string };
    readonly annotations: { readonly summary: string };
}

/** The rules of a job as they were rendered. */
export const renderedRules = (jobName: string) => readRules(files, jobName);

export const readRules = (from: Readonly<Record<string, string>>, jobName: string): RenderedRule[] =>
    parseYaml(from[`rules/${jobName}.yml`] ?? "").groups[0].rules;

/** A case as promtool's two files: the rule alone, and its test. */
export function promtoolFiles(given: RuleCase): Readonly<Record<string, string>> {
    const rule = renderedRules(given.job).find(
        ({ alert, labels }) => alert === given.alert && labels.severity === given.severity,
    );
    const { fires, ends, lasts } = given;
    const firing = alertOf(given, rule?.annotations.summary ?? "");
    const test = {
        rule_files: ["rules.yml"],
        evaluation_interval: "1m",
        tests: [
            {
                interval: "1m",
                input_series: Object.entries(given.series).map(([series, values]) => ({ series, values })),
                promql_expr_test: lasts === undefined ? [] : [stillFires(given, lasts)],
                alert_rule_test: [
                    ...(fires === undefined
                        ? [...Array(180).keys()].map((minute) => expectation(given, minute, []))
                        : [expectation(given, fires, [firing])]),
                    ...(fires ? [expectation(given, fires - 1, [])] : []),
                    ...(ends === undefined ? [] : [expectation(given, ends, [])]),
                ],
            },
        ],
    };
    const rules = { groups: [{ name: given.job, rules: rule ? [rule] : [] }] };
    return { "rules.yml": toYaml(rules), "test.yml": toYaml(test) };
}

/** Values as promtool reads them, each for some minutes. */
export const steps = (length: number, ...values: readonly (number | "_" | "stale")[]) =>
    values.flatMap((value) => Array<unknown>(length).fill(value)).join(" ");

/** Values over and over, as promtool reads them. */
export const repeated = (times: number, ...values: readonly (number | "_" | "stale")[]) =>
    Array.from({ length: times }, () => values.join(" ")).join(" ");

const expectation = (given: RuleCase, minute: number, alerts: readonly object[]) => ({
    eval_time: `${minute}m`,
    alertname: given.alert,
    exp_alerts: alerts,
});

/** Whatever its value is by then. */
const stillFires = ({ alert }: RuleCase, minute: number) => ({
    expr: `count(ALERTS{alertname="${alert}", alertstate="firing"})`,
    eval_time: `${minute}m`,
    exp_samples: [{ labels: "{}", value: 1 }],
});

function alertOf({ alert, severity, labels = {}, says }: RuleCase, summary: string): object {
    return {
        exp_labels: { severity, ...labels },
        exp_annotations: {
            // A summary shows nothing but labels, some of them only where they are there.
            summary: summary
                .replaceAll(/\{\{ with \$labels\.(\w+) \}\}(.*?)\{\{ end \}\}/g, (_, name: string, text: string) =>
                    labels[name] === undefined ? "" : text.replace("{{ . }}", labels[name]),
                )
                .replaceAll(/\{\{ \$labels\.(\w+) \}\}/g, (_, name: string) => labels[name] ?? ""),
            description: says,
            runbook_url: `docs/runbooks/${alert}.md`,
        },
    };
}
