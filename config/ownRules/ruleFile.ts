import { z } from "zod";
import type { Lenient } from "../schema/lenient";
import { readLeniently } from "../schema/lenient";
import type { Problem } from "../schema/problems";
import { at, expected, expectedStructure, show } from "../schema/problems";
import { listOf, object } from "../schema/values";

/**
 * What may stand in a rule file. Prometheus refuses every other key.
 * Source: https://prometheus.io/docs/prometheus/latest/configuration/recording_rules/#rule,
 * https://thanos.io/tip/components/rule.md/#partial-response
 */

const text = (example: string) => z.string({ error: expected("text", example) }).optional();

const texts = (example: string) =>
    z
        .record(z.string(), z.string({ error: expected("text", "text in quotes") }), {
            error: expectedStructure("an object", example),
        })
        .optional();

/** Zero is a duration here. Source: https://pkg.go.dev/github.com/prometheus/common/model#ParseDuration */
const durationForm = /^(0|(?=.)(\d+y)?(\d+w)?(\d+d)?(\d+h)?(\d+m)?(\d+s)?(\d+ms)?)$/;
const aDuration = expected("a duration", 'a number with a unit, such as "5m" or "1h30m"');
const duration = z.string({ error: aDuration }).regex(durationForm, { error: aDuration }).optional();

const aNumber = expected("a whole number", "one, such as 10");

const aStrategy = expected("a strategy", '"abort" or "warn"');

const rule = object({
    record: text('a metric\'s name, such as "job:requests:rate5m"'),
    alert: text('an alert\'s name, such as "ShopDown"'),
    expr: text("a PromQL expression"),
    for: duration,
    keep_firing_for: duration,
    labels: texts('names with texts, such as {severity: "warning"}'),
    annotations: texts('names with texts, such as {summary: "the shop is down"}'),
});

const group = object({
    name: text('a name, such as "shop"'),
    interval: duration,
    query_offset: duration,
    limit: z
        .string({ error: aNumber })
        .regex(/^[+-]?\d+$/, { error: aNumber })
        .optional(),
    labels: texts('names with texts, such as {team: "shop"}'),
    partial_response_strategy: z
        .string({ error: aStrategy })
        .regex(/^(abort|warn)$/i, { error: aStrategy })
        .optional(),
    rules: listOf(rule, "a list of rules").optional(),
});

const groupsExample = 'a list of groups, such as [{name: "shop", rules: [...]}]';
const ruleFile = object(
    { groups: listOf(group, groupsExample).optional() },
    { places: { rules: "groups: [{name: ..., rules: [...]}]", alert: "groups: [{name: ..., rules: [{alert: ...}]}]" } },
);

type Groups = readonly (Lenient<z.output<typeof group>> | undefined)[];
type Rule = Lenient<z.output<typeof rule>>;

/** A rule of a file, as far as it can be read. */
export interface RuleAtPlace {
    readonly kind: "alert" | "record";
    /** The alert's name, or the metric's. */
    readonly name: string;
    readonly group: string;
    readonly expr: string;
    /** Those of its group included. */
    readonly labels: Readonly<Record<string, string | undefined>>;
    readonly annotations: Readonly<Record<string, string | undefined>>;
    readonly path: Problem["path"];
}

export interface RuleFile {
    readonly groups: readonly { readonly name: string; readonly path: Problem["path"] }[];
    readonly rules: readonly RuleAtPlace[];
    readonly problems: readonly Problem[];
}

/** Who reads a rule file: what they know differs in one key. */
export type Reader = "Prometheus" | "Thanos Ruler";

/** Reads what a rule file holds. */
export function readRuleFile(value: unknown, reader: Reader): RuleFile {
    const other = otherFormat(value);
    if (other !== undefined) {
        return { groups: [], rules: [], problems: [{ path: [], message: other }] };
    }
    const { value: read, problems } = readLeniently(ruleFile, value);
    const groups: Groups = read?.groups ?? [];
    return {
        groups: groups.flatMap((each, g) => (each?.name ? [{ name: each.name, path: ["groups", g, "name"] }] : [])),
        rules: groups.flatMap((each, g) =>
            (each?.rules ?? []).flatMap((one, r) => ruleOf(one ?? {}, each ?? {}, ["groups", g, "rules", r])),
        ),
        problems: [...problems, ...groupMistakes(groups, reader)],
    };
}

/** Files of related programs are taken for rule files. */
function otherFormat(value: unknown): string | undefined {
    const has = (key: string) => typeof value === "object" && value !== null && key in value;
    if (has("groups")) {
        return undefined;
    }
    if (has("tests") || has("rule_files")) {
        return "is a test file of promtool; write it into rules.tests";
    }
    if (has("apiVersion") && has("spec")) {
        return "is an object of Kubernetes; write a file with what stands below its spec";
    }
    return has("scrape_configs") || has("global") ? "is a configuration of Prometheus; write a rule file" : undefined;
}

function ruleOf(one: Rule, { name: group, labels }: NonNullable<Groups[number]>, path: Problem["path"]): RuleAtPlace[] {
    const kind = one.alert === undefined ? "record" : "alert";
    const name = one[kind];
    const both = { labels: { ...labels, ...one.labels }, annotations: { ...one.annotations } };
    return name === undefined || one.expr === undefined || group === undefined
        ? []
        : [{ kind, name, group, expr: one.expr, ...both, path }];
}

function groupMistakes(groups: Groups, reader: Reader): Problem[] {
    const names = new Set<string>();
    return groups.flatMap((each = {}, g) => {
        const isTaken = each.name !== undefined && names.has(each.name);
        names.add(each.name ?? "");
        return [
            ...problem("name" in each, ["groups", g, "name"], 'is missing; write a name, such as "shop"'),
            ...problem(
                !isTaken,
                ["groups", g, "name"],
                `${show(each.name)} is the name of another group of this file; write one of its own`,
            ),
            ...problem(
                reader === "Thanos Ruler" || !("partial_response_strategy" in each),
                ["groups", g, "partial_response_strategy"],
                "is for the files of thanos.ruler.rules; leave it out",
            ),
            ...(each.rules ?? []).flatMap((one = {}, r) =>
                ruleMistakes(one).map((mistake) => at(["groups", g, "rules", r], mistake)),
            ),
        ];
    });
}

const onlyOfAlerts = ["for", "keep_firing_for", "annotations"] as const;

const problem = (isRight: boolean, path: Problem["path"], message: string): Problem[] =>
    isRight ? [] : [{ path, message }];

/** @param one a key that was refused is there, without a value */
const ruleMistakes = (one: Rule): Problem[] => [
    ...problem(
        !("alert" in one && "record" in one),
        ["record"],
        "stands beside alert; write one of the two, a rule each",
    ),
    ...problem("alert" in one || "record" in one, [], "has neither alert nor record; write one of them"),
    ...problem("expr" in one, ["expr"], "is missing; write a PromQL expression"),
    ...onlyOfAlerts.flatMap((key) =>
        problem(!("record" in one && key in one), [key], "is for alerts only; leave it out of a rule with record"),
    ),
    ...problem(
        !/[{}]/.test(one.record ?? ""),
        ["record"],
        `${show(one.record)} is no metric's name; write what is in braces into expr`,
    ),
];
