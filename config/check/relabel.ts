import type { Lenient } from "../schema/lenient";
import { anchored } from "../schema/re2";
import type { RelabelConfig } from "../schema/relabelConfig";
import { isWhole } from "../schema/relabelConfig";
import { hashmod } from "../schema/shard";
import { expanded } from "../schema/template";

/**
 * What relabeling makes of labels, as Prometheus computes it.
 * Source: https://github.com/prometheus/prometheus/blob/v3.13.5/model/relabel/relabel.go
 */

/** Names with values. An empty value is no label. */
export type Labels = ReadonlyMap<string, string>;

/** @returns undefined for a target that is dropped */
type Relabel = (labels: Labels) => Labels | undefined;

/**
 * Rules, one after the other.
 * @returns undefined where one was refused, or cannot be computed here
 */
export function relabeling(rules: readonly (Lenient<RelabelConfig> | undefined)[]): Relabel | undefined {
    const steps = rules.map((rule) => rule && step(rule));
    return steps.some((each) => each === undefined)
        ? undefined
        : (labels) => steps.reduce<Labels | undefined>((before, each) => before && each?.(before), labels);
}

function step(rule: Lenient<RelabelConfig>): Relabel | undefined {
    const { sourceLabels = [], separator = ";", targetLabel = "", regex = "(.*)", replacement = "$1" } = rule;
    const pattern = anchored(regex);
    const isRefused = !isWhole(rule) || [...Object.values(rule), ...sourceLabels].includes(undefined);
    if (pattern === undefined || isRefused) {
        return undefined;
    }
    const value = (labels: Labels) => sourceLabels.map((name) => labels.get(name ?? "") ?? "").join(separator);
    const matches = (text: string) => pattern.match(text) !== undefined;
    const writing = (written: (value: string) => string) => (labels: Labels) =>
        changed(labels, [[targetLabel, written(value(labels))]]);
    const named = (labels: Labels, isChosen: (name: string) => boolean) =>
        [...labels].filter(([name]) => isChosen(name));
    const actions: Readonly<Record<NonNullable<RelabelConfig["action"]>, Relabel>> = {
        replace(labels) {
            const group = pattern.match(value(labels));
            const name = group === undefined ? "" : expanded(targetLabel, group);
            return group === undefined || name === ""
                ? labels
                : changed(labels, [[name, expanded(replacement, group)]]);
        },
        keep: (labels) => (matches(value(labels)) ? labels : undefined),
        drop: (labels) => (matches(value(labels)) ? undefined : labels),
        keepequal: (labels) => ((labels.get(targetLabel) ?? "") === value(labels) ? labels : undefined),
        dropequal: (labels) => ((labels.get(targetLabel) ?? "") === value(labels) ? undefined : labels),
        hashmod: writing((text) => String(hashmod(text, rule.modulus ?? 1))),
        lowercase: writing((text) => text.toLowerCase()),
        uppercase: writing((text) => text.toUpperCase()),
        labelmap: (labels) =>
            changed(
                labels,
                named(labels, matches)
                    .sort(byName)
                    .map(([name, text]) => {
                        const group = pattern.match(name) ?? (() => "");
                        return [expanded(replacement, group), text];
                    }),
            ),
        labeldrop: (labels) => new Map(named(labels, (name) => !matches(name))),
        labelkeep: (labels) => new Map(named(labels, matches)),
    };
    return actions[rule.action ?? "replace"];
}

const byName = ([a]: [string, string], [b]: [string, string]) => (a < b ? -1 : 1);

function changed(labels: Labels, changes: readonly (readonly [name: string, value: string])[]): Labels {
    const after = new Map(labels);
    for (const [name, value] of changes) {
        if (value === "") {
            after.delete(name);
        } else {
            after.set(name, value);
        }
    }
    return after;
}
