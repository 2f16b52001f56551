import type { Job } from "./job";
import { Secret } from "../schema/secret";
import type { StackConfig } from "../schema/stack";
import { formatDuration, formatSize } from "../schema/units";

/** Where Prometheus finds its configuration volume. */
export const configMountPath = "/etc/prometheus";

/**
 * Folder of the target lists, in the volume and in a release. Prometheus watches the files, so a change of targets
 * needs no reload: https://prometheus.io/docs/prometheus/latest/configuration/configuration/#file_sd_config
 */
export const targetsFolder = "targets";

/** The settings that a job's own stand in for. */
export type ScrapeSettings = Pick<StackConfig, "scrapeInterval" | "scrapeTimeout">;

/** The secret values of the jobs, each under the name of the file that its scrape configuration mentions. */
export function secretFilesOf(jobs: readonly Job[]): Readonly<Record<string, Secret>> {
    return Object.fromEntries(
        jobs.flatMap((job) =>
            Object.entries({
                [secretFile(job, "password")]: job.basicAuth?.password,
                [secretFile(job, "credentials")]: job.authorization?.credentials,
                [secretFile(job, "key")]: job.tlsConfig?.key,
                // No secret, but promtool accepts a key file only beside a certificate file.
                [secretFile(job, "cert")]: job.tlsConfig?.cert && new Secret(job.tlsConfig.cert),
            }).flatMap(([file, value]) => (value ? [[file, value] as const] : [])),
        ),
    );
}

/** The file of a job's targets. */
export const targetFile = (job: Job) => `${targetsFolder}/${job.jobName}.yml`;
type SecretKind = "password" | "credentials" | "key" | "cert";
const secretFile = (job: Job, kind: SecretKind) => `${job.jobName}.${kind}`;

/** A job in Prometheus' own words. Secrets are not in it: it names the files of `secretFilesOf`. */
export function scrapeConfig(settings: ScrapeSettings, job: Job): object {
    const { staticConfigs, scrapeInterval, scrapeTimeout, bodySizeLimit, params, ...rest } = job;
    const { basicAuth, authorization, tlsConfig, downFor, host, application, prometheus, alertmanager, ...same } = rest;
    const secretPath = (kind: SecretKind) => `${configMountPath}/secrets/${secretFile(job, kind)}`;
    const interval = scrapeInterval ?? settings.scrapeInterval;
    const timeout = scrapeTimeout ?? Math.min(settings.scrapeTimeout, interval);
    return defined({
        ...snakeCase(same),
        // Written out for each job: Prometheus refuses an interval shorter than the global timeout.
        scrape_interval: formatDuration(interval),
        scrape_timeout: formatDuration(timeout),
        body_size_limit: bodySizeLimit === undefined ? undefined : formatSize(bodySizeLimit),
        params,
        basic_auth: basicAuth && { username: basicAuth.username, password_file: secretPath("password") },
        authorization: authorization && { type: authorization.type, credentials_file: secretPath("credentials") },
        tls_config:
            tlsConfig &&
            defined({
                ...snakeCase({ ...tlsConfig, key: undefined, cert: undefined }),
                key_file: tlsConfig.key && secretPath("key"),
                cert_file: tlsConfig.cert && secretPath("cert"),
            }),
        file_sd_configs: [{ files: [`${configMountPath}/${targetFile(job)}`] }],
    });
}

/** Source: https://prometheus.io/docs/prometheus/latest/configuration/configuration/#file_sd_config */
export function targetList(job: Job): object[] {
    return job.staticConfigs
        .map(({ targets, labels }) => defined({ targets: [...targets].sort(compare), labels: nonEmpty(labels) }))
        .sort((a, b) => compare(JSON.stringify(a), JSON.stringify(b)));
}

/** The declaration's keys are Prometheus' own in camelCase, so this is all there is between them. */
function snakeCase(record: object): Record<string, unknown> {
    const convert = (value: unknown): unknown =>
        Array.isArray(value)
            ? value.map(convert)
            : typeof value === "object" && value !== null
              ? snakeCase(value)
              : value;
    const entries = Object.entries(record).filter(([, value]) => value !== undefined);
    return Object.fromEntries(
        entries.map(([key, value]) => [key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`), convert(value)]),
    );
}

const defined = (record: object) =>
    Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));

const nonEmpty = (record: Readonly<Record<string, string>>) => (Object.keys(record).length > 0 ? record : undefined);

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
