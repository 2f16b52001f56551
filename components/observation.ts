import {
    alertmanagerMountPath,
    alertmanagerWatchedFolder,
    receiverSecrets,
    renderAlertmanagerFiles,
} from "./alertmanager/files";
import { adoptedVolumes } from "../config/check/dataVolumes";
import { dockerName } from "./dockerName";
import { dashboardsFolder, grafanaMountPath } from "./grafana/files";
import type { HostFacts } from "../config/check/host";
import type { Files } from "../config/render/files";
import type { Problem } from "../config/schema/problems";
import { configMountPath, renderPrometheusFiles, secretFilesOf, targetsFolder } from "./prometheus/files";
import type { ScrapeJob } from "../config/schema/scrapeJob";
import type { StackConfig } from "../config/stackConfig";

/** What delivery/observe.js is asked and says. Needs no Pulumi, so that `npm run validate -- --promtool` asks the same way. */

/** What delivery/observe.js reads. */
export interface Question {
    /** An image with a shell, to look around with. */
    readonly image: string;
    /** Whose Docker host it is: what is there is asked for, apart from the stack itself. @default nobody asks */
    readonly host?: {
        readonly stack: string;
        /** The volumes of somebody else that the stack takes over, and who is to own their files. */
        readonly adopted: readonly { readonly volume: string; readonly userId: number }[];
    };
    readonly parts: readonly PartQuestion[];
}

/** What is asked of a part with a configuration of its own. */
export interface PartQuestion {
    /** Its folder, whose delivery.js knows how its files are checked, e.g. "prometheus". */
    readonly program: string;
    /** The image that will run. */
    readonly image: string;
    /** Where the container mounts its configuration volume. */
    readonly mountPath: string;
    /** What would be written into it. */
    readonly files: Files;
    readonly secretFiles: readonly string[];
    /** What is looked at for changes that somebody made. @default nobody asks */
    readonly deployed?: {
        readonly container: string;
        readonly volume: string;
        readonly watchedFolder: string;
    };
}

/** What delivery/observe.js prints where the Docker host answers. */
export interface Observation {
    readonly facts?: Attempt<HostFacts>;
    /** In the order of the question. */
    readonly parts: readonly PartAnswer[];
}

export interface PartAnswer {
    /** What the part's own tool refuses; absent where it has none. */
    readonly refused?: Attempt<readonly Refusal[]>;
    /** The present state of its configuration volume. See ConfigVolumeArgs. */
    readonly generation?: Attempt<string>;
}

export interface Refusal {
    /** What of the part's own is refused, e.g. a job. @default the whole */
    readonly about?: string;
    /** The tool's. */
    readonly words: string;
}

/** What was found, or why it could not be found out. */
export type Attempt<Found> = { readonly found: Found } | { readonly unknown: string };

/** What delivery/observe.js is asked. */
export function question(config: StackConfig, jobs: readonly ScrapeJob[], alertmanagers: readonly string[]): Question {
    const { stack, prometheus, alertmanager, grafana } = config;
    return {
        image: prometheus.image,
        host: { stack, adopted: adoptedVolumes(config) },
        parts: [
            {
                ...part(stack, "prometheus", configMountPath, targetsFolder),
                image: prometheus.image,
                files: renderPrometheusFiles(config, jobs, alertmanagers),
                secretFiles: Object.keys(secretFilesOf(jobs)),
            },
            ...(alertmanager
                ? [
                      {
                          ...part(stack, "alertmanager", alertmanagerMountPath, alertmanagerWatchedFolder),
                          image: alertmanager.image,
                          files: renderAlertmanagerFiles(alertmanager),
                          secretFiles: Object.keys(receiverSecrets(alertmanager.receivers)),
                      },
                  ]
                : []),
            ...(grafana
                ? [
                      {
                          ...part(stack, "grafana", grafanaMountPath, dashboardsFolder),
                          image: grafana.image,
                          // Nothing checks them.
                          files: {},
                          secretFiles: [],
                      },
                  ]
                : []),
        ],
    };
}

const part = (stack: string, program: string, mountPath: string, watchedFolder: string) => ({
    ...{ program, mountPath },
    deployed: {
        container: dockerName(stack, program),
        volume: dockerName(stack, `${program}-config`),
        watchedFolder,
    },
});

/** The same question without what only the stack's own host knows: what the parts' tools say of the files. */
export const filesOnly = ({ image, parts }: Question): Question => ({
    image,
    parts: parts.map(({ deployed: _, ...rest }) => rest),
});

/** What is said of a part, and of what its tool refuses. */
interface Words {
    readonly whose: string;
    readonly tool?: string;
    problem?(config: StackConfig, refusal: Refusal): Problem;
}

const words: Readonly<Record<string, Words>> = {
    prometheus: { whose: "Prometheus'", tool: "promtool", problem: refusedJob },
    alertmanager: {
        whose: "Alertmanager's",
        tool: "amtool",
        problem: (_, { words }) => ({ path: ["alertmanager"], message: `is refused by amtool: ${words}` }),
    },
    grafana: { whose: "Grafana's" },
};

/** @param found gives what an attempt found, or nothing */
export type Found = <Result>(attempt: Attempt<Result>, what: string) => Result[];

/** What the parts' own tools refuse. */
export function refusals(config: StackConfig, asked: Question, { parts }: Observation, found: Found): Problem[] {
    return parts.flatMap(({ refused }, i) => {
        const { tool, problem } = words[asked.parts[i]?.program ?? ""] ?? {};
        return refused === undefined || problem === undefined
            ? []
            : found(refused, `the configuration with ${tool}`)
                  .flat()
                  .map((refusal) => problem(config, refusal));
    });
}

/** The present state of each configuration volume, by the part's folder, where it is known. See ConfigVolumeArgs. */
export type Generations = Readonly<Record<string, string | undefined>>;

export function generations(asked: Question, { parts }: Observation, found: Found): Generations {
    return Object.fromEntries(
        parts.flatMap(({ generation }, i) => {
            const program = asked.parts[i]?.program ?? "";
            return generation === undefined
                ? []
                : found(generation, `whether somebody changed ${words[program]?.whose} files`).map((each) => [
                      program,
                      each,
                  ]);
        }),
    );
}

/** A job's place in the declaration, with promtool's words. */
function refusedJob(config: StackConfig, { about, words }: Refusal): Problem {
    const index = config.scrapeJobs.findIndex(({ jobName }) => jobName === about);
    return {
        path: index === -1 ? ["scrapeJobs"] : ["scrapeJobs", index],
        message: `${about === undefined ? "" : `"${about}" `}is refused by promtool: ${words}`,
    };
}
