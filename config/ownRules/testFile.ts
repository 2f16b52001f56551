import { z } from "zod";
import type { Lenient } from "../schema/lenient";
import { readLeniently } from "../schema/lenient";
import type { Problem } from "../schema/problems";
import { anyText, listOf, object } from "../schema/values";

/**
 * What may stand in a file with unit tests of rules. promtool refuses every other key.
 * Source: https://prometheus.io/docs/prometheus/latest/configuration/unit_testing_rules/
 */

const given = z.unknown().optional();

const list = <Item extends z.ZodType>(item: Item, example: string) => listOf(item, example).optional();

const alertTest = object({
    eval_time: given,
    alertname: anyText.optional(),
    exp_alerts: list(object({ exp_labels: given, exp_annotations: given }), "a list of the alerts that fire then"),
});

const expressionTest = object({
    expr: given,
    eval_time: given,
    exp_samples: list(object({ labels: given, value: given, histogram: given }), "a list of samples"),
});

const test = object({
    ...{ name: given, interval: given, start_timestamp: given, external_labels: given, external_url: given },
    input_series: list(object({ series: given, values: given }), "a list of series with their values"),
    alert_rule_test: list(alertTest, "a list of times and alerts"),
    promql_expr_test: list(expressionTest, "a list of times and expressions"),
});

const testFile = object(
    {
        rule_files: list(anyText, 'a list of paths from this file, such as ["../shop.yml"]'),
        ...{ evaluation_interval: given, group_eval_order: given, fuzzy_compare: given },
        tests: list(test, "a list of tests"),
    },
    { places: { groups: "the file with them in rules.files, and its path from this file in rule_files" } },
);

export interface TestFile {
    /** Those that it names, as it names them. */
    readonly ruleFiles: readonly { readonly pattern: string; readonly path: Problem["path"] }[];
    /** The alerts that it expects, or expects not to fire. */
    readonly alerts: readonly { readonly name: string; readonly path: Problem["path"] }[];
    readonly problems: readonly Problem[];
}

/** Reads what a file with unit tests holds. */
export function readTestFile(value: unknown): TestFile {
    const { value: read, problems } = readLeniently(testFile, value);
    const { rule_files: ruleFiles = [], tests = [] } = (read ?? {}) as Lenient<z.output<typeof testFile>>;
    return {
        ruleFiles: ruleFiles.flatMap((pattern, i) => (pattern ? [{ pattern, path: ["rule_files", i] }] : [])),
        alerts: tests.flatMap((each, t) =>
            (each?.alert_rule_test ?? []).flatMap((one, a) =>
                one?.alertname ? [{ name: one.alertname, path: ["tests", t, "alert_rule_test", a, "alertname"] }] : [],
            ),
        ),
        problems,
    };
}
