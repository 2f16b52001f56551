import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import type { HostFacts } from "../config/hostCheck";
import { checkAgainstHost } from "../config/hostCheck";
import { pullsImages } from "../config";
import { alertmanagerWatchedFolder, renderAlertmanagerFiles } from "../config/alertmanager";
import { adoptedVolumes } from "../config/dataVolumes";
import { dashboardsFolder } from "../config/grafana";
import { configMountPath, renderPrometheusFiles, secretFilesOf, targetsFolder } from "../config/prometheus";
import type { Problem } from "../config/problems";
import { ConfigError } from "../config/problems";
import type { ScrapeJob } from "../config/scrapeJob";
import type { StackConfig } from "../config/stackConfig";
import type { Failure } from "./delivery/endpoint";
import { unprotected } from "./delivery/endpoint";
import { dockerName } from "./stack";

/** What delivery/observe.js prints where the Docker host answers. */
export interface Observation {
    readonly facts: Attempt<HostFacts>;
    readonly promtool: Attempt<readonly { readonly job?: string; readonly words: string }[]>;
    /** Why amtool refuses alertmanager.yml, where Alertmanager is on. */
    readonly amtool?: Attempt<readonly string[]>;
    /** The generations of the configuration volumes; Alertmanager's where it is on. */
    readonly deployed: readonly [prometheus: Attempt<string>, grafana: Attempt<string>, alertmanager?: Attempt<string>];
}

/** The present state of each configuration volume, where it is known. See ConfigVolumeArgs. */
export interface Generations {
    readonly prometheus?: string | undefined;
    readonly grafana?: string | undefined;
    readonly alertmanager?: string | undefined;
}

export type Attempt<Found> = { readonly found: Found } | { readonly unknown: string };

/**
 * Looks at the Docker host, in previews too, and has the promtool of the image that will run check the very files that would
 * be written; amtool likewise. It changes nothing. Where the host cannot be asked, a warning says what was not checked.
 * @param alertmanagers host:port of each Alertmanager that alerts are sent to
 * @returns whether somebody changed what was deployed
 * @throws ConfigError for a declaration that would not work, with all mistakes at once
 * @throws RunError for a Docker endpoint that cannot be used: a deployment fails before it has begun. A preview goes on where it
 * may be usable in a moment, or from another machine.
 */
export async function preflight(
    config: StackConfig,
    jobs: readonly ScrapeJob[],
    alertmanagers: readonly string[],
): Promise<Generations> {
    checkProtection(config.dockerHost);
    const observed = await observe(config, jobs, alertmanagers);
    if ("unreachable" in observed) {
        const { message, passes } = observed.unreachable;
        if (!passes || !pulumi.runtime.isDryRun()) {
            throw new pulumi.RunError(`${message} Nothing was changed.`);
        }
        void pulumi.log.warn(`Nothing was checked on the Docker host. ${message}`);
        return {};
    }
    const { facts, deployed } = observed;
    const problems = [
        ...known(facts, "ports, networks, volumes and containers of the Docker host").flatMap((host) =>
            checkAgainstHost(config, dockerName(config.stack), host),
        ),
        ...refusals(config, observed, known),
    ];
    if (problems.length > 0) {
        throw new ConfigError(problems);
    }
    const [[prometheus], [grafana], [alertmanager] = []] = [
        known(deployed[0], "whether somebody changed Prometheus' files"),
        known(deployed[1], "whether somebody changed Grafana's files"),
        deployed[2] && known(deployed[2], "whether somebody changed Alertmanager's files"),
    ];
    return { prometheus, grafana, alertmanager };
}

/** A stack that names an endpoint which anybody may use is refused; one from DOCKER_HOST may be this job's own engine. */
function checkProtection(dockerHost: string | undefined): void {
    const open = unprotected({ ...process.env, ...(dockerHost !== undefined && { DOCKER_HOST: dockerHost }) });
    if (open !== undefined && dockerHost !== undefined) {
        throw new pulumi.RunError(`metrics-stack:dockerHost: ${open}`);
    }
    if (open !== undefined) {
        void pulumi.log.warn(open);
    }
}

async function observe(
    config: StackConfig,
    jobs: readonly ScrapeJob[],
    alertmanagers: readonly string[],
): Promise<Observation | { readonly unreachable: Failure }> {
    const { stdout } = await command.local.run({
        command: "node components/delivery/observe.js",
        stdin: JSON.stringify(question(config, jobs, alertmanagers)),
        environment: {
            ...(config.dockerHost !== undefined && { DOCKER_HOST: config.dockerHost }),
            ...(!pullsImages() && { PULL_IMAGES: "false" }),
        },
        addPreviousOutputInEnv: false,
        logging: "none",
    });
    return JSON.parse(stdout) as Observation | { unreachable: Failure };
}

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

/** What was found, or nothing and a warning. */
function known<Found>(attempt: Attempt<Found>, what: string): Found[] {
    if ("unknown" in attempt) {
        void pulumi.log.warn(`Not checked: ${what}. ${attempt.unknown}`);
        return [];
    }
    return [attempt.found];
}

/** A job's place in the declaration, with promtool's words. */
function refusal(config: StackConfig, job: string | undefined, words: string): Problem {
    const index = config.scrapeJobs.findIndex(({ jobName }) => jobName === job);
    return {
        path: index === -1 ? ["scrapeJobs"] : ["scrapeJobs", index],
        message: `${job === undefined ? "" : `"${job}" `}is refused by promtool: ${words}`,
    };
}
