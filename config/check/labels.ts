import { isDiscovered } from "../schema/discovery";
import type { DeclaredPart, LenientDeclaration } from "../schema/part";
import { hasJobLabels, scrapeJobLabel } from "../schema/jobLabel";
import type { Problem } from "../schema/problems";
import { show } from "../schema/problems";
import { builtInProfiles, containerLabels, hostLabels, probeLabels, thanosLabels } from "../schema/profiles";
import { anchored } from "../schema/re2";
import { expanded } from "../schema/template";
import type { Labels } from "./relabel";
import { relabeling } from "./relabel";
import type { DeclaredJob } from "./targets";
import { allJobs, declaredTargets, rulesOf } from "./targets";

/**
 * The labels that alerts and graphs find series by: what takes them away, or puts others in their place, silences them without
 * a word.
 */
export function labelMistakes(declared: LenientDeclaration, parts: readonly DeclaredPart[]): Problem[] {
    return allJobs(declared, parts).flatMap(({ job, locate }) => {
        const read = labelsRead(declared, job);
        const hidden = [...hiddenLabels(job, read), ...(isDiscovered(job) ? hidingRules(job, read) : [])];
        return [...honoured(job, read), ...hidden, ...lostJob(job), ...changedSamples(job, read)].map(locate);
    });
}

/** What a job's targets are said to expose, and the labels of it that are read. */
interface Read {
    readonly key: "host" | "container" | "application" | "probe" | "thanos";
    readonly labels: readonly (string | undefined)[];
}

export function labelsRead(
    { applicationProfiles = {} }: LenientDeclaration,
    { host, container, application, probe, thanos }: DeclaredJob,
): Read[] {
    const profiles = { ...builtInProfiles, ...applicationProfiles };
    const name = application?.profile ?? "";
    const profile = Object.hasOwn(profiles, name) ? profiles[name as keyof typeof profiles] : undefined;
    return [
        ...(host ? [{ key: "host", labels: hostLabels } as const] : []),
        ...(container ? [{ key: "container", labels: containerLabels } as const] : []),
        ...(probe ? [{ key: "probe", labels: probeLabels } as const] : []),
        ...(thanos ? [{ key: "thanos", labels: thanosLabels } as const] : []),
        ...(profile
            ? [
                  {
                      key: "application",
                      labels: [profile.statusLabel, profile.methodLabel, profile.pathLabel, "le"],
                  } as const,
              ]
            : []),
    ];
}

/** Samples with a job and an instance of their own belong to none of the job's targets. */
function honoured({ honorLabels }: DeclaredJob, [first]: readonly Read[]): Problem[] {
    const key = first?.key;
    const message =
        `keeps the job and instance that samples bring along, and the alerts and graphs of ${key} find none of them; ` +
        `leave it out, or leave ${key} out`;
    return honorLabels === true && key !== undefined ? [{ path: ["honorLabels"], message }] : [];
}

/** A label of a target takes the name of a sample's: Prometheus renames that to exported_status. */
export function hiddenLabels(job: DeclaredJob, read: readonly Read[]): Problem[] {
    const relabel = relabeling(job.relabelConfigs ?? []);
    const said = new Set<string>();
    return (read.length === 0 ? [] : declaredTargets(job)).flatMap(({ target, labels, path, before }) => {
        const after = relabel?.(before) ?? new Map(Object.entries(labels));
        return read.flatMap(({ key, labels: names }) =>
            names.flatMap((name) => {
                if (name === undefined || !after.has(name)) {
                    return [];
                }
                const place = Object.hasOwn(labels, name) ? [...path.slice(0, 2), "labels", name] : ["relabelConfigs"];
                if (said.has(place.join())) {
                    return [];
                }
                said.add(place.join());
                const what = place.length > 1 ? show(labels[name]) : `writes the label ${name} of ${show(target)}, and`;
                return [{ path: place, message: `${what} ${hides(name, key)}` }];
            }),
        );
    });
}

const hides = (name: string, key: string) =>
    `hides the label ${name} of the samples, which the alerts and graphs of ${key} read; write another name, such as target_${name}`;

/** Of targets that are discovered nobody knows the labels: what a rule would write is told. */
const hidingRules = (job: DeclaredJob, read: readonly Read[]): Problem[] =>
    rulesOf(job).flatMap(({ action, targetLabel }, r) =>
        read.flatMap(({ key, labels }) =>
            targetLabel !== undefined && labels.includes(targetLabel) && !action?.endsWith("equal")
                ? [
                      {
                          path: ["relabelConfigs", r, "targetLabel"],
                          message: `${show(targetLabel)} ${hides(targetLabel, key)}`,
                      },
                  ]
                : [],
        ),
    );

