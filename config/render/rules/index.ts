import type { Files } from "../files";
import {
    applicationSchema,
    builtInProfiles,
    containerSchema,
    hostSchema,
    probeSchema,
    thanosSchema,
} from "../../schema/profiles";
import type { Job } from "../job";
import { fileNameOf, publishedJob, pushedJobs } from "../job";
import { formatDuration } from "../../schema/units";
import { toYaml } from "../yaml";
import { alertmanagerRules } from "./alertmanager";
import { applicationRules } from "./application";
import { collectorRules } from "./collector";
import { containerRules } from "./container";
import { hostRules } from "./host";
import { probeRules } from "./probe";
import { prometheusRules } from "./prometheus";
import type { AlertRule, RuleSettings } from "./rule";
import { minutes } from "./rule";
import { targetRules } from "./targets";
import { thanosRules } from "./thanos";

/** Folder of the rule files in a release. */
export const rulesFolder = "rules";

/** Renders the alert rules: a file for each job, those that push included, so that an added job is an added file. */
export function renderRuleFiles(settings: RuleSettings, jobs: readonly Job[]): Files {
    return Object.fromEntries(
        [...jobs, ...pushedJobs(settings)].map((job) => [
            `${rulesFolder}/${fileNameOf(job.jobName)}.yml`,
            toYaml({
                groups: [{ name: job.jobName, rules: rulesOf(settings, job).map((rule) => render(settings, rule)) }],
            }),
        ]),
    );
}

/** A job's alert rules, without those that were disabled. */
export function rulesOf(settings: RuleSettings, job: Job): AlertRule[] {
    return [
        ...targetRules(settings, job),
        ...hostRules(settings, job),
        ...containerRules(settings, job),
        ...applicationRules(settings, job),
        ...probeRules(settings, job),
        ...thanosRules(settings, job),
        ...(job.prometheus ? prometheusRules(settings, job) : []),
        ...(job.alertmanager ? alertmanagerRules(settings, job) : []),
        ...(job.collector ? collectorRules(settings, job) : []),
    ].filter(({ alert }) => !settings.alerts.disabled.includes(alert));
}

let names: readonly string[] | undefined;

/** The names of all alerts that there are, sorted: those of a job that exposes everything. */
export const alertNames = (): readonly string[] => (names ??= allNames());

function allNames(): string[] {
    const settings = {
        alerts: { downFor: minutes(5), runbookUrl: "", disabled: [] },
        scrapeInterval: minutes(1),
        evaluationInterval: minutes(1),
        applicationProfiles: builtInProfiles,
        scrapeJobs: [],
        pair: { replica: "a", other: "10.0.0.6:9094" },
    };
    const job = publishedJob("everything", "localhost:9090", {
        host: hostSchema.parse({}),
        container: containerSchema.parse({}),
        application: applicationSchema.parse({}),
        probe: probeSchema.parse({}),
        thanos: thanosSchema.parse({}),
        prometheus: { memoryLimit: 1, retentionTime: 1 },
        alertmanager: true,
        collector: true,
    });
    return [...new Set(rulesOf(settings, { ...job, sampleLimit: 1 }).map(({ alert }) => alert))].sort();
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
