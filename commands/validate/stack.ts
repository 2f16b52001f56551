import { hostname } from "node:os";
import { renderAlertmanagerFiles } from "../../components/alertmanager/files";
import type { GrafanaSettings } from "../../components/grafana/files";
import { dashboardsFolder, renderGrafanaFiles } from "../../components/grafana/files";
import { alertmanagersOf, jobsOf, prometheusUrl } from "../../config/ownJobs";
import type { Problem } from "../../config/schema/problems";
import { ConfigError, show } from "../../config/schema/problems";
import { renderPrometheusFiles } from "../../components/prometheus/files";
import { rulesOf } from "../../config/render/rules";
import type { ScrapeJob } from "../../config/schema/scrapeJob";
import type { StackConfig } from "../../config/stackConfig";
import { parseStackConfig } from "../../config/stackConfig";
import { checkDashboard, checkRule } from "./expressions";
import type { Files } from "./files";
import type { Mistake, StackFile } from "./stackFile";
import { projectDefaults, readStackFile } from "./stackFile";

/** What was found in a stack file. */
export interface Stack extends Pick<StackFile, "locate"> {
    /** The file's name, e.g. "Pulumi.dev.yaml". */
    readonly file: string;
    readonly mistakes: readonly Mistake[];
    /** Absent where there are mistakes, or where only Pulumi can read something that is no secret. */
    readonly config?: StackConfig;
    /** What could not be checked for the latter reason, by its key. */
    readonly unreadable: readonly Problem[];
}

/** Checks a stack file as far as this can be done without Docker and without Pulumi. */
export function checkStack(file: string, { read }: Files): Stack {
    const { declared, unreadable, mistakes, locate } = readStackFile(read(file));
    const all = { ...projectDefaults(read("Pulumi.yaml")), ...declared };
    const { config, problems } = parsed(all, file.slice("Pulumi.".length, -".yaml".length), read);
    const isUnreadable = ({ path: place }: Problem) =>
        unreadable.some((hidden) => hidden.every((step, i) => place[i] === step));
    const found = [
        ...problems.filter((problem) => !isUnreadable(problem)),
        ...(config ? renderedProblems(config, jobsOf(config)) : []),
    ];
    return {
        file,
        locate,
        mistakes: [...mistakes, ...found.map(locate)],
        ...(config && mistakes.length + found.length === 0 && { config }),
        unreadable: problems.filter(isUnreadable),
    };
}

function parsed(
    declared: StackFile["declared"],
    stack: string,
    readFile: Files["read"],
): { config?: StackConfig; problems: readonly Problem[] } {
    try {
        // A secret that can be read is not encrypted.
        const surroundings = { stack, hostName: hostname(), encrypted: new Set<string>(), readFile };
        return { config: parseStackConfig(declared, surroundings), problems: [] };
    } catch (error) {
        if (error instanceof ConfigError) {
            return { problems: error.problems };
        }
        throw error;
    }
}

/** Renders every file as the program does. @returns what is wrong with the PromQL in them */
function renderedProblems(config: StackConfig, jobs: readonly ScrapeJob[]): Problem[] {
    const { stack, alertmanager, grafana } = config;
    renderPrometheusFiles(config, jobs, alertmanagersOf(config));
    if (alertmanager) {
        renderAlertmanagerFiles(alertmanager);
    }
    return [
        ...jobs.flatMap((job) => {
            const index = config.scrapeJobs.indexOf(job);
            return rulesOf(config, job)
                .flatMap(checkRule)
                .map((words) => ({
                    path: index === -1 ? ["scrapeJobs"] : ["scrapeJobs", index],
                    message: `${show(job.jobName)} makes no valid PromQL of ${words}`,
                }));
        }),
        ...(grafana ? dashboardProblems({ ...config, ...grafana, prometheusUrl: prometheusUrl(stack) }, jobs) : []),
    ];
}

/** The queries of all dashboards. A user's file is told by its place in the declaration, in which order they are read. */
function dashboardProblems(
    settings: GrafanaSettings & { readonly dashboardFiles: readonly string[] },
    jobs: readonly ScrapeJob[],
): Problem[] {
    const own = Object.keys(settings.ownDashboards);
    return Object.entries(renderGrafanaFiles(settings, jobs))
        .filter(([file]) => file.startsWith(`${dashboardsFolder}/`))
        .flatMap(([file, text]) => {
            const index = own.indexOf(file);
            const name = settings.dashboardFiles[index] ?? file;
            return checkDashboard(text).map((words) => ({
                path: index === -1 ? ["grafana"] : ["grafana", "dashboardFiles", index],
                message: `${show(name)} has no valid PromQL in ${words}`,
            }));
        });
}