const advice = "takes targets away from the alerts and graphs of their job; write it as jobName, or as another label";

/** The rule after which a target has not the job's name any more. One that names the label is told where the names are checked. */
function lostJob(job: DeclaredJob): Problem[] {
    const rules = job.relabelConfigs ?? [];
    if (rules.length === 0) {
        return [];
    }
    const targets = declaredTargets(job).map(({ before }) => new Map(before).set("job", job.jobName ?? ""));
    const after = (count: number, labels: Labels) => relabeling(rules.slice(0, count))?.(labels);
    const whole = relabeling(rules);
    const isLost = (labels: Labels | undefined) => labels !== undefined && labels.get("job") !== job.jobName;
    const victim = targets.find((labels) => isLost(whole?.(labels)));
    const rule = victim === undefined ? -1 : rules.findIndex((_, r) => isLost(after(r + 1, victim)));
    const message = `takes the label job of a target away, or puts another value into it, which ${advice}`;
    return rule === -1 || rules[rule]?.targetLabel === "job" ? [] : [{ path: ["relabelConfigs", rule], message }];
}

/**
 * The rules for samples that take away what tells the targets apart and what is read, or that change the job. Which labels
 * samples have is not known: what could become one of these is tried.
 */
function changedSamples(job: DeclaredJob, read: readonly Read[]): Problem[] {
    const profile = read.flatMap(({ labels }) => labels.flatMap((label) => label ?? []));
    const removing = ["job", "instance", ...(hasJobLabels(job) ? [scrapeJobLabel] : []), ...profile];
    const writing = read.length > 0 ? ["job", "instance"] : ["job"];
    return (job.metricRelabelConfigs ?? []).flatMap((rule = {}, r) => {
        const path = ["metricRelabelConfigs", r];
        const removed = removing.find((label) => removes(rule, label));
        if (removed !== undefined) {
            const message = `takes the label ${removed} of samples away, by which alerts and graphs find them; write a regex that ${rule.action === "labelkeep" ? "keeps" : "spares"} it`;
            return [{ path: [...path, "regex"], message }];
        }
        const written = writing.find((label) => writes(rule, label));
        return written === undefined
            ? []
            : [{ path, message: `puts another value into the label ${written} of samples, which ${advice}` }];
    });
}

type Rule = NonNullable<NonNullable<DeclaredJob["metricRelabelConfigs"]>[number]>;

function removes(rule: Rule, label: string): boolean {
    const { action, regex } = rule;
    if ((action !== "labeldrop" && action !== "labelkeep") || regex === undefined) {
        return false;
    }
    const pattern = anchored(regex);
    return pattern !== undefined && (pattern.match(label) !== undefined) === (action === "labeldrop");
}

/** Whether a rule can write a label. A name that is all of it a group is taken for one that its author knows. */
function writes(
    { action = "replace", regex = "(.*)", targetLabel = "", replacement = "$1" }: Rule,
    label: string,
): boolean {
    switch (action) {
        case "replace":
            return targetLabel === label || becomes(targetLabel, regex, label);
        case "labelmap":
            return replacement === label || becomes(replacement, regex, label) || isMappedTo(replacement, regex, label);
        case "hashmod":
        case "lowercase":
        case "uppercase":
            return targetLabel === label;
        default:
            return false;
    }
}

const group = /\$(?:\{\w+\}|\w+)/;

/** Whether a template with a group and letters of its own can become a text, e.g. "${1}ob" the text "job". */
function becomes(template: string, regex: string, text: string): boolean {
    const [before = "", after = "", ...more] = template.split(group);
    const hasOwnLetters = group.test(template) && more.length === 0 && before + after !== "";
    if (
        !hasOwnLetters ||
        !text.startsWith(before) ||
        !text.endsWith(after) ||
        before.length + after.length > text.length
    ) {
        return false;
    }
    return tried(template, regex, text.slice(before.length, text.length - after.length)) === text;
}

/** Whether Prometheus' own name for a label that a target has too is mapped to it, as with "exported_(.+)". */
function isMappedTo(template: string, regex: string, label: string): boolean {
    const match = anchored(regex)?.match(`exported_${label}`);
    return match !== undefined && expanded(template, match) === label;
}

/** What a template becomes where the first group of its expression has matched a text. */
function tried(template: string, regex: string, text: string): string | undefined {
    const match = anchored(regex)?.match(regex.replace(/\((?:\?P?<\w+>)?[^()]*\)/, text));
    return match && expanded(template, match);
}
