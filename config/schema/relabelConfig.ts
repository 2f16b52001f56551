import { z } from "zod";
import { labelName } from "./labels";
import { expectedStructure, show } from "./problems";
import { anchored, regexMistake } from "./re2";
import { templateMistake } from "./template";
import { anyText, count, object, oneOf, text } from "./values";

/**
 * A relabeling rule as it is declared: `relabel_config` in camelCase. A rule without what its action needs is refused, and so is
 * one with what its action does not read: both would do something else than they say.
 * Source: https://prometheus.io/docs/prometheus/latest/configuration/configuration/#relabel_config
 */

const fields = ["sourceLabels", "separator", "targetLabel", "regex", "modulus", "replacement"] as const;
type Field = (typeof fields)[number];

interface Fields {
    readonly needs: readonly Field[];
    readonly reads: readonly Field[];
}

/** What each action needs, and what it reads beside that. */
const actions = {
    replace: { needs: ["targetLabel"], reads: ["sourceLabels", "separator", "regex", "replacement"] },
    keep: { needs: ["sourceLabels", "regex"], reads: ["separator"] },
    drop: { needs: ["sourceLabels", "regex"], reads: ["separator"] },
    hashmod: { needs: ["sourceLabels", "targetLabel", "modulus"], reads: ["separator"] },
    labelmap: { needs: ["regex"], reads: ["replacement"] },
    labeldrop: { needs: ["regex"], reads: [] },
    labelkeep: { needs: ["regex"], reads: [] },
    lowercase: { needs: ["sourceLabels", "targetLabel"], reads: ["separator"] },
    uppercase: { needs: ["sourceLabels", "targetLabel"], reads: ["separator"] },
    keepequal: { needs: ["sourceLabels", "targetLabel"], reads: [] },
    dropequal: { needs: ["sourceLabels", "targetLabel"], reads: [] },
} as const satisfies Record<string, Fields>;
type Action = keyof typeof actions;
const actionNames = Object.keys(actions) as [Action, ...Action[]];

/** The name of a label, or for `replace` and `labelmap` a template of one, such as "${1}_total". */
const labelTemplate = /^(?:[a-zA-Z_]|\$(?:\{\w+\}|\w+))(?:\w|\$(?:\{\w+\}|\w+))*$/;

const regex = anyText.superRefine((value, context) => {
    const mistake = regexMistake(value);
    if (mistake !== undefined) {
        context.addIssue({ code: "custom", message: `${show(value)} ${mistake}` });
    }
});

const relabelConfig = object({
    sourceLabels: z
        .array(text(labelName, "a label name", 'one, such as "__address__"'), {
            error: expectedStructure("a list", 'a list of label names, such as ["__address__"]'),
        })
        .min(1, { error: "is empty; leave it out, or write a label name" })
        .optional()
        .describe("The labels whose values the rule reads."),
    separator: anyText.optional().meta({ description: "What stands between these values.", derived: "`;`" }),
    targetLabel: anyText.optional().describe("The label that the rule writes."),
    regex: regex
        .optional()
        .meta({ description: "What the values, or the labels' names, have to match.", derived: "`(.*)`" }),
    modulus: count.optional().describe("What the hash of the values is divided by; the rest is written."),
    replacement: anyText
        .optional()
        .meta({ description: "What is written, with `$1` for the first group of `regex`.", derived: "`$1`" }),
    action: oneOf(actionNames).optional().meta({ description: "What the rule does.", derived: "`replace`" }),
})
    .superRefine(
        (rule, context) => {
            const misfit = misfits(rule);
            const known = misfit.map(([field]) => field);
            const strange = strangeGroups(rule).filter(([field]) => !known.includes(field));
            for (const [field, message] of [...misfit, ...strange]) {
                context.addIssue({ code: "custom", path: [field], message });
            }
        },
        // Also where a field was refused: all mistakes come in one run.
        { when: ({ value }) => typeof value === "object" && value !== null },
    )
    .meta({ id: "relabelConfig" });

export const relabelConfigs = z.array(relabelConfig, {
    error: expectedStructure("a list of rules", 'one, such as [{sourceLabels: ["env"], targetLabel: "environment"}]'),
});

/** A checked relabeling rule. */
export type RelabelConfig = z.output<typeof relabelConfig>;

type Rule = { readonly [field in Field | "action"]?: unknown };

/** What an action reads. @returns undefined where there is no such action */
export const fieldsOf = (action: string): readonly Field[] | undefined =>
    Object.hasOwn(actions, action)
        ? [...actions[action as Action].needs, ...actions[action as Action].reads]
        : undefined;

/** True for a rule that has what its action needs, and nothing else. */
export const isWhole = (rule: Rule) => misfits(rule).length === 0;

/** What of a rule does not fit its action. */
function misfits(rule: Rule): [field: Field, message: string][] {
    const action = actionNames.find((name) => name === (rule.action ?? "replace"));
    if (action === undefined) {
        return [];
    }
    const { needs, reads }: Fields = actions[action];
    const known = fields.filter((field) => needs.includes(field) || reads.includes(field));
    return fields.flatMap((field): [Field, string][] => {
        const value = rule[field];
        if (value === undefined) {
            return needs.includes(field) ? [[field, `is missing; write one, the action ${action} needs it`]] : [];
        }
        if (!known.includes(field)) {
            return [[field, `is not read by the action ${action}; write only ${known.join(", ")}`]];
        }
        const pattern = namePattern(action, field);
        return typeof value === "string" && pattern?.test(value) === false
            ? [[field, `${show(value)} is not a label name; write one, such as "instance"`]]
            : [];
    });
}

/** What a label name has to be like that the rule writes to. Only `replace` and `labelmap` put it together from a match. */
function namePattern(action: Action, field: Field): RegExp | undefined {
    const written = action === "labelmap" ? "replacement" : "targetLabel";
    return field !== written ? undefined : action === "replace" || action === "labelmap" ? labelTemplate : labelName;
}

const notWritten =
    'is missing, and "$1" stands for it, a group that regex does not have; write one, such as "" for no label, or put what to keep ' +
    "into brackets in regex";

/** What a rule writes of groups that its regular expression does not have. */
function strangeGroups(rule: Rule): [field: Field, message: string][] {
    const { action = "replace", regex = "(.*)" } = rule;
    const templates: Field[] =
        action === "replace" ? ["targetLabel", "replacement"] : action === "labelmap" ? ["replacement"] : [];
    const groups = typeof regex === "string" ? anchored(regex)?.groups : undefined;
    return templates.flatMap((field): [Field, string][] => {
        const template = rule[field];
        if (template === undefined && field === "replacement" && groups?.has("1") === false) {
            return [[field, notWritten]];
        }
        const mistake = groups && typeof template === "string" ? templateMistake(template, groups) : undefined;
        return mistake === undefined ? [] : [[field, `${show(template)} ${mistake}`]];
    });
}
