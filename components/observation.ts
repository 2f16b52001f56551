import { alertmanagerWatchedFolder, renderAlertmanagerFiles } from "./alertmanager/files";
import { adoptedVolumes } from "../config/check/dataVolumes";
import { dockerName } from "./dockerName";
import { dashboardsFolder } from "./grafana/files";
import type { HostFacts } from "../config/check/host";
import type { Problem } from "../config/schema/problems";
import { configMountPath, renderPrometheusFiles, secretFilesOf, targetsFolder } from "./prometheus/files";
import type { ScrapeJob } from "../config/schema/scrapeJob";
import type { StackConfig } from "../config/stackConfig";

/** What delivery/observe.js is asked and says. Needs no Pulumi, so that `npm run validate -- --promtool` asks the same way. */

/** What delivery/observe.js prints where the Docker host answers. */
export interface Observation {
    readonly facts: Attempt<HostFacts>;
    readonly promtool: Attempt<readonly { readonly job?: string; readonly words: string }[]>;
    /** Why amtool refuses alertmanager.yml, where Alertmanager is on. */
    readonly amtool?: Attempt<readonly string[]>;
    /** The generations of the configuration volumes; Alertmanager's where it is on. */
    readonly deployed: readonly [prometheus: Attempt<string>, grafana: Attempt<string>, alertmanager?: Attempt<string>];
}

export type Attempt<Found> = { readonly found: Found } | { readonly unknown: string };

/** What delivery/observe.js is asked. */
export function question(config: StackConfig, jobs: readonly ScrapeJob[], alertmanagers: readonly string[]) {
    return {
        stack: config.stack,
        image: config.prometheus.image,
        mountPath: configMountPath,
        files: renderPrometheusFiles(config, jobs, alertmanagers),
        secretFiles: Object.keys(secretFilesOf(jobs)),
        alertmanager: config.alertmanager && {
            image: config.alertmanager.image,
            files: renderAlertmanagerFiles(config.alertmanager),
        },
        adopted: adoptedVolumes(config),
        volumes: [
            volume(config.stack, "prometheus", targetsFolder),
            volume(config.stack, "grafana", dashboardsFolder),
            ...(config.alertmanager ? [volume(config.stack, "alertmanager", alertmanagerWatchedFolder)] : []),
        ],
        jobs: Object.fromEntries(
            jobs.map((job) => [job.jobName, renderPrometheusFiles(config, [job])["prometheus.yml"]]),
        ),
    };
}

/**
 * What promtool and amtool refuse.
 * @param found gives what an attempt found, or nothing
 */
export function refusals(
    config: StackConfig,
    { promtool, amtool }: Pick<Observation, "promtool" | "amtool">,
    found: <Found>(attempt: Attempt<Found>, what: string) => Found[],
): Problem[] {
    return [
        ...found(promtool, "the configuration with promtool").flatMap((refused) =>
            refused.map(({ job, words }) => refusal(config, job, words)),
        ),
        ...(amtool ? found(amtool, "the configuration with amtool") : []).flatMap((refused) =>
            refused.map((words) => ({ path: ["alertmanager"], message: `is refused by amtool: ${words}` })),
        ),
    ];
}

const volume = (stack: string, program: string, watchedFolder: string) => ({
    volume: dockerName(stack, `${program}-config`),
    container: dockerName(stack, program),
    program,
    watchedFolder,
});

/** A job's place in the declaration, with promtool's words. */
function refusal(config: StackConfig, job: string | undefined, words: string): Problem {
    const index = config.scrapeJobs.findIndex(({ jobName }) => jobName === job);
    return {
        path: index === -1 ? ["scrapeJobs"] : ["scrapeJobs", index],
        message: `${job === undefined ? "" : `"${job}" `}is refused by promtool: ${words}`,
    };
}
