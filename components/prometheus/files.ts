import type { Files } from "../../config/render/files";
import type { Job } from "../../config/render/job";
import { renderRuleFiles, rulesFolder } from "../../config/render/rules";
import type { RuleSettings } from "../../config/render/rules/rule";
import type { ScrapeSettings } from "../../config/render/scrapeConfig";
import { configMountPath, targetsFolder } from "../../config/render/paths";
import { scrapeConfig, targetFile, targetList } from "../../config/render/scrapeConfig";
import { alertingOf } from "../../config/render/alerting";
import { awsFile } from "../../config/render/cloudLogins";
import type { SecretFiles, WithSecrets } from "../../config/render/httpClient";
import { httpClient } from "../../config/render/httpClient";
import { pairLabels, pairRelabeling } from "../../config/render/pair";
import { remoteStorageOf } from "../../config/render/remoteStorage";
import { tracingOf } from "../../config/render/tracing";
import { defined, snakeCase } from "../../config/render/words";
import { toYaml } from "../../config/render/yaml";
import type { Mode } from "../../config/schema/mode";
import { globalScrapeSettings } from "../../config/schema/scrapeSettings";
import type { StackConfig } from "../../config/schema/stack";
import { formatDuration, formatSize } from "../../config/schema/units";
import type { AlertmanagerGroup } from "../part";
import { asPattern, ownRulesFolder } from "./ownRules";
import { checkConfig } from "./promtool";

/** The settings that apply to all jobs. */
export type PrometheusSettings = RuleSettings &
    ScrapeSettings &
    Pick<
        StackConfig,
        | "alerting"
        | "storage"
        | "remoteWrite"
        | "remoteRead"
        | "otlp"
        | "pair"
        | "tracing"
        | "runtime"
        | "externalLabels"
        | "ruleQueryOffset"
        | "queryLogFile"
        | keyof typeof globalScrapeSettings
    > & {
        /** @default "server" */
        readonly mode?: Mode;
    };

/**
 * Renders prometheus.yml, one list of targets and one file of alert rules a job. Equal input gives equal bytes, whatever the order of targets and labels.
 * The jobs keep theirs, so that a job added at the end is all that a diff shows. Secrets are not in it: the jobs name the
 * files of `secretFilesOf`. An agent reads no rules, no Alertmanagers and no storage to read from, and refuses them.
 * @param alertmanagers those of the stack
 * @param ownRules the paths of somebody's own rule files in the repository
 */
export function renderPrometheusFiles(
    settings: PrometheusSettings,
    jobs: readonly Job[],
    alertmanagers: readonly AlertmanagerGroup[] = [],
    ownRules: readonly string[] = [],
): Files {
    const hasRules = settings.mode !== "agent";
    const tellsSomebody = hasRules && [...alertmanagers, ...settings.alerting.alertmanagers].length > 0;
    return {
        "prometheus.yml": toYaml({
            global: globalConfig(settings),
            ...(hasRules && alertingConfig(settings, jobs, alertmanagers)),
            ...storageConfig(settings),
            ...remoteStorageOf(settings, tellsSomebody).config,
            ...(settings.otlp && { otlp: snakeCase(settings.otlp) }),
            ...(settings.tracing && { tracing: tracingOf(settings.tracing).config }),
            ...(settings.runtime && { runtime: snakeCase(settings.runtime) }),
            ...(hasRules && { rule_files: rulePatterns(ownRules) }),
            scrape_configs: jobs.map((job) => scrapeConfig(settings, job)),
        }),
        ...(hasRules && renderRuleFiles(settings, jobs)),
        ...Object.fromEntries(jobs.map((job) => [targetFile(job), toYaml(targetList(job))])),
    };
}

const rulePatterns = (ownRules: readonly string[]) =>
    [`${rulesFolder}/*.yml`, ...ownRules.map((file) => `${ownRulesFolder}/${asPattern(file)}`)].map(
        (pattern) => `${configMountPath}/current/${pattern}`,
    );

type Beside = Pick<PrometheusSettings, "alerting" | "remoteWrite" | "remoteRead" | "tracing">;

