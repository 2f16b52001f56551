import type { Job } from "./job";
import { fileNameOf } from "./job";
import type { StackConfig } from "../schema/stack";
import { formatDuration, formatSize } from "../schema/units";
import { discoveriesOf, withoutDiscoveries } from "./discovery";
import type { SecretFiles, WithSecrets } from "./httpClient";
import { httpClient } from "./httpClient";
import { configMountPath, targetsFolder } from "./paths";
import { defined, snakeCase } from "./words";

/** The settings that a job's own stand in for. */
export type ScrapeSettings = Pick<StackConfig, "scrapeInterval" | "scrapeTimeout">;

/** The secret values of the jobs, each under the name of the file that its scrape configuration mentions. */
export const secretFilesOf = (jobs: readonly Job[]): SecretFiles =>
    Object.fromEntries(
        jobs.flatMap((job) =>
            [clientOf(job), discoveriesOf(job, fileNameOf(job.jobName))].flatMap(({ secrets }) =>
                Object.entries(secrets),
            ),
        ),
    );

/** The file of a job's targets. Every job has one, also where its targets are all discovered: the first of its file_sd_configs. */
export const targetFile = (job: Job) => `${targetsFolder}/${fileNameOf(job.jobName)}.yml`;

/** How a job's targets are asked. */
function clientOf(job: Job): WithSecrets {
    const { basicAuth, authorization, oauth2, tlsConfig, httpHeaders } = job;
    const { followRedirects, enableHttp2, proxyUrl, noProxy } = job;
    const client = { basicAuth, authorization, oauth2, tlsConfig, httpHeaders };
    return httpClient({ ...client, followRedirects, enableHttp2, proxyUrl, noProxy }, fileNameOf(job.jobName));
}

/** A job in Prometheus' own words. Secrets are not in it: it names the files of `secretFilesOf`. */
export function scrapeConfig(settings: ScrapeSettings, job: Job): object {
    const { staticConfigs, scrapeInterval, scrapeTimeout, bodySizeLimit, params, ...rest } = job;
    const { basicAuth, authorization, oauth2, tlsConfig, httpHeaders, ...scraped } = rest;
    const { downFor, host, container, application, probe, thanos, prometheus, alertmanager, collector, ...same } =
        withoutDiscoveries(scraped);
    const { file_sd_configs: lists = [], ...found } = discoveriesOf(job, fileNameOf(job.jobName)).config;
    const interval = scrapeInterval ?? settings.scrapeInterval;
    const timeout = scrapeTimeout ?? Math.min(settings.scrapeTimeout, interval);
    return defined({
        ...snakeCase(same),
        ...clientOf(job).config,
        // Written out for each job: Prometheus refuses an interval shorter than the global timeout.
        scrape_interval: formatDuration(interval),
        scrape_timeout: formatDuration(timeout),
        body_size_limit: bodySizeLimit === undefined ? undefined : formatSize(bodySizeLimit),
        params,
        file_sd_configs: [{ files: [`${configMountPath}/${targetFile(job)}`] }, ...(lists as object[])],
        ...found,
    });
}

/** Source: https://prometheus.io/docs/prometheus/latest/configuration/configuration/#file_sd_config */
export function targetList(job: Job): object[] {
    return job.staticConfigs
        .map(({ targets, labels }) => defined({ targets: [...targets].sort(compare), labels: nonEmpty(labels) }))
        .sort((a, b) => compare(JSON.stringify(a), JSON.stringify(b)));
}

const nonEmpty = (record: Readonly<Record<string, string>>) => (Object.keys(record).length > 0 ? record : undefined);

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
