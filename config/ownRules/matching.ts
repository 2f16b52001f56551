import * as path from "node:path";
import type { UserFiles } from "../schema/part";

/**
 * The files that a pattern stands for, as in Prometheus' `rule_files`; hidden ones, such as an editor's, only where the pattern
 * says so. Source: https://pkg.go.dev/path/filepath#Match
 * @returns the path itself where it is no pattern, whether or not there is such a file
 */
export function matching(pattern: string, { listFolder }: Pick<UserFiles, "listFolder">): string[] {
    const whole = path.posix.normalize(pattern);
    if (!isPattern(whole)) {
        return [whole];
    }
    const steps = whole.split("/");
    const found = steps.reduce<string[]>(
        (folders, step, i) => {
            const [isFolder, form] = [i < steps.length - 1, expression(step)];
            return folders.flatMap((folder) =>
                listFolder(folder || ".")
                    .filter((name) => name.endsWith("/") === isFolder && form.test(name.replace(/\/$/, "")))
                    .map((name) => folder + name),
            );
        },
        [""],
    );
    return found.sort();
}

const isPattern = (step: string) => /[*?[]/.test(step);

function expression(step: string): RegExp {
    const form = step.replace(/\[(\^?)([^\]]+)\]|[*?]|[.+^${}()|\\]/g, (found, not: string, letters?: string) =>
        letters !== undefined
            ? `[${not}${letters.replace(/[\\^[]/g, "\\$&")}]`
            : found === "*"
              ? ".*"
              : found === "?"
                ? "."
                : `\\${found}`,
    );
    return new RegExp(`^${step.startsWith(".") ? "" : "(?!\\.)"}${form}$`, "u");
}
