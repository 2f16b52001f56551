import { z } from "zod";
import { checkReceivers } from "./alertmanagerSettings";
import type { Problem } from "./problems";
import { nearestOf, show } from "./problems";
import { builtInProfiles, profileName } from "./profiles";
import { alertNames } from "./rules";
import { Secret } from "./secret";
import { formatDuration, isHostAddress, parseIpv4, parseSubnet } from "./units";

/**
 * The mistakes that only show when several keys are seen together. The declaration is read leniently (whatever was refused
 * already counts as absent), so that these mistakes are told in the same run as the others.
 */

const group = z.object({
    targets: z.array(z.string().catch("")).catch([]),
    labels: z.record(z.string(), z.string().catch("")).catch({}),
});
const application = z
    .object({ profile: z.string().optional().catch(undefined) })
    .optional()
    .catch(undefined);
const job = z.object({
    jobName: z.string().optional().catch(undefined),
    staticConfigs: z.array(group.catch({ targets: [], labels: {} })).catch([]),
    scrapeInterval: z.number().optional().catch(undefined),
    scrapeTimeout: z.number().optional().catch(undefined),
    basicAuth: z.unknown().optional(),
    authorization: z.unknown().optional(),
    application,
    tlsConfig: z.object({ cert: z.unknown().optional(), key: z.unknown().optional() }).optional().catch(undefined),
});
const published = z.object({
    enabled: z.boolean().catch(true),
    port: z.number().optional().catch(undefined),
    bindAddress: z.string().optional().catch(undefined),
    application,
});
const declaration = z.object({
    scrapeInterval: z.number().catch(15_000),
    scrapeTimeout: z.number().optional().catch(undefined),
    scrapeJobs: z.array(job.catch(job.parse({}))).catch([]),
    applicationProfiles: z.record(z.string(), z.unknown()).catch({}),
    alerts: z.object({ disabled: z.array(z.string()).catch([]) }).catch({ disabled: [] }),
    network: z
        .object({ subnet: z.string().optional().catch(undefined), gateway: z.string().optional().catch(undefined) })
        .catch({ subnet: undefined, gateway: undefined }),
    alertmanager: published.catch(published.parse({})),
    prometheus: published.catch(published.parse({})),
    nodeExporter: published.catch(published.parse({})),
    grafana: published.catch(published.parse({})),
    webBe: published.catch(published.parse({})),
});
type Declaration = z.output<typeof declaration>;
type Job = z.output<typeof job>;

/** The jobs that the stack's own components publish, with the key that turns each off. */
const ownJobs = {
    prometheus: "prometheus",
    alertmanager: "alertmanager",
    nodeExporter: "node_exporter",
    webBe: "web_be",
} as const;

/**
 * @param encrypted the top-level keys that Pulumi decrypted; a secret value under any other key is in plain text.
 */
