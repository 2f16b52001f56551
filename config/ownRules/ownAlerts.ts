import type { OwnAlert } from "../schema/rules";
import type { RuleAtPlace } from "./ruleFile";

/** Each once, in the order of the files. A runbook with a template in its address is another one for each alert that fires. */
export function ownAlerts(rules: readonly Omit<RuleAtPlace, "path">[]): OwnAlert[] {
    const alerts = rules.filter(({ kind }) => kind === "alert");
    return [...new Set(alerts.map(({ name }) => name))].map((alert) => ({
        alert,
        runbookUrl: alerts
            .filter(({ name }) => name === alert)
            .map(({ annotations }) => annotations.runbook_url)
            .find((url) => url !== undefined && !url.includes("{{")),
    }));
}
