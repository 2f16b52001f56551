import type { Files } from "../files";
import type { ScrapeJob } from "../scrapeJob";
import { formatDuration } from "../units";
import { toYaml } from "../yaml";
import type { AlertRule, RuleSettings } from "./rule";
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

function rulesOf(settings: RuleSettings, job: ScrapeJob): AlertRule[] {
    return targetRules(settings, job);
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
