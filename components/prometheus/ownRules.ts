import type { Files } from "../../config/render/files";
import type { OwnRules } from "../../config/ownRules";
import type { OwnAlert } from "../../config/schema/rules";

/**
 * Folder of somebody's own rule files in a release: below it they have the paths that they have in the repository, which is how
 * unit tests find them. In `rules` each file is that of a job.
 */
export const ownRulesFolder = "own-rules";

/** Files of the repository at their places in a release. */
export const ownFiles = (files: Files): Files =>
    Object.fromEntries(Object.entries(files).map(([file, text]) => [`${ownRulesFolder}/${file}`, text]));

/** A path where `rule_files` wants a pattern: https://pkg.go.dev/path/filepath#Match */
export const asPattern = (file: string) => file.replace(/[*?[\\]/g, "\\$&");

/** Each once, in the order of the files. A runbook with a template in its address is another one for each alert that fires. */
export function ownAlerts({ rules }: OwnRules): OwnAlert[] {
    const alerts = rules.filter(({ kind }) => kind === "alert");
    return [...new Set(alerts.map(({ name }) => name))].map((alert) => ({
        alert,
        runbookUrl: alerts
            .filter(({ name }) => name === alert)
            .map(({ annotations }) => annotations.runbook_url)
            .find((url) => url !== undefined && !url.includes("{{")),
    }));
}