/** The secret values beside those of the jobs, each under the name of the file that prometheus.yml mentions. */
export function secretFilesBeside(settings: Beside, own: readonly AlertmanagerGroup[] = []): SecretFiles {
    const [alerting, remote] = [alertingOf(settings.alerting), remoteStorageOf(settings)];
    return {
        ...Object.assign({}, ...own.map((group) => askedOf(group).secrets)),
        ...alerting.secrets,
        ...remote.secrets,
        ...(settings.tracing && tracingOf(settings.tracing).secrets),
        ...awsFile({ ...alerting.profiles, ...remote.profiles }),
    };
}

/** How those of the stack are asked. */
function askedOf({ access }: AlertmanagerGroup): WithSecrets {
    const { scheme, ...client } = access ?? { scheme: "http" };
    const asked = httpClient(client, "@alertmanager");
    return { ...asked, config: { ...(access && { scheme }), ...asked.config } };
}

/** The stack's own Alertmanager comes first. */
function alertingConfig(
    { alerting, pair, scrapeJobs }: PrometheusSettings,
    jobs: readonly Job[],
    own: readonly AlertmanagerGroup[],
): object {
    const { alertmanagers, alert_relabel_configs: declared = [], ...rest } = alertingOf(alerting).config;
    const ownJobs = jobs
        .map(({ jobName }) => jobName)
        .filter((name) => scrapeJobs.every((job) => job.jobName !== name));
    const rules = [...pairRelabeling(pair, ownJobs), ...(declared as object[])];
    const ofStack = own.map((group) => ({ static_configs: [{ targets: group.targets }], ...askedOf(group).config }));
    const all = [...ofStack, ...alertmanagers];
    const config = defined({
        ...rest,
        alert_relabel_configs: rules.length > 0 ? rules : undefined,
        alertmanagers: all.length > 0 ? all : undefined,
    });
    return Object.keys(config).length > 0 ? { alerting: config } : {};
}

function storageConfig({ storage: { tsdb, exemplars } }: PrometheusSettings): object {
    const { outOfOrderTimeWindow: window } = tsdb;
    const storage = {
        ...(window !== undefined && { tsdb: { out_of_order_time_window: formatDuration(window) } }),
        ...(exemplars.maxExemplars !== undefined && { exemplars: snakeCase(exemplars) }),
    };
    return Object.keys(storage).length > 0 ? { storage } : {};
}

/** What applies to every job that says nothing else. */
function globalConfig(settings: PrometheusSettings): object {
    const { ruleQueryOffset, queryLogFile, bodySizeLimit } = settings;
    const names = Object.keys(globalScrapeSettings) as (keyof typeof globalScrapeSettings)[];
    return defined({
        ...snakeCase(Object.fromEntries(names.map((name) => [name, settings[name]]))),
        body_size_limit: bodySizeLimit === undefined ? undefined : formatSize(bodySizeLimit),
        scrape_interval: formatDuration(settings.scrapeInterval),
        scrape_timeout: formatDuration(settings.scrapeTimeout),
        evaluation_interval: settings.mode === "agent" ? undefined : formatDuration(settings.evaluationInterval),
        rule_query_offset: ruleQueryOffset === undefined ? undefined : formatDuration(ruleQueryOffset),
        query_log_file: queryLogFile,
        external_labels: mapValues({ ...settings.externalLabels, ...pairLabels(settings.pair) }, withoutExpansion),
    });
}

/** Prometheus expands `${VARIABLE}` in external labels, and reads `$$` as `$`. */
const withoutExpansion = (label: string) => label.replaceAll("$", "$$$$");

const mapValues = (record: Readonly<Record<string, string>>, change: (value: string) => string) =>
    Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));

/**
 * promtool resolves target lists and rules by their path in the volume, where the previous ones still stand: this points it
 * at those of the release under check.
 */
export const checkCommand = [
    `sed -e 's#${configMountPath}/${targetsFolder}/#${targetsFolder}/#' -e 's#${configMountPath}/current/##' prometheus.yml > checked.yml`,
    `said="$(${checkConfig} checked.yml 2>&1)" || { echo "$said" >&2; exit 1; }`,
    "rm checked.yml",
].join(" && ");