export function crossCheck(settings: unknown, encrypted: ReadonlySet<string>): Problem[] {
    const read = declaration.parse(settings);
    return [
        ...jobNames(read),
        ...repeatedTargets(read),
        ...timeouts(read),
        ...read.scrapeJobs.flatMap(authentication),
        ...profiles(read),
        ...disabledAlerts(read),
        ...gateway(read.network),
        ...publishedPorts(read),
        ...checkReceivers(settings),
        ...plainSecrets(settings, encrypted),
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

/** Prometheus scrapes a repeated target once and says nothing; two with one (job, instance) overwrite each other's series. */
function repeatedTargets({ scrapeJobs }: Declaration): Problem[] {
    return scrapeJobs.flatMap((each, i) => {
        const seen = new Map<string, string>();
        return each.staticConfigs.flatMap(({ targets, labels }, g) =>
            targets.flatMap((target, t) => {
                const path = ["scrapeJobs", i, "staticConfigs", g, "targets", t];
                const series = JSON.stringify(
                    { instance: target, ...labels },
                    Object.keys({ instance: "", ...labels }).sort(),
                );
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
        timeout === undefined || timeout <= interval
            ? []
            : [
                  {
                      path,
                      message: `${show(formatDuration(timeout))} is longer than the scrapeInterval of ${formatDuration(interval)}; write at most that`,
                  },
              ];
    return [
        ...tooLong(["scrapeTimeout"], read.scrapeTimeout, read.scrapeInterval),
        ...read.scrapeJobs.flatMap(({ scrapeInterval, scrapeTimeout }, i) =>
            tooLong(["scrapeJobs", i, "scrapeTimeout"], scrapeTimeout, scrapeInterval ?? read.scrapeInterval),
        ),
    ];
}

function authentication({ basicAuth, authorization, tlsConfig }: Job, i: number): Problem[] {
    const problems: Problem[] = [];
    if (basicAuth !== undefined && authorization !== undefined) {
        const message = "stands beside basicAuth; write one of the two: a scrape sends one Authorization header";
        problems.push({ path: ["scrapeJobs", i, "authorization"], message });
    }
    if (tlsConfig && (tlsConfig.cert === undefined) !== (tlsConfig.key === undefined)) {
        const missing = tlsConfig.cert === undefined ? "cert" : "key";
        problems.push({
            path: ["scrapeJobs", i, "tlsConfig", missing],
            message: "is missing; write cert and key together",
        });
    }
    return problems;
}

function profiles({ scrapeJobs, webBe, applicationProfiles }: Declaration): Problem[] {
    const known = [...Object.keys(builtInProfiles), ...Object.keys(applicationProfiles)];
    const used = [
        { path: ["webBe"], application: webBe.application },
        ...scrapeJobs.map((each, i) => ({ path: ["scrapeJobs", i], application: each.application })),
    ];
    const unknown = used.flatMap(({ path, application: { profile } = {} }) =>
        profile === undefined || known.includes(profile)
            ? []
            : [{ path: [...path, "application", "profile"], message: unknownWord(profile, "profile", known) }],
    );
    const misnamed = Object.keys(applicationProfiles).filter(
        (name) => !profileName.test(name) || name in builtInProfiles,
    );
    return [
        ...unknown,
        ...misnamed.map((name) => ({
            path: ["applicationProfiles", name],
            message: "is not a free name; write one of your own, of letters, digits, _ and -",
        })),
    ];
}

/** A misspelled alert would go on firing. */
function disabledAlerts({ alerts }: Declaration): Problem[] {
    const known = alertNames();
    return alerts.disabled.flatMap((name, i) =>
        known.includes(name) ? [] : [{ path: ["alerts", "disabled", i], message: unknownWord(name, "alert", known) }],
    );
}

function unknownWord(word: string, what: string, known: readonly string[]): string {
    const nearest = nearestOf(word, known);
    const advice = nearest === undefined ? `write one of ${known.join(", ")}` : `did you mean ${nearest}?`;
    return `${show(word)} is no ${what}; ${advice}`;
}

function gateway({ subnet, gateway: address }: Declaration["network"]): Problem[] {
    const network = subnet === undefined ? undefined : parseSubnet(subnet);
    const host = address === undefined ? undefined : parseIpv4(address);
    if (address !== undefined && subnet === undefined) {
        return [{ path: ["network", "subnet"], message: "is missing; write the subnet that the gateway belongs to" }];
    }
    return network && host !== undefined && !isHostAddress(network, host)
        ? [
              {
                  path: ["network", "gateway"],
                  message: `${show(address)} is not a host of ${subnet}; write one of its addresses`,
              },
          ]
        : [];
}

function publishedPorts(read: Declaration): Problem[] {
    const taken = new Map<number, string>();
    return (["prometheus", "alertmanager", "grafana", "webBe"] as const).flatMap((part) => {
        const { enabled, port } = read[part];
        if (!enabled || port === undefined) {
            return [];
        }
        const owner = taken.get(port);
        taken.set(port, owner ?? part);
        return owner === undefined
            ? []
            : [{ path: [part, "port"], message: `${port} is already the port of ${owner}; write another one` }];
    });
}

/** A secret that stands readable in the stack file would be in git, and in every message that quotes the file. */
function plainSecrets(settings: unknown, encrypted: ReadonlySet<string>): Problem[] {
    return secretPaths(settings)
        .filter(([key]) => !encrypted.has(String(key)))
        .map((path) => {
            const key = path.reduce<string>(
                (text, step) => text + (typeof step === "number" ? `[${step}]` : `.${step}`),
                "",
            );
            const command = `pulumi config set --path --secret '${key.slice(1)}'`;
            return { path, message: `is in plain text; remove it and store it encrypted: ${command}` };
        });
}

function secretPaths(value: unknown, path: readonly (string | number)[] = []): (string | number)[][] {
    if (value instanceof Secret) {
        return [[...path]];
    }
    if (Array.isArray(value)) {
        return value.flatMap((item, i) => secretPaths(item, [...path, i]));
    }
    return typeof value === "object" && value !== null
        ? Object.entries(value).flatMap(([key, item]) => secretPaths(item, [...path, key]))
        : [];
}
