import type { Problem } from "../schema/problems";
import { show } from "../schema/problems";
import type { Lenient } from "../schema/lenient";
import type { DeclaredPart, LenientDeclaration } from "../schema/part";
import { hostMistake, loopbackMistake, splitHostPort } from "../schema/hosts";
import type { ScrapeJob } from "../schema/scrapeJob";
import { targetMistake } from "../schema/target";
import { belongTogether, tlsVersions } from "../schema/tls";
import { formatDuration, parseDuration } from "../schema/units";
import type { Labels } from "./relabel";
import { relabeling } from "./relabel";

type DeclaredJob = Lenient<ScrapeJob>;
type Relabeling = NonNullable<DeclaredJob["relabelConfigs"]>[number];

/** @param parts those that are on */
export function jobMistakes(declared: LenientDeclaration, parts: readonly DeclaredPart[]): Problem[] {
    const jobs = (declared.scrapeJobs ?? []).map((job) => job ?? {});
    return [
        ...jobNames(jobs, parts),
        ...timeouts(declared, jobs),
        ...jobs.flatMap((job, i) =>
            [
                ...repeatedTargets(job),
                ...targets(job),
                ...lostTargets(job),
                ...ownProxy(job),
                ...jobLabels(job),
                ...authentication(job),
                ...tls(job),
            ].map(({ path, message }) => ({ path: ["scrapeJobs", i, ...path], message })),
        ),
    ];
}

function jobNames(jobs: readonly DeclaredJob[], parts: readonly DeclaredPart[]): Problem[] {
    const taken = new Map(
        parts.flatMap(({ key, jobName }) => (jobName === undefined ? [] : [[jobName, `the stack's own ${key}`]])),
    );
    return jobs.flatMap(({ jobName }, i) => {
        const owner = jobName === undefined ? undefined : taken.get(jobName);
        if (jobName !== undefined && owner === undefined) {
            taken.set(jobName, `scrapeJobs[${i}]`);
        }
        const message = `${show(jobName)} is already the name of ${owner}; write a name of its own`;
        return owner === undefined ? [] : [{ path: ["scrapeJobs", i, "jobName"], message }];
    });
}

/**
 * A job whose rules write the address may have targets of any form: a blackbox exporter is asked for URLs, and for itself. What
 * a proxy is asked for is the proxy's own.
 * Source: https://github.com/prometheus/blackbox_exporter#prometheus-configuration
 */
function targets(job: DeclaredJob): Problem[] {
    if (writesAddress(job)) {
        return [];
    }
    return targetsOf(job).flatMap(({ target, path }) => {
        const mistake =
            targetMistake(target) ??
            ("proxyUrl" in job ? undefined : loopbackMistake(splitHostPort(target), "Prometheus'"));
        return mistake === undefined ? [] : [{ path, message: `${show(target)} ${mistake}` }];
    });
}

function ownProxy({ proxyUrl }: DeclaredJob): Problem[] {
    const { hostname = "", port = "" } = proxyUrl === undefined ? {} : new URL(proxyUrl);
    const mistake =
        proxyUrl &&
        (hostMistake(hostname) ?? loopbackMistake({ host: hostname, port: port && `:${port}` }, "Prometheus'"));
    return mistake === undefined ? [] : [{ path: ["proxyUrl"], message: `${show(proxyUrl)} ${mistake}` }];
}

/** Every target with the labels of its group, and its place in the job. */
const targetsOf = ({ staticConfigs = [] }: DeclaredJob) =>
    staticConfigs.flatMap(({ targets = [], labels = {} } = {}, g) =>
        targets.flatMap((target, t) =>
            target === undefined ? [] : [{ target, labels, path: ["staticConfigs", g, "targets", t] }],
        ),
    );

const groupsOf = ({ staticConfigs = [] }: DeclaredJob) => staticConfigs.map((group) => group ?? {});
const rulesOf = ({ relabelConfigs = [] }: DeclaredJob): NonNullable<Relabeling>[] =>
    relabelConfigs.map((rule) => rule ?? {});
const writesLabel = (job: DeclaredJob, label: string) =>
    rulesOf(job).some(({ action, targetLabel, replacement }) =>
        action === "labelmap" ? replacement === label : targetLabel === label && !action?.endsWith("equal"),
    );
/** True for a job whose targets need not be addresses. */
export const writesAddress = (job: DeclaredJob) => writesLabel(job, "__address__");

/**
 * The labels that a target has before relabeling.
 * Source: https://github.com/prometheus/prometheus/blob/v3.13.5/scrape/target.go (PopulateDiscoveredLabels)
 */
function discovered(job: DeclaredJob, target: string, labels: Readonly<Record<string, string | undefined>>): Labels {
    const { jobName, metricsPath, scheme, params = {} } = job;
    // Only whether there are an interval and a timeout matters here.
    const times = { __scrape_interval__: "15s", __scrape_timeout__: "10s" };
    const all = { job: jobName, ...times, __metrics_path__: metricsPath, __scheme__: scheme };
    const query = Object.entries(params).map(([name, values]) => [`__param_${name}`, values?.[0]]);
    return new Map(
        Object.entries({ ...all, ...Object.fromEntries(query), ...labels, __address__: target }).flatMap(
            ([name, value]) => (typeof value === "string" && value !== "" ? [[name, value] as const] : []),
        ),
    );
}

