import type { Files } from "../../config/render/files";
import { renderRuleFiles, rulesFolder } from "../../config/render/rules";
import type { RuleSettings } from "../../config/render/rules/rule";
import type { ScrapeJob } from "../../config/schema/scrapeJob";
import { Secret } from "../../config/schema/secret";
import type { StackConfig } from "../../config/stackConfig";
import { formatDuration, formatSize } from "../../config/schema/units";
import { toYaml } from "../../config/render/yaml";

/** Where Prometheus finds its configuration volume. */
export const configMountPath = "/etc/prometheus";

/** nobody, the user of the official image: https://github.com/prometheus/prometheus/blob/main/Dockerfile */
export const prometheusUserId = 65534;

/**
 * Folder of the target lists, in the volume and in a release. Prometheus watches the files, so a change of targets
 * needs no reload: https://prometheus.io/docs/prometheus/latest/configuration/configuration/#file_sd_config
 */
export const targetsFolder = "targets";

/** The settings that apply to all jobs. */
export type PrometheusSettings = RuleSettings & Pick<StackConfig, "scrapeTimeout" | "externalLabels">;

/**
 * Renders prometheus.yml, one list of targets and one file of alert rules a job. Equal input gives equal bytes, whatever the order of targets and labels.
 * The jobs keep theirs, so that a job added at the end is all that a diff shows. Secrets are not in it: the jobs name the
 * files of `secretFilesOf`.
 * @param alertmanagers host:port of each Alertmanager that alerts are sent to
 */
export function renderPrometheusFiles(
    settings: PrometheusSettings,
    jobs: readonly ScrapeJob[],
    alertmanagers: readonly string[] = [],
): Files {
    return {
        "prometheus.yml": toYaml({
            global: {
                scrape_interval: formatDuration(settings.scrapeInterval),
                scrape_timeout: formatDuration(settings.scrapeTimeout),
                evaluation_interval: formatDuration(settings.evaluationInterval),
                external_labels: mapValues(settings.externalLabels, withoutExpansion),
            },
            ...(alertmanagers.length > 0 && {
                alerting: { alertmanagers: [{ static_configs: [{ targets: alertmanagers }] }] },
            }),
            rule_files: [`${configMountPath}/current/${rulesFolder}/*.yml`],
            scrape_configs: jobs.map((job) => scrapeConfig(settings, job)),
        }),
        ...renderRuleFiles(settings, jobs),
        ...Object.fromEntries(jobs.map((job) => [targetFile(job), toYaml(targetList(job))])),
    };
}

/** The secret values of the jobs, each under the name of the file that its scrape configuration mentions. */
export function secretFilesOf(jobs: readonly ScrapeJob[]): Readonly<Record<string, Secret>> {
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

const targetFile = (job: ScrapeJob) => `${targetsFolder}/${job.jobName}.yml`;
type SecretKind = "password" | "credentials" | "key" | "cert";
const secretFile = (job: ScrapeJob, kind: SecretKind) => `${job.jobName}.${kind}`;

function scrapeConfig(settings: PrometheusSettings, job: ScrapeJob): object {
    const { staticConfigs, scrapeInterval, scrapeTimeout, bodySizeLimit, params, ...rest } = job;
    const { basicAuth, authorization, tlsConfig, downFor, host, application, ...sameInPrometheus } = rest;
    const secretPath = (kind: SecretKind) => `${configMountPath}/secrets/${secretFile(job, kind)}`;
    const interval = scrapeInterval ?? settings.scrapeInterval;
    const timeout = scrapeTimeout ?? Math.min(settings.scrapeTimeout, interval);
    return defined({
        ...snakeCase(sameInPrometheus),
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
function targetList(job: ScrapeJob): object[] {
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

/** Prometheus expands `${VARIABLE}` in external labels, and reads `$$` as `$`. */
const withoutExpansion = (label: string) => label.replaceAll("$", "$$$$");

const mapValues = (record: Readonly<Record<string, string>>, change: (value: string) => string) =>
    Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));

const defined = (record: object) =>
    Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));

const nonEmpty = (record: Readonly<Record<string, string>>) => (Object.keys(record).length > 0 ? record : undefined);

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
