import type { DeclaredPart, LenientDeclaration } from "../schema/part";
import { commonKeys, pathOf } from "../schema/part";
import type { Problem } from "../schema/problems";
import { at, show } from "../schema/problems";
import { lastBounds } from "../schema/profiles";
import { formatDuration } from "../schema/units";
import type { DeclaredJob } from "./targets";
import { allJobs, declaredTargets, pushedOnes, targetsOf } from "./targets";

/**
 * The limits that nothing can keep, or nothing can exceed.
 * @param parts those that are on
 */
export function unreachableLimits(declared: LenientDeclaration, parts: readonly DeclaredPart[]): Problem[] {
    return [
        ...parts.flatMap((part) =>
            latency(commonKeys(declared, part).application).map((each) => at(pathOf(part), each)),
        ),
        ...pushedOnes(declared).flatMap(({ application, locate }) => latency(application).map(locate)),
        ...allJobs(declared, parts).flatMap(({ job, locate }) => {
            const whole = { ...stackLimits(declared), ...job };
            // A limit of the stack stands there.
            return [...latency(job.application), ...targetLimit(whole), ...labelLimits(whole)].map((each) =>
                String(each.path[0]) in job ? locate(each) : each,
            );
        }),
    ];
}

const limits = ["targetLimit", "labelLimit", "labelNameLengthLimit", "labelValueLengthLimit"] as const;

/** The limits of the jobs that have none of their own. */
const stackLimits = (declared: LenientDeclaration) =>
    Object.fromEntries(limits.filter((key) => key in declared).map((key) => [key, declared[key]]));

/** No estimate of a quantile is above the last finite bound: https://prometheus.io/docs/practices/histograms/#errors-of-quantile-estimation */
function latency(application: DeclaredJob["application"]): Problem[] {
    const { profile = "", latency: limit } = application ?? {};
    const last = lastBounds.get(profile);
    const message =
        `${show(formatDuration(limit ?? 0))} is never exceeded: no bucket of the profile ${profile} is above ${formatDuration(last ?? 0)}; ` +
        "write less, or give the application buckets of its own and a profile of its own in applicationProfiles";
    return limit === undefined || last === undefined || limit < last
        ? []
        : [{ path: ["application", "latency"], message }];
}

/** Source: https://prometheus.io/docs/prometheus/latest/configuration/configuration/ ("target_limit": all targets are failed) */
function targetLimit(job: DeclaredJob): Problem[] {
    const targets = targetsOf(job).length;
    const { targetLimit: limit } = job;
    // What a rule drops does not count.
    const isDropped = (job.relabelConfigs ?? []).some((rule) => /^(keep|drop)/.test(rule?.action ?? ""));
    const message = `${limit} is less than the ${targets} targets of this job, and then none of them is scraped; write at least ${targets}`;
    return limit === undefined || limit >= targets || isDropped ? [] : [{ path: ["targetLimit"], message }];
}

/** Every sample has a name, its job and its instance: https://prometheus.io/docs/concepts/jobs_instances/ */
function labelLimits(job: DeclaredJob): Problem[] {
    const { labelLimit, labelNameLengthLimit, labelValueLengthLimit, jobName } = job;
    // Rules change what there is.
    const hasRules = (job.relabelConfigs ?? []).length + (job.metricRelabelConfigs ?? []).length > 0;
    const limits = [labelLimit, labelNameLengthLimit, labelValueLengthLimit];
    if (hasRules || limits.every((limit) => limit === undefined)) {
        return [];
    }
    const groups = declaredTargets(job).map(({ target, labels }) =>
        Object.entries({ instance: target, ...labels, job: jobName, __name__: "" }).filter(
            ([name]) => name === "__name__" || !name.startsWith("__"),
        ),
    );
    if (groups.length === 0) {
        return [];
    }
    const labels = groups.flat();
    const least: readonly (readonly [key: string, limit: number | undefined, least: number, what: string])[] = [
        ["labelLimit", labelLimit, most(groups.map(({ length }) => length)), "labels"],
        [
            "labelNameLengthLimit",
            labelNameLengthLimit,
            lengths(labels.map(([name]) => name)),
            "letters in a label's name",
        ],
        [
            "labelValueLengthLimit",
            labelValueLengthLimit,
            lengths(labels.map(([, value]) => value)),
            "letters in a label's value",
        ],
    ];
    return least.flatMap(([key, limit, most, what]) =>
        limit === undefined || limit >= most
            ? []
            : [
                  {
                      path: [key],
                      message: `${limit} lets no scrape succeed: samples of this job have ${most} ${what} before any of their own; write at least ${most}`,
                  },
              ],
    );
}

const lengths = (texts: readonly (string | undefined)[]) => most(texts.map((text) => Buffer.byteLength(text ?? "")));

/** Not by one call: it takes no 200,000 arguments, which the labels of 100,000 targets are. */
const most = (counts: readonly number[]) => counts.reduce((a, b) => Math.max(a, b), 0);