/** Prometheus scrapes a repeated target once and says nothing; two with the same labels overwrite each other's series. */
function repeatedTargets(job: DeclaredJob): Problem[] {
    // Where the rules cannot be computed, they may tell any labels apart.
    const relabel = relabeling(job.relabelConfigs ?? []);
    const isStored = (name: string) => relabel === undefined || !name.startsWith("__");
    const seen = new Map<string, string>();
    return targetsOf(job).flatMap(({ target, labels, path }) => {
        const after = (relabel ?? ((before) => before))(discovered(job, target, labels));
        if (after === undefined) {
            return []; // A rule drops it.
        }
        const instance = after.get("instance") ?? after.get("__address__") ?? "";
        const stored = [...new Map(after).set("instance", instance)].filter(([name]) => isStored(name));
        const series = JSON.stringify(stored.sort(([a], [b]) => (a < b ? -1 : 1)));
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
function lostTargets(job: DeclaredJob): Problem[] {
    const relabel = relabeling(job.relabelConfigs ?? []);
    const lost = targetsOf(job).flatMap(({ target, labels }) => {
        const after = relabel?.(discovered(job, target, labels));
        const lacks = after && missing(after);
        // A path that no rule wrote is the target's own mistake.
        const isTold = target.includes("/") && !writesAddress(job);
        return lacks === undefined || isTold ? [] : [{ target, lacks }];
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

/** Source: https://prometheus.io/docs/prometheus/latest/configuration/configuration/ ("It cannot be greater than the scrape interval.") */
function timeouts({ scrapeTimeout, scrapeInterval }: LenientDeclaration, jobs: readonly DeclaredJob[]): Problem[] {
    return [
        ...tooLong(["scrapeTimeout"], scrapeTimeout, scrapeInterval),
        ...jobs.flatMap((job, i) =>
            tooLong(
                ["scrapeJobs", i, "scrapeTimeout"],
                job.scrapeTimeout,
                // One that was refused is not the stack's.
                "scrapeInterval" in job ? job.scrapeInterval : scrapeInterval,
            ),
        ),
    ];
}

function tooLong(path: Problem["path"], timeout: number | undefined, interval: number | undefined): Problem[] {
    if (timeout === undefined || interval === undefined || timeout <= interval) {
        return [];
    }
    const [given, most] = [show(formatDuration(timeout)), formatDuration(interval)];
    return [{ path, message: `${given} is longer than the scrapeInterval of ${most}; write at most that` }];
}

/**
 * The alerts and the graphs of a job find its targets by its name. A job label of another value would take them out, and could
 * lay it over another job's: that no two jobs have one name is what keeps the series of a target that both scrape apart.
 */
function jobLabels(job: DeclaredJob): Problem[] {
    const message =
        "takes targets away from the alerts and graphs of their job; write it as jobName, or as another label";
    return [
        ...groupsOf(job).flatMap(({ labels = {} }, g) =>
            labels.job === undefined || labels.job === job.jobName
                ? []
                : [{ path: ["staticConfigs", g, "labels", "job"], message: `${show(labels.job)} ${message}` }],
        ),
        ...rulesOf(job).flatMap(({ action, targetLabel }, r) =>
            targetLabel === "job" && !action?.endsWith("equal") // Those only compare with it.
                ? [{ path: ["relabelConfigs", r, "targetLabel"], message: `"job" ${message}` }]
                : [],
        ),
    ];
}

function authentication(job: DeclaredJob): Problem[] {
    const message = "stands beside basicAuth; write one of the two: a scrape sends one Authorization header";
    return "basicAuth" in job && "authorization" in job ? [{ path: ["authorization"], message }] : [];
}

function tls(job: DeclaredJob): Problem[] {
    const { tlsConfig, scheme, proxyUrl } = job;
    if (tlsConfig === undefined) {
        return [];
    }
    const { cert, key, minVersion, maxVersion } = tlsConfig;
    const problems: Problem[] = [];
    if ("cert" in tlsConfig !== "key" in tlsConfig) {
        const missing = "cert" in tlsConfig ? "key" : "cert";
        problems.push({ path: ["tlsConfig", missing], message: "is missing; write cert and key together" });
    }
    if (cert !== undefined && key !== undefined && belongTogether(cert, key) === false) {
        problems.push({
            path: ["tlsConfig", "key"],
            message: "does not belong to cert; write the key of its first certificate",
        });
    }
    const [least, most] = [minVersion, maxVersion].map((version) => tlsVersions.findIndex((each) => each === version));
    if (least !== undefined && most !== undefined && most !== -1 && least > most) {
        const message = `${show(minVersion)} is above the maxVersion ${show(maxVersion)}; write at most that`;
        problems.push({ path: ["tlsConfig", "minVersion"], message });
    }
    if (scheme === "http" && !writesLabel(job, "__scheme__") && !proxyUrl?.startsWith("https:")) {
        problems.push({ path: ["tlsConfig"], message: 'has no effect with the scheme http; write scheme: "https"' });
    }
    return problems;
}
