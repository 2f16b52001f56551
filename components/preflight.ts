import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import type { HostFacts } from "../config/hostCheck";
import { checkAgainstHost } from "../config/hostCheck";
import { configMountPath, renderPrometheusFiles, secretFilesOf } from "../config/prometheus";
import type { Problem } from "../config/problems";
import { ConfigError } from "../config/problems";
import type { ScrapeJob } from "../config/scrapeJob";
import type { StackConfig } from "../config/stackConfig";
import { dockerName } from "./stack";

/** What delivery/observe.js prints. */
interface Observation {
    readonly facts: Attempt<HostFacts>;
    readonly promtool: Attempt<readonly { readonly job?: string; readonly words: string }[]>;
}

type Attempt<Found> = { readonly found: Found } | { readonly unknown: string };

/**
 * Looks at the Docker host, in previews too, and has the promtool of the image that will run check the very files that would
 * be written. It changes nothing. Where the host cannot be asked, a warning says what was not checked.
 * @throws ConfigError for a declaration that would not work, with all mistakes at once
 */
export async function preflight(config: StackConfig, jobs: readonly ScrapeJob[]): Promise<void> {
    const { facts, promtool } = await observe(config, jobs);
    const problems = [
        ...known(facts, "ports, networks and containers of the Docker host").flatMap((host) =>
            checkAgainstHost(config, dockerName(config.stack), host),
        ),
        ...known(promtool, "the configuration with promtool").flatMap((refused) =>
            refused.map(({ job, words }) => refusal(config, job, words)),
        ),
    ];
    if (problems.length > 0) {
        throw new ConfigError(problems);
    }
}

async function observe(config: StackConfig, jobs: readonly ScrapeJob[]): Promise<Observation> {
    const question = {
        stack: config.stack,
        image: config.prometheus.image,
        mountPath: configMountPath,
        files: renderPrometheusFiles(config, jobs),
        secretFiles: Object.keys(secretFilesOf(jobs)),
        jobs: Object.fromEntries(
            jobs.map((job) => [job.jobName, renderPrometheusFiles(config, [job])["prometheus.yml"]]),
        ),
    };
    const { stdout } = await command.local.run({
        command: "node components/delivery/observe.js",
        stdin: JSON.stringify(question),
        environment: config.dockerHost === undefined ? {} : { DOCKER_HOST: config.dockerHost },
        addPreviousOutputInEnv: false,
        logging: "none",
    });
    return JSON.parse(stdout) as Observation;
}

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
