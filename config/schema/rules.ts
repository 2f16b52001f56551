import * as path from "node:path";
import { z } from "zod";
import { expected, expectedStructure, show } from "./problems";
import { object } from "./values";

/**
 * Files in Prometheus' own format that the stack delivers as they are.
 * Source: https://prometheus.io/docs/prometheus/latest/configuration/recording_rules/
 */

const advice = 'a path from the project\'s folder, such as "rules/shop.yml" or "rules/*.yml"';

/** What is wrong with a path or a pattern of paths, in the words of the fix. */
function patternMistake(pattern: string): string | undefined {
    if (/^\s|\s$|\p{Cc}|\/$/u.test(pattern) || pattern === "") {
        return `is not a file; write ${advice}`;
    }
    if (/^[a-z][\w+.-]+:\/\//i.test(pattern)) {
        return "is a URL; write the path of a file: copy it into the project";
    }
    if (pattern.includes("\\")) {
        return 'has a backslash; write / between folders, such as "rules/shop.yml"';
    }
    if (/^([/~]|[a-z]:)/i.test(pattern)) {
        return `is a place that another machine does not have; write ${advice}`;
    }
    if (/^\.\.(\/|$)/.test(path.posix.normalize(pattern))) {
        return `leads out of the project's folder; write ${advice}: copy the file into it, or link it`;
    }
    if (pattern.includes("**")) {
        return 'has "**", which is one folder to Prometheus; write a pattern a depth, such as "rules/*/*.yml"';
    }
    return /\[(?!\^?[^\]/]+\])/.test(pattern) ? 'has a "[" without letters and "]"; write them, or "?"' : undefined;
}

const patterns = (what: string, example: string) =>
    z
        .array(
            z.string({ error: expected("a path", advice) }).superRefine((pattern, context) => {
                const mistake = patternMistake(pattern);
                if (mistake !== undefined) {
                    context.addIssue({ code: "custom", message: `${show(pattern)} ${mistake}` });
                }
            }),
            { error: expectedStructure("a list", `a list of paths, such as [${JSON.stringify(example)}]`) },
        )
        .default([])
        .describe(`${what}: paths from the project's folder, or patterns such as \`${example}\`.`);

/** Files of rules, whoever evaluates them. */
export const ruleFiles = patterns("Files with recording and alerting rules", "rules/*.yml");

export const rulesSchema = object({
    files: ruleFiles,
    tests: patterns("Files with promtool's unit tests of these rules", "rules/tests/*.yml"),
})
    .prefault({})
    .describe("Rules of your own in the repository, as Prometheus reads them; a test stops the preview when it fails.");

export type Rules = z.output<typeof rulesSchema>;

/** An alert of such a file. */
export interface OwnAlert {
    readonly alert: string;
    /** Where it is written what to do, as its annotation says. @default nowhere */
    readonly runbookUrl?: string | undefined;
}
