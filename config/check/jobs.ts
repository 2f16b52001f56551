import type { Problem } from "../schema/problems";
import { show, together } from "../schema/problems";
import type { DeclaredPart, LenientDeclaration } from "../schema/part";
import { isDiscovered } from "../schema/discovery";
import { hostMistake, loopbackMistake } from "../schema/hosts";
import { keyMistakes, tlsVersions } from "../schema/tls";
import { hasJobLabels, jobLabelPlaces, placesOfLabel, scrapeJobLabel } from "../schema/jobLabel";
import { formatDuration } from "../schema/units";
import type { DeclaredJob } from "./targets";
import { allJobs, targetMistakes, writesLabel } from "./targets";

/** @param parts those that are on */
export function jobMistakes(declared: LenientDeclaration, parts: readonly DeclaredPart[]): Problem[] {
    const { scrapeTimeout, scrapeInterval } = declared;
    const all = named(declared, parts);
    const names = new Set(all.map(({ name }) => name));
    return [
        ...jobNames(all),
        ...tooLong(["scrapeTimeout"], scrapeTimeout, scrapeInterval),
        ...allJobs(declared, parts).flatMap(({ job, locate }) =>
            [
                // One that was refused is not the stack's.
                ...tooLong(
                    ["scrapeTimeout"],
                    job.scrapeTimeout,
                    "scrapeInterval" in job ? job.scrapeInterval : scrapeInterval,
                ),
                ...[...noTargets(job), ...targetMistakes(job), ...jobLabels(job, names), ...clientMistakes(job)],
            ].map(locate),
        ),
    ];
}

/** What is wrong with how somebody is asked over HTTP. */
export const clientMistakes = (job: DeclaredJob): Problem[] => [
    ...[...ownProxy(job), ...noProxy(job)],
    ...[...authentication(job), ...tls(job)],
];

/** Who has the name of a job. */
interface Named {
    readonly name: string | undefined;
    /** Where it is declared. @default the stack has it by itself, and is at fault nowhere */
    readonly place?: Problem["path"] | undefined;
    /** That of the name at its place, or of the part that has it. */
    readonly key: string;
}

/** All jobs, those of the parts first. */
function named(declared: LenientDeclaration, parts: readonly DeclaredPart[]): readonly Named[] {
    const isRedeclared = ({ jobName, mayBeRedeclared }: DeclaredPart) =>
        mayBeRedeclared && declared.scrapeJobs?.some((job) => job?.jobName === jobName);
    return [
        ...parts
            .filter((part) => !isRedeclared(part))
            .map(({ jobName, path, key }) => ({ name: jobName, place: path, key: path ? "name" : key })),
        ...(["scrapeJobs", "pushedJobs"] as const).flatMap((list) =>
            (declared[list] ?? []).map((job, i) => ({ name: job?.jobName, place: [list, i], key: "jobName" })),
        ),
    ];
}

function jobNames(names: readonly Named[]): Problem[] {
    const taken = new Map<string, Named>();
    return names.flatMap((each) => {
        const { name, place, key } = each;
        const first = name === undefined ? undefined : taken.get(name);
        if (name !== undefined && first === undefined) {
            taken.set(name, each);
        }
        if (first === undefined || place === undefined) {
            return [];
        }
        const owner = first.place ? "{other}" : `the stack's own ${first.key}`;
        const message = `${show(name)} is already the name of ${owner}; write a name of its own`;
        return [{ path: [...place, key], message, ...(first.place && { other: first.place }) }];
    });
}

/** @param example a target */
export function noTargets(job: DeclaredJob, example = "web:8000"): Problem[] {
    const { staticConfigs } = job;
    const message = `is missing; write groups of targets, such as [{targets: ["${example}"]}], or a discovery, such as dnsSdConfigs`;
    return staticConfigs?.length === 0 && !isDiscovered(job) ? [{ path: ["staticConfigs"], message }] : [];
}

