import { dockerName } from "../components/dockerName";
import type { Application, HostThresholds } from "./schema/profiles";
import type { ScrapeJob } from "./schema/scrapeJob";
import { publishedJob } from "./schema/scrapeJob";
import type { StackConfig } from "./stackConfig";

/** What the stack's own containers publish for Prometheus, and where they find each other. */

/** The ports that the programs listen on inside of their containers. */
export const containerPorts = { prometheus: 9090, alertmanager: 9093, webBe: 8000 } as const;

/** All jobs: published by a part of the stack, or declared in the stack file. Prometheus sees no difference. */
export function jobsOf(config: StackConfig): ScrapeJob[] {
    const { stack, alertmanager, nodeExporter, webBe } = config;
    return [
        prometheusJob(),
        ...(alertmanager ? [alertmanagerJob(stack)] : []),
        ...(nodeExporter ? [nodeExporterJob({ ...nodeExporter, ...config.network })] : []),
        ...(webBe ? [webBeJob({ ...webBe, stack })] : []),
        ...config.scrapeJobs,
    ];
}

/** host:port of each Alertmanager that alerts are sent to. */
export const alertmanagersOf = ({ stack, alertmanager }: StackConfig) =>
    alertmanager ? [alertmanagerTarget(stack)] : [];

/** Where the stack's containers find Prometheus, e.g. "http://metrics-stack-dev-prometheus:9090". */
export const prometheusUrl = (stack: string) =>
    `http://${dockerName(stack, "prometheus")}:${containerPorts.prometheus}`;

/** Where Prometheus finds Alertmanager, e.g. "metrics-stack-dev-alertmanager:9093". */
export const alertmanagerTarget = (stack: string) =>
    `${dockerName(stack, "alertmanager")}:${containerPorts.alertmanager}`;

/** Prometheus scrapes itself. */
export const prometheusJob = () => publishedJob("prometheus", [`localhost:${containerPorts.prometheus}`]);

export const alertmanagerJob = (stack: string) => publishedJob("alertmanager", [alertmanagerTarget(stack)]);

/** The host is scraped under its name, not under an address. */
export function nodeExporterJob(args: {
    readonly gateway: string;
    readonly port: number;
    readonly instance: string;
    readonly host: HostThresholds;
}): ScrapeJob {
    const { gateway, port, instance, host } = args;
    return publishedJob("node_exporter", [`${gateway}:${port}`], { instance }, { host });
}

export const webBeJob = ({ stack, application }: { readonly stack: string; readonly application: Application }) =>
    publishedJob("web_be", [`${dockerName(stack, "web-be")}:${containerPorts.webBe}`], {}, { application });
