import type { Files } from "../files";
import { applicationSchema, builtInProfiles, hostSchema } from "../../schema/profiles";
import type { ScrapeJob } from "../../schema/scrapeJob";
import { publishedJob } from "../../schema/scrapeJob";
import { formatDuration } from "../../schema/units";
import { toYaml } from "../yaml";
import { alertmanagerRules } from "../../../components/alertmanager/rules";
import { applicationRules } from "./application";
import { hostRules } from "./host";
import { prometheusRules } from "../../../components/prometheus/rules";
import type { AlertRule, RuleSettings } from "./rule";
import { minutes } from "./rule";
import { targetRules } from "./targets";

/** Folder of the rule files in a release. */
export const rulesFolder = "rules";

/** Renders the alert rules: a file for each job, so that an added job is an added file. */
export function renderRuleFiles(settings: RuleSettings, jobs: readonly ScrapeJob[]): Files {
    return Object.fromEntries(
        jobs.map((job) => [
            `${rulesFolder}/${job.jobName}.yml`,
            toYaml({
                groups: [{ name: job.jobName, rules: rulesOf(settings, job).map((rule) => render(settings, rule)) }],
            }),
        ]),
    );
}

/** The stack's Prometheus scrapes itself under this name, which no declared job can take. */
export const ownJob = "prometheus";

/** A job's alert rules, without those that were disabled. */
export function rulesOf(settings: RuleSettings, job: ScrapeJob): AlertRule[] {
    return [
        ...targetRules(settings, job),
        ...hostRules(settings, job),
        ...applicationRules(settings, job),
        ...(job.jobName === ownJob ? prometheusRules(settings, job) : []),
        ...alertmanagerRules(job),
    ].filter(({ alert }) => !settings.alerts.disabled.includes(alert));
}

/** The names of all alerts that there are, sorted: those of a job that exposes everything, and Alertmanager's. */
export function alertNames(): string[] {
    const everything = { host: hostSchema.parse({}), application: applicationSchema.parse({}), sampleLimit: 1 };
    const settings = {
        alerts: { downFor: minutes(5), runbookUrl: "", disabled: [] },
        scrapeInterval: minutes(1),
        evaluationInterval: minutes(1),
        applicationProfiles: builtInProfiles,
    };
    const rules = [
        ...rulesOf(settings, { ...publishedJob(ownJob, ["localhost:9090"]), ...everything }),
        ...rulesOf(settings, publishedJob("alertmanager", ["localhost:9093"])),
    ];
    return [...new Set(rules.map(({ alert }) => alert))].sort();
}

function render({ alerts }: RuleSettings, rule: AlertRule): object {
    return {
        alert: rule.alert,
        expr: rule.expr,
        ...(rule.for !== undefined && { for: formatDuration(rule.for) }),
        labels: { severity: rule.severity },
        annotations: {
            summary: rule.summary,
            description: rule.description,
            runbook_url: `${alerts.runbookUrl}/${rule.alert}.md`,
        },
    };
}
