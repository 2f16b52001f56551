import { loopbackMistake, splitHostPort } from "../schema/hosts";
import { labelledJobName } from "../schema/labelledContainers";
import type { Lenient } from "../schema/lenient";
import type { DeclaredPart, LenientDeclaration, OwnJob } from "../schema/part";
import { commonKeys, isListed, pathOf } from "../schema/part";
import type { Problem } from "../schema/problems";
import { at, show } from "../schema/problems";
import type { ScrapeJob } from "../schema/scrapeJob";
import { isItself } from "../schema/scrapeJob";
import { targetMistake } from "../schema/target";
import { parseDuration } from "../schema/units";
import type { Labels } from "./relabel";
import { relabeling } from "./relabel";

export type DeclaredJob = Lenient<ScrapeJob>;
type Relabeling = NonNullable<DeclaredJob["relabelConfigs"]>[number];

/**
 * The jobs that are declared: those of the list, and those of parts that are of a list too. What is said of the others' is
 * checked in ownJobs.ts.
 * @returns each with the way from a place in it to that in the stack file
 */
export function allJobs(
    declared: LenientDeclaration,
    parts: readonly DeclaredPart[],
): { job: DeclaredJob; locate: (problem: Problem) => Problem }[] {
    return [
        ...(declared.scrapeJobs ?? []).map((job = {}, i) => ({
            ...{ job, locate: (problem: Problem) => at(["scrapeJobs", i], problem) },
        })),
        ...labelledContainers(declared),
        ...parts.flatMap((part) => {
            const { scrapeJob } = commonKeys(declared, part);
            return scrapeJob === undefined || !isListed(part) ? [] : [publishedJob(part, scrapeJob)];
        }),
    ];
}

/** A container may say what its label job is. */
const jobOfLabel = { sourceLabels: ["__meta_docker_container_label_job"], regex: "(.+)", targetLabel: "job" };

/** What says itself that it is scraped: a job whose targets are found. */
function labelledContainers({
    labelledContainers: { enabled, labelPrefix: _, relabelConfigs: rules = [], ...job } = {},
}: LenientDeclaration) {
    return enabled
        ? [
              {
                  job: {
                      ...job,
                      jobName: labelledJobName,
                      dockerSdConfigs: [{}],
                      relabelConfigs: [...rules, jobOfLabel],
                  },
                  locate: (problem: Problem) => at(["labelledContainers"], problem),
              },
          ]
        : [];
}

/** What applications push themselves: a job without targets. */
export const pushedOnes = ({ pushedJobs = [] }: LenientDeclaration) =>
    pushedJobs.map(({ jobName, application } = {}, i) => ({
        ...{ jobName, application, locate: (problem: Problem) => at(["pushedJobs", i], problem) },
    }));

/** A part's target is its own container; the labels of it stand in the job itself. */
function publishedJob(part: DeclaredPart, { labels = {}, ...job }: OwnJob) {
    const group = ["staticConfigs", 0];
    return {
        job: { ...job, jobName: part.jobName, staticConfigs: [{ targets: ["exporter:80"], labels }] },
        locate: ({ path, message }: Problem) =>
            at([...pathOf(part), "scrapeJob"], {
                path: group.every((step, i) => path[i] === step) ? path.slice(group.length) : path,
                message,
            }),
    };
}

/** What is wrong with the targets of a job, before its relabelConfigs and after them. */
export function targetMistakes(job: DeclaredJob): Problem[] {
    const relabel = relabeling(job.relabelConfigs ?? []);
    // Rules that cannot be computed are a mistake of their own; a target that stands there twice is one whatever they do.
    const after = relabeled(job, relabel ?? ((labels) => labels));
    return [...repeatedTargets(job, after), ...wrongAddresses(job), ...(relabel ? lostTargets(job, after) : [])];
}

/**
 * A job whose rules write the address may have targets of any form: a blackbox exporter is asked for URLs, and for itself. What
 * a proxy is asked for is the proxy's own.
 * Source: https://github.com/prometheus/blackbox_exporter#prometheus-configuration
 */
function wrongAddresses(job: DeclaredJob): Problem[] {
    if (writesAddress(job)) {
        return [];
    }
    return targetsOf(job).flatMap(({ target, path }) => {
        const mistake =
            targetMistake(target) ??
            ("proxyUrl" in job || isItself(job, target)
                ? undefined
                : loopbackMistake(splitHostPort(target), "Prometheus'"));
        return mistake === undefined ? [] : [{ path, message: `${show(target)} ${mistake}` }];
    });
}

/** Every target with its place in the job. */
export const targetsOf = (job: DeclaredJob) =>
    groupsOf(job).flatMap(({ targets = [] }, g) =>
        targets.flatMap((target, t) =>
            target === undefined ? [] : [{ target, path: ["staticConfigs", g, "targets", t] }],
        ),
    );

export const groupsOf = ({ staticConfigs = [] }: DeclaredJob) => staticConfigs.map((group) => group ?? {});
export const rulesOf = ({ relabelConfigs = [] }: DeclaredJob): NonNullable<Relabeling>[] =>
    relabelConfigs.map((rule) => rule ?? {});