function ownProxy({ proxyUrl }: DeclaredJob): Problem[] {
    const { hostname = "", port = "" } = proxyUrl === undefined ? {} : new URL(proxyUrl);
    const mistake =
        proxyUrl &&
        (hostMistake(hostname) ?? loopbackMistake({ host: hostname, port: port && `:${port}` }, "Prometheus'"));
    return mistake === undefined ? [] : [{ path: ["proxyUrl"], message: `${show(proxyUrl)} ${mistake}` }];
}

/** Source: https://prometheus.io/docs/prometheus/latest/configuration/configuration/ ("It cannot be greater than the scrape interval.") */
export function tooLong(path: Problem["path"], timeout: number | undefined, interval: number | undefined): Problem[] {
    if (timeout === undefined || interval === undefined || timeout <= interval) {
        return [];
    }
    const [given, most] = [show(formatDuration(timeout)), formatDuration(interval)];
    const message = `${given} is longer than the scrapeInterval of ${most}; write at most that`;
    return [{ path, message }];
}

/**
 * A job whose targets have labels `job` of their own is found by another label. The name of another job would lay its targets over
 * that one's: that no two jobs have one name is what keeps the series of a target that both scrape apart.
 */
function jobLabels(job: DeclaredJob, names: ReadonlySet<string | undefined>): Problem[] {
    const taken = jobLabelPlaces(job)
        .filter(({ value }) => value !== undefined && names.has(value))
        .map(({ path, value }) => ({
            path,
            message: `${show(value)} is the name of another job, whose alerts and graphs would be of these targets too; write another one`,
        }));
    const hidden = hasJobLabels(job) ? placesOfLabel(job, scrapeJobLabel) : [];
    const message =
        `"${scrapeJobLabel}" is the label by which a job is found whose targets have labels job of their own; ` +
        "write another name";
    return [...taken, ...hidden.map(({ path }) => ({ path, message }))];
}

const logins = ["basicAuth", "authorization", "oauth2", "sigv4", "azuread", "googleIam"] as const;

function authentication(job: DeclaredJob): Problem[] {
    const [first, ...others] = logins.filter((key) => key in job);
    return others.map((key) => ({
        path: [key],
        message: `stands beside ${first}; write one of the two: a request has one header Authorization`,
    }));
}

/** Source: https://github.com/prometheus/common/blob/v0.69.0/config/http_config.go (`ProxyConfig.Validate`) */
function noProxy(job: DeclaredJob): Problem[] {
    const message = "has no effect without a proxy; write proxyUrl too, or leave it out";
    return "noProxy" in job && !("proxyUrl" in job) ? [{ path: ["noProxy"], message }] : [];
}

function tls(job: DeclaredJob): Problem[] {
    const { tlsConfig, oauth2, scheme, proxyUrl } = job;
    const isUseless =
        tlsConfig !== undefined &&
        scheme === "http" &&
        !writesLabel(job, "__scheme__") &&
        !proxyUrl?.startsWith("https:");
    const useless = 'has no effect with the scheme http; write scheme: "https"';
    return [
        ...tlsMistakes(["tlsConfig"], tlsConfig),
        ...tlsMistakes(["oauth2", "tlsConfig"], oauth2?.tlsConfig),
        ...(isUseless ? [{ path: ["tlsConfig"], message: useless }] : []),
    ];
}

function tlsMistakes(path: Problem["path"], tlsConfig: DeclaredJob["tlsConfig"] = {}): Problem[] {
    const { minVersion, maxVersion } = tlsConfig;
    const problems = [...together(tlsConfig, ["cert", "key"], path), ...keyMistakes(path, tlsConfig)];
    const [least, most] = [minVersion, maxVersion].map((version) => tlsVersions.findIndex((each) => each === version));
    if (least !== undefined && most !== undefined && most !== -1 && least > most) {
        const message = `${show(minVersion)} is above the maxVersion ${show(maxVersion)}; write at most that`;
        problems.push({ path: [...path, "minVersion"], message });
    }
    return problems;
}
