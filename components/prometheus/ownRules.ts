import type { Files } from "../../config/render/files";

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
