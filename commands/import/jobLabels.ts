import type { YAMLMap } from "yaml";
import { isMap, isSeq } from "yaml";
import { relabeling } from "../../config/check/relabel";
import { declaredTargets } from "../../config/check/targets";
import { readLeniently } from "../../config/schema/lenient";
import { scrapeJobLabel } from "../../config/schema/jobLabel";
import { scrapeJobSchema } from "../../config/schema/scrapeJob";
import type { Note } from "./notes";
import { note } from "./notes";
import { jobNamed } from "./names";
import { keyOf, mapsIn, taken, textOf, valueOf } from "./source";

/**
 * Prometheus lets a target have another label `job` than the name of its job, by its own labels or by rules. Here the two are one: what
 * has a label of its own becomes a job of that name, with the same settings, so that its series are the same.
 * @param job as it is declared
 */
export function byJobLabel(job: YAMLMap, what: string, say: (said: Note) => void): YAMLMap[] {
    const name = textOf(job.get("jobName", true)) ?? "";
    const labels = jobLabels(job, name);
    const names = [...new Set(labels?.flat() ?? [])];
    const isPlain = !writers(job).length && names.every((each) => each === name);
    if (labels === undefined || isPlain) {
        return [foundByItsName(job, what, say)];
    }
    const jobs = names.map((each) => withOnly(job, each, labels));
    const isSame = jobs.every((each, i) =>
        jobLabels(each, names[i] ?? "")
            ?.flat()
            .every((label) => label === names[i]),
    );
    if (!isSame) {
        return [foundByItsName(job, what, say)];
    }
    const words = `the label job is the name of a job here: ${names.map((each) => JSON.stringify(each)).join(", ")}`;
    say(note("changed", job, what, words, [...new Set([what, ...names.map(jobNamed)])]));
    return jobs;
}

/** Where nobody knows the labels here, a stack finds the targets by another one. */
function foundByItsName(job: YAMLMap, what: string, say: (said: Note) => void): YAMLMap {
    if (writers(job).length > 0) {
        const words = `its targets have labels job of their own, so that the label ${scrapeJobLabel} has the name by which alerts and graphs find them`;
        say(note("changed", job, what, words, [`${what}: relabel_configs`]));
    }
    return job;
}

/** The label job of each target of each group, when the rules are through. @returns undefined where it cannot be told */
function jobLabels(job: YAMLMap, name: string): string[][] | undefined {
    const { value } = readLeniently(scrapeJobSchema, valueOf(job));
    const relabel = relabeling(value.relabelConfigs ?? []);
    const targets = declaredTargets(value);
    if (relabel === undefined || job.items.some((pair) => keyOf(pair).endsWith("SdConfigs"))) {
        return undefined;
    }
    const groups = (value.staticConfigs ?? []).map((): string[] => []);
    for (const { path, before } of targets) {
        const after = relabel(before.has("job") ? before : new Map(before).set("job", name));
        groups[Number(path[1])]?.push(after?.get("job") ?? name);
    }
    return groups;
}

/** The rules that write the label job, and the groups that have it. */
const writers = (job: YAMLMap): YAMLMap[] => [
    ...mapsIn(job.get("relabelConfigs", true)).filter(writesJob),
    ...mapsIn(job.get("staticConfigs", true)).filter((group) => {
        const labels = group.get("labels", true);
        return isMap(labels) && labels.has("job");
    }),
];

const writesJob = (rule: YAMLMap) =>
    textOf(rule.get("targetLabel", true)) === "job" && !textOf(rule.get("action", true))?.endsWith("equal");

/** A job with the targets that have its label, and without what writes it. */
function withOnly(job: YAMLMap, name: string, labels: readonly string[][]): YAMLMap {
    const own = job.clone() as YAMLMap;
    own.set("jobName", name);
    const [groups, rules] = [own.get("staticConfigs", true), own.get("relabelConfigs", true)];
    mapsIn(groups).forEach((group, g) => {
        const [targets, ofGroup] = [group.get("targets", true), group.get("labels", true)];
        if (isSeq(targets)) {
            targets.items = targets.items.filter((_, t) => labels[g]?.[t] === name);
        }
        if (isMap(ofGroup)) {
            taken(ofGroup, "job");
        }
    });
    if (isSeq(groups)) {
        groups.items = groups.items.filter((group) => isMap(group) && targetCount(group) > 0);
    }
    if (isSeq(rules)) {
        rules.items = rules.items.filter((rule) => !(isMap(rule) && writesJob(rule)));
        if (rules.items.length === 0) {
            taken(own, "relabelConfigs");
        }
    }
    return own;
}

function targetCount(group: YAMLMap): number {
    const targets = group.get("targets", true);
    return isSeq(targets) ? targets.items.length : 0;
}