export const writesLabel = (job: DeclaredJob, label: string) =>
    rulesOf(job).some(({ action, targetLabel, replacement }) =>
        action === "labelmap" ? replacement === label : targetLabel === label && !action?.endsWith("equal"),
    );
/** True for a job whose targets need not be addresses. */
export const writesAddress = (job: DeclaredJob) => writesLabel(job, "__address__");

/**
 * The labels that the targets of each group have before relabeling, without the address.
 * Source: https://github.com/prometheus/prometheus/blob/v3.13.5/scrape/target.go (PopulateDiscoveredLabels)
 */
function discovered(job: DeclaredJob): Labels[] {
    const { jobName, metricsPath, scheme, params = {} } = job;
    // Only whether there are an interval and a timeout matters here.
    const times = { __scrape_interval__: "15s", __scrape_timeout__: "10s" };
    const all = { job: jobName, ...times, __metrics_path__: metricsPath, __scheme__: scheme };
    const query = Object.entries(params).map(([name, values]) => [`__param_${name}`, values?.[0]]);
    return groupsOf(job).map(({ labels = {} }) => {
        const entries = Object.entries({ ...all, ...Object.fromEntries(query), ...labels });
        return new Map(
            entries.flatMap(([name, value]) =>
                typeof value === "string" && value !== "" ? [[name, value] as const] : [],
            ),
        );
    });
}

/** Every target with the labels that it was declared with, and those that it has before relabeling. */
export function declaredTargets(job: DeclaredJob) {
    const [groups, before] = [groupsOf(job), discovered(job)];
    return targetsOf(job).map(({ target, path }) => {
        const g = Number(path[1]);
        return { target, path, labels: groups[g]?.labels ?? {}, before: new Map(before[g]).set("__address__", target) };
    });
}

/** A target, and what its labels are when the rules are through. */
interface Relabeled {
    readonly target: string;
    readonly path: readonly (string | number)[];
    /** Undefined where a rule drops it. */
    readonly after: Labels | undefined;
}

const relabeled = (job: DeclaredJob, relabel: (labels: Labels) => Labels | undefined): Relabeled[] =>
    declaredTargets(job).map(({ target, path, before }) => ({ target, path, after: relabel(before) }));

/** Prometheus scrapes a repeated target once and says nothing; two with the same labels overwrite each other's series. */
function repeatedTargets(job: DeclaredJob, targets: readonly Relabeled[]): Problem[] {
    const seen = new Map<string, string>();
    return targets.flatMap(({ target, path, after }) => {
        if (after === undefined) {
            return [];
        }
        const instance = after.get("instance") ?? after.get("__address__");
        const stored = [...after].filter(([name]) => !name.startsWith("__") && name !== "instance");
        const series = JSON.stringify([instance, ...stored.sort(([a], [b]) => (a < b ? -1 : 1))]);
        const first = seen.get(series);
        if (first === undefined) {
            seen.set(series, target);
            return [];
        }
        return [{ path, message: `${show(target)} ${repetition(job, first, target)}` }];
    });
}

function repetition(job: DeclaredJob, first: string, target: string): string {
    if (first === target) {
        return "is in this job twice; write it once, or give it an instance label of its own";
    }
    const same = `has the same labels as ${show(first)} in this job`;
    return rulesOf(job).length === 0
        ? `${same}; write it once, or give it an instance label of its own`
        : `${same} when its relabelConfigs are through, and each overwrites the other's series; keep them apart, as with the ` +
              'rule {sourceLabels: ["__param_target"], targetLabel: "instance"}, or with labels of their own';
}

/** What Prometheus cannot scrape after relabeling it drops, and says so in its log only. One target stands for all. */
function lostTargets(job: DeclaredJob, targets: readonly Relabeled[]): Problem[] {
    const isAddressWritten = writesAddress(job);
    const lost = targets.flatMap(({ target, after }) => {
        const lacks = after && missing(after);
        // A path that no rule wrote is the target's own mistake.
        return lacks === undefined || (target.includes("/") && !isAddressWritten) ? [] : [{ target, lacks }];
    });
    return lost.slice(0, 1).map(({ target, lacks }) => ({
        path: ["relabelConfigs"],
        message: `leaves ${show(target)} ${lacks}, so that it is never scraped; keep that label, or drop the target`,
    }));
}

/** Source: https://github.com/prometheus/prometheus/blob/v3.13.5/scrape/target.go (PopulateLabels) */
function missing(labels: Labels): string | undefined {
    const address = labels.get("__address__");
    if (address === undefined || address.includes("/")) {
        return address === undefined
            ? "without an __address__"
            : `with the __address__ ${show(address)}, not host:port`;
    }
    const [interval, timeout] = ["__scrape_interval__", "__scrape_timeout__"].map((name) => [name, labels.get(name)]);
    const unreadable = [interval, timeout].find((time) => parseDuration(time?.[1] ?? "") === undefined);
    return unreadable && `without a duration in ${unreadable[0]}`;
}
