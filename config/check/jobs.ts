import type { Problem } from "../schema/problems";
import { show } from "../schema/problems";
import { Secret } from "../schema/secret";
import { targetMistake } from "../schema/target";
import { belongTogether, tlsVersions } from "../schema/tls";
import { formatDuration } from "../schema/units";
import type { Declaration, DeclaredJob } from "./read";

/** The jobs that the stack's own components publish, with the key that turns each off. */
const ownJobs = {
    prometheus: "prometheus",
    alertmanager: "alertmanager",
    nodeExporter: "node_exporter",
    webBe: "web_be",
} as const;

export function jobMistakes(read: Declaration): Problem[] {
    return [
        ...jobNames(read),
        ...repeatedTargets(read),
        ...timeouts(read),
        ...read.scrapeJobs.flatMap((job, i) =>
            [...targets(job), ...jobLabels(job), ...authentication(job), ...tls(job)].map(({ path, message }) => ({
                path: ["scrapeJobs", i, ...path],
                message,
            })),
        ),
    ];
}

function jobNames({ scrapeJobs, ...parts }: Declaration): Problem[] {
    const taken = new Map<string, string>();
    for (const [part, jobName] of Object.entries(ownJobs)) {
        if (parts[part as keyof typeof ownJobs].enabled) {
            taken.set(jobName, `the stack's own ${part}`);
        }
    }
    return scrapeJobs.flatMap(({ jobName }, i) => {
        const owner = jobName === undefined ? undefined : taken.get(jobName);
        if (jobName !== undefined && owner === undefined) {
            taken.set(jobName, `scrapeJobs[${i}]`);
        }
        const message = `${show(jobName)} is already the name of ${owner}; write a name of its own`;
        return owner === undefined ? [] : [{ path: ["scrapeJobs", i, "jobName"], message }];
    });
}

/**
 * A job whose rules write the address may have targets of any form: a blackbox exporter is asked for URLs.
 * Source: https://github.com/prometheus/blackbox_exporter#prometheus-configuration
 */
function targets({ staticConfigs, relabelConfigs }: DeclaredJob): Problem[] {
    if (relabelConfigs.some(({ targetLabel }) => targetLabel === "__address__")) {
        return [];
    }
    return staticConfigs.flatMap((group, g) =>
        group.targets.flatMap((target, t) => {
            const mistake = target === "" ? undefined : targetMistake(target);
            const path = ["staticConfigs", g, "targets", t];
            return mistake === undefined ? [] : [{ path, message: `${show(target)} ${mistake}` }];
        }),
    );
}

/** Prometheus scrapes a repeated target once and says nothing; two with the same labels overwrite each other's series. */
function repeatedTargets({ scrapeJobs }: Declaration): Problem[] {
    return scrapeJobs.flatMap((each, i) => {
        const seen = new Map<string, string>();
        return each.staticConfigs.flatMap(({ targets, labels }, g) =>
            targets.flatMap((target, t) => {
                const path = ["scrapeJobs", i, "staticConfigs", g, "targets", t];
                // Labels that begin with __ are gone when the series are stored, unless a rule makes others of them.
                const stored = Object.entries({ instance: target, ...labels }).filter(
                    ([name]) => !name.startsWith("__") || each.relabelConfigs.length > 0,
                );
                const series = JSON.stringify(stored.sort(([a], [b]) => (a < b ? -1 : 1)));
                const first = seen.get(series);
                seen.set(series, first ?? target);
                if (first === undefined || target === "") {
                    return [];
                }
                const wrong =
                    first === target ? "is in this job twice" : `has the same labels as ${show(first)} in this job`;
                return [
                    {
                        path,
                        message: `${show(target)} ${wrong}; write it once, or give it an instance label of its own`,
                    },
                ];
            }),
        );
    });
}

/** Source: https://prometheus.io/docs/prometheus/latest/configuration/configuration/ ("It cannot be greater than the scrape interval.") */
function timeouts(read: Declaration): Problem[] {
    const tooLong = (path: (string | number)[], timeout: number | undefined, interval: number): Problem[] =>
        timeout !== undefined && timeout > interval
            ? [
                  {
                      path,
                      message: `${show(formatDuration(timeout))} is longer than the scrapeInterval of ${formatDuration(interval)}; write at most that`,
                  },
              ]
            : [];
    return [
        ...tooLong(["scrapeTimeout"], read.scrapeTimeout, read.scrapeInterval),
        ...read.scrapeJobs.flatMap(({ scrapeInterval, scrapeTimeout }, i) =>
            tooLong(["scrapeJobs", i, "scrapeTimeout"], scrapeTimeout, scrapeInterval ?? read.scrapeInterval),
        ),
    ];
}

/**
 * The alerts and the graphs of a job find its targets by its name. A job label of another value would take them out, and could
 * lay it over another job's: that no two jobs have one name is what keeps the series of a target that both scrape apart.
 */
function jobLabels({ jobName, staticConfigs, relabelConfigs }: DeclaredJob): Problem[] {
    const message =
        "takes targets away from the alerts and graphs of their job; write it as jobName, or as another label";
    return [
        ...staticConfigs.flatMap(({ labels }, g) =>
            labels.job === undefined || labels.job === jobName
                ? []
                : [{ path: ["staticConfigs", g, "labels", "job"], message: `${show(labels.job)} ${message}` }],
        ),
        ...relabelConfigs.flatMap(({ action, targetLabel }, r) =>
            targetLabel === "job" && !action?.endsWith("equal") // Those only compare with it.
                ? [{ path: ["relabelConfigs", r, "targetLabel"], message: `"job" ${message}` }]
                : [],
        ),
    ];
}

function authentication({ basicAuth, authorization }: DeclaredJob): Problem[] {
    return basicAuth === undefined || authorization === undefined
        ? []
        : [
              {
                  path: ["authorization"],
                  message: "stands beside basicAuth; write one of the two: a scrape sends one Authorization header",
              },
          ];
}

function tls({ tlsConfig, scheme, relabelConfigs, proxyUrl }: DeclaredJob): Problem[] {
    if (tlsConfig === undefined) {
        return [];
    }
    const { cert, key, minVersion, maxVersion } = tlsConfig;
    const problems: Problem[] = [];
    if ((cert === undefined) !== (key === undefined)) {
        const missing = cert === undefined ? "cert" : "key";
        problems.push({ path: ["tlsConfig", missing], message: "is missing; write cert and key together" });
    }
    if (typeof cert === "string" && key instanceof Secret && belongTogether(cert, key) === false) {
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
    const byRule = relabelConfigs.some(({ targetLabel }) => targetLabel === "__scheme__");
    if (scheme === "http" && !byRule && !proxyUrl?.startsWith("https:")) {
        problems.push({ path: ["tlsConfig"], message: 'has no effect with the scheme http; write scheme: "https"' });
    }
    return problems;
}
