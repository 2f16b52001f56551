import type { OwnRule, OwnRules } from "../ownRules";
import { inFile, readOwnRules } from "../ownRules";
import type { DeclaredPart, LenientDeclaration, UserFiles } from "../schema/part";
import type { Problem } from "../schema/problems";
import { show } from "../schema/problems";

/**
 * What is wrong with the rules that somebody keeps in the repository, by themselves and beside those of the jobs.
 * @param parts those that are on
 * @param alerts the names of all alerts of the jobs that there may be
 */
export function ownRuleMistakes(
    declared: LenientDeclaration,
    files: UserFiles,
    parts: readonly DeclaredPart[],
    alerts: readonly string[],
): Problem[] {
    const own = readOwnRules(declared.rules ?? {}, files);
    const jobs = [...parts, ...(declared.scrapeJobs ?? [])].map((each) => each?.jobName);
    return [...mistakesIn(own, declared, alerts), ...takenGroups(own, jobs)];
}

/** What is wrong with rules, whoever evaluates them. @param alerts as above */
export function mistakesIn(own: OwnRules, declared: LenientDeclaration, alerts: readonly string[]): Problem[] {
    const free = alerts.filter((alert) => !declared.alerts?.disabled?.includes(alert));
    return [...own.problems, ...takenAlerts(own, free), ...doubledRules(own)];
}

/** The rules of a job are a group with its name. */
const takenGroups = ({ groups }: OwnRules, jobs: readonly (string | undefined)[]): Problem[] =>
    groups
        .filter(({ name }) => jobs.includes(name))
        .map((group) =>
            inFile(group, `the group ${show(group.name)} has the name of the alerts of that job; write another one`),
        );

/** Two alerts of one name would be told together, and one runbook is about both. */
const takenAlerts = ({ rules }: OwnRules, taken: readonly string[]): Problem[] =>
    rules
        .filter(({ kind, name }) => kind === "alert" && taken.includes(name))
        .map((rule) =>
            inFile(
                rule,
                `the alert ${show(rule.name)} has the name of one of the stack's own; write another one, ` +
                    `or have yours in its place by alerts: {disabled: [${show(rule.name)}]}`,
            ),
        );

/** The same rule twice makes the same series twice. Two with different expressions may well be meant. */
function doubledRules({ rules }: OwnRules): Problem[] {
    const seen = new Map<string, OwnRule>();
    return rules.flatMap((rule) => {
        const { kind, name, expr, labels } = rule;
        const same = JSON.stringify([kind, name, expr.trim(), Object.entries(labels).sort()]);
        const first = seen.get(same);
        seen.set(same, first ?? rule);
        const what = `the ${kind === "alert" ? "alert" : "recording rule"} ${show(name)}`;
        return first === undefined
            ? []
            : [inFile(rule, `${what} stands there twice, first in ${first.file}:${first.line}; write it once`)];
    });
}
